#include <map>

#include "drivers/contract/keyvalue.h"
#include "drivers/postgres/keyvalue/at.h"
#include "drivers/postgres/keyvalue/calls.h"
#include "drivers/postgres/keyvalue/statements.h"

namespace prism::postgres {
namespace {

using namespace keyvalue::v1;  // NOLINT

Places PlacesOf(const google::protobuf::RepeatedPtrField<std::string>& keys) {
  Places places;
  for (const std::string& key : keys) places.Add(key);
  return places;
}

}  // namespace

Task<Status> KeyValueCalls::BatchSet(RequestContext& ctx, const BatchSetRequest& request,
                                     BatchSetResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  if (request.entries().empty()) co_return OkStatus();
  std::map<std::string_view, const std::string*> last;  // in the order of keys
  for (const BatchEntry& entry : request.entries()) last[entry.key()] = &entry.value();
  Places places;
  std::vector<const std::string*> values;
  for (const auto& [key, value] : last) {
    places.Add(key);
    values.push_back(value);
  }
  Arguments arguments;
  At(arguments, *space_, places).Array(values);
  const Result<Rows> rows = co_await space_->Run(ctx, kKvBatchSet, arguments);
  co_return rows.status();
}

Task<Status> KeyValueCalls::BatchGet(RequestContext& ctx, const BatchGetRequest& request,
                                     BatchGetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  if (request.keys().empty()) co_return OkStatus();
  Arguments arguments;
  At(arguments, *space_, PlacesOf(request.keys())).Int(kMaxBatchGetBytes);
  const Result<Rows> rows = co_await space_->Run(ctx, kKvBatchGet, arguments);
  if (!rows.ok()) co_return rows.status();
  if (!rows->empty() && rows->Int(0, 2) > static_cast<int64_t>(kMaxBatchGetBytes)) {
    co_return BatchGetTooLarge();
  }
  for (int i = 0; i < request.keys_size(); ++i) response.add_results();
  for (int row = 0; row < rows->count(); ++row) {
    BatchGetResult& result = *response.mutable_results(static_cast<int>(rows->Int(row, 0)) - 1);
    result.set_found(true);
    result.set_value(std::string(rows->Text(row, 1)));
  }
  co_return OkStatus();
}

Task<Status> KeyValueCalls::BatchDelete(RequestContext& ctx, const BatchDeleteRequest& request,
                                        BatchDeleteResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  if (request.keys().empty()) co_return OkStatus();
  Arguments arguments;
  At(arguments, *space_, PlacesOf(request.keys()));
  const Result<Rows> rows = co_await space_->Run(ctx, kKvBatchDelete, arguments);
  if (!rows.ok()) co_return rows.status();
  for (int i = 0; i < request.keys_size(); ++i) response.add_found(false);
  for (int row = 0; row < rows->count(); ++row) {
    response.set_found(static_cast<int>(rows->Int(row, 0)) - 1, true);
  }
  co_return OkStatus();
}

}  // namespace prism::postgres
