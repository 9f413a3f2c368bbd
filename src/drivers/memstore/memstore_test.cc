#include "drivers/memstore/memstore.h"

#include <gtest/gtest.h>

#include <set>

#include "drivers/memstore/driver.h"

namespace prism::memstore {
namespace {

TEST(MemStore, FindsWhatItClaims) {
  const auto budget = std::make_shared<Budget>("mem", int64_t{1} << 28);
  MemStoreBackend backend(std::make_shared<NamespaceData>(budget, &Clock::now));
  std::set<void*> found;
  for (const InterfaceInfo* info : backend.interfaces()) {
    EXPECT_NE(backend.Find(*info), nullptr) << info->name;
    found.insert(backend.Find(*info));
  }
  EXPECT_EQ(found.size(), Interfaces().size());
}

}  // namespace
}  // namespace prism::memstore
