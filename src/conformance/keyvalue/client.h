#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/case_context.h"
#include "interfaces/keyvalue_basic.prism.h"
#include "interfaces/keyvalue_ttl.prism.h"
#include "prism/interfaces/keyvalue_basic.pb.h"
#include "prism/interfaces/keyvalue_ttl.pb.h"

namespace prism::conformance {

using keyvalue::v1::DeleteRequest;
using keyvalue::v1::ExistsRequest;
using keyvalue::v1::ExpireRequest;
using keyvalue::v1::GetRequest;
using keyvalue::v1::GetTTLRequest;
using keyvalue::v1::GetTTLResponse;
using keyvalue::v1::PersistRequest;
using keyvalue::v1::PersistResponse;
using keyvalue::v1::SetRequest;

inline constexpr size_t kMaxKeyBytes = 4096;
// What a backend's clock and ours may disagree by about when a time to live is over.
inline constexpr auto kClockSlack = std::chrono::milliseconds(100);

// A request whose first field is the key, as most of the model's are.
template <class Request>
Request Keyed(std::string key) {
  Request request;
  request.set_key(std::move(key));
  return request;
}
SetRequest SetOf(std::string key, std::string value);
ExpireRequest ExpireOf(std::string key, int64_t ttl_ms);
// Keys that no keyvalue interface takes: none at all, and too long ones.
std::vector<std::string> BadKeys();

// keyvalue_basic as plain functions: all must succeed. Keys that are set are deleted after the
// case.
class KeyValue {
 public:
  explicit KeyValue(Caller& caller) : caller_(caller) {}

  Task<void> Set(std::string key, std::string value, Where where = Where::current());
  Task<std::optional<std::string>> Get(std::string key, Where where = Where::current());
  Task<bool> Delete(std::string key, Where where = Where::current());
  Task<bool> Exists(std::string key, Where where = Where::current());

 private:
  Caller& caller_;
};

// keyvalue_ttl as plain functions: all must succeed.
class TimeToLive {
 public:
  explicit TimeToLive(Caller& caller) : caller_(caller) {}

  // Whether the key exists.
  Task<bool> Expire(std::string key, int64_t ttl_ms, Where where = Where::current());
  Task<GetTTLResponse> Get(std::string key, Where where = Where::current());
  Task<PersistResponse> Persist(std::string key, Where where = Where::current());
  // The key must exist and live until it is deleted.
  Task<void> ExpectNone(std::string key, Where where = Where::current());

 private:
  Caller& caller_;
};

// Sets all of the keys, several at a time.
using Entries = std::vector<std::pair<std::string, std::string>>;
Task<void> SetAll(CaseContext& c, const Entries& entries, Where where = Where::current());

// Deletes all keys that were noted, when the namespace has keyvalue_basic.
Task<void> DeleteNotedKeys(CaseContext& c);

}  // namespace prism::conformance
