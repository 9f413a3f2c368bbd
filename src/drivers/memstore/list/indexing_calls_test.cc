#include <gtest/gtest.h>

#include <limits>

#include "drivers/memstore/list/list_fixture.h"
#include "prism/interfaces/list_indexing.pb.h"

namespace prism::memstore {
namespace {

using namespace list::v1;  // NOLINT
using B = ListCalls;
using Texts = std::vector<std::string>;

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

class MemStoreListIndexingTest : public ListFixture {
 protected:
  std::string Get(int64_t index) {
    GetRequest request;
    request.set_list("l");
    request.set_index(index);
    const GetResponse response = Ok(&B::Get, request);
    return response.found() ? response.value() : "(absent)";
  }
  bool Set(int64_t index, const std::string& value) {
    SetRequest request;
    request.set_list("l");
    request.set_index(index);
    request.set_value(value);
    return Ok(&B::Set, request).found();
  }
  uint64_t Insert(Position position, const std::string& pivot, const std::string& value) {
    InsertRequest request;
    request.set_list("l");
    request.set_position(position);
    request.set_pivot(pivot);
    request.set_value(value);
    const InsertResponse response = Ok(&B::Insert, request);
    EXPECT_EQ(response.found(), response.length() > 0);
    return response.length();
  }
  uint64_t Remove(const std::string& value, int64_t count) {
    RemoveRequest request;
    request.set_list("l");
    request.set_value(value);
    request.set_count(count);
    return Ok(&B::Remove, request).removed();
  }
  GetRangeResponse Range(int64_t start, int64_t stop) {
    GetRangeRequest request;
    request.set_list("l");
    request.set_start(start);
    request.set_stop(stop);
    return Ok(&B::GetRange, request);
  }
  Texts Slice(int64_t start, int64_t stop) { return ValuesOf(Range(start, stop)); }
  uint64_t Trim(int64_t start, int64_t stop) {
    TrimRequest request;
    request.set_list("l");
    request.set_start(start);
    request.set_stop(stop);
    return Ok(&B::Trim, request).length();
  }
};

TEST_F(MemStoreListIndexingTest, NegativeIndexesCountFromTheRight) {
  PushRight("l", {"a", "b", "c"});
  EXPECT_EQ(Get(0), "a");
  EXPECT_EQ(Get(2), "c");
  EXPECT_EQ(Get(-1), "c");
  EXPECT_EQ(Get(-3), "a");
  for (const int64_t index : {int64_t{3}, int64_t{-4}, kMin, kMax})
    EXPECT_EQ(Get(index), "(absent)");
}

TEST_F(MemStoreListIndexingTest, SetReplacesAndNeverGrows) {
  EXPECT_FALSE(Set(0, "x")) << "there is no list";
  EXPECT_EQ(Length("l"), 0u);
  PushRight("l", {"a", "b"});
  const int64_t used = budget_->used_bytes();
  EXPECT_TRUE(Set(-1, "longer"));
  EXPECT_EQ(budget_->used_bytes(), used + 5);
  EXPECT_TRUE(Set(-1, ""));
  EXPECT_EQ(budget_->used_bytes(), used - 1);
  EXPECT_FALSE(Set(2, "x"));
  EXPECT_FALSE(Set(-3, "x"));
  EXPECT_EQ(All("l"), (Texts{"a", ""}));
}

TEST_F(MemStoreListIndexingTest, InsertsNextToTheLeftmostPivot) {
  EXPECT_EQ(Insert(BEFORE, "p", "x"), 0u);
  PushRight("l", {"a", "p", "b", "p"});
  EXPECT_EQ(Insert(BEFORE, "p", "x"), 5u);
  EXPECT_EQ(Insert(AFTER, "p", "y"), 6u);
  EXPECT_EQ(Insert(AFTER, "none", "z"), 0u);
  EXPECT_EQ(All("l"), (Texts{"a", "x", "p", "y", "b", "p"}));
  PopLeft("l", 6);
  EXPECT_EQ(budget_->used_bytes(), 0);
  InsertRequest bad;
  bad.set_list("l");
  bad.set_position(static_cast<Position>(7));
  ExpectRefused(&B::Insert, bad, "position");
}

TEST_F(MemStoreListIndexingTest, RemovesFromTheSideThatTheSignSays) {
  EXPECT_EQ(Remove("a", 0), 0u);
  PushRight("l", {"a", "b", "a", "c", "a", "d", "a"});
  EXPECT_EQ(Remove("a", 1), 1u);
  EXPECT_EQ(All("l"), (Texts{"b", "a", "c", "a", "d", "a"}));
  EXPECT_EQ(Remove("a", -2), 2u);
  EXPECT_EQ(All("l"), (Texts{"b", "a", "c", "d"}));
  EXPECT_EQ(Remove("x", 0), 0u);
  PushLeft("l", {"a"});
  EXPECT_EQ(Remove("a", 0), 2u);
  EXPECT_EQ(All("l"), (Texts{"b", "c", "d"}));
  EXPECT_EQ(Remove("d", kMin), 1u);
  EXPECT_EQ(Remove("b", kMax), 1u);
  EXPECT_EQ(Remove("c", -1), 1u);
  EXPECT_EQ(Length("l"), 0u);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(MemStoreListIndexingTest, RangesIncludeBothEnds) {
  EXPECT_EQ(Slice(0, -1), Texts{});
  PushRight("l", {"a", "b", "c", "d"});
  EXPECT_EQ(Slice(1, 2), (Texts{"b", "c"}));
  EXPECT_EQ(Slice(-2, -1), (Texts{"c", "d"}));
  EXPECT_EQ(Slice(-100, 0), Texts{"a"});
  EXPECT_EQ(Slice(3, 100), Texts{"d"});
  EXPECT_EQ(Slice(kMin, kMax), (Texts{"a", "b", "c", "d"}));
  EXPECT_EQ(Slice(2, 1), Texts{});
  EXPECT_EQ(Slice(4, 9), Texts{});
  EXPECT_EQ(Slice(0, -5), Texts{});
  EXPECT_EQ(All("l").size(), 4u) << "without a stop it goes to the end";
}

TEST_F(MemStoreListIndexingTest, RangesAreBoundedAndGoOn) {
  for (int i = 0; i < 3; ++i) PushRight("l", Texts(1000, std::to_string(i)));
  GetRangeResponse response = Range(500, 2499);
  ASSERT_EQ(response.values_size(), 1000);
  EXPECT_TRUE(response.more());
  EXPECT_EQ(response.next_start(), 1500u);
  response = Range(1500, 2499);
  EXPECT_EQ(response.values_size(), 1000);
  EXPECT_FALSE(response.more());
  EXPECT_EQ(response.values(999), "2");
  Trim(1, 0);
  PushRight("l", {"small", std::string(2'000'000, 'x'), "small"});
  response = Range(0, -1);
  EXPECT_EQ(response.values_size(), 1);
  EXPECT_EQ(response.next_start(), 1u);
  response = Range(1, -1);
  EXPECT_EQ(response.values_size(), 1) << "a larger element comes alone";
  EXPECT_EQ(response.next_start(), 2u);
}

TEST_F(MemStoreListIndexingTest, TrimKeepsTheRange) {
  EXPECT_EQ(Trim(0, 1), 0u);
  PushRight("l", {"a", "b", "c", "d", "e"});
  EXPECT_EQ(Trim(0, -1), 5u);
  EXPECT_EQ(Trim(1, -2), 3u);
  EXPECT_EQ(All("l"), (Texts{"b", "c", "d"}));
  EXPECT_EQ(Trim(-1, 100), 1u);
  EXPECT_EQ(All("l"), Texts{"d"});
  EXPECT_EQ(Trim(1, 0), 0u);
  EXPECT_EQ(Length("l"), 0u);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

}  // namespace
}  // namespace prism::memstore
