#include "drivers/memstore/object/objects.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace prism::memstore {
namespace {

class ObjectsTest : public ::testing::Test {
 protected:
  ObjectPtr Make(const std::string& key, const std::string& content) {
    StoredObject object;
    object.key = key;
    ObjectUpload upload(budget_, std::move(object), {});
    EXPECT_TRUE(upload.Add(content).ok());
    return *upload.Finish();
  }
  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", int64_t{1} << 28);
  Objects objects_{budget_, &Clock::now};
};

TEST_F(ObjectsTest, ChargesUntilTheLastReaderLetsGo) {
  ObjectPtr before;
  EXPECT_TRUE(objects_.Put(Make("a", std::string(1'000'000, 'x')), {}, before));
  EXPECT_GT(budget_->used_bytes(), 1'000'000);
  EXPECT_LT(budget_->used_bytes(), 1'002'000);
  ObjectPtr reader = objects_.Find("a");
  EXPECT_TRUE(objects_.Delete("a", {}, before));
  before.reset();
  EXPECT_GT(budget_->used_bytes(), 1'000'000);
  reader.reset();
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(ObjectsTest, ADroppedUploadLeavesNothing) {
  {
    StoredObject object;
    object.key = "a";
    ObjectUpload upload(budget_, std::move(object), {});
    EXPECT_TRUE(upload.Add(std::string(500'000, 'x')).ok());
    EXPECT_GT(budget_->used_bytes(), 500'000);
  }
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(ObjectsTest, AnUploadWithoutRoomIsRefused) {
  StoredObject object;
  object.key = "a";
  ObjectUpload upload(std::make_shared<Budget>("mem", 100'000), std::move(object), {});
  EXPECT_TRUE(upload.Add(std::string(90'000, 'x')).ok());
  EXPECT_EQ(upload.Add(std::string(90'000, 'x')).code(), Code::kResourceExhausted);
}

// Of several writers with the same expectation one succeeds, each time.
TEST_F(ObjectsTest, ConditionsExcludeEachOther) {
  constexpr int kRounds = 3000;
  std::atomic<int> stored{0};
  const auto work = [&] {
    for (int i = 0; i < kRounds; ++i) {
      const std::string key = std::to_string(i);
      ObjectPtr current;
      stored += objects_.Put(Make(key, "first"), {true, ""}, current);
      const ObjectPtr seen = objects_.Find(key);
      if (seen->chunks[0] != "first") continue;
      stored += objects_.Put(Make(key, "second"), {false, seen->etag}, current);
    }
  };
  std::thread one(work), two(work);
  work();
  one.join();
  two.join();
  EXPECT_EQ(stored, 2 * kRounds);
}

// A reader never sees half of one Put and half of another.
TEST_F(ObjectsTest, ReadersSeeOnePut) {
  ObjectPtr before;
  objects_.Put(Make("a", std::string(600'000, 'a')), {}, before);
  std::thread writer([this] {
    ObjectPtr replaced;
    for (int i = 0; i < 100; ++i) {
      objects_.Put(Make("a", std::string(600'000, static_cast<char>('a' + i % 26))), {}, replaced);
    }
  });
  for (int i = 0; i < 300; ++i) {
    const ObjectPtr object = objects_.Find("a");
    std::string whole;
    for (const std::string& chunk : object->chunks) whole += chunk;
    EXPECT_EQ(whole, std::string(600'000, whole[0]));
  }
  writer.join();
}

}  // namespace
}  // namespace prism::memstore
