#include <gtest/gtest.h>

#include "drivers/memstore/set/set_fixture.h"
#include "prism/interfaces/set_operations.pb.h"

namespace prism::memstore {
namespace {

using namespace set::v1;  // NOLINT
using B = SetCalls;
using Texts = std::vector<std::string>;

class MemStoreSetOperationsTest : public SetFixture {
 protected:
  using StreamRpc = Stream<OperationResponse> (B::*)(RequestContext&, const OperationRequest&);
  using StoreRpc = Task<Status> (B::*)(RequestContext&, const StoreRequest&, StoreResponse&);

  void SetUp() override {
    Add("a", {"1", "2", "3"});
    Add("b", {"2", "3", "4"});
    Add("c", {"3", "5"});
  }
  std::vector<OperationResponse> Pages(StreamRpc rpc, const Texts& sets, Code code = Code::kOk) {
    OperationRequest request;
    for (const std::string& set : sets) request.add_sets(set);
    return Drain((backend_.*rpc)(context_, request), code);
  }
  Texts Combine(StreamRpc rpc, const Texts& sets) { return Sorted(Pages(rpc, sets)); }
  static StoreRequest StoreOf(const std::string& destination, const Texts& sets) {
    StoreRequest request;
    request.set_destination(destination);
    for (const std::string& set : sets) request.add_sets(set);
    return request;
  }
  uint64_t Store(StoreRpc rpc, const std::string& destination, const Texts& sets) {
    return Ok(rpc, StoreOf(destination, sets)).size();
  }
  uint64_t IntersectionSize(const Texts& sets, uint64_t limit = 0) {
    IntersectionSizeRequest request;
    for (const std::string& set : sets) request.add_sets(set);
    request.set_limit(limit);
    return Ok(&B::IntersectionSize, request).size();
  }
};

TEST_F(MemStoreSetOperationsTest, UnionIsInAnyOfThem) {
  EXPECT_EQ(Combine(&B::Union, {"a", "b", "none", "c"}), (Texts{"1", "2", "3", "4", "5"}));
  EXPECT_EQ(Combine(&B::Union, {"a", "a"}), (Texts{"1", "2", "3"}));
  EXPECT_TRUE(Pages(&B::Union, {"none"}).empty()) << "no page";
}

TEST_F(MemStoreSetOperationsTest, IntersectionIsInAllOfThem) {
  EXPECT_EQ(Combine(&B::Intersection, {"a", "b"}), (Texts{"2", "3"}));
  EXPECT_EQ(Combine(&B::Intersection, {"a", "b", "c", "a"}), Texts{"3"});
  EXPECT_EQ(Combine(&B::Intersection, {"a"}), (Texts{"1", "2", "3"}));
  EXPECT_TRUE(Pages(&B::Intersection, {"a", "none", "b"}).empty());
}

TEST_F(MemStoreSetOperationsTest, DifferenceIsInTheFirstAlone) {
  EXPECT_EQ(Combine(&B::Difference, {"a", "b"}), Texts{"1"});
  EXPECT_EQ(Combine(&B::Difference, {"b", "a"}), Texts{"4"});
  EXPECT_EQ(Combine(&B::Difference, {"b", "none", "c"}), (Texts{"2", "4"}));
  EXPECT_EQ(Combine(&B::Difference, {"a"}), (Texts{"1", "2", "3"}));
  EXPECT_TRUE(Pages(&B::Difference, {"a", "a"}).empty());
  EXPECT_TRUE(Pages(&B::Difference, {"none", "a"}).empty());
  AddNumbers("large", 0, 5000);
  EXPECT_EQ(Combine(&B::Difference, {"a", "large"}).size(), 0u);
  EXPECT_EQ(Combine(&B::Difference, {"large", "a", "b", "c"}).size(), 4995u);
}

TEST_F(MemStoreSetOperationsTest, ResultsComeInPagesOfOneMoment) {
  AddNumbers("large", 0, 2500);
  OperationRequest request;
  request.add_sets("large");
  request.add_sets("a");
  const int64_t before = budget_->used_bytes();
  {
    Stream<OperationResponse> pages = backend_.Union(context_, request);
    std::vector<int> sizes;
    const auto pull = [&]() -> Task<Status> {
      while (const OperationResponse* page = co_await pages.Next()) {
        if (sizes.empty()) {
          EXPECT_GT(budget_->used_bytes(), before) << "the result counts while it exists";
          data_->sets.Clear("large");
        }
        sizes.push_back(page->members_size());
      }
      co_return pages.status();
    };
    EXPECT_TRUE(Finish(pull()).ok());
    EXPECT_EQ(sizes, (std::vector<int>{1000, 1000, 500}));
  }
  EXPECT_LT(budget_->used_bytes(), before);
}

TEST_F(MemStoreSetOperationsTest, StoreReplacesTheDestination) {
  Add("d", {"old"});
  EXPECT_EQ(Store(&B::UnionStore, "d", {"a", "c"}), 4u);
  EXPECT_EQ(All("d"), (Texts{"1", "2", "3", "5"}));
  EXPECT_EQ(Store(&B::IntersectionStore, "d", {"a", "b"}), 2u);
  EXPECT_EQ(All("d"), (Texts{"2", "3"}));
  EXPECT_EQ(Store(&B::DifferenceStore, "e", {"a", "d"}), 1u);
  EXPECT_EQ(All("e"), Texts{"1"});
  EXPECT_EQ(All("a"), (Texts{"1", "2", "3"})) << "sources stay";
}

TEST_F(MemStoreSetOperationsTest, TheDestinationMayBeASource) {
  EXPECT_EQ(Store(&B::UnionStore, "a", {"a", "b"}), 4u);
  EXPECT_EQ(All("a"), (Texts{"1", "2", "3", "4"}));
  EXPECT_EQ(Store(&B::DifferenceStore, "a", {"a", "c"}), 3u);
  EXPECT_EQ(All("a"), (Texts{"1", "2", "4"}));
  EXPECT_EQ(Store(&B::IntersectionStore, "b", {"a", "b"}), 2u);
  EXPECT_EQ(All("b"), (Texts{"2", "4"}));
}

TEST_F(MemStoreSetOperationsTest, AnEmptyResultLeavesNothing) {
  EXPECT_EQ(Store(&B::IntersectionStore, "a", {"a", "none"}), 0u);
  EXPECT_EQ(Size("a"), 0u);
  EXPECT_EQ(Store(&B::UnionStore, "new", {"none"}), 0u);
  Store(&B::DifferenceStore, "b", {"b", "b"});
  Store(&B::DifferenceStore, "c", {"none"});
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(MemStoreSetOperationsTest, WhatStaysIsMetByAWalkAcrossAStore) {
  AddNumbers("s", 0, 3000);
  AddNumbers("odd", 5000, 6000);
  const auto first = SetFixture::Pages("s", 1000);
  Remove("s", Numbers(0, 500));
  Store(&B::UnionStore, "s", {"odd", "s"});
  const auto rest = SetFixture::Pages("s", 0, first.back().cursor());
  Texts met = Sorted(first), later = Sorted(rest);
  met.insert(met.end(), later.begin(), later.end());
  std::sort(met.begin(), met.end());
  for (const std::string& stayed : Numbers(500, 3000)) {
    EXPECT_TRUE(std::binary_search(met.begin(), met.end(), stayed)) << stayed;
  }
}

TEST_F(MemStoreSetOperationsTest, StoreNeedsRoomOnlyForWhatIsNew) {
  const auto budget = std::make_shared<Budget>("mem", 3000);
  Sets sets(budget);
  const std::vector<Value> small = {Value::Copy("s")};
  const std::vector<Value> large = {Value::Copy(std::string(1000, 'l'))};
  ASSERT_TRUE(sets.Add("a", small).ok());
  ASSERT_TRUE(sets.Add("b", large).ok());
  const std::vector<std::string_view> both = {"a", "b"};
  EXPECT_EQ(sets.Store(SetOperation::kUnion, "c", both).status().code(), Code::kResourceExhausted);
  EXPECT_EQ(sets.Size("c"), 0u);
  EXPECT_EQ(*sets.Store(SetOperation::kUnion, "b", both), 2u);
  EXPECT_EQ(*sets.Store(SetOperation::kDifference, "b", both), 0u);
  sets.Clear("a");
  EXPECT_EQ(budget->used_bytes(), 0);
}

TEST_F(MemStoreSetOperationsTest, IntersectionSizeCountsUpToTheLimit) {
  EXPECT_EQ(IntersectionSize({"a", "b"}), 2u);
  EXPECT_EQ(IntersectionSize({"a", "b"}, 1), 1u);
  EXPECT_EQ(IntersectionSize({"a", "b"}, 9), 2u);
  EXPECT_EQ(IntersectionSize({"a", "none"}), 0u);
  EXPECT_EQ(IntersectionSize({"a"}), 3u);
}

TEST_F(MemStoreSetOperationsTest, WorkIsBounded) {
  AddNumbers("big", 0, 200'000);
  Pages(&B::Union, {"big", "big"}, Code::kResourceExhausted);
  EXPECT_EQ(Try(&B::UnionStore, StoreOf("d", {"big", "big"})).code(), Code::kResourceExhausted);
  EXPECT_EQ(Size("d"), 0u);
  EXPECT_EQ(Combine(&B::Intersection, {"big", "a"}).size(), 3u);
  EXPECT_EQ(Combine(&B::Difference, {"big", "a"}).size(), 199'997u);
}

TEST_F(MemStoreSetOperationsTest, MisuseIsRefused) {
  Pages(&B::Union, {}, Code::kInvalidArgument);
  Pages(&B::Intersection, Texts(129, "a"), Code::kInvalidArgument);
  Pages(&B::Difference, {"a", ""}, Code::kInvalidArgument);
  ExpectRefused(&B::UnionStore, StoreOf("", {"a"}), "destination");
  ExpectRefused(&B::IntersectionStore, StoreOf("d", {}), "sets");
  ExpectRefused(&B::DifferenceStore, StoreOf("d", Texts(129, "a")), "128");
  ExpectRefused(&B::IntersectionSize, IntersectionSizeRequest(), "sets");
}

}  // namespace
}  // namespace prism::memstore
