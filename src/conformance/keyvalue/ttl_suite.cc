#include "conformance/keyvalue/client.h"
#include "conformance/keyvalue/suites.h"
#include "interfaces/keyvalue_batch.prism.h"
#include "interfaces/keyvalue_cas.prism.h"
#include "interfaces/keyvalue_transactional.prism.h"
#include "prism/interfaces/keyvalue_batch.pb.h"
#include "prism/interfaces/keyvalue_cas.pb.h"
#include "prism/interfaces/keyvalue_transactional.pb.h"

namespace prism::conformance {
namespace {

using std::chrono::milliseconds;

constexpr int64_t kMaxTtlMs = 3'155'760'000'000;
constexpr int64_t kMinuteMs = 60'000;

// A key with a minute to live.
Task<std::string> Mortal(CaseContext& c) {
  KeyValue kv(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, "value");
  c.ExpectEq(co_await ttl.Expire(key, kMinuteMs), true);
  co_return key;
}

// Judged by our own clock before and after each call, so that a slow machine proves nothing wrong.
Task<void> KeysVanishInTime(CaseContext& c) {
  constexpr auto kTtl = milliseconds(300);
  KeyValue kv(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, "value");
  const TimePoint before = Clock::now();
  c.ExpectEq(co_await ttl.Expire(key, kTtl.count()), true);
  const TimePoint after = Clock::now();
  co_await c.Until("the key vanishes", [&]() -> Task<bool> {
    const bool late = Clock::now() > after + kTtl + kClockSlack;
    const bool exists = co_await kv.Exists(key);
    c.Expect(!(exists && late), "the key is gone once its time is over");
    co_return !exists;
  });
  c.Expect(Clock::now() >= before + kTtl - kClockSlack, "the key lives as long as it was told");
}

Task<void> ExpiredIsAbsentEverywhere(CaseContext& c) {
  KeyValue kv(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, "value");
  c.ExpectEq(co_await ttl.Expire(key, 30), true);
  co_await c.Sleep(milliseconds(30) + kClockSlack);
  c.ExpectEq(co_await kv.Get(key), std::nullopt);
  const GetTTLResponse left = co_await ttl.Get(key);
  c.ExpectEq(left.found(), false);
  c.ExpectEq(co_await ttl.Expire(key, kMinuteMs), false);
  const PersistResponse persisted = co_await ttl.Persist(key);
  c.ExpectEq(persisted.found(), false);
  c.ExpectEq(co_await kv.Get(key), std::nullopt);
}

Task<void> ExpireReplaces(CaseContext& c) {
  TimeToLive ttl(c);
  KeyValue kv(c);
  const std::string longer = c.Unique("longer");
  co_await kv.Set(longer, "value");
  co_await ttl.Expire(longer, 1'000);
  c.ExpectEq(co_await ttl.Expire(longer, kMinuteMs), true);
  const std::string shorter = co_await Mortal(c);
  co_await ttl.Expire(shorter, 60);
  co_await c.Sleep(milliseconds(1'000) + kClockSlack);
  c.ExpectEq(co_await kv.Exists(longer), true);
  c.ExpectEq(co_await kv.Exists(shorter), false);
}

Task<void> ExpireOfAnAbsentKey(CaseContext& c) {
  KeyValue kv(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("absent");
  c.ExpectEq(co_await ttl.Expire(key, kMinuteMs), false);
  c.ExpectEq(co_await kv.Exists(key), false);
  co_await kv.Set(key, "value");
  co_await ttl.ExpectNone(key);
}

Task<void> TtlBounds(CaseContext& c) {
  TimeToLive ttl(c);
  const std::string key = co_await Mortal(c);
  for (const int64_t bad : {int64_t{0}, int64_t{-1}, INT64_MIN, kMaxTtlMs + 1, INT64_MAX}) {
    co_await c.Refused(&KeyValueTTLStub::Expire, ExpireOf(key, bad), Code::kInvalidArgument,
                       "ttl_ms");
  }
  const GetTTLResponse kept = co_await ttl.Get(key);
  c.Expect(kept.has_ttl() && kept.ttl_ms() <= kMinuteMs, "a refused call changes nothing");
  c.ExpectEq(co_await ttl.Expire(key, kMaxTtlMs), true);
  const GetTTLResponse longest = co_await ttl.Get(key);
  c.ExpectLe(kMaxTtlMs - kMinuteMs, longest.ttl_ms(), "the longest time to live");
  c.ExpectLe(longest.ttl_ms(), kMaxTtlMs, "the longest time to live");
  c.ExpectEq(co_await ttl.Expire(key, 1), true);
}

Task<void> ExpireAgainCountsAnew(CaseContext& c) {
  KeyValue kv(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, "value");
  for (int i = 0; i < 4; ++i) {
    c.ExpectEq(co_await ttl.Expire(key, 2'000), true);
    const GetTTLResponse left = co_await ttl.Get(key);
    const int64_t least = i == 0 ? 0 : 1'500;
    c.ExpectLe(least, left.ttl_ms(), "the time to live just after it was set to 2000 ms");
    co_await c.Sleep(milliseconds(200));
  }
}

// Whoever asks sees one of the two times to live.
Task<void> ExpireIsAtomic(CaseContext& c) {
  const std::string key = co_await Mortal(c);
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    TimeToLive ttl(c);
    for (int i = 0; i < 20 && c.ok(); ++i) {
      if (client < 4) {
        c.ExpectEq(co_await ttl.Expire(key, client % 2 == 0 ? kMinuteMs : 100 * kMinuteMs), true);
        continue;
      }
      const GetTTLResponse left = co_await ttl.Get(key);
      const bool is_short = left.ttl_ms() > kMinuteMs / 2 && left.ttl_ms() <= kMinuteMs;
      const bool is_long = left.ttl_ms() > 99 * kMinuteMs && left.ttl_ms() <= 100 * kMinuteMs;
      c.Expect(left.has_ttl() && (is_short || is_long), "a time to live is one that was set");
    }
  });
}

Task<void> GetTellsWhatIsLeft(CaseContext& c) {
  KeyValue kv(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  const GetTTLResponse absent = co_await ttl.Get(key);
  c.Expect(!absent.found() && !absent.has_ttl() && absent.ttl_ms() == 0, "an absent key has none");
  co_await kv.Set(key, "value");
  co_await ttl.ExpectNone(key);
  const TimePoint before = Clock::now();
  c.ExpectEq(co_await ttl.Expire(key, kMinuteMs), true);
  const GetTTLResponse left = co_await ttl.Get(key);
  const auto passed = std::chrono::duration_cast<milliseconds>(Clock::now() - before);
  c.Expect(left.found() && left.has_ttl(), "the key has a time to live");
  c.ExpectLe(left.ttl_ms(), kMinuteMs, "the time left");
  c.ExpectLe(kMinuteMs - passed.count() - kClockSlack.count(), left.ttl_ms(), "the time left");
}

// While the key is there, at least one millisecond is left.
Task<void> TimeLeftIsNeverZero(CaseContext& c) {
  KeyValue kv(c);
  TimeToLive ttl(c);
  int seen = 0;
  for (int round = 0; round < 5 && c.ok(); ++round) {
    const std::string key = c.Unique("key");
    co_await kv.Set(key, "value");
    co_await ttl.Expire(key, 50);
    co_await c.Until("the key vanishes", [&]() -> Task<bool> {
      const GetTTLResponse left = co_await ttl.Get(key);
      c.Expect(!left.found() || (left.has_ttl() && left.ttl_ms() >= 1), "1 ms or more is left");
      seen += left.found();
      co_return !left.found();
    });
  }
  c.Expect(seen > 0, "a key that is about to vanish is seen");
}

Task<void> PersistKeeps(CaseContext& c) {
  KeyValue kv(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, "value");
  co_await ttl.Expire(key, 1'000);
  const PersistResponse first = co_await ttl.Persist(key);
  c.Expect(first.found() && first.removed(), "the key had a time to live");
  co_await ttl.ExpectNone(key);
  co_await c.Sleep(milliseconds(1'000) + kClockSlack);
  c.ExpectEq(co_await kv.Get(key), "value");
}

Task<void> PersistTells(CaseContext& c) {
  KeyValue kv(c);
  TimeToLive ttl(c);
  const std::string key = c.Unique("key");
  const PersistResponse absent = co_await ttl.Persist(key);
  c.Expect(!absent.found() && !absent.removed(), "the key is absent");
  co_await kv.Set(key, "value");
  const PersistResponse immortal = co_await ttl.Persist(key);
  c.Expect(immortal.found() && !immortal.removed(), "the key had no time to live");
}

Task<void> PersistAgainRemovesNothing(CaseContext& c) {
  TimeToLive ttl(c);
  const std::string key = co_await Mortal(c);
  const PersistResponse first = co_await ttl.Persist(key);
  const PersistResponse second = co_await ttl.Persist(key);
  c.Expect(first.removed() && second.found() && !second.removed(), "the first one removed it");
  co_await ttl.ExpectNone(key);
}

Task<void> PersistIsAtomic(CaseContext& c) {
  for (int round = 0; round < 20 && c.ok(); ++round) {
    const std::string key = co_await Mortal(c);
    int removed = 0;
    co_await c.Concurrently(8, [&](int) -> Task<void> {
      TimeToLive ttl(c);
      const PersistResponse persisted = co_await ttl.Persist(key);
      c.ExpectEq(persisted.found(), true);
      removed += persisted.removed();
    });
    c.ExpectEq(removed, 1);
  }
}

Task<void> SetRemovesIt(CaseContext& c) {
  KeyValue kv(c);
  TimeToLive ttl(c);
  const std::string key = co_await Mortal(c);
  co_await kv.Set(key, "new");
  co_await ttl.ExpectNone(key);
}

Task<void> BatchSetRemovesIt(CaseContext& c) {
  TimeToLive ttl(c);
  const std::string key = co_await Mortal(c);
  keyvalue::v1::BatchSetRequest request;
  request.add_entries()->set_key(key);
  co_await c.Call(&KeyValueBatchStub::BatchSet, request);
  co_await ttl.ExpectNone(key);
}

Task<void> SwapRemovesIt(CaseContext& c) {
  TimeToLive ttl(c);
  const std::string key = co_await Mortal(c);
  keyvalue::v1::CompareAndSwapRequest request;
  request.set_key(key);
  request.set_expected("other");
  request.set_value("new");
  co_await c.Call(&KeyValueCasStub::CompareAndSwap, request);
  const GetTTLResponse left = co_await ttl.Get(key);
  c.Expect(left.has_ttl(), "a comparison that fails is no write");
  request.set_expected("value");
  co_await c.Call(&KeyValueCasStub::CompareAndSwap, request);
  co_await ttl.ExpectNone(key);
}

Task<void> CommittedSetRemovesIt(CaseContext& c) {
  TimeToLive ttl(c);
  const std::string key = co_await Mortal(c);
  const keyvalue::v1::BeginTransactionRequest begin;
  const auto handle = co_await c.Call(&KeyValueTransactionalStub::BeginTransaction, begin);
  keyvalue::v1::SetInTransactionRequest set;
  set.set_transaction_id(handle.transaction_id());
  set.set_key(key);
  set.set_value("new");
  co_await c.Call(&KeyValueTransactionalStub::SetInTransaction, set);
  const GetTTLResponse left = co_await ttl.Get(key);
  c.Expect(left.has_ttl(), "a write that is not committed is none");
  keyvalue::v1::CommitRequest commit;
  commit.set_transaction_id(handle.transaction_id());
  co_await c.Call(&KeyValueTransactionalStub::Commit, commit);
  co_await ttl.ExpectNone(key);
}

Task<void> BadKeysAreRefused(CaseContext& c) {
  for (const std::string& key : BadKeys()) {
    co_await c.Refused(&KeyValueTTLStub::Expire, ExpireOf(key, 1), Code::kInvalidArgument, "key");
    co_await c.Refused(&KeyValueTTLStub::GetTTL, Keyed<GetTTLRequest>(key), Code::kInvalidArgument,
                       "key");
    co_await c.Refused(&KeyValueTTLStub::Persist, Keyed<PersistRequest>(key),
                       Code::kInvalidArgument, "key");
  }
}

constexpr const InterfaceInfo* kBasic = &KeyValueBasic::Info();
constexpr std::string_view kWritesRemoveIt =
    "Any write of a value (Set, BatchSet, CompareAndSwap, a committed SetInTransaction) removes "
    "the time to live.";

constexpr Case kCases[] = {
    {"keys_vanish_in_time",
     {"Keys that vanish by themselves.", "Lets the key vanish `ttl_ms` milliseconds from now,"},
     &KeysVanishInTime,
     {kBasic}},
    {"expired_is_absent_everywhere",
     {"A key whose time to live has run out is absent for every interface from that moment on, "
      "whenever its memory is freed."},
     &ExpiredIsAbsentEverywhere,
     {kBasic}},
    {"expire_replaces", {"replacing an earlier time to live."}, &ExpireReplaces, {kBasic}},
    {"expire_of_an_absent_key",
     {"`found = false`, and nothing happens, if the key is absent."},
     &ExpireOfAnAbsentKey,
     {kBasic}},
    {"ttl_bounds",
     {"`ttl_ms` is 1 to 3,155,760,000,000 (100 years); anything else is INVALID_ARGUMENT."},
     &TtlBounds,
     {kBasic}},
    {"expire_again_counts_anew",
     {"Repeating it counts anew from the moment of the repetition."},
     &ExpireAgainCountsAnew,
     {kBasic}},
    {"expire_is_atomic", {"Atomic."}, &ExpireIsAtomic, {kBasic}},
    {"get_tells_what_is_left",
     {"Tells how long the key has to live: `found = false` if it is absent, `has_ttl = false` if "
      "it lives until it is deleted, else the milliseconds left,"},
     &GetTellsWhatIsLeft,
     {kBasic}},
    {"time_left_is_never_zero",
     {"else the milliseconds left, rounded up, so never 0."},
     &TimeLeftIsNeverZero,
     {kBasic}},
    {"persist_keeps",
     {"Removes the time to live, so that the key stays until it is deleted."},
     &PersistKeeps,
     {kBasic}},
    {"persist_tells",
     {"`found = false` if the key is absent; `removed` tells whether it had a time to live."},
     &PersistTells,
     {kBasic}},
    {"persist_again_removes_nothing",
     {"Repeating it changes nothing but answers `removed = false`."},
     &PersistAgainRemovesNothing,
     {kBasic}},
    {"persist_is_atomic", {"Atomic."}, &PersistIsAtomic, {kBasic}},
    {"set_removes_it", {kWritesRemoveIt}, &SetRemovesIt, {kBasic}},
    {"batch_set_removes_it",
     {kWritesRemoveIt},
     &BatchSetRemovesIt,
     {kBasic, &KeyValueBatch::Info()}},
    {"swap_removes_it", {kWritesRemoveIt}, &SwapRemovesIt, {kBasic, &KeyValueCas::Info()}},
    {"committed_set_removes_it",
     {kWritesRemoveIt},
     &CommittedSetRemovesIt,
     {kBasic, &KeyValueTransactional::Info()}},
    {"bad_keys_are_refused", {"Limits on keys are those of keyvalue_basic."}, &BadKeysAreRefused},
};

constexpr Suite kSuite = {&KeyValueTTL::Info(), kCases, {}, &DeleteNotedKeys};

}  // namespace

const Suite& KeyValueTTLSuite() { return kSuite; }

}  // namespace prism::conformance
