#include "interfaces/all.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "drivers/backend.h"
#include "interfaces/keyvalue_basic.prism.h"
#include "interfaces/keyvalue_ttl.prism.h"
#include "prism/interfaces/keyvalue_basic.pb.h"

namespace prism {
namespace {

namespace kv = keyvalue::v1;

TEST(AllInterfaces, AreInOrderWithTheirIndexes) {
  const auto all = AllInterfaces();
  ASSERT_EQ(all.size(), 6u);
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i]->index, static_cast<int>(i));
    for (const MethodInfo& method : all[i]->methods) {
      EXPECT_EQ(method.interface, all[i]);
      EXPECT_EQ(&method, &all[i]->methods[method.index]);
      EXPECT_FALSE(method.http_path.empty()) << method.path;
    }
  }
  EXPECT_TRUE(
      std::is_sorted(all.begin(), all.end(), [](auto* a, auto* b) { return a->name < b->name; }));
  EXPECT_EQ(all[0], &KeyValueBasic::Info());
}

class OnlyBasic final : public Implements<OnlyBasic, KeyValueBasic> {
 public:
  Task<Status> Set(RequestContext&, const kv::SetRequest&, kv::SetResponse&) override {
    co_return OkStatus();
  }
  Task<Status> Get(RequestContext&, const kv::GetRequest&, kv::GetResponse&) override {
    co_return OkStatus();
  }
  Task<Status> Delete(RequestContext&, const kv::DeleteRequest&, kv::DeleteResponse&) override {
    co_return OkStatus();
  }
  Task<Status> Exists(RequestContext&, const kv::ExistsRequest&, kv::ExistsResponse&) override {
    co_return OkStatus();
  }
};

TEST(Backend, FindsWhatItImplementsAndNothingElse) {
  OnlyBasic basic;
  Backend& backend = basic;
  EXPECT_EQ(FindAs<KeyValueBasic>(backend), static_cast<KeyValueBasic*>(&basic));
  EXPECT_EQ(FindAs<KeyValueTTL>(backend), nullptr);
  ASSERT_EQ(backend.interfaces().size(), 1u);
  EXPECT_EQ(backend.interfaces()[0], &KeyValueBasic::Info());
}

}  // namespace
}  // namespace prism
