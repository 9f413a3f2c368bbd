#include "conformance/keyvalue/client.h"
#include "conformance/keyvalue/suites.h"
#include "interfaces/keyvalue_batch.prism.h"
#include "prism/interfaces/keyvalue_batch.pb.h"

namespace prism::conformance {
namespace {

using keyvalue::v1::BatchDeleteRequest;
using keyvalue::v1::BatchGetRequest;
using keyvalue::v1::BatchSetRequest;

constexpr int kMaxEntries = 1000;

BatchSetRequest SetOf(const Entries& entries) {
  BatchSetRequest request;
  for (const auto& [key, value] : entries) {
    auto* entry = request.add_entries();
    entry->set_key(key);
    entry->set_value(value);
  }
  return request;
}

template <class Request>
Request KeysOf(const std::vector<std::string>& keys) {
  Request request;
  for (const std::string& key : keys) request.add_keys(key);
  return request;
}

// keyvalue_batch as plain functions: all must succeed.
class Batch {
 public:
  explicit Batch(Caller& caller) : caller_(caller) {}

  Task<void> Set(Entries entries, Where where = Where::current()) {
    for (const auto& [key, value] : entries) caller_.Note(key);
    (void)co_await caller_.Call(&KeyValueBatchStub::BatchSet, SetOf(entries), where);
  }
  Task<std::vector<std::optional<std::string>>> Get(std::vector<std::string> keys,
                                                    Where where = Where::current()) {
    const auto response =
        co_await caller_.Call(&KeyValueBatchStub::BatchGet, KeysOf<BatchGetRequest>(keys), where);
    std::vector<std::optional<std::string>> values;
    for (const auto& result : response.results()) {
      values.emplace_back();
      if (result.found()) values.back() = result.value();
    }
    co_return values;
  }
  Task<std::vector<bool>> Delete(std::vector<std::string> keys, Where where = Where::current()) {
    const auto response = co_await caller_.Call(&KeyValueBatchStub::BatchDelete,
                                                KeysOf<BatchDeleteRequest>(keys), where);
    co_return std::vector<bool>(response.found().begin(), response.found().end());
  }

 private:
  Caller& caller_;
};

using Values = std::vector<std::optional<std::string>>;
using Flags = std::vector<bool>;

std::vector<std::string> UniqueKeys(CaseContext& c, int count) {
  std::vector<std::string> keys;
  const std::string base = c.Unique("key");
  for (int i = 0; i < count; ++i) keys.push_back(base + "-" + std::to_string(i));
  return keys;
}

Task<void> SetStoresEach(CaseContext& c) {
  Batch batch(c);
  KeyValue kv(c);
  const auto keys = UniqueKeys(c, 3);
  co_await kv.Set(keys[1], "old");
  const Entries entries = {{keys[0], "0"}, {keys[1], "1"}, {keys[2], ""}};
  co_await batch.Set(entries);
  c.ExpectEq(co_await kv.Get(keys[0]), "0");
  c.ExpectEq(co_await kv.Get(keys[1]), "1");
  c.ExpectEq(co_await kv.Get(keys[2]), "");
}

Task<void> SetRemovesTimesToLive(CaseContext& c) {
  Batch batch(c);
  KeyValue kv(c);
  TimeToLive ttl(c);
  const auto keys = UniqueKeys(c, 2);
  for (const std::string& key : keys) {
    co_await kv.Set(key, "old");
    co_await ttl.Expire(key, 60'000);
  }
  const Entries entries = {{keys[0], "new"}, {keys[1], "new"}};
  co_await batch.Set(entries);
  for (const std::string& key : keys) co_await ttl.ExpectNone(key);
}

Task<void> LastValueOfAKeyRemains(CaseContext& c) {
  Batch batch(c);
  const auto keys = UniqueKeys(c, 2);
  const Entries entries = {{keys[0], "1"}, {keys[1], "x"}, {keys[0], "2"}, {keys[0], "3"}};
  co_await batch.Set(entries);
  const Values expected = {"3", "x"};
  c.ExpectEq(co_await batch.Get(keys), expected);
}

Task<void> SetAgainChangesNothing(CaseContext& c) {
  Batch batch(c);
  const auto keys = UniqueKeys(c, 2);
  const Entries entries = {{keys[0], "a"}, {keys[1], "b"}};
  for (int i = 0; i < 3; ++i) co_await batch.Set(entries);
  const Values expected = {"a", "b"};
  c.ExpectEq(co_await batch.Get(keys), expected);
}

Task<void> GetKeepsTheOrder(CaseContext& c) {
  Batch batch(c);
  const auto keys = UniqueKeys(c, 50);
  Entries entries;
  Values expected;
  std::vector<std::string> asked;
  for (int i = 0; i < 50; ++i) {
    const int from = i * 37 % 50;  // each once, in no order that a store would choose
    asked.push_back(keys[from]);
    expected.emplace_back();
    if (from % 3 == 0) continue;
    entries.emplace_back(keys[from], std::to_string(from));
    expected.back() = std::to_string(from);
  }
  co_await batch.Set(entries);
  c.ExpectEq(co_await batch.Get(asked), expected);
}

Task<void> GetAnswersTwice(CaseContext& c) {
  Batch batch(c);
  const auto keys = UniqueKeys(c, 2);
  const Entries entries = {{keys[0], "value"}};
  co_await batch.Set(entries);
  const std::vector<std::string> asked = {keys[0], keys[1], keys[0], keys[1]};
  const Values expected = {"value", std::nullopt, "value", std::nullopt};
  c.ExpectEq(co_await batch.Get(asked), expected);
}

Task<void> GetOfTooMuchIsRefused(CaseContext& c) {
  constexpr size_t kValueBytes = 900'000;
  Batch batch(c);
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, std::string(kValueBytes, 'x'));
  const std::vector<std::string> fits(10, key);
  const Values values = co_await batch.Get(fits);
  c.ExpectEq(values.size(), size_t{10});
  for (const auto& value : values) c.Expect(value && value->size() == kValueBytes, "all are whole");
  const std::vector<std::string> too_many(20, key);
  co_await c.Refused(&KeyValueBatchStub::BatchGet, KeysOf<BatchGetRequest>(too_many),
                     Code::kResourceExhausted);
}

Task<void> DeleteTellsInOrder(CaseContext& c) {
  Batch batch(c);
  const auto keys = UniqueKeys(c, 4);
  const Entries entries = {{keys[1], "1"}, {keys[3], "3"}};
  co_await batch.Set(entries);
  const Flags expected = {false, true, false, true};
  c.ExpectEq(co_await batch.Delete(keys), expected);
  c.ExpectEq(co_await batch.Get(keys), Values(4));
}

Task<void> DeletedTwiceCountsOnce(CaseContext& c) {
  Batch batch(c);
  const auto keys = UniqueKeys(c, 2);
  const Entries entries = {{keys[0], "0"}, {keys[1], "1"}};
  co_await batch.Set(entries);
  const std::vector<std::string> asked = {keys[0], keys[1], keys[0], keys[0]};
  const Flags expected = {true, true, false, false};
  c.ExpectEq(co_await batch.Delete(asked), expected);
}

Task<void> DeleteAgainFindsNothing(CaseContext& c) {
  Batch batch(c);
  const auto keys = UniqueKeys(c, 2);
  const Entries entries = {{keys[0], "0"}, {keys[1], "1"}};
  co_await batch.Set(entries);
  c.ExpectEq(co_await batch.Delete(keys), Flags(2, true));
  c.ExpectEq(co_await batch.Delete(keys), Flags(2, false));
  c.ExpectEq(co_await batch.Get(keys), Values(2));
}

Task<void> ThousandEntriesAreTaken(CaseContext& c) {
  Batch batch(c);
  const auto keys = UniqueKeys(c, kMaxEntries);
  Entries entries;
  Values expected;
  for (const std::string& key : keys) {
    entries.emplace_back(key, "at " + key);
    expected.emplace_back("at " + key);
  }
  co_await batch.Set(entries);
  c.ExpectEq(co_await batch.Get(keys), expected);
  c.ExpectEq(co_await batch.Delete(keys), Flags(kMaxEntries, true));
}

Task<void> MoreEntriesAreRefused(CaseContext& c) {
  Batch batch(c);
  const auto keys = UniqueKeys(c, kMaxEntries + 1);
  Entries entries;
  for (const std::string& key : keys) entries.emplace_back(key, "v");
  co_await c.Refused(&KeyValueBatchStub::BatchSet, SetOf(entries), Code::kInvalidArgument, "1000");
  co_await c.Refused(&KeyValueBatchStub::BatchGet, KeysOf<BatchGetRequest>(keys),
                     Code::kInvalidArgument, "1000");
  co_await c.Refused(&KeyValueBatchStub::BatchDelete, KeysOf<BatchDeleteRequest>(keys),
                     Code::kInvalidArgument, "1000");
  const std::vector<std::string> some(keys.begin(), keys.begin() + 10);
  c.ExpectEq(co_await batch.Get(some), Values(10));
}

Task<void> EmptyBatchesAreOk(CaseContext& c) {
  Batch batch(c);
  const Entries no_entries;
  const std::vector<std::string> no_keys;
  co_await batch.Set(no_entries);
  c.ExpectEq(co_await batch.Get(no_keys), Values());
  c.ExpectEq(co_await batch.Delete(no_keys), Flags());
}

// One bad key at the end: nothing before it is applied.
Task<void> ArgumentsAreCheckedFirst(CaseContext& c) {
  Batch batch(c);
  const auto keys = UniqueKeys(c, 2);
  const Entries entries = {{keys[0], "kept"}};
  co_await batch.Set(entries);
  for (const std::string& bad : BadKeys()) {
    const Entries with_bad = {{keys[0], "new"}, {keys[1], "new"}, {bad, "new"}};
    co_await c.Refused(&KeyValueBatchStub::BatchSet, SetOf(with_bad), Code::kInvalidArgument,
                       "key");
    const std::vector<std::string> asked = {keys[0], bad};
    co_await c.Refused(&KeyValueBatchStub::BatchDelete, KeysOf<BatchDeleteRequest>(asked),
                       Code::kInvalidArgument, "key");
    co_await c.Refused(&KeyValueBatchStub::BatchGet, KeysOf<BatchGetRequest>(asked),
                       Code::kInvalidArgument, "key");
  }
  const Values expected = {"kept", std::nullopt};
  c.ExpectEq(co_await batch.Get(keys), expected);
}

// Each key holds what one of the batches gave it, never a mixture.
Task<void> EachKeyIsWrittenAsBySet(CaseContext& c) {
  constexpr size_t kBytes = 5'000;
  const auto keys = UniqueKeys(c, 10);
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    Batch batch(c);
    Entries entries;
    const std::string value(kBytes, static_cast<char>('a' + client));
    for (const std::string& key : keys) entries.emplace_back(key, value);
    for (int i = 0; i < 10 && c.ok(); ++i) {
      co_await batch.Set(entries);
      const Values values = co_await batch.Get(keys);
      c.ExpectEq(values.size(), keys.size());
      for (const auto& each : values) {
        c.Expect(each && *each == std::string(kBytes, each->empty() ? '?' : (*each)[0]),
                 "a key holds a value that was set");
      }
    }
  });
}

constexpr const InterfaceInfo* kBasic = &KeyValueBasic::Info();

constexpr Case kCases[] = {
    {"set_stores_each",
     {"Many keys in one call.", "Stores each value under its key"},
     &SetStoresEach,
     {kBasic}},
    {"set_removes_times_to_live",
     {"and removes the keys' times to live."},
     &SetRemovesTimesToLive,
     {kBasic, &KeyValueTTL::Info()}},
    {"last_value_of_a_key_remains",
     {"If a key occurs more than once, its last value remains."},
     &LastValueOfAKeyRemains},
    {"set_again_changes_nothing", {"Repeating it changes nothing."}, &SetAgainChangesNothing},
    {"get_keeps_the_order",
     {"Returns one result per key, in the order of the request;"},
     &GetKeepsTheOrder},
    {"get_answers_twice", {"a key that occurs twice is answered twice."}, &GetAnswersTwice},
    {"get_of_too_much_is_refused",
     {"If the values do not fit in one message (16 MiB) the call is RESOURCE_EXHAUSTED."},
     &GetOfTooMuchIsRefused,
     {kBasic}},
    {"delete_tells_in_order",
     {"Removes each key and tells, in the order of the request, whether it existed."},
     &DeleteTellsInOrder},
    {"deleted_twice_counts_once",
     {"A key that occurs more than once counts as found in its first place only."},
     &DeletedTwiceCountsOnce},
    {"delete_again_finds_nothing",
     {"Repeating it leaves the keys absent but answers false for them."},
     &DeleteAgainFindsNothing},
    {"thousand_entries_are_taken", {"a call has at most 1000 entries,"}, &ThousandEntriesAreTaken},
    {"more_entries_are_refused", {"and more is INVALID_ARGUMENT."}, &MoreEntriesAreRefused},
    {"empty_batches_are_ok",
     {"A call without entries is OK and does nothing."},
     &EmptyBatchesAreOk},
    {"arguments_are_checked_first",
     {"Limits on keys and values are those of keyvalue_basic;",
      "All arguments are checked before anything is applied."},
     &ArgumentsAreCheckedFirst},
    {"each_key_is_written_as_by_set",
     {"each key is read or written as by Get, Set or Delete,"},
     &EachKeyIsWrittenAsBySet},
};

constexpr Suite kSuite = {&KeyValueBatch::Info(), kCases, {}, &DeleteNotedKeys};

}  // namespace

const Suite& KeyValueBatchSuite() { return kSuite; }

}  // namespace prism::conformance
