#include "drivers/contract/optimistic_transactions.h"

#include <gtest/gtest.h>

namespace prism {
namespace {

const std::string kShort = "short";
const std::string kLong(100, 'x');

std::string Shortened(std::string_view text) { return std::string(text.substr(0, 40)); }

TEST(OptimisticTransaction, RemembersWhatItSaw) {
  Transaction transaction(&Shortened);
  EXPECT_TRUE(transaction.Saw("a", &kShort).ok());
  EXPECT_TRUE(transaction.Saw("a", &kShort).ok());
  EXPECT_EQ(transaction.Saw("a", &kLong).code(), Code::kAborted);
  EXPECT_TRUE(transaction.Saw("b", nullptr).ok());
  const std::string empty;
  EXPECT_EQ(transaction.Saw("b", &empty).code(), Code::kAborted) << "an empty value is a value";
  EXPECT_TRUE(transaction.Saw("c", &kLong).ok());
  EXPECT_EQ(transaction.reads().at("a"), "=short");
  EXPECT_EQ(transaction.reads().at("b"), "-");
  EXPECT_EQ(transaction.reads().at("c").size(), 41U) << "a hash";
}

TEST(OptimisticTransaction, ReadsItsOwnWrites) {
  Transaction transaction(&Shortened);
  EXPECT_FALSE(transaction.Own("a").has_value());
  EXPECT_TRUE(transaction.Write("a", "1").ok());
  EXPECT_EQ(*transaction.Own("a"), "1");
  EXPECT_TRUE(transaction.Write("a", std::nullopt).ok());
  ASSERT_TRUE(transaction.Own("a").has_value());
  EXPECT_FALSE(transaction.Own("a")->has_value());
}

TEST(OptimisticTransaction, KeepsTheLimits) {
  Transaction transaction(&Shortened);
  const std::string half(static_cast<size_t>(kMaxTransactionWriteBytes / 2 - 1), 'x');
  EXPECT_TRUE(transaction.Write("a", half).ok());
  EXPECT_TRUE(transaction.Write("b", half).ok());
  EXPECT_EQ(transaction.Write("c", "").code(), Code::kResourceExhausted);
  EXPECT_TRUE(transaction.Write("a", "").ok()) << "replacing frees what was there";
  for (size_t i = 2; i < kMaxTransactionKeys; ++i) {
    ASSERT_TRUE(transaction.Write("key" + std::to_string(i), std::nullopt).ok());
  }
  EXPECT_EQ(transaction.Write("z", std::nullopt).code(), Code::kResourceExhausted);
}

TEST(OptimisticTransaction, EndsOnce) {
  Transaction transaction(&Shortened);
  EXPECT_TRUE(transaction.End());
  EXPECT_FALSE(transaction.End());
  EXPECT_EQ(transaction.Saw("a", nullptr).code(), Code::kNotFound);
  EXPECT_EQ(transaction.Write("a", "1").code(), Code::kNotFound);
}

}  // namespace
}  // namespace prism
