#include "drivers/contract/keyvalue.h"

namespace prism {
namespace {

using namespace keyvalue::v1;  // NOLINT

constexpr int64_t kMaxTtlMs = 3'155'760'000'000;  // 100 years
constexpr int64_t kDefaultTimeoutMs = 30'000;
constexpr int64_t kMaxTimeoutMs = 600'000;

template <class Request>
Status CheckKeys(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckBatchSize(request.keys_size()));
  for (int i = 0; i < request.keys_size(); ++i) {
    PRISM_RETURN_IF_ERROR(AtEntry(CheckKey(request.keys(i)), i));
  }
  return OkStatus();
}

}  // namespace

Status Check(const ExpireRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckKey(request.key()));
  return CheckRange("ttl_ms", request.ttl_ms(), 1, kMaxTtlMs);
}

Status Check(const BatchSetRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckBatchSize(request.entries_size()));
  for (int i = 0; i < request.entries_size(); ++i) {
    PRISM_RETURN_IF_ERROR(AtEntry(CheckKey(request.entries(i).key()), i));
  }
  return OkStatus();
}

Status Check(const BatchGetRequest& request) { return CheckKeys(request); }

Status Check(const BatchDeleteRequest& request) { return CheckKeys(request); }

Status Check(const BeginTransactionRequest& request) {
  return CheckRange("timeout_ms", request.timeout_ms(), 0, kMaxTimeoutMs);
}

int64_t TransactionTimeoutMs(const BeginTransactionRequest& request) {
  return request.timeout_ms() ? request.timeout_ms() : kDefaultTimeoutMs;
}

Status BatchGetTooLarge() {
  return ResourceExhaustedError("the values do not fit in one message of " +
                                std::to_string(kMaxBatchGetBytes) + " bytes")
      .WithHint("ask for fewer keys per call");
}

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) ++end.back();
  return end;
}

}  // namespace prism
