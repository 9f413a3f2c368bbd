#include "drivers/contract/keyvalue.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/keyvalue/calls.h"

namespace prism::memstore {
namespace {

using namespace keyvalue::v1;  // NOLINT

}  // namespace

Task<Status> KeyValueCalls::BatchSet(RequestContext&, const BatchSetRequest& request,
                                     BatchSetResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  for (const BatchEntry& entry : request.entries()) {
    PRISM_CO_RETURN_IF_ERROR(store_.Set(entry.key(), entry.value()));
  }
  co_return OkStatus();
}

Task<Status> KeyValueCalls::BatchGet(RequestContext&, const BatchGetRequest& request,
                                     BatchGetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  constexpr size_t kResultOverheadBytes = 12;  // tags and lengths, at most
  size_t bytes = 0;
  for (const std::string& key : request.keys()) {
    BatchGetResult& result = *response.add_results();
    result.set_found(store_.Get(key, result.mutable_value()));
    bytes += result.value().size() + kResultOverheadBytes;
    if (bytes > kMaxBatchGetBytes) co_return BatchGetTooLarge();
  }
  co_return OkStatus();
}

Task<Status> KeyValueCalls::BatchDelete(RequestContext&, const BatchDeleteRequest& request,
                                        BatchDeleteResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  for (const std::string& key : request.keys()) response.add_found(store_.Delete(key));
  co_return OkStatus();
}

}  // namespace prism::memstore
