#include "interfaces/all.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "interfaces/document_basic.prism.h"

namespace prism {
namespace {

TEST(AllInterfaces, AreInOrderWithTheirIndexes) {
  const auto all = AllInterfaces();
  ASSERT_EQ(all.size(), 14u);
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i]->index, static_cast<int>(i));
    for (const MethodInfo& method : all[i]->methods) {
      EXPECT_EQ(method.interface, all[i]);
      EXPECT_EQ(&method, &all[i]->methods[method.index]);
      // HTTP cannot stream requests.
      const bool streams_requests = method.kind == MethodInfo::Kind::kClientStream ||
                                    method.kind == MethodInfo::Kind::kBidi;
      EXPECT_EQ(method.http_path.empty(), streams_requests) << method.path;
    }
  }
  EXPECT_TRUE(
      std::is_sorted(all.begin(), all.end(), [](auto* a, auto* b) { return a->name < b->name; }));
  EXPECT_EQ(all[0], &DocumentBasic::Info());
}

}  // namespace
}  // namespace prism
