#include "conformance/keyvalue/client.h"

namespace prism::conformance {

SetRequest SetOf(std::string key, std::string value) {
  SetRequest request;
  request.set_key(std::move(key));
  request.set_value(std::move(value));
  return request;
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

Task<void> DeleteNotedKeys(CaseContext& c) {
  if (!c.claims(KeyValueBasic::Info())) co_return;
  const std::set<std::string> keys(c.noted().begin(), c.noted().end());
  for (const std::string& key : keys) {
    DeleteRequest request;
    request.set_key(key);
    (void)co_await c.Try(&KeyValueBasicStub::Delete, std::move(request));
    if (!c.other().name_space().empty()) {
      (void)co_await c.other().Try(&KeyValueBasicStub::Delete, Keyed<DeleteRequest>(key));
    }
  }
}

}  // namespace prism::conformance
