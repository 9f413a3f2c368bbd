#include "drivers/memstore/keyvalue/store.h"

#include <gtest/gtest.h>

#include "drivers/memstore/test_clock.h"

namespace prism::memstore {
namespace {

using std::chrono::milliseconds;
constexpr int64_t kPlenty = int64_t{1} << 30;
constexpr RowContent kBoth = RowContent::kKeysAndValues;

class StoreTest : public ::testing::Test {
 protected:
  std::string Value(std::string_view key) {
    std::string value;
    return store_.Get(key, &value) ? value : "(absent)";
  }
  TestClock clock_;
  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", kPlenty);
  Store store_{budget_, clock_.function()};
};

std::string NumberedKey(int i) {
  char key[16];
  std::snprintf(key, sizeof key, "k%07d", i);
  return key;
}

TEST_F(StoreTest, SetGetDelete) {
  EXPECT_EQ(Value("a"), "(absent)");
  EXPECT_TRUE(store_.Set("a", "1").ok());
  EXPECT_TRUE(store_.Set("empty", "").ok());
  EXPECT_EQ(Value("a"), "1");
  EXPECT_EQ(Value("empty"), "");
  EXPECT_TRUE(store_.Set("a", "2").ok());
  EXPECT_EQ(Value("a"), "2");
  EXPECT_TRUE(store_.Delete("a"));
  EXPECT_FALSE(store_.Delete("a"));
  EXPECT_EQ(Value("a"), "(absent)");
}

TEST_F(StoreTest, LargeValuesAndBinaryKeys) {
  const std::string large(3 << 20, 'x');
  const std::string key("a\0b\xff", 4);
  EXPECT_TRUE(store_.Set(key, large).ok());
  EXPECT_EQ(Value(key), large);
  EXPECT_EQ(Value("a"), "(absent)");
}

TEST_F(StoreTest, VersionsTellContentsApart) {
  std::string value;
  uint64_t first = 0, second = 0, third = 0;
  ASSERT_TRUE(store_.Set("a", "same").ok());
  ASSERT_TRUE(store_.Get("a", &value, &first));
  ASSERT_TRUE(store_.Set("a", "same").ok());
  ASSERT_TRUE(store_.Get("a", &value, &second));
  store_.Delete("a");
  ASSERT_TRUE(store_.Set("a", "same").ok());
  ASSERT_TRUE(store_.Get("a", &value, &third));
  EXPECT_NE(first, second);
  EXPECT_NE(second, third);
  EXPECT_NE(first, third);
}

TEST_F(StoreTest, ExpiredKeysAreNeverSeen) {
  const TimePoint soon = clock_.now() + milliseconds(10);
  ASSERT_TRUE(store_.Set("a", "1", soon).ok());
  EXPECT_EQ(store_.next_expiry(), soon);
  clock_.Advance(milliseconds(10) - Duration(1));
  EXPECT_EQ(Value("a"), "1");
  clock_.Advance(Duration(1));
  EXPECT_EQ(Value("a"), "(absent)");
  EXPECT_TRUE(store_.Scan({}, kBoth, 10, 1 << 20).rows.empty());
  Store::CountProgress count;
  EXPECT_TRUE(store_.Count({}, 1 << 20, count));
  EXPECT_EQ(count.count, 0u);
  EXPECT_EQ(store_.size(), 1u) << "hidden, not collected yet";
  EXPECT_FALSE(store_.Delete("a"));
  EXPECT_EQ(store_.size(), 0u);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(StoreTest, AnExpiredKeyCanBeSetAgain) {
  ASSERT_TRUE(store_.Set("a", "old", clock_.now() + milliseconds(1)).ok());
  clock_.Advance(milliseconds(2));
  bool found = true;
  ASSERT_TRUE(store_
                  .Update("a",
                          [&](const Current& current) {
                            found = current.found();
                            return Change{Change::kPut, memstore::Value::Copy("new"), kNever};
                          })
                  .ok());
  EXPECT_FALSE(found);
  EXPECT_EQ(Value("a"), "new");
  EXPECT_EQ(store_.CollectExpired(10), 0);
  EXPECT_EQ(store_.next_expiry(), kNever);
}

TEST_F(StoreTest, CollectionTakesNoMoreThanAskedFor) {
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(store_.Set(NumberedKey(i), "v", clock_.now() + milliseconds(1)).ok());
  }
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(store_.Set("stays" + NumberedKey(i), "v").ok());
  EXPECT_EQ(store_.CollectExpired(100), 0);
  clock_.Advance(milliseconds(1));
  EXPECT_EQ(store_.CollectExpired(100), 100);
  EXPECT_EQ(store_.size(), 910u);
  EXPECT_EQ(store_.CollectExpired(5000), 900);
  EXPECT_EQ(store_.size(), 10u);
  EXPECT_EQ(store_.CollectExpired(100), 0);
}

TEST_F(StoreTest, WritesCollectALittle) {
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(store_.Set(NumberedKey(i), "v", clock_.now() + milliseconds(1)).ok());
  }
  clock_.Advance(milliseconds(1));
  for (int i = 0; i < 400; ++i) ASSERT_TRUE(store_.Set("fresh", "v").ok());
  // All hit one shard: it is emptied two keys at a time, the others are left alone.
  EXPECT_LT(store_.size(), 1000u);
  EXPECT_GT(store_.size(), 800u);
}

TEST_F(StoreTest, TheBudgetIsExactAndEnforced) {
  Budget& budget = *budget_;
  ASSERT_TRUE(store_.Set("key", "12345").ok());
  EXPECT_EQ(budget.used_bytes(), CostBytes(3, 5));
  ASSERT_TRUE(store_.Set("key", "1").ok());
  EXPECT_EQ(budget.used_bytes(), CostBytes(3, 1));
  store_.Delete("key");
  EXPECT_EQ(budget.used_bytes(), 0);

  const auto small = std::make_shared<Budget>("tiny", CostBytes(1, 100));
  Store store(small, clock_.function());
  ASSERT_TRUE(store.Set("a", std::string(100, 'x')).ok());
  const Status grown = store.Set("a", std::string(101, 'x'));
  EXPECT_EQ(grown.code(), Code::kResourceExhausted);
  EXPECT_NE(grown.message().find("max_bytes"), std::string::npos);
  EXPECT_NE(grown.hint().find("'max_bytes' of backend 'tiny'"), std::string::npos);
  EXPECT_EQ(store.Set("b", "").code(), Code::kResourceExhausted);
  EXPECT_TRUE(store.Set("a", std::string(99, 'y')).ok()) << "shrinking always fits";
  EXPECT_TRUE(store.Delete("a"));
  EXPECT_TRUE(store.Set("b", "").ok());
}

TEST_F(StoreTest, AWriteThatNeedsMemoryCollectsExpiredKeys) {
  const auto small = std::make_shared<Budget>("tiny", 20 * CostBytes(8, 1));
  Store store(small, clock_.function());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(store.Set(NumberedKey(i), "v", clock_.now() + milliseconds(1)).ok());
  }
  EXPECT_EQ(store.Set(NumberedKey(20), "v").code(), Code::kResourceExhausted);
  clock_.Advance(milliseconds(1));
  EXPECT_TRUE(store.Set(NumberedKey(20), "v").ok());
}

TEST_F(StoreTest, ApplyIsAllOrNothing) {
  std::string value;
  uint64_t version = 0;
  ASSERT_TRUE(store_.Set("a", "1").ok());
  ASSERT_TRUE(store_.Get("a", &value, &version));
  const auto write = [](std::string_view key, std::string_view bytes) {
    return Write{key, false, memstore::Value::Copy(bytes), kNever, false};
  };
  const std::vector<ReadCheck> reads = {{"a", version}, {"missing", 0}};
  std::vector<Write> writes = {write("b", "1"), write("b", "22"), {"a", true, {}, kNever, false}};
  ASSERT_TRUE(store_.Apply(reads, writes).ok());
  EXPECT_FALSE(writes[0].existed);
  EXPECT_TRUE(writes[1].existed);
  EXPECT_TRUE(writes[2].existed);
  EXPECT_EQ(Value("a"), "(absent)");
  EXPECT_EQ(Value("b"), "22");
  EXPECT_EQ(budget_->used_bytes(), CostBytes(1, 2));

  std::vector<Write> more = {write("c", "1")};
  const Status conflict = store_.Apply(reads, more);
  EXPECT_EQ(conflict.code(), Code::kAborted);
  EXPECT_TRUE(conflict.retryable());
  EXPECT_EQ(Value("c"), "(absent)");
  EXPECT_EQ(budget_->used_bytes(), CostBytes(1, 2));

  const auto small = std::make_shared<Budget>("tiny", 1000);
  Store store(small, clock_.function());
  std::vector<Write> large = {write("c", "1"), write("d", std::string(1000, 'x'))};
  EXPECT_EQ(store.Apply({}, large).code(), Code::kResourceExhausted);
  EXPECT_EQ(store.size(), 0u);
  EXPECT_EQ(small->used_bytes(), 0);
}

TEST_F(StoreTest, ScanPagesInOrderWithinBounds) {
  for (int i = 999; i >= 0; --i) ASSERT_TRUE(store_.Set(NumberedKey(i), "0123456789").ok());
  std::vector<std::string> keys;
  std::string after = "k0000100";
  KeyRange range{after, false, "k0000900"};
  for (bool more = true; more;) {
    Store::Page page = store_.Scan(range, kBoth, 37, 1 << 20);
    more = page.more;
    EXPECT_LE(page.rows.size(), 37u);
    for (Row& row : page.rows) keys.push_back(row.key);
    after = keys.back();
    range = {after, true, "k0000900"};
  }
  ASSERT_EQ(keys.size(), 800u);
  for (int i = 0; i < 800; ++i) EXPECT_EQ(keys[i], NumberedKey(100 + i));
}

TEST_F(StoreTest, ScanIsBoundedInBytes) {
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(store_.Set(NumberedKey(i), "0123456789").ok());
  EXPECT_EQ(store_.Scan({}, kBoth, 10, 54).rows.size(), 3u);
  EXPECT_EQ(store_.Scan({}, kBoth, 10, 53).rows.size(), 2u);
  EXPECT_EQ(store_.Scan({}, RowContent::kKeys, 10, 54).rows.size(), 6u);
  const Store::Page large = store_.Scan({}, kBoth, 10, 1);
  EXPECT_EQ(large.rows.size(), 1u) << "a row too large for a page has one of its own";
  EXPECT_TRUE(large.more);
  EXPECT_FALSE(store_.Scan({}, kBoth, 10, 1 << 20).more);
}

TEST_F(StoreTest, ScanPassesManyExpiredKeys) {
  for (int i = 0; i < 20'000; ++i) {
    ASSERT_TRUE(store_.Set(NumberedKey(i), "v", clock_.now() + milliseconds(1)).ok());
  }
  ASSERT_TRUE(store_.Set("last", "v").ok());
  clock_.Advance(milliseconds(1));
  const Store::Page page = store_.Scan({}, kBoth, 10, 1 << 20);
  ASSERT_EQ(page.rows.size(), 1u);
  EXPECT_EQ(page.rows[0].key, "last");
  EXPECT_FALSE(page.more);
}

TEST_F(StoreTest, CountGoesOnWhereItStopped) {
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(store_.Set(NumberedKey(i), "").ok());
  Store::CountProgress progress;
  int steps = 1;
  while (!store_.Count({"k0001", false, "k0009"}, 1000, progress)) ++steps;
  EXPECT_EQ(progress.count, 8000u);
  EXPECT_GT(steps, 8);
}

TEST_F(StoreTest, AMillionKeys) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  constexpr int kKeys = 100'000;
#else
  constexpr int kKeys = 1'000'000;
#endif
  for (int i = 0; i < kKeys; ++i) ASSERT_TRUE(store_.Set(NumberedKey(i), "v").ok());
  EXPECT_EQ(store_.size(), static_cast<size_t>(kKeys));
  EXPECT_EQ(budget_->used_bytes(), kKeys * CostBytes(8, 1));
  for (int i = 0; i < kKeys; i += 997) EXPECT_EQ(Value(NumberedKey(i)), "v");
  const Store::Page page = store_.Scan({"k0050000", true, {}}, kBoth, 2, 1 << 20);
  ASSERT_EQ(page.rows.size(), 2u);
  EXPECT_EQ(page.rows[1].key, "k0050002");
  for (int i = 0; i < kKeys; ++i) ASSERT_TRUE(store_.Delete(NumberedKey(i)));
  EXPECT_EQ(budget_->used_bytes(), 0);
}

}  // namespace
}  // namespace prism::memstore
