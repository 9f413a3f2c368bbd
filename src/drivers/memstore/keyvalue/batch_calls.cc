#include "drivers/memstore/checks.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/keyvalue/calls.h"
#include "prism/interfaces/keyvalue_batch.pb.h"

namespace prism::memstore {
namespace {

using namespace keyvalue::v1;  // NOLINT

template <class Request>
Status CheckKeys(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckBatchSize(request.keys_size()));
  for (int i = 0; i < request.keys_size(); ++i) {
    PRISM_RETURN_IF_ERROR(AtEntry(CheckKey(request.keys(i)), i));
  }
  return OkStatus();
}

}  // namespace

Task<Status> KeyValueCalls::BatchSet(RequestContext&, const BatchSetRequest& request,
                                     BatchSetResponse&) {
  PRISM_CO_RETURN_IF_ERROR(CheckBatchSize(request.entries_size()));
  for (int i = 0; i < request.entries_size(); ++i) {
    PRISM_CO_RETURN_IF_ERROR(AtEntry(CheckKey(request.entries(i).key()), i));
  }
  for (const BatchEntry& entry : request.entries()) {
    PRISM_CO_RETURN_IF_ERROR(store_.Set(entry.key(), entry.value()));
  }
  co_return OkStatus();
}

Task<Status> KeyValueCalls::BatchGet(RequestContext&, const BatchGetRequest& request,
                                     BatchGetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckKeys(request));
  constexpr size_t kResultOverheadBytes = 12;  // tags and lengths, at most
  size_t bytes = 0;
  for (const std::string& key : request.keys()) {
    BatchGetResult& result = *response.add_results();
    result.set_found(store_.Get(key, result.mutable_value()));
    bytes += result.value().size() + kResultOverheadBytes;
    if (bytes <= kMaxBatchGetBytes) continue;
    co_return ResourceExhaustedError("the values do not fit in one message of " +
                                     std::to_string(kMaxBatchGetBytes) + " bytes")
        .WithHint("ask for fewer keys per call");
  }
  co_return OkStatus();
}

Task<Status> KeyValueCalls::BatchDelete(RequestContext&, const BatchDeleteRequest& request,
                                        BatchDeleteResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckKeys(request));
  for (const std::string& key : request.keys()) response.add_found(store_.Delete(key));
  co_return OkStatus();
}

}  // namespace prism::memstore
