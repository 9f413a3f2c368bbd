#include <algorithm>
#include <set>

#include "conformance/keyvalue/suites.h"
#include "conformance/keyvalue/transaction_client.h"
#include "conformance/keyvalue/transactional_cases.h"

namespace prism::conformance {
namespace transactional {
namespace {

Task<void> BeginGivesIds(CaseContext& c) {
  std::set<std::string> ids;
  for (int i = 0; i < 10; ++i) {
    Transaction transaction(c);
    co_await transaction.Begin();
    const std::string id = transaction.id();
    c.Expect(!id.empty() && id.size() <= 64, "an id has 1 to 64 bytes");
    c.Expect(std::all_of(id.begin(), id.end(), [](char x) { return x > 0x20 && x < 0x7f; }),
             "an id is printable ASCII");
    ids.insert(id);
    co_await transaction.Rollback();
  }
  c.ExpectEq(ids.size(), size_t{10});
}

Task<void> CommitAppliesAll(CaseContext& c) {
  KeyValue kv(c);
  const std::string changed = c.Unique("changed");
  const std::string fresh = c.Unique("fresh");
  const std::string removed = c.Unique("removed");
  co_await kv.Set(changed, "old");
  co_await kv.Set(removed, "old");
  Transaction transaction(c);
  co_await transaction.Begin();
  co_await transaction.Set(changed, "new");
  co_await transaction.Set(fresh, "");
  c.ExpectEq(co_await transaction.Delete(removed), true);
  c.ExpectEq(co_await transaction.Commit(), true);
  c.ExpectEq(co_await kv.Get(changed), "new");
  c.ExpectEq(co_await kv.Get(fresh), "");
  c.ExpectEq(co_await kv.Get(removed), std::nullopt);
}

Task<void> ReadsSeeOwnWrites(CaseContext& c) {
  KeyValue kv(c);
  const std::string stored = c.Unique("stored");
  const std::string key = c.Unique("key");
  co_await kv.Set(stored, "old");
  Transaction transaction(c);
  co_await transaction.Begin();
  c.ExpectEq(co_await transaction.Get(stored), "old");
  c.ExpectEq(co_await transaction.Get(key), std::nullopt);
  co_await transaction.Set(key, "mine");
  c.ExpectEq(co_await transaction.Get(key), "mine");
  co_await transaction.Set(stored, "");
  c.ExpectEq(co_await transaction.Get(stored), "");
  c.ExpectEq(co_await transaction.Delete(stored), true);
  c.ExpectEq(co_await transaction.Get(stored), std::nullopt);
  co_await transaction.Rollback();
  c.ExpectEq(co_await kv.Get(stored), "old");
}

Task<void> NobodySeesOpenWrites(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  const std::string removed = c.Unique("removed");
  co_await kv.Set(removed, "there");
  Transaction transaction(c);
  co_await transaction.Begin();
  co_await transaction.Set(key, "mine");
  co_await transaction.Delete(removed);
  for (int reader = 0; reader < 4; ++reader) {
    c.ExpectEq(co_await kv.Get(key), std::nullopt);
    c.ExpectEq(co_await kv.Exists(removed), true);
  }
  Transaction other(c);
  co_await other.Begin();
  c.ExpectEq(co_await other.Get(key), std::nullopt);
  co_await other.Rollback();
  c.ExpectEq(co_await transaction.Commit(), true);
  c.ExpectEq(co_await kv.Get(key), "mine");
}

Task<void> LastWriteCounts(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  const std::string gone = c.Unique("gone");
  Transaction transaction(c);
  co_await transaction.Begin();
  for (const char* value : {"1", "2", "3", "3"}) co_await transaction.Set(key, value);
  co_await transaction.Set(gone, "1");
  c.ExpectEq(co_await transaction.Delete(gone), true);
  c.ExpectEq(co_await transaction.Commit(), true);
  c.ExpectEq(co_await kv.Get(key), "3");
  c.ExpectEq(co_await kv.Get(gone), std::nullopt);
}

Task<void> DeleteTellsWhatItSaw(CaseContext& c) {
  KeyValue kv(c);
  const std::string stored = c.Unique("stored");
  const std::string absent = c.Unique("absent");
  const std::string own = c.Unique("own");
  co_await kv.Set(stored, "value");
  Transaction transaction(c);
  co_await transaction.Begin();
  c.ExpectEq(co_await transaction.Delete(stored), true);
  c.ExpectEq(co_await transaction.Delete(stored), false);
  c.ExpectEq(co_await transaction.Delete(absent), false);
  co_await transaction.Set(own, "mine");
  c.ExpectEq(co_await transaction.Delete(own), true);
  c.ExpectEq(co_await transaction.Delete(own), false);
  c.ExpectEq(co_await transaction.Commit(), true);
  c.ExpectEq(co_await kv.Get(stored), std::nullopt);
  c.ExpectEq(co_await kv.Get(own), std::nullopt);
}

Task<void> CommittedIsSpent(CaseContext& c) {
  Transaction transaction(c);
  co_await transaction.Begin();
  co_await transaction.Set(c.Unique("key"), "value");
  c.ExpectEq(co_await transaction.Commit(), true);
  co_await ExpectSpent(c, transaction.id());
}

Task<void> RollbackForgets(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  Transaction transaction(c);
  co_await transaction.Begin();
  co_await transaction.Set(key, "value");
  co_await transaction.Rollback();
  co_await ExpectSpent(c, transaction.id());
  c.ExpectEq(co_await kv.Get(key), std::nullopt);
}

Task<void> UnknownIdsAreRefused(CaseContext& c) {
  Transaction transaction(c);
  co_await transaction.Begin();
  std::string near = transaction.id();
  if (near.empty()) co_return c.Fail("a transaction has an id");
  near.back() = near.back() == 'a' ? 'b' : 'a';
  co_await ExpectSpent(c, "");
  co_await ExpectSpent(c, "nobody");
  co_await ExpectSpent(c, near);
  co_await ExpectSpent(c, transaction.id() + "x");
  c.ExpectEq(co_await transaction.Commit(), true);
}

Task<void> IdsOfOtherNamespacesAreRefused(CaseContext& c) {
  const std::string key = c.Unique("key");
  Transaction there(c.other());
  co_await there.Begin();
  co_await there.Set(key, "there");
  co_await ExpectSpent(c, there.id());
  c.ExpectEq(co_await there.Commit(), true);
  KeyValue here(c);
  c.ExpectEq(co_await here.Get(key), std::nullopt);
}

// Each call of a case goes out on another connection.
Task<void> AnyConnectionWillDo(CaseContext& c) {
  KeyValue kv(c);
  const std::string base = c.Unique("key");
  Transaction transaction(c);
  co_await transaction.Begin();
  for (int i = 0; i < 20; ++i) {
    co_await transaction.Set(base + std::to_string(i), "v");
    c.ExpectEq(co_await transaction.Get(base + std::to_string(i)), "v");
  }
  c.ExpectEq(co_await transaction.Commit(), true);
  for (int i = 0; i < 20; ++i) c.ExpectEq(co_await kv.Get(base + std::to_string(i)), "v");
}

Task<void> ReadingAloneCommits(CaseContext& c) {
  Transaction nothing(c);
  co_await nothing.Begin();
  c.ExpectEq(co_await nothing.Commit(), true);
  Transaction reading(c);
  co_await reading.Begin();
  c.ExpectEq(co_await reading.Get(c.Unique("absent")), std::nullopt);
  c.ExpectEq(co_await reading.Commit(), true);
}

constexpr std::string_view kSerializable =
    "Serializable: a committed transaction has the effect of running alone at one moment between "
    "Begin and the end of Commit.";
constexpr std::string_view kConflict =
    "A conflict with another writer, transactional or not, is ABORTED, marked retryable: run the "
    "transaction again from BeginTransaction.";
constexpr std::string_view kChanged = "ABORTED if what the transaction read was changed meanwhile.";
constexpr std::string_view kLimits =
    "A transaction reads at most 10,000 keys and writes at most 10,000 keys and 16 MiB of keys and "
    "values; the call that would exceed this is RESOURCE_EXHAUSTED and leaves the transaction as "
    "it was.";
constexpr std::string_view kNotFound =
    "An id that is unknown, of another namespace, expired, committed, rolled back or aborted is "
    "NOT_FOUND.";
constexpr const InterfaceInfo* kBasic = &KeyValueBasic::Info();

constexpr Case kCases[] = {
    {"begin_gives_ids",
     {"Starts a transaction and returns its id.", "Each call starts another one."},
     &BeginGivesIds},
    {"timeout_bounds",
     {"`timeout_ms` 0 means 30,000; the maximum is 600,000; anything else is INVALID_ARGUMENT."},
     &TimeoutBounds},
    {"commit_applies_all",
     {"Several reads and writes as one.", "Applies all writes at one moment, or none.",
      "Stores the value under the key when the transaction commits, as Set does.",
      "Removes the key when the transaction commits, as Delete does."},
     &CommitAppliesAll,
     {kBasic}},
    {"reads_see_own_writes",
     {"Reads see that state with the transaction's own writes on top;",
      "Returns the key's value as the transaction sees it: its own last write, or else the stored "
      "value; `found = false` if the key is absent or deleted by this transaction."},
     &ReadsSeeOwnWrites,
     {kBasic}},
    {"nobody_sees_open_writes",
     {"nobody else sees its writes before Commit, and then all of them at once."},
     &NobodySeesOpenWrites,
     {kBasic}},
    {"last_write_counts",
     {"The last write of a key counts.", "Repeating it changes nothing."},
     &LastWriteCounts,
     {kBasic}},
    {"delete_tells_what_it_saw",
     {"`found` tells whether the key existed as the transaction saw it.",
      "Repeating it answers `found = false`."},
     &DeleteTellsWhatItSaw,
     {kBasic}},
    {"committed_is_spent",
     {"Whatever the outcome, the id is spent: a repeated Commit is NOT_FOUND, so after a failure "
      "of unknown outcome only reading the keys tells whether it was applied.",
      kNotFound},
     &CommittedIsSpent},
    {"rollback_forgets",
     {"Forgets the transaction and all its writes.",
      "The id is spent: a repeated Rollback is NOT_FOUND.", kNotFound},
     &RollbackForgets,
     {kBasic}},
    {"unknown_ids_are_refused", {kNotFound}, &UnknownIdsAreRefused},
    {"ids_of_other_namespaces_are_refused",
     {kNotFound},
     &IdsOfOtherNamespacesAreRefused,
     {kBasic},
     true},
    {"any_connection_will_do",
     {"The id may be used from any connection to the gateway that issued it."},
     &AnyConnectionWillDo,
     {kBasic}},
    {"reading_alone_commits", {"Applies all writes at one moment, or none."}, &ReadingAloneCommits},
    {"plain_write_is_a_conflict", {kConflict, kChanged}, &PlainWriteIsAConflict, {kBasic}},
    {"delete_is_a_conflict", {kConflict, kChanged}, &DeleteIsAConflict, {kBasic}},
    {"new_key_is_a_conflict", {kChanged}, &NewKeyIsAConflict, {kBasic}},
    {"other_transaction_is_a_conflict", {kConflict}, &OtherTransactionIsAConflict, {kBasic}},
    {"aborted_is_over",
     {"Either way the transaction is over and nothing of it was applied.", kNotFound},
     &AbortedIsOver,
     {kBasic}},
    {"no_update_is_lost", {kSerializable}, &NoUpdateIsLost, {kBasic}},
    {"no_update_of_plain_writers_is_lost", {kConflict}, &NoUpdateOfPlainWritersIsLost, {kBasic}},
    {"no_write_skew", {kSerializable}, &NoWriteSkew, {kBasic}},
    {"readers_see_one_moment",
     {kSerializable, "nobody else sees its writes before Commit, and then all of them at once."},
     &ReadersSeeOneMoment,
     {kBasic}},
    {"calls_are_applied_one_by_one",
     {"Concurrent calls with the same id are applied one after the other, in no stated order."},
     &CallsAreAppliedOneByOne,
     {kBasic}},
    {"expired_is_rolled_back",
     {"A transaction that is neither committed nor rolled back within its timeout, counted from "
      "BeginTransaction, is rolled back.",
      kNotFound},
     &ExpiredIsRolledBack,
     {kBasic}},
    {"timeout_counts_from_begin",
     {"within its timeout, counted from BeginTransaction, is rolled back."},
     &TimeoutCountsFromBegin},
    {"written_keys_are_limited", {kLimits}, &WrittenKeysAreLimited},
    {"written_bytes_are_limited", {kLimits}, &WrittenBytesAreLimited, {kBasic}},
    {"read_keys_are_limited", {kLimits}, &ReadKeysAreLimited},
    {"bad_keys_are_refused",
     {"Limits on keys and values are those of keyvalue_basic."},
     &BadKeysAreRefused,
     {kBasic}},
};

constexpr Unproven kUnproven[] = {
    {"Most backends tell at Commit; one that locks may tell at any call.", "it permits either"},
    {"More open transactions than the backend allows is RESOURCE_EXHAUSTED.",
     "how many is the backend's affair, and to open them all would disturb others"},
};

constexpr Suite kSuite = {&KeyValueTransactional::Info(), kCases, kUnproven, &DeleteNotedKeys};

}  // namespace
}  // namespace transactional

const Suite& KeyValueTransactionalSuite() { return transactional::kSuite; }

}  // namespace prism::conformance
