#include "interfaces/all.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "interfaces/keyvalue_basic.prism.h"

namespace prism {
namespace {

TEST(AllInterfaces, AreInOrderWithTheirIndexes) {
  const auto all = AllInterfaces();
  ASSERT_EQ(all.size(), 46u);
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i]->index, static_cast<int>(i));
    for (const MethodInfo& method : all[i]->methods) {
      EXPECT_EQ(method.interface, all[i]);
      EXPECT_EQ(&method, &all[i]->methods[method.index]);
      // What a client streams has no place in one HTTP request of JSON.
      const bool uploads = method.kind == MethodInfo::Kind::kClientStream;
      EXPECT_NE(method.http_path.empty(), !uploads) << method.path;
    }
  }
  EXPECT_TRUE(
      std::is_sorted(all.begin(), all.end(), [](auto* a, auto* b) { return a->name < b->name; }));
  EXPECT_NE(std::find(all.begin(), all.end(), &KeyValueBasic::Info()), all.end());
}

}  // namespace
}  // namespace prism
