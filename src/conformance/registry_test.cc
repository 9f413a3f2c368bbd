#include "conformance/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "interfaces/all.h"

namespace prism::conformance {
namespace {

TEST(AllSuites, EveryInterfaceHasOne) {
  std::set<std::string_view> with_suite;
  for (const Suite* suite : AllSuites()) {
    EXPECT_TRUE(with_suite.insert(suite->interface->name).second) << suite->interface->name;
  }
  for (const InterfaceInfo* info : AllInterfaces()) {
    EXPECT_TRUE(with_suite.contains(info->name)) << info->name;
  }
}

TEST(AllSuites, AreInOrder) {
  const auto suites = AllSuites();
  EXPECT_TRUE(std::is_sorted(suites.begin(), suites.end(), [](const Suite* a, const Suite* b) {
    return a->interface->name < b->interface->name;
  }));
}

TEST(AllSuites, CasesHaveNamesOfTheirOwn) {
  for (const Suite* suite : AllSuites()) {
    std::set<std::string_view> names;
    for (const auto& cases : {CommonCases(), suite->cases}) {
      for (const Case& one : cases) {
        EXPECT_TRUE(names.insert(one.name).second) << one.name;
        EXPECT_EQ(one.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"),
                  std::string_view::npos)
            << one.name;
      }
    }
    for (const Case& one : suite->cases)
      EXPECT_NE(one.proves.begin(), one.proves.end()) << one.name;
  }
}

}  // namespace
}  // namespace prism::conformance
