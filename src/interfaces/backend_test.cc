#include "interfaces/backend.h"

#include <gtest/gtest.h>

#include "interfaces/keyvalue_basic.prism.h"
#include "interfaces/keyvalue_ttl.prism.h"
#include "prism/interfaces/keyvalue_basic.pb.h"

namespace prism {
namespace {

namespace kv = keyvalue::v1;

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
