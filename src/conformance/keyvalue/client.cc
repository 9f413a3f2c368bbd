#include "conformance/keyvalue/client.h"

#include <set>

namespace prism::conformance {
namespace {

constexpr int kLanes = 16;

}  // namespace

SetRequest SetOf(std::string key, std::string value) {
  SetRequest request;
  request.set_key(std::move(key));
  request.set_value(std::move(value));
  return request;
}

ExpireRequest ExpireOf(std::string key, int64_t ttl_ms) {
  ExpireRequest request;
  request.set_key(std::move(key));
  request.set_ttl_ms(ttl_ms);
  return request;
}

std::vector<std::string> BadKeys() {
  return {"", std::string(kMaxKeyBytes + 1, 'k'), std::string(3 * kMaxKeyBytes, 'k')};
}

Task<void> KeyValue::Set(std::string key, std::string value, Where where) {
  caller_.Note(key);
  (void)co_await caller_.Call(&KeyValueBasicStub::Set, SetOf(std::move(key), std::move(value)),
                              where);
}

Task<std::optional<std::string>> KeyValue::Get(std::string key, Where where) {
  const auto response =
      co_await caller_.Call(&KeyValueBasicStub::Get, Keyed<GetRequest>(std::move(key)), where);
  std::optional<std::string> value;
  if (response.found()) value = response.value();
  if (!response.found() && !response.value().empty()) {
    caller_.Fail("the key is not found but has the value " + Show(response.value()), where);
  }
  co_return value;
}

Task<bool> KeyValue::Delete(std::string key, Where where) {
  const auto response = co_await caller_.Call(&KeyValueBasicStub::Delete,
                                              Keyed<DeleteRequest>(std::move(key)), where);
  co_return response.found();
}

Task<bool> KeyValue::Exists(std::string key, Where where) {
  const auto response = co_await caller_.Call(&KeyValueBasicStub::Exists,
                                              Keyed<ExistsRequest>(std::move(key)), where);
  co_return response.found();
}

Task<bool> TimeToLive::Expire(std::string key, int64_t ttl_ms, Where where) {
  const auto response =
      co_await caller_.Call(&KeyValueTTLStub::Expire, ExpireOf(std::move(key), ttl_ms), where);
  co_return response.found();
}

Task<GetTTLResponse> TimeToLive::Get(std::string key, Where where) {
  return caller_.Call(&KeyValueTTLStub::GetTTL, Keyed<GetTTLRequest>(std::move(key)), where);
}

Task<PersistResponse> TimeToLive::Persist(std::string key, Where where) {
  return caller_.Call(&KeyValueTTLStub::Persist, Keyed<PersistRequest>(std::move(key)), where);
}

Task<void> TimeToLive::ExpectNone(std::string key, Where where) {
  const GetTTLResponse left = co_await Get(std::move(key), where);
  if (!left.found()) caller_.Fail("the key is absent", where);
  if (left.has_ttl() || left.ttl_ms() != 0) {
    caller_.Fail("the key has " + std::to_string(left.ttl_ms()) + " ms to live", where);
  }
}

Task<void> SetAll(CaseContext& c, const Entries& entries, Where where) {
  size_t next = 0;
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    KeyValue kv(c);
    while (next < entries.size()) {
      const auto& [key, value] = entries[next++];
      co_await kv.Set(key, value, where);
    }
  });
}

// Whether it succeeds is no promise of the contract that is under test.
Task<void> DeleteNotedKeys(CaseContext& c) {
  if (!c.claims(KeyValueBasic::Info())) co_return;
  const std::set<Noted> keys(c.noted().begin(), c.noted().end());
  auto next = keys.begin();
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    while (next != keys.end()) {
      const Noted& noted = *next++;
      Caller caller = c.In(noted.name_space);
      (void)co_await caller.Try(&KeyValueBasicStub::Delete, Keyed<DeleteRequest>(noted.name));
    }
  });
}

}  // namespace prism::conformance
