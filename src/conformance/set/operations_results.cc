#include "conformance/set/operations_cases.h"
#include "conformance/set/operations_client.h"

namespace prism::conformance::sets::operations {
namespace {

// Sets of every case, with names of its own.
struct Trio {
  std::string a, b, c, none;
};

Task<Trio> MakeTrio(CaseContext& c) {
  Trio trio = {c.Unique("a"), c.Unique("b"), c.Unique("c"), c.Unique("none")};
  SetClient sets(c);
  const Members a = {"1", "2", "3"};
  const Members b = {"2", "3", "4"};
  const Members third = {"3", "5"};
  co_await sets.Add(trio.a, a);
  co_await sets.Add(trio.b, b);
  co_await sets.Add(trio.c, third);
  co_return trio;
}

// Streamed and stored, the result must be `expected`.
Task<void> ExpectResult(CaseContext& c, const SetOperationRpcs& operation, SetNames names,
                        Members expected, Where where = Where::current()) {
  SetOperationsClient operations(c);
  SetClient sets(c);
  c.ExpectEq(co_await operations.Stream(operation, names, where), expected, where);
  const std::string destination = c.Unique("result");
  c.ExpectEq(co_await operations.Store(operation, destination, names, where), expected.size(),
             where);
  c.ExpectEq(co_await sets.All(destination, where), expected, where);
}

}  // namespace

Task<void> UnionIsInAny(CaseContext& c) {
  const Trio trio = co_await MakeTrio(c);
  const SetNames two = {trio.a, trio.b};
  const Members of_two = {"1", "2", "3", "4"};
  co_await ExpectResult(c, kUnion, two, of_two);
  const SetNames three = {trio.c, trio.a, trio.b};
  const Members of_three = {"1", "2", "3", "4", "5"};
  co_await ExpectResult(c, kUnion, three, of_three);
  const SetNames one = {trio.a};
  const Members of_one = {"1", "2", "3"};
  co_await ExpectResult(c, kUnion, one, of_one);
}

Task<void> IntersectionIsInAll(CaseContext& c) {
  const Trio trio = co_await MakeTrio(c);
  const SetNames two = {trio.a, trio.b};
  const Members of_two = {"2", "3"};
  co_await ExpectResult(c, kIntersection, two, of_two);
  const SetNames three = {trio.a, trio.b, trio.c};
  const Members of_three = {"3"};
  co_await ExpectResult(c, kIntersection, three, of_three);
  const SetNames one = {trio.c};
  const Members of_one = {"3", "5"};
  co_await ExpectResult(c, kIntersection, one, of_one);
}

Task<void> DifferenceIsInTheFirstAlone(CaseContext& c) {
  const Trio trio = co_await MakeTrio(c);
  const SetNames two = {trio.a, trio.b};
  const Members of_two = {"1"};
  co_await ExpectResult(c, kDifference, two, of_two);
  const SetNames turned = {trio.b, trio.a};
  const Members of_turned = {"4"};
  co_await ExpectResult(c, kDifference, turned, of_turned);
  const SetNames apart = {trio.a, trio.c};
  const Members of_apart = {"1", "2"};
  co_await ExpectResult(c, kDifference, apart, of_apart);
  const SetNames one = {trio.a};
  const Members of_one = {"1", "2", "3"};
  co_await ExpectResult(c, kDifference, one, of_one);
}

Task<void> MembersAreAnyBytes(CaseContext& c) {
  SetClient sets(c);
  const std::string a = c.Unique("a");
  const std::string b = c.Unique("b");
  const Members left = {"", std::string("x\0y", 3), "\xff\xfe", "A"};
  const Members right = {"", std::string("x\0z", 3), "\xff\xfe", "a"};
  co_await sets.Add(a, left);
  co_await sets.Add(b, right);
  const SetNames both = {a, b};
  const Members shared = {"", "\xff\xfe"};
  co_await ExpectResult(c, kIntersection, both, shared);
  const Members alone = {"A", std::string("x\0y", 3)};
  co_await ExpectResult(c, kDifference, both, alone);
  const Members all = {"", "A", "a", std::string("x\0y", 3), std::string("x\0z", 3), "\xff\xfe"};
  co_await ExpectResult(c, kUnion, both, all);
}

Task<void> AbsentSetsHaveNoMembers(CaseContext& c) {
  const Trio trio = co_await MakeTrio(c);
  const Members nothing;
  const Members a = {"1", "2", "3"};
  const SetNames with = {trio.a, trio.none};
  const SetNames behind = {trio.none, trio.a};
  co_await ExpectResult(c, kUnion, with, a);
  co_await ExpectResult(c, kUnion, behind, a);
  co_await ExpectResult(c, kIntersection, with, nothing);
  co_await ExpectResult(c, kIntersection, behind, nothing);
  co_await ExpectResult(c, kDifference, with, a);
  co_await ExpectResult(c, kDifference, behind, nothing);
  const SetNames absent = {trio.none};
  for (const SetOperationRpcs& operation : kAllOperations) {
    const auto pages = co_await c.CallAll(operation.stream, OperationOf(absent));
    c.Expect(pages.empty(), "no result is no page");
  }
}

Task<void> SetsMayBeNamedTwice(CaseContext& c) {
  const Trio trio = co_await MakeTrio(c);
  const SetNames twice = {trio.a, trio.a};
  const Members a = {"1", "2", "3"};
  const Members nothing;
  co_await ExpectResult(c, kUnion, twice, a);
  co_await ExpectResult(c, kIntersection, twice, a);
  co_await ExpectResult(c, kDifference, twice, nothing);
  const SetNames again = {trio.a, trio.b, trio.b};
  const Members shared = {"2", "3"};
  const Members alone = {"1"};
  co_await ExpectResult(c, kIntersection, again, shared);
  co_await ExpectResult(c, kDifference, again, alone);
}

Task<void> StoreReplacesTheDestination(CaseContext& c) {
  const Trio trio = co_await MakeTrio(c);
  SetClient sets(c);
  SetOperationsClient operations(c);
  const std::string destination = c.Unique("result");
  const SetNames both = {trio.a, trio.b};
  const Members results[] = {{"1", "2", "3", "4"}, {"2", "3"}, {"1"}};
  for (size_t i = 0; i < kAllOperations.size(); ++i) {
    const Members old = NumberedMembers(0, 1'000);
    co_await sets.Add(destination, old);
    const uint64_t size = co_await operations.Store(kAllOperations.at(i), destination, both);
    c.ExpectEq(size, results[i].size());
    c.ExpectEq(co_await sets.All(destination), results[i]);
  }
  const Members a = {"1", "2", "3"};
  c.ExpectEq(co_await sets.All(trio.a), a);
}

Task<void> NoResultLeavesTheDestinationAbsent(CaseContext& c) {
  const Trio trio = co_await MakeTrio(c);
  SetClient sets(c);
  SetOperationsClient operations(c);
  const std::string destination = c.Unique("result");
  const SetNames absent = {trio.none, trio.none};
  for (const SetOperationRpcs& operation : kAllOperations) {
    const Members old = {"old"};
    c.ExpectEq(co_await sets.Add(destination, old), uint64_t{1});
    c.ExpectEq(co_await operations.Store(operation, destination, absent), uint64_t{0});
    const auto pages = co_await sets.Pages(destination);
    c.Expect(pages.empty(), "the destination is absent");
  }
}

Task<void> DestinationMayBeASource(CaseContext& c) {
  SetClient sets(c);
  SetOperationsClient operations(c);
  const Members results[] = {{"1", "2", "3", "4", "5"}, {"3"}, {"1", "2"}};
  const Members of_second[] = {{"1", "2", "3", "4", "5"}, {"3"}, {"4", "5"}};
  for (size_t i = 0; i < kAllOperations.size(); ++i) {
    const Trio trio = co_await MakeTrio(c);
    const Members more = {"4"};
    co_await sets.Add(trio.c, more);
    const SetNames in_front = {trio.a, trio.c};
    c.ExpectEq(co_await operations.Store(kAllOperations.at(i), trio.a, in_front),
               results[i].size());
    c.ExpectEq(co_await sets.All(trio.a), results[i]);
    const Trio other = co_await MakeTrio(c);
    co_await sets.Add(other.c, more);
    const SetNames behind = {other.c, other.a};
    c.ExpectEq(co_await operations.Store(kAllOperations.at(i), other.a, behind),
               of_second[i].size());
    c.ExpectEq(co_await sets.All(other.a), of_second[i]);
  }
}

// A destination that is a source may change what a repetition answers; here only the difference
// with itself behind does.
Task<void> RepeatedStoresAreTheSame(CaseContext& c) {
  const Trio trio = co_await MakeTrio(c);
  SetClient sets(c);
  SetOperationsClient operations(c);
  const std::string destination = c.Unique("result");
  const SetNames both = {trio.a, trio.b};
  const Members results[] = {{"1", "2", "3", "4"}, {"2", "3"}, {"1"}};
  for (size_t i = 0; i < kAllOperations.size(); ++i) {
    for (int repetition = 0; repetition < 3; ++repetition) {
      const uint64_t size = co_await operations.Store(kAllOperations.at(i), destination, both);
      c.ExpectEq(size, results[i].size());
    }
    c.ExpectEq(co_await sets.All(destination), results[i]);
  }
  const SetNames changing = {trio.b, trio.a};
  c.ExpectEq(co_await operations.Store(kDifference, trio.a, changing), uint64_t{1});
  c.ExpectEq(co_await operations.Store(kDifference, trio.a, changing), uint64_t{2});
}

Task<void> OneTo128Sets(CaseContext& c) {
  const std::string base = c.Unique("set");
  SetClient sets(c);
  SetNames names;
  for (int i = 0; i < kMaxSetsPerOperation; ++i) {
    names.push_back(base + "-" + std::to_string(i));
    const Members own = {"all", "m" + std::to_string(i)};
    co_await sets.Add(names.back(), own);
  }
  Members all = {"all"};
  for (int i = 0; i < kMaxSetsPerOperation; ++i) all.push_back("m" + std::to_string(i));
  co_await ExpectResult(c, kUnion, names, Sorted(all));
  const Members shared = {"all"};
  co_await ExpectResult(c, kIntersection, names, shared);
  const Members first = {"m0"};
  co_await ExpectResult(c, kDifference, names, first);
  SetNames too_many = names;
  too_many.push_back(names[0]);
  for (const SetNames& bad : {SetNames(), too_many}) {
    for (const SetOperationRpcs& operation : kAllOperations) {
      co_await c.Refused(operation.stream, OperationOf(bad), Code::kInvalidArgument, "sets");
      co_await c.Refused(operation.store, StoreOf(names[0], bad), Code::kInvalidArgument, "sets");
    }
  }
  const Members untouched = {"all", "m0"};
  c.ExpectEq(co_await sets.All(names[0]), untouched);
}

Task<void> BadNamesAreRefused(CaseContext& c) {
  const std::string fine = c.Unique("set");
  const SetNames good = {fine};
  for (const std::string& name : BadSetNames()) {
    const SetNames bad = {fine, name};
    for (const SetOperationRpcs& operation : kAllOperations) {
      co_await c.Refused(operation.stream, OperationOf(bad), Code::kInvalidArgument, "sets");
      co_await c.Refused(operation.store, StoreOf(fine, bad), Code::kInvalidArgument, "sets");
      co_await c.Refused(operation.store, StoreOf(name, good), Code::kInvalidArgument,
                         "destination");
    }
  }
}

Task<void> OtherNamespacesDoNotCount(CaseContext& c) {
  const Trio trio = co_await MakeTrio(c);
  SetClient there(c.other());
  const Members theirs = {"1", "4", "theirs"};
  co_await there.Add(trio.a, theirs);
  co_await there.Add(trio.none, theirs);
  const SetNames names = {trio.a, trio.none};
  const Members a = {"1", "2", "3"};
  co_await ExpectResult(c, kUnion, names, a);
  co_await ExpectResult(c, kDifference, names, a);
  SetOperationsClient operations(c);
  const SetNames ours = {trio.b};
  c.ExpectEq(co_await operations.Store(kUnion, trio.a, ours), uint64_t{3});
  c.ExpectEq(co_await there.All(trio.a), theirs);
}

}  // namespace prism::conformance::sets::operations
