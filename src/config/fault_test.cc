#include "config/fault.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace prism {
namespace {

TEST(FaultTest, Format) {
  const std::vector<Fault> faults = {{"a.yaml", 3, 7, "wrong", "do this"},
                                     {"a.yaml", 4, 0, "no column", ""},
                                     {"a.yaml", 0, 0, "no place", ""}};
  EXPECT_EQ(FormatFaults(faults),
            "a.yaml:3:7: wrong\n"
            "    hint: do this\n"
            "a.yaml:4: no column\n"
            "a.yaml: no place\n");
}

TEST(FaultTest, AreInTheOrderOfTheFile) {
  FaultList list("f");
  list.Add(9, 1, "c");
  list.Add(2, 5, "b");
  list.Add(2, 1, "a");
  const std::vector<Fault> faults = std::move(list).Take();
  EXPECT_EQ(faults[0].message + faults[1].message + faults[2].message, "abc");
}

TEST(FaultTest, AListIsBounded) {
  FaultList list("f");
  for (size_t i = 0; i < FaultList::kMax + 5; ++i) list.Add(1, 1, "x");
  const std::vector<Fault> faults = std::move(list).Take();
  ASSERT_EQ(faults.size(), FaultList::kMax + 1);
  EXPECT_EQ(faults.back().message, "5 more faults are not shown");
}

TEST(FaultTest, QuotedTextCannotReachTheTerminal) {
  EXPECT_EQ(Quoted("plain"), "'plain'");
  EXPECT_EQ(Quoted("\x1B[2J\n\xFF\xC3\xA9"), "'\\x1b[2J\\x0a\\xff\xC3\xA9'");
  EXPECT_LT(Quoted(std::string(10'000, 'x')).size(), 100u);
}

TEST(FaultTest, SuggestsTheNearest) {
  const std::vector<std::string> known = {"listen", "limits"};
  EXPECT_EQ(DidYouMean("lisen", known), "did you mean 'listen'?");
  EXPECT_EQ(DidYouMean("zzzzzzzz", known, "else"), "else");
  EXPECT_EQ(DidYouMean(std::string(1'000'000, 'l'), known, "else"), "else");
}

}  // namespace
}  // namespace prism
