#include "conformance/keyvalue/transaction_client.h"
#include "conformance/keyvalue/transactional_cases.h"

namespace prism::conformance::transactional {
namespace {

constexpr int64_t kPatienceMs = 20'000;

int ToInt(const std::optional<std::string>& value) { return value ? std::atoi(value->c_str()) : 0; }

// Reads `key`, lets `meanwhile` happen, writes elsewhere: that must not be committed.
template <class Meanwhile>
Task<void> ExpectConflict(CaseContext& c, std::string key, Meanwhile meanwhile) {
  KeyValue kv(c);
  const std::string other = c.Unique("other");
  Transaction transaction(c);
  co_await transaction.Begin(kPatienceMs);
  (void)co_await transaction.Get(key);
  co_await meanwhile(kv);
  co_await transaction.Set(other, "new");
  c.ExpectEq(co_await transaction.Commit(), false);
  c.ExpectEq(co_await kv.Get(other), std::nullopt);
}

}  // namespace

Task<void> PlainWriteIsAConflict(CaseContext& c) {
  KeyValue setup(c);
  const std::string key = c.Unique("key");
  co_await setup.Set(key, "old");
  co_await ExpectConflict(c, key, [&](KeyValue& kv) { return kv.Set(key, "new"); });
}

Task<void> DeleteIsAConflict(CaseContext& c) {
  KeyValue setup(c);
  const std::string key = c.Unique("key");
  co_await setup.Set(key, "old");
  co_await ExpectConflict(
      c, key, [&](KeyValue& kv) -> Task<void> { c.ExpectEq(co_await kv.Delete(key), true); });
}

Task<void> NewKeyIsAConflict(CaseContext& c) {
  const std::string key = c.Unique("absent");
  co_await ExpectConflict(c, key, [&](KeyValue& kv) { return kv.Set(key, "new"); });
}

Task<void> OtherTransactionIsAConflict(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  co_await kv.Set(key, "0");
  Transaction one(c);
  Transaction two(c);
  co_await one.Begin(kPatienceMs);
  co_await two.Begin(kPatienceMs);
  (void)co_await one.Get(key);
  (void)co_await two.Get(key);
  co_await one.Set(key, "one");
  co_await two.Set(key, "two");
  const bool first = co_await one.Commit();
  const bool second = co_await two.Commit();
  c.Expect(first != second, "one of the two is committed");
  c.ExpectEq(co_await kv.Get(key), first ? "one" : "two");
}

Task<void> AbortedIsOver(CaseContext& c) {
  KeyValue kv(c);
  const std::string key = c.Unique("key");
  const std::string other = c.Unique("other");
  Transaction transaction(c);
  co_await transaction.Begin(kPatienceMs);
  (void)co_await transaction.Get(key);
  co_await transaction.Set(other, "new");
  co_await kv.Set(key, "meanwhile");
  co_await transaction.Set(key, "mine");
  c.ExpectEq(co_await transaction.Commit(), false);
  co_await ExpectSpent(c, transaction.id());
  c.ExpectEq(co_await kv.Get(key), "meanwhile");
  c.ExpectEq(co_await kv.Get(other), std::nullopt);
}

// A counter that each client raises in transactions of its own.
Task<void> NoUpdateIsLost(CaseContext& c) {
  constexpr int kClients = 6;
  constexpr int kEach = 10;
  const std::string key = c.Unique("counter");
  co_await c.Concurrently(kClients, [&](int) -> Task<void> {
    for (int done = 0; done < kEach && c.ok();) {
      Transaction transaction(c);
      co_await transaction.Begin(kPatienceMs);
      const std::optional<std::string> value = co_await transaction.Get(key);
      co_await transaction.Set(key, std::to_string(ToInt(value) + 1));
      const bool committed = co_await transaction.Commit();
      if (committed) ++done;
    }
  });
  KeyValue kv(c);
  c.ExpectEq(co_await kv.Get(key), std::to_string(kClients * kEach));
}

// A plain writer counts up; transactions that write what they read must not bring a number back.
Task<void> NoUpdateOfPlainWritersIsLost(CaseContext& c) {
  constexpr int kWrites = 60;
  const std::string key = c.Unique("key");
  KeyValue setup(c);
  co_await setup.Set(key, "0");
  bool over = false;
  co_await c.Concurrently(4, [&](int client) -> Task<void> {
    if (client == 0) {
      KeyValue kv(c);
      for (int i = 1; i <= kWrites && c.ok(); ++i) {
        co_await kv.Set(key, std::to_string(i));
        c.ExpectEq(co_await kv.Get(key), std::to_string(i));
      }
      over = true;
      co_return;
    }
    while (!over && c.ok()) {
      Transaction transaction(c);
      co_await transaction.Begin(kPatienceMs);
      const std::optional<std::string> value = co_await transaction.Get(key);
      co_await transaction.Set(key, value.value_or("0"));
      (void)co_await transaction.Commit();
    }
  });
}

// Each takes one away if there are two left: after both, one must be left.
Task<void> NoWriteSkew(CaseContext& c) {
  const std::string a = c.Unique("a");
  const std::string b = c.Unique("b");
  KeyValue kv(c);
  co_await kv.Set(a, "1");
  co_await kv.Set(b, "1");
  Transaction one(c);
  Transaction two(c);
  co_await one.Begin(kPatienceMs);
  co_await two.Begin(kPatienceMs);
  const int seen_by_one = ToInt(co_await one.Get(a)) + ToInt(co_await one.Get(b));
  const int seen_by_two = ToInt(co_await two.Get(a)) + ToInt(co_await two.Get(b));
  if (seen_by_one == 2) co_await one.Set(a, "0");
  if (seen_by_two == 2) co_await two.Set(b, "0");
  (void)co_await one.Commit();
  (void)co_await two.Commit();
  const int left = ToInt(co_await kv.Get(a)) + ToInt(co_await kv.Get(b));
  c.ExpectEq(left, 1);
}

// Writers keep the sum of two accounts; a committed reader must never see another one.
Task<void> ReadersSeeOneMoment(CaseContext& c) {
  constexpr int kTransfers = 25;
  const std::string a = c.Unique("a");
  const std::string b = c.Unique("b");
  KeyValue kv(c);
  co_await kv.Set(a, "100");
  co_await kv.Set(b, "100");
  int writing = 2;
  int seen = 0;
  co_await c.Concurrently(4, [&](int client) -> Task<void> {
    const bool writer = client < 2;
    for (int done = 0; (writer ? done < kTransfers : writing > 0 || seen == 0) && c.ok();) {
      Transaction transaction(c);
      co_await transaction.Begin(kPatienceMs);
      const int in_a = ToInt(co_await transaction.Get(a));
      const int in_b = ToInt(co_await transaction.Get(b));
      if (writer) co_await transaction.Set(a, std::to_string(in_a - 1));
      if (writer) co_await transaction.Set(b, std::to_string(in_b + 1));
      const bool committed = co_await transaction.Commit();
      if (!committed) continue;
      ++(writer ? done : seen);
      c.ExpectEq(in_a + in_b, 200);
    }
    writing -= writer;
  });
  c.ExpectEq(co_await kv.Get(a), std::to_string(100 - 2 * kTransfers));
  c.ExpectEq(co_await kv.Get(b), std::to_string(100 + 2 * kTransfers));
}

Task<void> CallsAreAppliedOneByOne(CaseContext& c) {
  constexpr int kClients = 16;
  const std::string base = c.Unique("key");
  Transaction transaction(c);
  co_await transaction.Begin();
  co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
    co_await transaction.Set(base + std::to_string(client), "mine");
    co_await transaction.Set(base, std::to_string(client));
  });
  const std::optional<std::string> last = co_await transaction.Get(base);
  c.Expect(last && ToInt(last) >= 0 && ToInt(last) < kClients, "one of the writes is the last");
  c.ExpectEq(co_await transaction.Commit(), true);
  KeyValue kv(c);
  c.ExpectEq(co_await kv.Get(base), last);
  for (int i = 0; i < kClients; ++i) c.ExpectEq(co_await kv.Get(base + std::to_string(i)), "mine");
}

}  // namespace prism::conformance::transactional
