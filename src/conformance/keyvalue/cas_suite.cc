#include "conformance/keyvalue/client.h"
#include "conformance/keyvalue/suites.h"
#include "interfaces/keyvalue_cas.prism.h"
#include "prism/interfaces/keyvalue_cas.pb.h"

namespace prism::conformance {
namespace {

using keyvalue::v1::CompareAndDeleteRequest;
using keyvalue::v1::CompareAndDeleteResponse;
using keyvalue::v1::CompareAndSwapRequest;
using keyvalue::v1::CompareAndSwapResponse;
using keyvalue::v1::SetIfAbsentRequest;
using keyvalue::v1::SetIfAbsentResponse;

using Content = std::optional<std::string>;  // of a key; nullopt: it is absent

CompareAndSwapRequest SwapOf(const std::string& key, const Content& expected,
                             const std::string& value) {
  CompareAndSwapRequest request;
  request.set_key(key);
  if (expected) request.set_expected(*expected);
  request.set_value(value);
  return request;
}

SetIfAbsentRequest IfAbsentOf(const std::string& key, const std::string& value) {
  SetIfAbsentRequest request;
  request.set_key(key);
  request.set_value(value);
  return request;
}

CompareAndDeleteRequest DeleteOf(const std::string& key, const std::string& expected) {
  CompareAndDeleteRequest request;
  request.set_key(key);
  request.set_expected(expected);
  return request;
}

// keyvalue_cas as plain functions: all must succeed, swapped or not.
class Cas {
 public:
  explicit Cas(Caller& caller) : caller_(caller) {}

  Task<CompareAndSwapResponse> Swap(std::string key, Content expected, std::string value,
                                    Where where = Where::current()) {
    caller_.Note(key);
    return caller_.Call(&KeyValueCasStub::CompareAndSwap, SwapOf(key, expected, value), where);
  }
  Task<SetIfAbsentResponse> SetIfAbsent(std::string key, std::string value,
                                        Where where = Where::current()) {
    caller_.Note(key);
    return caller_.Call(&KeyValueCasStub::SetIfAbsent, IfAbsentOf(key, value), where);
  }
  Task<CompareAndDeleteResponse> Delete(std::string key, std::string expected,
                                        Where where = Where::current()) {
    return caller_.Call(&KeyValueCasStub::CompareAndDelete, DeleteOf(key, expected), where);
  }
  // What the key holds, found out by a swap that cannot succeed.
  Task<Content> Peek(std::string key, Where where = Where::current()) {
    const CompareAndSwapResponse answer =
        co_await Swap(std::move(key), "expected by nobody", "never stored", where);
    Content content;
    if (answer.found()) content = answer.actual();
    co_return content;
  }

 private:
  Caller& caller_;
};

void ExpectSwapped(CaseContext& c, const CompareAndSwapResponse& answer,
                   Where where = Where::current()) {
  c.Expect(answer.swapped(), "it was swapped", where);
  c.Expect(!answer.found() && answer.actual().empty(), "a swap tells no content", where);
}

void ExpectNotSwapped(CaseContext& c, const CompareAndSwapResponse& answer, const Content& actual,
                      Where where = Where::current()) {
  c.Expect(!answer.swapped(), "it was not swapped", where);
  Content told;
  if (answer.found()) told = answer.actual();
  c.ExpectEq(told, actual, where);
}

Task<void> SwapComparesAndStores(CaseContext& c) {
  Cas cas(c);
  const std::string key = c.Unique("key");
  ExpectSwapped(c, co_await cas.Swap(key, std::nullopt, "one"));
  ExpectSwapped(c, co_await cas.Swap(key, "one", "two"));
  ExpectSwapped(c, co_await cas.Swap(key, "two", "two"));
  c.ExpectEq(co_await cas.Peek(key), "two");
}

Task<void> SwapWithoutExpectedNeedsAbsence(CaseContext& c) {
  Cas cas(c);
  const std::string key = c.Unique("key");
  ExpectSwapped(c, co_await cas.Swap(key, std::nullopt, ""));
  ExpectNotSwapped(c, co_await cas.Swap(key, std::nullopt, "new"), "");
  c.ExpectEq(co_await cas.Peek(key), "");
}

Task<void> EmptyExpectedIsAnEmptyValue(CaseContext& c) {
  Cas cas(c);
  const std::string key = c.Unique("key");
  ExpectNotSwapped(c, co_await cas.Swap(key, "", "new"), std::nullopt);
  c.ExpectEq(co_await cas.Peek(key), std::nullopt);
  ExpectSwapped(c, co_await cas.Swap(key, std::nullopt, ""));
  ExpectSwapped(c, co_await cas.Swap(key, "", "new"));
  c.ExpectEq(co_await cas.Peek(key), "new");
}

Task<void> SwapRemovesTheTimeToLive(CaseContext& c) {
  Cas cas(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  ExpectSwapped(c, co_await cas.Swap(key, std::nullopt, "one"));
  co_await ttl.Expire(key, 60'000);
  ExpectSwapped(c, co_await cas.Swap(key, "one", "two"));
  co_await ttl.ExpectNone(key);
}

Task<void> ComparisonIsByteByByte(CaseContext& c) {
  Cas cas(c);
  const std::string key = c.Unique("key");
  const std::string stored("a\0b\xff", 4);
  ExpectSwapped(c, co_await cas.Swap(key, std::nullopt, stored));
  for (const std::string& near :
       {std::string("a"), std::string("a\0b", 3), std::string("A\0b\xff", 4),
        std::string("a\0b\xfe", 4), stored + std::string(1, '\0'), " " + stored}) {
    ExpectNotSwapped(c, co_await cas.Swap(key, near, "new"), stored);
    const CompareAndDeleteResponse kept = co_await cas.Delete(key, near);
    c.Expect(!kept.deleted(), "only equal bytes delete");
  }
  ExpectSwapped(c, co_await cas.Swap(key, stored, "new"));
}

Task<void> FailureTellsAndChangesNothing(CaseContext& c) {
  Cas cas(c);
  const std::string key = c.Unique("key");
  ExpectNotSwapped(c, co_await cas.Swap(key, "something", "new"), std::nullopt);
  c.ExpectEq(co_await cas.Peek(key), std::nullopt);
  ExpectSwapped(c, co_await cas.Swap(key, std::nullopt, "one"));
  ExpectNotSwapped(c, co_await cas.Swap(key, "other", "new"), "one");
  const SetIfAbsentResponse kept = co_await cas.SetIfAbsent(key, "new");
  c.Expect(!kept.stored() && kept.actual() == "one", "the key keeps its value and tells it");
  const CompareAndDeleteResponse still = co_await cas.Delete(key, "other");
  c.Expect(!still.deleted() && still.found() && still.actual() == "one", "the value is told");
  c.ExpectEq(co_await cas.Peek(key), "one");
}

Task<void> FailureKeepsTheTimeToLive(CaseContext& c) {
  Cas cas(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  ExpectSwapped(c, co_await cas.Swap(key, std::nullopt, "one"));
  co_await ttl.Expire(key, 60'000);
  co_await cas.Swap(key, "other", "new");
  co_await cas.SetIfAbsent(key, "new");
  co_await cas.Delete(key, "other");
  const GetTTLResponse left = co_await ttl.Get(key);
  c.Expect(left.has_ttl(), "the key still has a time to live");
}

Task<void> RepetitionSeesItsOwnEffect(CaseContext& c) {
  Cas cas(c);
  const std::string key = c.Unique("key");
  ExpectSwapped(c, co_await cas.Swap(key, std::nullopt, "one"));
  ExpectNotSwapped(c, co_await cas.Swap(key, std::nullopt, "one"), "one");
  ExpectSwapped(c, co_await cas.Swap(key, "one", "two"));
  ExpectNotSwapped(c, co_await cas.Swap(key, "one", "two"), "two");
  const CompareAndDeleteResponse first = co_await cas.Delete(key, "two");
  const CompareAndDeleteResponse second = co_await cas.Delete(key, "two");
  c.Expect(first.deleted() && !second.deleted() && !second.found(), "the first one deleted it");
}

Task<void> SetIfAbsentStoresOnce(CaseContext& c) {
  Cas cas(c);
  const std::string key = c.Unique("key");
  const SetIfAbsentResponse first = co_await cas.SetIfAbsent(key, "one");
  c.Expect(first.stored() && first.actual().empty(), "an absent key is stored");
  const SetIfAbsentResponse second = co_await cas.SetIfAbsent(key, "two");
  c.Expect(!second.stored(), "a key that is there stays");
  c.ExpectEq(second.actual(), "one");
  c.ExpectEq(co_await cas.Peek(key), "one");
}

Task<void> SetIfAbsentTakesTheExpired(CaseContext& c) {
  Cas cas(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  co_await cas.SetIfAbsent(key, "old");
  co_await ttl.Expire(key, 30);
  co_await c.Sleep(std::chrono::milliseconds(30) + kClockSlack);
  const SetIfAbsentResponse answer = co_await cas.SetIfAbsent(key, "new");
  c.Expect(answer.stored(), "an expired key is absent");
  co_await ttl.ExpectNone(key);
}

Task<void> DeleteComparesAndRemoves(CaseContext& c) {
  Cas cas(c);
  const std::string key = c.Unique("key");
  co_await cas.SetIfAbsent(key, "value");
  const CompareAndDeleteResponse deleted = co_await cas.Delete(key, "value");
  c.Expect(deleted.deleted() && !deleted.found() && deleted.actual().empty(), "it was deleted");
  c.ExpectEq(co_await cas.Peek(key), std::nullopt);
}

Task<void> DeleteRemovesTheTimeToLive(CaseContext& c) {
  Cas cas(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  co_await cas.SetIfAbsent(key, "one");
  co_await ttl.Expire(key, 60'000);
  const CompareAndDeleteResponse deleted = co_await cas.Delete(key, "one");
  c.Expect(deleted.deleted(), "it was deleted");
  co_await cas.SetIfAbsent(key, "two");
  co_await ttl.ExpectNone(key);
}

Task<void> AbsentKeyEqualsNoValue(CaseContext& c) {
  Cas cas(c);
  const std::string key = c.Unique("absent");
  for (const char* expected : {"", "value"}) {
    const CompareAndDeleteResponse answer = co_await cas.Delete(key, expected);
    c.Expect(!answer.deleted() && !answer.found() && answer.actual().empty(), "nothing is there");
  }
}

// All clients expect the same content; one of them gets it.
Task<void> OneOfManySwapsSucceeds(CaseContext& c) {
  Cas setup(c);
  const std::string key = c.Unique("key");
  ExpectSwapped(c, co_await setup.Swap(key, std::nullopt, "round 0"));
  for (int round = 0; round < 20 && c.ok(); ++round) {
    const std::string expected = "round " + std::to_string(round);
    const std::string next = "round " + std::to_string(round + 1);
    int swapped = 0;
    co_await c.Concurrently(8, [&](int) -> Task<void> {
      Cas cas(c);
      const CompareAndSwapResponse answer = co_await cas.Swap(key, expected, next);
      swapped += answer.swapped();
    });
    c.ExpectEq(swapped, 1);
  }
}

Task<void> OneOfManyFirstWritersSucceeds(CaseContext& c) {
  for (int round = 0; round < 20 && c.ok(); ++round) {
    const std::string key = c.Unique("key");
    int stored = 0;
    std::string winner;
    co_await c.Concurrently(8, [&](int client) -> Task<void> {
      Cas cas(c);
      const std::string mine = std::to_string(client);
      const SetIfAbsentResponse answer = co_await cas.SetIfAbsent(key, mine);
      stored += answer.stored();
      if (answer.stored()) winner = mine;
    });
    c.ExpectEq(stored, 1);
    Cas cas(c);
    c.ExpectEq(co_await cas.Peek(key), winner);
  }
}

Task<void> OneOfManyDeletesSucceeds(CaseContext& c) {
  for (int round = 0; round < 20 && c.ok(); ++round) {
    const std::string key = c.Unique("key");
    Cas setup(c);
    co_await setup.SetIfAbsent(key, "value");
    int deleted = 0;
    co_await c.Concurrently(8, [&](int) -> Task<void> {
      Cas cas(c);
      const CompareAndDeleteResponse answer = co_await cas.Delete(key, "value");
      deleted += answer.deleted();
    });
    c.ExpectEq(deleted, 1);
  }
}

// A counter that each client raises by compare and swap: every success counts.
Task<void> NoUpdateIsLost(CaseContext& c) {
  constexpr int kClients = 8;
  constexpr int kEach = 15;
  const std::string key = c.Unique("counter");
  Cas setup(c);
  ExpectSwapped(c, co_await setup.Swap(key, std::nullopt, "0"));
  co_await c.Concurrently(kClients, [&](int) -> Task<void> {
    Cas cas(c);
    std::string seen = "0";
    for (int done = 0; done < kEach && c.ok();) {
      const std::string next = std::to_string(std::atoi(seen.c_str()) + 1);
      const CompareAndSwapResponse answer = co_await cas.Swap(key, seen, next);
      if (answer.swapped()) ++done;
      seen = answer.swapped() ? next : answer.actual();
    }
  });
  c.ExpectEq(co_await setup.Peek(key), std::to_string(kClients * kEach));
}

Task<void> BadKeysAreRefused(CaseContext& c) {
  for (const std::string& key : BadKeys()) {
    co_await c.Refused(&KeyValueCasStub::CompareAndSwap, SwapOf(key, std::nullopt, "v"),
                       Code::kInvalidArgument, "key");
    co_await c.Refused(&KeyValueCasStub::SetIfAbsent, IfAbsentOf(key, "v"), Code::kInvalidArgument,
                       "key");
    co_await c.Refused(&KeyValueCasStub::CompareAndDelete, DeleteOf(key, "v"),
                       Code::kInvalidArgument, "key");
  }
}

constexpr std::string_view kOneMoment =
    "Each call compares and writes at one moment: of several concurrent calls with the same "
    "expectation at most one succeeds.";
constexpr const InterfaceInfo* kTtl = &KeyValueTTL::Info();

constexpr Case kCases[] = {
    {"swap_compares_and_stores",
     {"Writes that depend on what is stored.",
      "Stores `value` if the key's content equals `expected`;"},
     &SwapComparesAndStores},
    {"swap_without_expected_needs_absence",
     {"without `expected`, if the key is absent."},
     &SwapWithoutExpectedNeedsAbsence},
    {"empty_expected_is_an_empty_value",
     {"An empty `expected` means an empty value, not absence."},
     &EmptyExpectedIsAnEmptyValue},
    {"swap_removes_the_time_to_live",
     {"A swap removes the time to live."},
     &SwapRemovesTheTimeToLive,
     {kTtl}},
    {"comparison_is_byte_by_byte", {"Values are compared byte by byte."}, &ComparisonIsByteByByte},
    {"failure_tells_and_changes_nothing",
     {"A failed comparison is an answer that carries the actual content, and changes nothing."},
     &FailureTellsAndChangesNothing},
    {"failure_keeps_the_time_to_live",
     {"A failed comparison is an answer that carries the actual content, and changes nothing."},
     &FailureKeepsTheTimeToLive,
     {kTtl}},
    {"repetition_sees_its_own_effect",
     {"A call repeated after it succeeded sees its own effect, so a retry after a failure of "
      "unknown outcome may answer false."},
     &RepetitionSeesItsOwnEffect},
    {"set_if_absent_stores_once",
     {"Stores `value` if the key is absent, else returns the value that is there."},
     &SetIfAbsentStoresOnce},
    {"set_if_absent_takes_the_expired",
     {"Stores `value` if the key is absent"},
     &SetIfAbsentTakesTheExpired,
     {kTtl}},
    {"delete_compares_and_removes",
     {"Removes the key and its time to live if its value equals `expected`."},
     &DeleteComparesAndRemoves},
    {"delete_removes_the_time_to_live",
     {"Removes the key and its time to live if its value equals `expected`."},
     &DeleteRemovesTheTimeToLive,
     {kTtl}},
    {"absent_key_equals_no_value",
     {"An absent key equals no value: the answer is then `deleted = false` and `found = false`."},
     &AbsentKeyEqualsNoValue},
    {"one_of_many_swaps_succeeds", {kOneMoment}, &OneOfManySwapsSucceeds},
    {"one_of_many_first_writers_succeeds", {kOneMoment}, &OneOfManyFirstWritersSucceeds},
    {"one_of_many_deletes_succeeds", {kOneMoment}, &OneOfManyDeletesSucceeds},
    {"no_update_is_lost", {kOneMoment}, &NoUpdateIsLost},
    {"bad_keys_are_refused",
     {"Limits on keys and values are those of keyvalue_basic."},
     &BadKeysAreRefused},
};

constexpr Suite kSuite = {&KeyValueCas::Info(), kCases, {}, &DeleteNotedKeys};

}  // namespace

const Suite& KeyValueCasSuite() { return kSuite; }

}  // namespace prism::conformance
