#include "drivers/memstore/keyvalue/calls.h"

#include <algorithm>

#include "drivers/contract/keyvalue.h"
#include "drivers/memstore/data.h"

namespace prism::memstore {
namespace {

using namespace keyvalue::v1;  // NOLINT
using std::chrono::milliseconds;

}  // namespace

KeyValueCalls::KeyValueCalls(std::shared_ptr<NamespaceData> data)
    : data_(std::move(data)),
      store_(data_->store),
      transactions_(data_->transactions),
      collector_(data_->now,
                 {[this](int max) {
                    return store_.CollectExpired(max) + transactions_.CollectExpired(max);
                  },
                  [this] { return std::min(store_.next_expiry(), transactions_.next_expiry()); }}) {
}

Task<Status> KeyValueCalls::Set(RequestContext&, const SetRequest& request, SetResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  co_return store_.Set(request.key(), request.value());
}

Task<Status> KeyValueCalls::Get(RequestContext&, const GetRequest& request, GetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_found(store_.Get(request.key(), response.mutable_value()));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::Delete(RequestContext&, const DeleteRequest& request,
                                   DeleteResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_found(store_.Delete(request.key()));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::Exists(RequestContext&, const ExistsRequest& request,
                                   ExistsResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_found(store_.Get(request.key(), nullptr));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::Expire(RequestContext&, const ExpireRequest& request,
                                   ExpireResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const TimePoint expires_at = store_.Now() + milliseconds(request.ttl_ms());
  const auto decide = [&](const Current& current) -> Change {
    response.set_found(current.found());
    return {Change::kSetExpiry, {}, expires_at};
  };
  PRISM_CO_RETURN_IF_ERROR(store_.Update(request.key(), decide));
  if (response.found()) collector_.After(expires_at);
  co_return OkStatus();
}

Task<Status> KeyValueCalls::GetTTL(RequestContext&, const GetTTLRequest& request,
                                   GetTTLResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  TimePoint expires_at;
  response.set_found(store_.Get(request.key(), nullptr, nullptr, &expires_at));
  if (!response.found() || expires_at == kNever) co_return OkStatus();
  const auto left = std::chrono::ceil<milliseconds>(expires_at - store_.Now());
  response.set_has_ttl(true);
  // Its last instant may pass between the two looks at the clock.
  response.set_ttl_ms(std::max<int64_t>(left.count(), 1));
  co_return OkStatus();
}

Task<Status> KeyValueCalls::Persist(RequestContext&, const PersistRequest& request,
                                    PersistResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const auto decide = [&](const Current& current) -> Change {
    response.set_found(current.found());
    response.set_removed(current.found() && current.expires_at != kNever);
    return {Change::kSetExpiry, {}, kNever};
  };
  co_return store_.Update(request.key(), decide);
}

Task<Status> KeyValueCalls::CompareAndSwap(RequestContext&, const CompareAndSwapRequest& request,
                                           CompareAndSwapResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Value fresh = Value::Copy(request.value());
  Value actual;
  const auto decide = [&](const Current& current) -> Change {
    const bool equal = current.found()
                           ? request.has_expected() && current.value->view() == request.expected()
                           : !request.has_expected();
    response.set_swapped(equal);
    if (equal) return {Change::kPut, fresh, kNever};
    response.set_found(current.found());
    if (current.found()) actual = *current.value;
    return {};
  };
  PRISM_CO_RETURN_IF_ERROR(store_.Update(request.key(), decide));
  if (!response.swapped()) response.set_actual(actual.view().data(), actual.size());
  co_return OkStatus();
}

Task<Status> KeyValueCalls::SetIfAbsent(RequestContext&, const SetIfAbsentRequest& request,
                                        SetIfAbsentResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Value fresh = Value::Copy(request.value());
  Value actual;
  const auto decide = [&](const Current& current) -> Change {
    response.set_stored(!current.found());
    if (!current.found()) return {Change::kPut, fresh, kNever};
    actual = *current.value;
    return {};
  };
  PRISM_CO_RETURN_IF_ERROR(store_.Update(request.key(), decide));
  if (!response.stored()) response.set_actual(actual.view().data(), actual.size());
  co_return OkStatus();
}

Task<Status> KeyValueCalls::CompareAndDelete(RequestContext&,
                                             const CompareAndDeleteRequest& request,
                                             CompareAndDeleteResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Value actual;
  const auto decide = [&](const Current& current) -> Change {
    const bool equal = current.found() && current.value->view() == request.expected();
    response.set_deleted(equal);
    if (equal) return {Change::kErase, {}, kNever};
    response.set_found(current.found());
    if (current.found()) actual = *current.value;
    return {};
  };
  PRISM_CO_RETURN_IF_ERROR(store_.Update(request.key(), decide));
  if (!response.deleted()) response.set_actual(actual.view().data(), actual.size());
  co_return OkStatus();
}

}  // namespace prism::memstore
