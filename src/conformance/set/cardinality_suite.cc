#include "conformance/set/operations_client.h"
#include "conformance/set/suites.h"
#include "interfaces/set_cardinality.prism.h"
#include "prism/interfaces/set_cardinality.pb.h"

namespace prism::conformance {
namespace sets::cardinality {
namespace {

using set::v1::IntersectionSizeRequest;
using set::v1::SizeRequest;
using set::v1::SizeResponse;

SizeRequest SizeOf(std::string set) {
  SizeRequest request;
  request.set_set(std::move(set));
  return request;
}

IntersectionSizeRequest IntersectionOf(const SetNames& sets, uint64_t limit = 0) {
  IntersectionSizeRequest request;
  for (const std::string& set : sets) request.add_sets(set);
  request.set_limit(limit);
  return request;
}

// set_cardinality as plain functions: all must succeed.
class Sizes {
 public:
  explicit Sizes(Caller& caller) : caller_(caller) {}

  Task<uint64_t> Of(std::string set, Where where = Where::current()) {
    const SizeResponse response =
        co_await caller_.Call(&SetCardinalityStub::Size, SizeOf(std::move(set)), where);
    co_return response.size();
  }
  Task<uint64_t> OfIntersection(SetNames sets, uint64_t limit = 0, Where where = Where::current()) {
    const SizeResponse response = co_await caller_.Call(&SetCardinalityStub::IntersectionSize,
                                                        IntersectionOf(sets, limit), where);
    co_return response.size();
  }

 private:
  Caller& caller_;
};

Task<void> SizeCountsMembers(CaseContext& c) {
  SetClient sets(c);
  Sizes sizes(c);
  const std::string set = c.Unique("set");
  const Members some = {"", "a", "b", "a"};
  co_await sets.Add(set, some);
  c.ExpectEq(co_await sizes.Of(set), uint64_t{3});
  co_await AddMany(c, set, NumberedMembers(0, 2'500));
  c.ExpectEq(co_await sizes.Of(set), uint64_t{2'503});
  co_await sets.Remove(set, some);
  c.ExpectEq(co_await sizes.Of(set), uint64_t{2'500});
}

Task<void> AbsentSetHasSizeZero(CaseContext& c) {
  SetClient sets(c);
  Sizes sizes(c);
  const std::string set = c.Unique("set");
  const Members both = {"a", "b"};
  c.ExpectEq(co_await sizes.Of(set), uint64_t{0});
  for (int round = 0; round < 2; ++round) {
    co_await sets.Add(set, both);
    c.ExpectEq(co_await sizes.Of(set), uint64_t{2});
    if (round == 0) co_await sets.Remove(set, both);
    if (round == 1) co_await sets.Clear(set);
    c.ExpectEq(co_await sizes.Of(set), uint64_t{0});
  }
}

Task<void> IntersectionSizeCountsSharedMembers(CaseContext& c) {
  SetClient sets(c);
  Sizes sizes(c);
  const std::string base = c.Unique("set");
  const std::string a = base + "-a";
  const std::string b = base + "-b";
  const std::string third = base + "-c";
  const Members of_a = {"1", "2", "3", ""};
  const Members of_b = {"2", "3", "4", ""};
  const Members of_third = {"3", "5"};
  co_await sets.Add(a, of_a);
  co_await sets.Add(b, of_b);
  co_await sets.Add(third, of_third);
  const std::pair<SetNames, uint64_t> expected[] = {
      {{a}, 4}, {{a, b}, 3}, {{b, a}, 3}, {{a, a}, 4}, {{a, b, third}, 1}, {{third, third, b}, 1}};
  for (const auto& [names, size] : expected) {
    c.ExpectEq(co_await sizes.OfIntersection(names), size);
  }
}

Task<void> IntersectionWithAnAbsentSetIsEmpty(CaseContext& c) {
  SetClient sets(c);
  Sizes sizes(c);
  const std::string set = c.Unique("set");
  const std::string none = c.Unique("none");
  const Members both = {"a", "b"};
  co_await sets.Add(set, both);
  const SetNames alone = {set};
  const SetNames with = {set, none};
  const SetNames behind = {none, set};
  c.ExpectEq(co_await sizes.OfIntersection(alone), uint64_t{2});
  c.ExpectEq(co_await sizes.OfIntersection(with), uint64_t{0});
  c.ExpectEq(co_await sizes.OfIntersection(behind), uint64_t{0});
}

Task<void> LimitStopsTheCount(CaseContext& c) {
  SetClient sets(c);
  Sizes sizes(c);
  const std::string a = c.Unique("a");
  const std::string b = c.Unique("b");
  co_await sets.Add(a, NumberedMembers(0, 500));
  co_await sets.Add(b, NumberedMembers(200, 700));
  const SetNames both = {a, b};
  for (const auto& [limit, size] :
       {std::pair(0, 300), std::pair(1, 1), std::pair(7, 7), std::pair(299, 299),
        std::pair(300, 300), std::pair(301, 300), std::pair(100'000, 300)}) {
    const uint64_t counted = co_await sizes.OfIntersection(both, static_cast<uint64_t>(limit));
    c.ExpectEq(counted, static_cast<uint64_t>(size));
  }
}

Task<void> OneTo128Sets(CaseContext& c) {
  SetClient sets(c);
  Sizes sizes(c);
  const std::string base = c.Unique("set");
  SetNames names;
  for (int i = 0; i < kMaxSetsPerOperation; ++i) {
    names.push_back(base + "-" + std::to_string(i));
    const Members own = {"x", "y", std::to_string(i)};
    co_await sets.Add(names.back(), own);
  }
  c.ExpectEq(co_await sizes.OfIntersection(names), uint64_t{2});
  names.push_back(names.front());
  for (const SetNames& bad : {SetNames(), names}) {
    co_await c.Refused(&SetCardinalityStub::IntersectionSize, IntersectionOf(bad),
                       Code::kInvalidArgument, "sets");
  }
}

// Together they have far more members than set_operations must take.
Task<void> SmallestSetAloneCounts(CaseContext& c) {
  constexpr int kMembers = 60'000;
  const std::string large = c.Unique("large");
  const std::string small = c.Unique("small");
  co_await AddMany(c, large, NumberedMembers(0, kMembers));
  SetClient sets(c);
  co_await sets.Add(small, NumberedMembers(kMembers - 10, kMembers + 10));
  SetNames names(5, large);
  names.insert(names.begin() + 2, small);
  Sizes sizes(c);
  c.ExpectEq(co_await sizes.OfIntersection(names), uint64_t{10});
}

Task<void> BadNamesAreRefused(CaseContext& c) {
  const std::string fine = c.Unique("set");
  for (const std::string& name : BadSetNames()) {
    co_await c.Refused(&SetCardinalityStub::Size, SizeOf(name), Code::kInvalidArgument, "set");
    const SetNames names = {fine, name};
    co_await c.Refused(&SetCardinalityStub::IntersectionSize, IntersectionOf(names),
                       Code::kInvalidArgument, "sets");
  }
  for (const MethodInfo& method : c.interface().methods) {  // a name that is no UTF-8
    const RawAnswer answer = co_await c.CallRaw(method, "\x0a\x02\xc3\x28");
    c.ExpectEq(answer.status.code(), Code::kInvalidArgument);
  }
}

// Groups are added and removed as wholes: a size is a multiple of theirs.
Task<void> SizesAreOfOneMoment(CaseContext& c) {
  constexpr uint64_t kGroup = 50;
  const std::string set = c.Unique("set");
  const SetNames twice = {set, set};
  int writing = 3;
  co_await c.Concurrently(5, [&](int client) -> Task<void> {
    if (client < 3) {
      SetClient sets(c);
      const Members group = NumberedMembers(client * 1'000, client * 1'000 + kGroup);
      for (int i = 0; i < 40 && c.ok(); ++i) {
        co_await sets.Add(set, group);
        if (i < 39) co_await sets.Remove(set, group);
      }
      --writing;
      co_return;
    }
    Sizes sizes(c);
    while (writing > 0 && c.ok()) {
      const uint64_t size = co_await sizes.Of(set);
      c.ExpectEq(size % kGroup, uint64_t{0});
      const uint64_t shared = co_await sizes.OfIntersection(twice);
      c.ExpectEq(shared % kGroup, uint64_t{0});
    }
  });
  Sizes sizes(c);
  c.ExpectEq(co_await sizes.Of(set), 3 * kGroup);
}

// The group comes and goes as a whole, so it is shared as a whole.
Task<void> IntersectionsAreOfOneMoment(CaseContext& c) {
  SetClient first(c);
  const std::string fixed = c.Unique("fixed");
  const std::string changing = c.Unique("changing");
  const Members group = NumberedMembers(0, 100);
  co_await first.Add(fixed, group);
  const SetNames both = {fixed, changing};
  bool over = false;
  co_await c.Concurrently(3, [&](int client) -> Task<void> {
    SetClient sets(c);
    while (client == 0 && !over && c.ok()) {
      co_await sets.Add(changing, group);
      co_await sets.Clear(changing);
    }
    if (client == 0) co_return;
    Sizes sizes(c);
    for (int i = 0; i < 80 && c.ok(); ++i) {
      const uint64_t shared = co_await sizes.OfIntersection(both);
      c.Expect(shared == 0 || shared == group.size(),
               "all of the group is shared or nothing, not " + std::to_string(shared));
    }
    over = true;
  });
  co_await first.Add(changing, group);
  Sizes sizes(c);
  c.ExpectEq(co_await sizes.OfIntersection(both), group.size());
}

Task<void> OtherNamespacesDoNotCount(CaseContext& c) {
  SetClient here(c);
  SetClient there(c.other());
  Sizes sizes(c);
  const std::string set = c.Unique("set");
  const std::string none = c.Unique("none");
  const Members ours = {"a", "b"};
  const Members theirs = {"a", "b", "c"};
  co_await here.Add(set, ours);
  co_await there.Add(set, theirs);
  co_await there.Add(none, theirs);
  c.ExpectEq(co_await sizes.Of(set), uint64_t{2});
  c.ExpectEq(co_await sizes.Of(none), uint64_t{0});
  const SetNames both = {set, none};
  c.ExpectEq(co_await sizes.OfIntersection(both), uint64_t{0});
}

constexpr std::string_view kRules = "Names, members and absence are those of set_basic.";
constexpr std::string_view kSize = "Returns the number of members; 0 if the set is absent.";
constexpr std::string_view kShared =
    "Returns how many members are in all of the sets at one moment.";
constexpr std::string_view kBounds =
    "Number and size of the sets are bounded as in set_operations, except that here the smallest "
    "set alone counts.";
constexpr std::string_view kOneStep =
    "Every call except GetMembers is one step: others see the set as it was before or as it is "
    "after.";
constexpr const InterfaceInfo* kBasic = &SetBasic::Info();

constexpr Case kCases[] = {
    {"size_counts_members", {"Sizes of sets.", kSize}, &SizeCountsMembers, {kBasic}},
    {"absent_set_has_size_zero", {kSize, kRules}, &AbsentSetHasSizeZero, {kBasic}},
    {"intersection_size_counts_shared_members",
     {kShared},
     &IntersectionSizeCountsSharedMembers,
     {kBasic}},
    {"intersection_with_an_absent_set_is_empty",
     {kShared, kRules},
     &IntersectionWithAnAbsentSetIsEmpty,
     {kBasic}},
    {"limit_stops_the_count",
     {"Counting stops at `limit`, which is then the answer; 0 means no bound."},
     &LimitStopsTheCount,
     {kBasic}},
    {"one_to_128_sets", {kBounds}, &OneTo128Sets, {kBasic}},
    {"smallest_set_alone_counts", {kBounds}, &SmallestSetAloneCounts, {kBasic}},
    {"bad_names_are_refused", {kRules}, &BadNamesAreRefused},
    {"sizes_are_of_one_moment", {kOneStep, kSize}, &SizesAreOfOneMoment, {kBasic}},
    {"intersections_are_of_one_moment", {kShared}, &IntersectionsAreOfOneMoment, {kBasic}},
    {"other_namespaces_do_not_count", {kRules}, &OtherNamespacesDoNotCount, {kBasic}, true},
};

constexpr Suite kSuite = {&SetCardinality::Info(), kCases, {}, &ClearNotedSets};

}  // namespace
}  // namespace sets::cardinality

const Suite& SetCardinalitySuite() { return sets::cardinality::kSuite; }

}  // namespace prism::conformance
