#include "drivers/contract/topic_name.h"

#include <gtest/gtest.h>

#include <string>

namespace prism {
namespace {

bool Matches(const std::string& pattern, std::string_view topic) {
  const Result<Tokens> tokens = SplitPattern(pattern);
  return tokens.ok() && MatchesPattern(*tokens, topic);
}

TEST(TopicName, PatternsMatchWholeTokens) {
  EXPECT_TRUE(Matches("a.*", "a.b"));
  EXPECT_FALSE(Matches("a.*", "a"));
  EXPECT_FALSE(Matches("a.*", "a.b.c"));
  EXPECT_TRUE(Matches("a.>", "a.b"));
  EXPECT_TRUE(Matches("a.>", "a.b.c"));
  EXPECT_FALSE(Matches("a.>", "a"));
  EXPECT_TRUE(Matches(">", "a"));
  EXPECT_TRUE(Matches("*.b", "a.b"));
  EXPECT_FALSE(Matches("*.b", "a.c"));
  EXPECT_TRUE(Matches("a*", "a*"));
  EXPECT_FALSE(Matches("a*", "ab"));
  EXPECT_TRUE(Matches("a.b", "a.b"));
  EXPECT_FALSE(Matches("a.b", "a.b.c"));
}

TEST(TopicName, WildcardsAreWholeTokens) {
  EXPECT_TRUE(HasWildcard(*SplitPattern("a.*")));
  EXPECT_TRUE(HasWildcard(*SplitPattern(">")));
  EXPECT_FALSE(HasWildcard(*SplitPattern("a*.>b")));
}

}  // namespace
}  // namespace prism
