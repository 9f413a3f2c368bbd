#include "drivers/postgres/keyvalue/calls.h"

#include "drivers/contract/keyvalue.h"
#include "drivers/postgres/keyvalue/at.h"
#include "drivers/postgres/keyvalue/statements.h"

namespace prism::postgres {
namespace {

using namespace keyvalue::v1;  // NOLINT

}  // namespace

Task<Status> KeyValueCalls::Set(RequestContext& ctx, const SetRequest& request, SetResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  At(arguments, *space_, request.key()).Text(request.value());
  const Result<Rows> rows = co_await space_->Run(ctx, kKvSet, arguments);
  co_return rows.status();
}

Task<Status> KeyValueCalls::Get(RequestContext& ctx, const GetRequest& request,
                                GetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  At(arguments, *space_, request.key());
  const Result<Rows> rows = co_await space_->Run(ctx, kKvGet, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_found(!rows->empty());
  if (!rows->empty()) response.set_value(std::string(rows->Text(0, 0)));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::Delete(RequestContext& ctx, const DeleteRequest& request,
                                   DeleteResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  At(arguments, *space_, request.key());
  const Result<Rows> rows = co_await space_->Run(ctx, kKvDelete, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_found(!rows->empty() && rows->Bool(0, 0));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::Exists(RequestContext& ctx, const ExistsRequest& request,
                                   ExistsResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  At(arguments, *space_, request.key());
  const Result<Rows> rows = co_await space_->Run(ctx, kKvExists, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_found(!rows->empty());
  co_return OkStatus();
}

Task<Status> KeyValueCalls::Expire(RequestContext& ctx, const ExpireRequest& request,
                                   ExpireResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  At(arguments, *space_, request.key()).Int(request.ttl_ms());
  const Result<Rows> rows = co_await space_->Run(ctx, kKvExpire, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_found(!rows->empty());
  co_return OkStatus();
}

Task<Status> KeyValueCalls::GetTTL(RequestContext& ctx, const GetTTLRequest& request,
                                   GetTTLResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  At(arguments, *space_, request.key());
  const Result<Rows> rows = co_await space_->Run(ctx, kKvTtl, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_found(!rows->empty());
  if (rows->empty()) co_return OkStatus();
  response.set_has_ttl(rows->Bool(0, 0));
  if (response.has_ttl()) response.set_ttl_ms(rows->Int(0, 1));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::Persist(RequestContext& ctx, const PersistRequest& request,
                                    PersistResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Arguments arguments;
  At(arguments, *space_, request.key());
  const Result<Rows> rows = co_await space_->Run(ctx, kKvPersist, arguments);
  if (!rows.ok()) co_return rows.status();
  response.set_found(rows->Bool(0, 0));
  response.set_removed(rows->Bool(0, 1));
  co_return OkStatus();
}

Task<Result<Rows>> KeyValueCalls::Swap(RequestContext& ctx, std::string_view key,
                                       const std::string* expected, const std::string* wanted) {
  Arguments arguments;
  At(arguments, *space_, key);
  for (const std::string* value : {expected, wanted}) {
    if (value) {
      arguments.Text(*value);
    } else {
      arguments.Null();
    }
  }
  Result<Rows> rows = co_await space_->Run(ctx, kKvSwap, arguments);
  co_return std::move(rows);
}

Task<Status> KeyValueCalls::CompareAndSwap(RequestContext& ctx,
                                           const CompareAndSwapRequest& request,
                                           CompareAndSwapResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string* const expected = request.has_expected() ? &request.expected() : nullptr;
  const Result<Rows> rows = co_await Swap(ctx, request.key(), expected, &request.value());
  if (!rows.ok()) co_return rows.status();
  response.set_swapped(rows->Bool(0, 0));
  if (response.swapped()) co_return OkStatus();
  response.set_found(!rows->IsNull(0, 1));
  response.set_actual(std::string(rows->Text(0, 1)));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::SetIfAbsent(RequestContext& ctx, const SetIfAbsentRequest& request,
                                        SetIfAbsentResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<Rows> rows = co_await Swap(ctx, request.key(), nullptr, &request.value());
  if (!rows.ok()) co_return rows.status();
  response.set_stored(rows->Bool(0, 0));
  if (!response.stored()) response.set_actual(std::string(rows->Text(0, 1)));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::CompareAndDelete(RequestContext& ctx,
                                             const CompareAndDeleteRequest& request,
                                             CompareAndDeleteResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<Rows> rows = co_await Swap(ctx, request.key(), &request.expected(), nullptr);
  if (!rows.ok()) co_return rows.status();
  response.set_deleted(rows->Bool(0, 0));
  if (response.deleted()) co_return OkStatus();
  response.set_found(!rows->IsNull(0, 1));
  response.set_actual(std::string(rows->Text(0, 1)));
  co_return OkStatus();
}

}  // namespace prism::postgres
