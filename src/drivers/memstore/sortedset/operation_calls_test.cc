#include <gtest/gtest.h>

#include <limits>

#include "drivers/memstore/sortedset/sorted_fixture.h"
#include "prism/interfaces/sortedset_operations.pb.h"

namespace prism::memstore {
namespace {

using namespace sortedset::v1;  // NOLINT
using B = SortedSetCalls;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

class MemStoreSortedOperationsTest : public SortedFixture {
 protected:
  using StreamRpc = Stream<OperationResponse> (B::*)(RequestContext&, const OperationRequest&);
  using StoreRpc = Task<Status> (B::*)(RequestContext&, const StoreRequest&, StoreResponse&);

  void SetUp() override {
    Add("a", {{"1", 1}, {"2", 2}, {"3", 3}});
    Add("b", {{"2", 20}, {"3", 30}, {"4", 40}});
  }
  template <class Request>
  static Request Of(const Strings& sets, sortedset::v1::Aggregate aggregate = SUM,
                    const std::vector<double>& weights = {}) {
    Request request;
    request.set_aggregate(aggregate);
    for (size_t i = 0; i < sets.size(); ++i) {
      Source& source = *request.add_sources();
      source.set_set(sets[i]);
      if (i < weights.size()) source.set_weight(weights[i]);
    }
    return request;
  }
  std::vector<OperationResponse> Pages(StreamRpc rpc, const OperationRequest& request,
                                       Code code = Code::kOk) {
    return Drain((backend_.*rpc)(context_, request), code);
  }
  Entries Combine(StreamRpc rpc, const OperationRequest& request) {
    Entries entries;
    for (const OperationResponse& page : Pages(rpc, request)) {
      for (const auto& entry : EntriesOf(page)) entries.push_back(entry);
    }
    return entries;
  }
  Entries Combine(StreamRpc rpc, const Strings& sets, sortedset::v1::Aggregate aggregate = SUM,
                  const std::vector<double>& weights = {}) {
    return Combine(rpc, Of<OperationRequest>(sets, aggregate, weights));
  }
  static StoreRequest StoreOf(const std::string& destination, const Strings& sets) {
    auto request = Of<StoreRequest>(sets);
    request.set_destination(destination);
    return request;
  }
  uint64_t Store(StoreRpc rpc, const std::string& destination, const Strings& sets) {
    return Ok(rpc, StoreOf(destination, sets)).size();
  }
  void ExpectMisuse(StreamRpc rpc, const OperationRequest& request) {
    Pages(rpc, request, Code::kInvalidArgument);
  }
};

TEST_F(MemStoreSortedOperationsTest, UnionJoinsScoresInOrder) {
  EXPECT_EQ(Combine(&B::Union, {"b", "none", "a"}),
            (Entries{{"1", 1}, {"2", 22}, {"3", 33}, {"4", 40}}));
  EXPECT_EQ(Combine(&B::Union, {"a", "b"}, MIN),
            (Entries{{"1", 1}, {"2", 2}, {"3", 3}, {"4", 40}}));
  EXPECT_EQ(Combine(&B::Union, {"a", "b"}, MAX, {100, 1}),
            (Entries{{"4", 40}, {"1", 100}, {"2", 200}, {"3", 300}}));
  EXPECT_EQ(Combine(&B::Union, {"a", "a"}), (Entries{{"1", 2}, {"2", 4}, {"3", 6}}));
  EXPECT_EQ(Combine(&B::Union, {"a"}, SUM, {-1}), (Entries{{"3", -3}, {"2", -2}, {"1", -1}}));
  EXPECT_TRUE(Pages(&B::Union, Of<OperationRequest>({"none"})).empty()) << "no page";
}

TEST_F(MemStoreSortedOperationsTest, IntersectionJoinsScoresOfAll) {
  EXPECT_EQ(Combine(&B::Intersection, {"a", "b"}), (Entries{{"2", 22}, {"3", 33}}));
  EXPECT_EQ(Combine(&B::Intersection, {"a", "b"}, MAX), (Entries{{"2", 20}, {"3", 30}}));
  EXPECT_EQ(Combine(&B::Intersection, {"a", "b", "a"}, SUM, {2, 1, 0.5}),
            (Entries{{"2", 25}, {"3", 37.5}}));
  EXPECT_EQ(Combine(&B::Intersection, {"a", "none"}), Entries{});
}

TEST_F(MemStoreSortedOperationsTest, DifferenceKeepsTheScoresOfTheFirst) {
  EXPECT_EQ(Combine(&B::Difference, {"a", "b"}), (Entries{{"1", 1}}));
  EXPECT_EQ(Combine(&B::Difference, {"b", "none", "a"}), (Entries{{"4", 40}}));
  EXPECT_EQ(Combine(&B::Difference, {"a"}), (Entries{{"1", 1}, {"2", 2}, {"3", 3}}));
  EXPECT_EQ(Combine(&B::Difference, {"none", "a"}), Entries{});
  AddNumbers("large", 3000);
  Add("large", {{"1", 1}, {"3", 3}});
  EXPECT_EQ(Combine(&B::Difference, {"a", "large"}), (Entries{{"2", 2}}));
  EXPECT_EQ(Combine(&B::Difference, {"large", "a", "b"}).size(), 3000u);
}

TEST_F(MemStoreSortedOperationsTest, WhatWouldBeNaNIsZero) {
  Add("p", {{"x", kInfinity}});
  Add("m", {{"x", -kInfinity}});
  EXPECT_EQ(Combine(&B::Union, {"p", "m"}), (Entries{{"x", 0}}));
  EXPECT_EQ(Combine(&B::Intersection, {"p", "m"}), (Entries{{"x", 0}}));
  EXPECT_EQ(Combine(&B::Union, {"p"}, SUM, {0}), (Entries{{"x", 0}}));
  EXPECT_EQ(Combine(&B::Union, {"p"}, SUM, {-2}), (Entries{{"x", -kInfinity}}));
}

TEST_F(MemStoreSortedOperationsTest, ResultsComeInPagesInOrder) {
  AddNumbers("large", 2500);
  const int64_t before = budget_->used_bytes();
  const auto pages = Pages(&B::Union, Of<OperationRequest>({"large"}));
  ASSERT_EQ(pages.size(), 3u);
  EXPECT_EQ(pages[0].entries_size(), 1000);
  EXPECT_EQ(pages[2].entries(499).score(), 2499);
  EXPECT_EQ(budget_->used_bytes(), before);
}

TEST_F(MemStoreSortedOperationsTest, StoreReplacesTheDestination) {
  Add("d", {{"old", 1}});
  EXPECT_EQ(Store(&B::UnionStore, "d", {"a", "b"}), 4u);
  EXPECT_EQ(All("d"), (Entries{{"1", 1}, {"2", 22}, {"3", 33}, {"4", 40}}));
  EXPECT_EQ(Store(&B::IntersectionStore, "a", {"a", "b"}), 2u);
  EXPECT_EQ(All("a"), (Entries{{"2", 22}, {"3", 33}}));
  EXPECT_EQ(Store(&B::DifferenceStore, "d", {"d", "a"}), 2u);
  EXPECT_EQ(All("d"), (Entries{{"1", 1}, {"4", 40}}));
  EXPECT_EQ(All("b").size(), 3u) << "sources stay";
}

TEST_F(MemStoreSortedOperationsTest, AnEmptyResultLeavesNothing) {
  EXPECT_EQ(Store(&B::IntersectionStore, "a", {"a", "none"}), 0u);
  EXPECT_EQ(Size("a"), 0u);
  EXPECT_EQ(Store(&B::UnionStore, "new", {"none"}), 0u);
  EXPECT_EQ(Store(&B::DifferenceStore, "b", {"b", "b"}), 0u);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(MemStoreSortedOperationsTest, WorkAndMemoryAreBounded) {
  AddNumbers("big", 60'000);
  Pages(&B::Union, Of<OperationRequest>({"big", "big"}), Code::kResourceExhausted);
  EXPECT_EQ(Combine(&B::Intersection, {"big", "a"}).size(), 0u);
  EXPECT_EQ(Combine(&B::Difference, {"big", "a", "b"}).size(), 60'000u);
  const auto budget = std::make_shared<Budget>("mem", 1500);
  SortedSets sets(budget);
  const std::vector<Scored> entries = {{Value::Copy(std::string(500, 'm')), 1}};
  ASSERT_TRUE(sets.Add("s", entries, memstore::AddMode::kAlways).ok());
  const int64_t used = budget->used_bytes();
  const std::vector<SortedSets::Source> sources = {{"s"}};
  EXPECT_EQ(sets.Store(SortedOperation::kUnion, "t", sources, ScoreJoin::kSum).status().code(),
            Code::kResourceExhausted);
  EXPECT_EQ(sets.Size("t"), 0u);
  EXPECT_EQ(budget->used_bytes(), used);
}

TEST_F(MemStoreSortedOperationsTest, MisuseIsRefused) {
  ExpectMisuse(&B::Union, Of<OperationRequest>({}));
  ExpectMisuse(&B::Intersection, Of<OperationRequest>(Strings(129, "a")));
  ExpectMisuse(&B::Union, Of<OperationRequest>({"a", ""}));
  ExpectMisuse(&B::Union, Of<OperationRequest>({"a"}, SUM, {kInfinity}));
  ExpectMisuse(&B::Union, Of<OperationRequest>({"a"}, SUM, {kInfinity - kInfinity}));
  ExpectMisuse(&B::Union, Of<OperationRequest>({"a"}, static_cast<sortedset::v1::Aggregate>(3)));
  ExpectMisuse(&B::Difference, Of<OperationRequest>({"a"}, MAX));
  ExpectMisuse(&B::Difference, Of<OperationRequest>({"a"}, SUM, {1}));
  ExpectRefused(&B::UnionStore, StoreOf("", {"a"}), "destination");
  ExpectRefused(&B::IntersectionStore, StoreOf("d", {}), "sources");
  ExpectRefused(&B::DifferenceStore, StoreOf("d", Strings(129, "a")), "128");
}

}  // namespace
}  // namespace prism::memstore
