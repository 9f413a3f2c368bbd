#include <algorithm>

#include "conformance/keyvalue/client.h"
#include "conformance/keyvalue/suites.h"

namespace prism::conformance {
namespace {

Task<void> SetReplaces(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, "one");
  c.ExpectEq(co_await kv.Get(key), "one");
  co_await kv.Set(key, "two");
  c.ExpectEq(co_await kv.Get(key), "two");
}

Task<void> SetRemovesTheTimeToLive(CaseContext& c) {
  KeyValue kv(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, "one");
  c.ExpectEq(co_await ttl.Expire(key, 60'000), true);
  co_await kv.Set(key, "two");
  co_await ttl.ExpectNone(key);
}

// Values of one letter each: a mixture of two writes would show.
Task<void> SetIsAtomic(CaseContext& c) {
  constexpr int kWriters = 4;
  constexpr int kRounds = 25;
  constexpr size_t kBytes = 20'000;
  const std::string key = c.Unique("key");
  KeyValue first(c);
  co_await first.Set(key, std::string(kBytes, 'a'));
  co_await c.Concurrently(2 * kWriters, [&](int client) -> Task<void> {
    KeyValue kv(c);
    for (int i = 0; i < kRounds && c.ok(); ++i) {
      if (client < kWriters) {
        co_await kv.Set(key, std::string(kBytes, static_cast<char>('a' + client)));
        continue;
      }
      const std::optional<std::string> value = co_await kv.Get(key);
      c.Expect(
          value && value->size() == kBytes &&
              std::all_of(value->begin(), value->end(), [&](char x) { return x == (*value)[0]; }),
          "a reader sees one whole value");
    }
  });
}

Task<void> SetAgainChangesNothing(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  for (int i = 0; i < 3; ++i) {
    co_await kv.Set(key, "same");
    c.ExpectEq(co_await kv.Get(key), "same");
  }
}

Task<void> GetReturnsTheValue(CaseContext& c) {
  KeyValue kv(c);
  const std::string one = c.Unique("one");
  const std::string two = c.Unique("two");
  co_await kv.Set(one, "1");
  co_await kv.Set(two, "2");
  c.ExpectEq(co_await kv.Get(one), "1");
  c.ExpectEq(co_await kv.Get(two), "2");
}

Task<void> AbsenceIsAnAnswer(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("absent");
  c.ExpectEq(co_await kv.Get(key), std::nullopt);
  c.ExpectEq(co_await kv.Exists(key), false);
  c.ExpectEq(co_await kv.Delete(key), false);
}

Task<void> ExpiredIsAbsent(CaseContext& c) {
  KeyValue kv(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, "value");
  c.ExpectEq(co_await ttl.Expire(key, 50), true);
  co_await c.Sleep(std::chrono::milliseconds(50) + kClockSlack);
  c.ExpectEq(co_await kv.Get(key), std::nullopt);
  c.ExpectEq(co_await kv.Exists(key), false);
  c.ExpectEq(co_await kv.Delete(key), false);
}

Task<void> DeleteRemoves(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  const std::string neighbor = key + "1";
  co_await kv.Set(key, "value");
  co_await kv.Set(neighbor, "stays");
  c.ExpectEq(co_await kv.Delete(key), true);
  c.ExpectEq(co_await kv.Get(key), std::nullopt);
  c.ExpectEq(co_await kv.Exists(key), false);
  c.ExpectEq(co_await kv.Get(neighbor), "stays");
}

Task<void> DeleteRemovesTheTimeToLive(CaseContext& c) {
  KeyValue kv(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, "one");
  c.ExpectEq(co_await ttl.Expire(key, 60'000), true);
  c.ExpectEq(co_await kv.Delete(key), true);
  co_await kv.Set(key, "two");
  co_await ttl.ExpectNone(key);
}

Task<void> DeleteAgainFindsNothing(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, "value");
  c.ExpectEq(co_await kv.Delete(key), true);
  c.ExpectEq(co_await kv.Delete(key), false);
  c.ExpectEq(co_await kv.Get(key), std::nullopt);
}

// Of several deletes of a key, one removes it.
Task<void> DeleteIsAtomic(CaseContext& c) {
  KeyValue setup(c);
  for (int round = 0; round < 20 && c.ok(); ++round) {
    const std::string key = c.Unique("key");
    co_await setup.Set(key, "value");
    int found = 0;
    co_await c.Concurrently(8, [&](int) -> Task<void> {
      KeyValue kv(c);
      const bool removed = co_await kv.Delete(key);
      found += removed;
    });
    c.ExpectEq(found, 1);
  }
}

Task<void> ExistsTells(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  c.ExpectEq(co_await kv.Exists(key), false);
  co_await kv.Set(key, "");
  c.ExpectEq(co_await kv.Exists(key), true);
}

Task<void> KeysOfAllKinds(CaseContext& c) {
  KeyValue kv(c);
  const std::string base = c.Unique("k");
  const std::vector<std::string> keys = {
      base + std::string(kMaxKeyBytes - base.size(), 'k'),
      base + " with spaces, /slashes/ and \"quotes\"",
      base + "\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\x91",  // of two, three and four bytes
      base + "*?[a]%_",
      base + "\r\n\t",
  };
  for (const std::string& key : keys) co_await kv.Set(key, "at " + key);
  for (const std::string& key : keys) c.ExpectEq(co_await kv.Get(key), "at " + key);
}

// The one key that is not unique to the run: it is looked at, not written.
Task<void> KeyOfOneByte(CaseContext& c) {
  const auto got = co_await c.Try(&KeyValueBasicStub::Exists, Keyed<ExistsRequest>("k"));
  c.ExpectEq(got.status.code(), Code::kOk);
}

Task<void> BadKeysAreRefused(CaseContext& c) {
  for (const std::string& key : BadKeys()) {
    co_await c.Refused(&KeyValueBasicStub::Set, SetOf(key, "v"), Code::kInvalidArgument, "key");
    co_await c.Refused(&KeyValueBasicStub::Get, Keyed<GetRequest>(key), Code::kInvalidArgument,
                       "key");
    co_await c.Refused(&KeyValueBasicStub::Delete, Keyed<DeleteRequest>(key),
                       Code::kInvalidArgument, "key");
    co_await c.Refused(&KeyValueBasicStub::Exists, Keyed<ExistsRequest>(key),
                       Code::kInvalidArgument, "key");
  }
}

// Field 1, two bytes that are no UTF-8: the stubs of most languages would not send it.
Task<void> KeysThatAreNoTextAreRefused(CaseContext& c) {
  for (const MethodInfo& method : c.interface().methods) {
    const RawAnswer answer = co_await c.CallRaw(method, "\x0a\x02\xc3\x28");
    c.ExpectEq(answer.status.code(), Code::kInvalidArgument);
  }
}

Task<void> ValuesAreAnyBytes(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes += static_cast<char>(i % 256);
  co_await kv.Set(key, bytes);
  c.ExpectEq(co_await kv.Get(key), bytes);
}

Task<void> EmptyValueIsAValue(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, "");
  c.ExpectEq(co_await kv.Get(key), "");
  c.ExpectEq(co_await kv.Exists(key), true);
  c.ExpectEq(co_await kv.Delete(key), true);
}

// A backend may hold less than a message does, but what it takes it gives back.
Task<void> LargeValues(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  std::optional<std::string> stored;
  bool refused = false;
  for (const uint64_t size : {uint64_t{1} << 10, uint64_t{64} << 10, uint64_t{1} << 20,
                              uint64_t{8} << 20, c.max_message_bytes() - 256}) {
    if (size > c.max_message_bytes() - 256) continue;
    const std::string value(size, static_cast<char>('a' + size % 26));
    c.Note(key);
    const auto set = co_await c.Try(&KeyValueBasicStub::Set, SetOf(key, value));
    if (set.status.ok()) {
      c.Expect(!refused, "a larger value is refused too");
      stored = value;
    } else {
      refused = true;
      c.Expect(size > 1024, "a value of 1 KiB is stored");
      c.CheckRefused(set.status, Code::kResourceExhausted, "", Where::current());
      c.Expect(!set.status.message().empty(), "the refusal names the limit");
    }
    c.Expect(co_await kv.Get(key) == stored, "what was stored is read back whole");
  }
}

Task<void> TooLargeAValueIsRefused(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, "small");
  co_await c.Refused(&KeyValueBasicStub::Set,
                     SetOf(key, std::string(c.max_message_bytes() + 1, 'x')),
                     Code::kResourceExhausted, "limit");
  c.ExpectEq(co_await kv.Get(key), "small");
}

// The calls reach all workers, so this is about more than one of them.
Task<void> ReadsSeeAnsweredWrites(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  for (int i = 0; i < 50 && c.ok(); ++i) {
    const std::string value = std::to_string(i);
    co_await kv.Set(key, value);
    for (int reader = 0; reader < 3; ++reader) c.ExpectEq(co_await kv.Get(key), value);
    co_await kv.Delete(key);
    for (int reader = 0; reader < 3; ++reader) c.ExpectEq(co_await kv.Get(key), std::nullopt);
  }
}

Task<void> ReadsNeverGoBack(CaseContext& c) {
  const std::string key = c.Unique("key");
  int answered = 0;
  KeyValue first(c);
  co_await first.Set(key, "0");
  co_await c.Concurrently(5, [&](int client) -> Task<void> {
    KeyValue kv(c);
    for (int i = 1; i <= 100 && c.ok(); ++i) {
      if (client == 0) {
        co_await kv.Set(key, std::to_string(i));
        answered = i;
        continue;
      }
      const int before = answered;
      const std::optional<std::string> value = co_await kv.Get(key);
      const int seen = value ? std::atoi(value->c_str()) : -1;
      c.ExpectLe(before, seen, "a read that began after a write was answered");
    }
  });
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  KeyValue here(c);
  KeyValue there(c.other());
  const std::string key = c.Unique("key");
  co_await here.Set(key, "here");
  c.ExpectEq(co_await there.Get(key), std::nullopt);
  c.ExpectEq(co_await there.Exists(key), false);
  c.ExpectEq(co_await there.Delete(key), false);
  co_await there.Set(key, "there");
  c.ExpectEq(co_await here.Get(key), "here");
  c.ExpectEq(co_await there.Delete(key), true);
  c.ExpectEq(co_await here.Get(key), "here");
}

constexpr Case kCases[] = {
    {"set_replaces",
     {"Stores the value under the key, whether or not the key exists"},
     &SetReplaces},
    {"set_removes_the_time_to_live",
     {"and removes a time to live the key had."},
     &SetRemovesTheTimeToLive,
     {&KeyValueTTL::Info()}},
    {"set_is_atomic", {"Atomic: a reader sees the old value or the new one."}, &SetIsAtomic},
    {"set_again_changes_nothing", {"Repeating it changes nothing."}, &SetAgainChangesNothing},
    {"get_returns_the_value", {"Returns the value of the key;"}, &GetReturnsTheValue},
    {"absence_is_an_answer",
     {"`found = false` and no value if the key is absent.",
      "Absence is an answer (`found = false`), never an error."},
     &AbsenceIsAnAnswer},
    {"expired_is_absent",
     {"A key whose time to live has run out is absent everywhere."},
     &ExpiredIsAbsent,
     {&KeyValueTTL::Info()}},
    {"delete_removes",
     {"Removes the key, its value and its time to live.", "`found` tells whether the key existed."},
     &DeleteRemoves},
    {"delete_removes_the_time_to_live",
     {"Removes the key, its value and its time to live."},
     &DeleteRemovesTheTimeToLive,
     {&KeyValueTTL::Info()}},
    {"delete_again_finds_nothing",
     {"Repeating it leaves the key absent but answers `found = false`, so after a retry "
      "`found` may be false for a key that this call removed."},
     &DeleteAgainFindsNothing},
    {"delete_is_atomic", {"Atomic."}, &DeleteIsAtomic},
    {"exists_tells", {"Tells whether the key exists, without its value."}, &ExistsTells},
    {"keys_of_all_kinds", {"A key is 1 to 4096 bytes of UTF-8;"}, &KeysOfAllKinds},
    {"key_of_one_byte", {"A key is 1 to 4096 bytes of UTF-8;"}, &KeyOfOneByte},
    {"bad_keys_are_refused", {"any other key is INVALID_ARGUMENT."}, &BadKeysAreRefused},
    {"keys_that_are_no_text_are_refused",
     {"any other key is INVALID_ARGUMENT."},
     &KeysThatAreNoTextAreRefused},
    {"values_are_any_bytes", {"A value is any bytes, also none:"}, &ValuesAreAnyBytes},
    {"empty_value_is_a_value", {"an empty value is a value, not an absence."}, &EmptyValueIsAValue},
    {"large_values",
     {"It may have as many bytes as fit in a message (16 MiB with the key, unless "
      "configured smaller);"},
     &LargeValues},
    {"too_large_a_value_is_refused",
     {"more, or more than the backend can hold, is RESOURCE_EXHAUSTED naming the limit."},
     &TooLargeAValueIsRefused},
    {"reads_see_answered_writes",
     {"A read that starts after a write was answered sees that write or a later one."},
     &ReadsSeeAnsweredWrites},
    {"reads_never_go_back",
     {"A read that starts after a write was answered sees that write or a later one."},
     &ReadsNeverGoBack},
    {"namespaces_never_meet",
     {"Keys of different namespaces never meet."},
     &NamespacesNeverMeet,
     {},
     true},
};

constexpr Unproven kUnproven[] = {
    {"Values by key: what every key-value backend offers.", "it promises nothing"},
    {"A call that fails with UNAVAILABLE or DEADLINE_EXCEEDED may or may not have been "
     "applied.",
     "it permits either"},
};

constexpr Suite kSuite = {&KeyValueBasic::Info(), kCases, kUnproven, &DeleteNotedKeys};

}  // namespace

const Suite& KeyValueBasicSuite() { return kSuite; }

}  // namespace prism::conformance
