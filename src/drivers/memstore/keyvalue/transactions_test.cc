#include "drivers/memstore/keyvalue/transactions.h"

#include <gtest/gtest.h>

#include "drivers/memstore/test_clock.h"

namespace prism::memstore {
namespace {

using std::chrono::seconds;

class TransactionsTest : public ::testing::Test {
 protected:
  std::string Begin() { return *transactions_.Begin(seconds(30)); }
  std::string Stored(std::string_view key) {
    std::string value;
    return store_.Get(key, &value) ? value : "(absent)";
  }
  std::string Seen(std::string_view id, std::string_view key) {
    std::string value;
    const Result<bool> found = transactions_.Get(id, key, &value);
    if (!found.ok()) return std::string(CodeName(found.status().code()));
    return *found ? value : "(absent)";
  }
  TestClock clock_;
  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", 1 << 20);
  Store store_{budget_, clock_.function()};
  Transactions transactions_{store_, {.max_open = 5, .max_keys = 10, .max_write_bytes = 1000}};
};

TEST_F(TransactionsTest, WritesShowInsideAtOnceAndOutsideAfterCommit) {
  ASSERT_TRUE(store_.Set("a", "old").ok());
  const std::string id = Begin();
  EXPECT_EQ(Seen(id, "a"), "old");
  ASSERT_TRUE(transactions_.Set(id, "a", "new").ok());
  EXPECT_EQ(Seen(id, "a"), "new");
  EXPECT_EQ(Stored("a"), "old");
  EXPECT_TRUE(*transactions_.Delete(id, "a"));
  EXPECT_FALSE(*transactions_.Delete(id, "a"));
  EXPECT_EQ(Seen(id, "a"), "(absent)");
  ASSERT_TRUE(transactions_.Set(id, "b", "1").ok());
  ASSERT_TRUE(transactions_.Commit(id).ok());
  EXPECT_EQ(Stored("a"), "(absent)");
  EXPECT_EQ(Stored("b"), "1");
  EXPECT_EQ(budget_->used_bytes(), CostBytes(1, 1));
}

TEST_F(TransactionsTest, RollbackLeavesNothing) {
  const std::string id = Begin();
  ASSERT_TRUE(transactions_.Set(id, "a", "1").ok());
  EXPECT_GT(budget_->used_bytes(), 0);
  ASSERT_TRUE(transactions_.Rollback(id).ok());
  EXPECT_EQ(Stored("a"), "(absent)");
  EXPECT_EQ(budget_->used_bytes(), 0);
  EXPECT_EQ(transactions_.Rollback(id).code(), Code::kNotFound);
}

TEST_F(TransactionsTest, AChangedReadAborts) {
  ASSERT_TRUE(store_.Set("a", "1").ok());
  const std::string id = Begin();
  EXPECT_EQ(Seen(id, "a"), "1");
  ASSERT_TRUE(transactions_.Set(id, "b", "1").ok());
  ASSERT_TRUE(store_.Set("a", "1").ok());
  const Status status = transactions_.Commit(id);
  EXPECT_EQ(status.code(), Code::kAborted);
  EXPECT_TRUE(status.retryable());
  EXPECT_EQ(Stored("b"), "(absent)");
  EXPECT_EQ(transactions_.Commit(id).code(), Code::kNotFound);
}

TEST_F(TransactionsTest, AbsenceIsAlsoRead) {
  const std::string id = Begin();
  EXPECT_EQ(Seen(id, "a"), "(absent)");
  ASSERT_TRUE(store_.Set("a", "1").ok());
  EXPECT_EQ(transactions_.Commit(id).code(), Code::kAborted);
}

TEST_F(TransactionsTest, ExpiryOfAReadKeyAborts) {
  ASSERT_TRUE(store_.Set("a", "1", clock_.now() + seconds(1)).ok());
  const std::string id = Begin();
  EXPECT_EQ(Seen(id, "a"), "1");
  clock_.Advance(seconds(1));
  EXPECT_EQ(transactions_.Commit(id).code(), Code::kAborted);
}

TEST_F(TransactionsTest, ASecondReadThatDiffersEndsTheTransaction) {
  const std::string id = Begin();
  EXPECT_EQ(Seen(id, "a"), "(absent)");
  ASSERT_TRUE(store_.Set("a", "1").ok());
  EXPECT_EQ(Seen(id, "a"), "ABORTED");
  EXPECT_EQ(Seen(id, "a"), "NOT_FOUND");
  EXPECT_EQ(transactions_.open(), 0u);
}

TEST_F(TransactionsTest, BlindWritesDoNotConflict) {
  const std::string one = Begin();
  const std::string two = Begin();
  ASSERT_TRUE(transactions_.Set(one, "a", "1").ok());
  ASSERT_TRUE(transactions_.Set(two, "a", "2").ok());
  EXPECT_TRUE(transactions_.Commit(two).ok());
  EXPECT_TRUE(transactions_.Commit(one).ok());
  EXPECT_EQ(Stored("a"), "1");
}

TEST_F(TransactionsTest, CommittedSetRemovesTheTimeToLive) {
  ASSERT_TRUE(store_.Set("a", "1", clock_.now() + seconds(1)).ok());
  const std::string id = Begin();
  ASSERT_TRUE(transactions_.Set(id, "a", "2").ok());
  ASSERT_TRUE(transactions_.Commit(id).ok());
  clock_.Advance(seconds(2));
  EXPECT_EQ(Stored("a"), "2");
}

TEST_F(TransactionsTest, TimeoutEndsIt) {
  const std::string id = *transactions_.Begin(seconds(2));
  ASSERT_TRUE(transactions_.Set(id, "a", "1").ok());
  EXPECT_EQ(transactions_.next_expiry(), clock_.now() + seconds(2));
  clock_.Advance(seconds(1));
  EXPECT_EQ(Seen(id, "a"), "1");
  clock_.Advance(seconds(1));
  EXPECT_EQ(Seen(id, "a"), "NOT_FOUND");
  EXPECT_EQ(transactions_.Commit(id).code(), Code::kNotFound);
  EXPECT_EQ(Stored("a"), "(absent)");
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(TransactionsTest, AbandonedOnesAreCollectedAFewAtATime) {
  for (int i = 0; i < 5; ++i) Begin();
  clock_.Advance(seconds(30));
  EXPECT_EQ(transactions_.CollectExpired(2), 2);
  EXPECT_EQ(transactions_.open(), 3u);
  Begin();
  EXPECT_EQ(transactions_.open(), 2u) << "beginning one collects two";
  EXPECT_EQ(transactions_.CollectExpired(10), 1);
}

TEST_F(TransactionsTest, LimitsRefuseAndLeaveItAsItWas) {
  const std::string id = Begin();
  EXPECT_EQ(transactions_.Set(id, "big", std::string(998, 'x')).code(), Code::kResourceExhausted);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(transactions_.Set(id, "k" + std::to_string(i), "v").ok());
  }
  EXPECT_EQ(transactions_.Set(id, "k10", "v").code(), Code::kResourceExhausted);
  EXPECT_TRUE(transactions_.Set(id, "k9", "again").ok());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Seen(id, "r" + std::to_string(i)), "(absent)");
  EXPECT_EQ(Seen(id, "r10"), "RESOURCE_EXHAUSTED");
  EXPECT_EQ(Seen(id, "r9"), "(absent)");
  EXPECT_TRUE(transactions_.Commit(id).ok());
  EXPECT_EQ(Stored("k9"), "again");
}

TEST_F(TransactionsTest, TooManyOpenAreRefused) {
  std::string id;
  for (int i = 0; i < 5; ++i) id = Begin();
  const Status status = transactions_.Begin(seconds(1)).status();
  EXPECT_EQ(status.code(), Code::kResourceExhausted);
  EXPECT_NE(status.message().find("5 open transactions"), std::string::npos);
  ASSERT_TRUE(transactions_.Rollback(id).ok());
  EXPECT_TRUE(transactions_.Begin(seconds(1)).ok());
}

TEST_F(TransactionsTest, HeldBackWritesCountAgainstTheBudget) {
  Transactions roomy(store_, {});
  const std::string id = *roomy.Begin(seconds(1));
  const Status status = roomy.Set(id, "a", std::string(1 << 20, 'x'));
  EXPECT_EQ(status.code(), Code::kResourceExhausted);
  EXPECT_NE(status.message().find("max_bytes"), std::string::npos);
  EXPECT_TRUE(roomy.Set(id, "a", "small").ok());
}

TEST_F(TransactionsTest, IdsAreLongAndDiffer) {
  const std::string one = Begin();
  const std::string two = Begin();
  EXPECT_EQ(one.size(), 32u);
  EXPECT_NE(one, two);
  EXPECT_EQ(transactions_.Commit("").code(), Code::kNotFound);
  EXPECT_EQ(transactions_.Commit(one.substr(1)).code(), Code::kNotFound);
}

}  // namespace
}  // namespace prism::memstore
