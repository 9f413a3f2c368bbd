#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "base/result.h"
#include "drivers/contract/checks.h"
#include "prism/interfaces/keyvalue_basic.pb.h"
#include "prism/interfaces/keyvalue_batch.pb.h"
#include "prism/interfaces/keyvalue_cas.pb.h"
#include "prism/interfaces/keyvalue_scan.pb.h"
#include "prism/interfaces/keyvalue_transactional.pb.h"
#include "prism/interfaces/keyvalue_ttl.pb.h"

namespace prism {

// Whether a request of a keyvalue interface keeps the contract, whatever the backend: OK or
// INVALID_ARGUMENT naming the field and its limit.
template <class Request>
concept KeyRequest = requires(const Request& request) {
  { request.key() } -> std::convertible_to<std::string_view>;
};
template <KeyRequest Request>
Status Check(const Request& request) {
  return CheckKey(request.key());
}
template <class Request>
concept PrefixRequest = requires(const Request& request) {
  { request.prefix() } -> std::convertible_to<std::string_view>;
};
template <PrefixRequest Request>
Status Check(const Request& request) {
  return CheckPrefix(request.prefix());
}
Status Check(const keyvalue::v1::ExpireRequest& request);
Status Check(const keyvalue::v1::BatchSetRequest& request);
Status Check(const keyvalue::v1::BatchGetRequest& request);
Status Check(const keyvalue::v1::BatchDeleteRequest& request);
Status Check(const keyvalue::v1::BeginTransactionRequest& request);
// A transaction's timeout in milliseconds, the default if it asks for none.
int64_t TransactionTimeoutMs(const keyvalue::v1::BeginTransactionRequest& request);

// A transaction may read so many keys, and write so many with so many bytes of keys and values.
inline constexpr size_t kMaxTransactionKeys = 10'000;
inline constexpr int64_t kMaxTransactionWriteBytes = 16 * 1024 * 1024;

// The answer of BatchGet to values that do not fit in one message.
Status BatchGetTooLarge();

// The least key above all that begin with `prefix`; empty if there is none.
std::string PrefixEnd(std::string_view prefix);

}  // namespace prism
