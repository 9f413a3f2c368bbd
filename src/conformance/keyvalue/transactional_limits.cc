#include "conformance/keyvalue/transaction_client.h"
#include "conformance/keyvalue/transactional_cases.h"

namespace prism::conformance::transactional {
namespace {

using std::chrono::milliseconds;

constexpr int kMaxKeys = 10'000;
constexpr int64_t kMaxTimeoutMs = 600'000;
constexpr int kLanes = 32;

// Calls `one` with 0 to `count` - 1, several at a time.
template <class One>
Task<void> ForEach(CaseContext& c, int count, One one) {
  int next = 0;
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    while (next < count && c.ok()) co_await one(next++);
  });
}

}  // namespace

Task<void> TimeoutBounds(CaseContext& c) {
  for (const int64_t bad : {int64_t{-1}, INT64_MIN, kMaxTimeoutMs + 1, INT64_MAX}) {
    co_await c.Refused(&KeyValueTransactionalStub::BeginTransaction, BeginOf(bad),
                       Code::kInvalidArgument, "timeout_ms");
  }
  for (const int64_t good : {int64_t{0}, int64_t{1'000}, kMaxTimeoutMs}) {
    Transaction transaction(c);
    co_await transaction.Begin(good);
    co_await transaction.Rollback();
  }
}

Task<void> ExpiredIsRolledBack(CaseContext& c) {
  constexpr auto kTimeout = milliseconds(300);
  const std::string key = c.Unique("key");
  Transaction transaction(c);
  co_await transaction.Begin(kTimeout.count());
  c.Note(key);
  (void)co_await c.Try(&KeyValueTransactionalStub::SetInTransaction,
                       SetInTransactionOf(transaction.id(), key, "value"));
  co_await c.Sleep(kTimeout + kClockSlack);
  co_await ExpectSpent(c, transaction.id());
  KeyValue kv(c);
  c.ExpectEq(co_await kv.Get(key), std::nullopt);
}

// Calls on the way do not make it live longer.
Task<void> TimeoutCountsFromBegin(CaseContext& c) {
  constexpr auto kTimeout = milliseconds(400);
  const std::string key = c.Unique("key");
  const TimePoint begun = Clock::now();
  Transaction transaction(c);
  co_await transaction.Begin(kTimeout.count());
  const TimePoint latest = Clock::now() + kTimeout + kClockSlack;
  co_await c.Until("the transaction is over", [&]() -> Task<bool> {
    const bool late = Clock::now() > latest;
    const auto get = co_await c.Try(&KeyValueTransactionalStub::GetInTransaction,
                                    InTransaction<GetInTransactionRequest>(transaction.id(), key));
    const bool over = get.status.code() == Code::kNotFound;
    c.Expect(over || get.status.ok(), "the call succeeds or finds no transaction");
    c.Expect(over || !late, "the transaction is over after its timeout");
    co_return over;
  });
  c.Expect(Clock::now() >= begun + kTimeout - kClockSlack, "it lives as long as was asked for");
}

Task<void> WrittenKeysAreLimited(CaseContext& c) {
  const std::string base = c.Unique("key");
  Transaction transaction(c);
  co_await transaction.Begin(kMaxTimeoutMs);
  co_await ForEach(c, kMaxKeys,
                   [&](int i) { return transaction.Set(base + std::to_string(i), "v"); });
  co_await c.Refused(&KeyValueTransactionalStub::SetInTransaction,
                     SetInTransactionOf(transaction.id(), base + "more", "v"),
                     Code::kResourceExhausted);
  co_await transaction.Set(base + "0", "again");  // no further key
  c.ExpectEq(co_await transaction.Get(base + "0"), "again");
  c.ExpectEq(co_await transaction.Get(base + "more"), std::nullopt);
  co_await transaction.Rollback();
}

Task<void> WrittenBytesAreLimited(CaseContext& c) {
  constexpr size_t kLimit = size_t{16} << 20;
  constexpr size_t kPart = kLimit / 8;
  const std::string base = c.Unique("key");
  Transaction transaction(c);
  co_await transaction.Begin(kMaxTimeoutMs);
  for (int i = 0; i < 7; ++i) {
    co_await transaction.Set(base + std::to_string(i), std::string(kPart, 'x'));
  }
  co_await c.Refused(&KeyValueTransactionalStub::SetInTransaction,
                     SetInTransactionOf(transaction.id(), base + "7", std::string(kPart, 'y')),
                     Code::kResourceExhausted);
  c.ExpectEq(co_await transaction.Get(base + "7"), std::nullopt);
  co_await transaction.Set(base + "7", "small");
  c.ExpectEq(co_await transaction.Commit(), true);
  KeyValue kv(c);
  c.ExpectEq(co_await kv.Get(base + "7"), "small");
  c.Expect(co_await kv.Get(base + "6") == std::string(kPart, 'x'), "the other writes are whole");
}

Task<void> ReadKeysAreLimited(CaseContext& c) {
  const std::string base = c.Unique("absent");
  Transaction transaction(c);
  co_await transaction.Begin(kMaxTimeoutMs);
  co_await ForEach(c, kMaxKeys, [&](int i) -> Task<void> {
    c.ExpectEq(co_await transaction.Get(base + std::to_string(i)), std::nullopt);
  });
  co_await c.Refused(&KeyValueTransactionalStub::GetInTransaction,
                     InTransaction<GetInTransactionRequest>(transaction.id(), base + "more"),
                     Code::kResourceExhausted);
  c.ExpectEq(co_await transaction.Get(base + "0"), std::nullopt);  // no further key
  c.ExpectEq(co_await transaction.Commit(), true);
}

Task<void> BadKeysAreRefused(CaseContext& c) {
  const std::string key = c.Unique("key");
  Transaction transaction(c);
  co_await transaction.Begin();
  co_await transaction.Set(key, "kept");
  for (const std::string& bad : BadKeys()) {
    co_await c.Refused(&KeyValueTransactionalStub::SetInTransaction,
                       SetInTransactionOf(transaction.id(), bad, "v"), Code::kInvalidArgument,
                       "key");
    co_await c.Refused(&KeyValueTransactionalStub::GetInTransaction,
                       InTransaction<GetInTransactionRequest>(transaction.id(), bad),
                       Code::kInvalidArgument, "key");
    co_await c.Refused(&KeyValueTransactionalStub::DeleteInTransaction,
                       InTransaction<DeleteInTransactionRequest>(transaction.id(), bad),
                       Code::kInvalidArgument, "key");
  }
  c.ExpectEq(co_await transaction.Commit(), true);
  KeyValue kv(c);
  c.ExpectEq(co_await kv.Get(key), "kept");
}

}  // namespace prism::conformance::transactional
