#include <algorithm>

#include "conformance/sortedset/operations_cases.h"
#include "conformance/sortedset/operations_client.h"

namespace prism::conformance::sorted {
namespace {

constexpr Code kBad = Code::kInvalidArgument;

}  // namespace

Task<void> UnionJoinsAll(CaseContext& c) {
  SortedSet a(c), b(c), d(c);
  co_await a.Add("p=1 q=2 r=3");
  co_await b.Add("q=10 s=4");
  co_await d.Add("q=100 r=5 t=-1");
  Operations operations(c);
  co_await operations.ExpectGives(c, Operation::kUnion, From(a), "p=1 q=2 r=3");
  co_await operations.ExpectGives(c, Operation::kUnion, From(a, b, d), "t=-1 p=1 s=4 r=8 q=112");
  c.ExpectEq(co_await a.Size(), uint64_t{3});
  c.ExpectEq(co_await a.Score("q"), 2.0);
}

Task<void> IntersectionJoinsTheCommon(CaseContext& c) {
  SortedSet a(c), b(c), d(c);
  co_await a.Add("p=1 q=2 r=3 s=4");
  co_await b.Add("q=10 r=-10 s=1 x=7");
  co_await d.Add("q=100 r=5 y=1");
  Operations operations(c);
  constexpr auto kOperation = Operation::kIntersection;
  co_await operations.ExpectGives(c, kOperation, From(a), "p=1 q=2 r=3 s=4");
  co_await operations.ExpectGives(c, kOperation, From(a, b), "r=-7 s=5 q=12");
  co_await operations.ExpectGives(c, kOperation, From(d, b, a), "r=-2 q=112");
}

Task<void> DifferenceKeepsTheFirst(CaseContext& c) {
  SortedSet a(c), b(c), d(c);
  co_await a.Add("p=4 q=3 r=2 s=1 t=inf");
  co_await b.Add("q=10 x=1");
  co_await d.Add("s=1 y=1");
  Operations operations(c);
  constexpr auto kOperation = Operation::kDifference;
  co_await operations.ExpectGives(c, kOperation, From(a), "s=1 r=2 q=3 p=4 t=inf");
  co_await operations.ExpectGives(c, kOperation, From(a, b), "s=1 r=2 p=4 t=inf");
  co_await operations.ExpectGives(c, kOperation, From(a, b, d), "r=2 p=4 t=inf");
  co_await operations.ExpectGives(c, kOperation, From(b, a), "x=1");
}

Task<void> WeightsMultiply(CaseContext& c) {
  SortedSet a(c), b(c);
  co_await a.Add("p=1 q=2 r=-inf");
  co_await b.Add("q=10 s=4");
  Operations operations(c);
  const OperationRequest both = From(a, b);
  for (const auto& [weights, expected] : {std::pair("2 0.5", "r=-inf p=2 s=2 q=9"),
                                          {"- 3", "r=-inf p=1 s=12 q=32"},
                                          {"-1 -", "p=-1 s=4 q=8 r=inf"},
                                          {"1e-3 0", "r=-inf s=0 p=0.001 q=0.002"}}) {
    co_await operations.ExpectGives(c, Operation::kUnion, Weighted(both, weights), expected);
  }
  const OperationRequest weighted = Weighted(both, "-3 0.25");
  co_await operations.ExpectGives(c, Operation::kIntersection, weighted, "q=-3.5");
}

Task<void> AggregatesJoin(CaseContext& c) {
  SortedSet a(c), b(c), d(c);
  co_await a.Add("p=1 q=2 r=-3");
  co_await b.Add("q=10 r=-inf s=4");
  co_await d.Add("q=-100 r=5");
  Operations operations(c);
  const OperationRequest all = From(a, b, d);
  constexpr auto kUnion = Operation::kUnion;
  constexpr auto kBoth = Operation::kIntersection;
  co_await operations.ExpectGives(c, kUnion, Joined(all, SUM), "r=-inf q=-88 p=1 s=4");
  co_await operations.ExpectGives(c, kUnion, Joined(all, MIN), "r=-inf q=-100 p=1 s=4");
  co_await operations.ExpectGives(c, kUnion, Joined(all, MAX), "p=1 s=4 r=5 q=10");
  co_await operations.ExpectGives(c, kBoth, Joined(all, SUM), "r=-inf q=-88");
  co_await operations.ExpectGives(c, kBoth, Joined(all, MIN), "r=-inf q=-100");
  co_await operations.ExpectGives(c, kBoth, Joined(all, MAX), "r=5 q=10");
  // Scores are weighed before they are compared.
  const OperationRequest weighted = Weighted(Joined(all, MAX), "10 - -1");
  co_await operations.ExpectGives(c, kBoth, weighted, "r=-5 q=100");
}

Task<void> NoScoreIsNaN(CaseContext& c) {
  SortedSet a(c), b(c);
  co_await a.Add("p=inf q=-inf r=inf s=1");
  co_await b.Add("p=-inf q=inf r=inf s=2");
  Operations operations(c);
  const OperationRequest both = From(a, b);
  for (const Operation operation : {Operation::kUnion, Operation::kIntersection}) {
    co_await operations.ExpectGives(c, operation, both, "p=0 q=0 s=3 r=inf");
    const OperationRequest nothing = Weighted(From(a), "0");
    co_await operations.ExpectGives(c, operation, nothing, "p=0 q=0 r=0 s=0");
    co_await operations.ExpectGives(c, operation, Weighted(both, "0 1"), "p=-inf s=2 q=inf r=inf");
  }
}

Task<void> AbsentSourcesAreEmpty(CaseContext& c) {
  SortedSet a(c), absent(c);
  co_await a.Add("p=1 q=2");
  Operations operations(c);
  co_await operations.ExpectGives(c, Operation::kUnion, From(absent, a), "p=1 q=2");
  co_await operations.ExpectGives(c, Operation::kIntersection, From(a, absent), "");
  co_await operations.ExpectGives(c, Operation::kDifference, From(a, absent), "p=1 q=2");
  co_await operations.ExpectGives(c, Operation::kDifference, From(absent, a), "");
  for (const Operation operation : kOperations) {
    const std::vector<Entries> pages = co_await operations.Pages(c, operation, From(absent));
    c.ExpectEq(pages.size(), size_t{0});
  }
}

Task<void> SourcesMayRepeat(CaseContext& c) {
  SortedSet a(c), b(c);
  co_await a.Add("p=1 q=2");
  co_await b.Add("q=10");
  Operations operations(c);
  co_await operations.ExpectGives(c, Operation::kUnion, From(a, a), "p=2 q=4");
  const OperationRequest weighted = Weighted(From(a, b, a), "2 - -5");
  co_await operations.ExpectGives(c, Operation::kUnion, weighted, "p=-3 q=4");
  co_await operations.ExpectGives(c, Operation::kIntersection, From(a, b, a), "q=14");
  co_await operations.ExpectGives(c, Operation::kDifference, From(a, b, b), "p=1");
  co_await operations.ExpectGives(c, Operation::kDifference, From(a, a), "");
}

// Equal scores, and bytes that are more than 127.
Task<void> ResultsComeInOrder(CaseContext& c) {
  SortedSet a(c), b(c), absent(c);
  Entries entries = Parsed("z=-inf y=-2");
  for (const std::string& member :
       {std::string(), std::string("\0", 1), std::string("A"), std::string("a"), std::string("aa"),
        std::string("\x80"), std::string("\xff")}) {
    entries.emplace_back(member, 6);
  }
  for (const auto& entry : Parsed("x=7 w=inf")) entries.push_back(entry);
  const Entries mixed(entries.rbegin(), entries.rend());
  Entries half = mixed;
  for (auto& [member, score] : half) score /= 2;
  co_await a.Add(half);
  co_await b.Add(half);
  Operations operations(c);
  co_await operations.ExpectGives(c, Operation::kUnion, From(a, b), entries);
  co_await operations.ExpectGives(c, Operation::kIntersection, From(a, b), entries);
  co_await a.Add(mixed);
  co_await operations.ExpectGives(c, Operation::kDifference, From(a, absent), entries);
}

Task<void> PagesHoldAThousand(CaseContext& c) {
  SortedSet a(c), b(c), absent(c);
  const Entries entries = Numbered(2500);
  const auto middle = entries.begin() + 1300;
  const Entries first(entries.begin(), middle), second(middle, entries.end());
  co_await a.Fill(first);
  co_await b.Fill(second);
  Operations operations(c);
  co_await operations.ExpectGives(c, Operation::kUnion, From(a, b), entries);
  co_await a.Fill(second);
  co_await operations.ExpectGives(c, Operation::kDifference, From(a, absent), entries);
  Entries doubled = second;
  for (auto& [member, score] : doubled) score *= 2;
  co_await operations.ExpectGives(c, Operation::kIntersection, From(a, b), doubled);
}

Task<void> PagesHoldAMebibyte(CaseContext& c) {
  SortedSet a(c);
  Entries entries = Numbered(20);
  for (auto& [member, score] : entries) member.resize(kMaxMemberBytes, 'm');
  co_await a.Fill(entries);
  Operations operations(c);
  for (const Operation operation : kOperations) {
    c.ExpectEq(co_await operations.Result(c, operation, From(a)), entries);
  }
}

Task<void> SourcesAreOfTheNamespace(CaseContext& c) {
  SortedSet here(c), other(c);
  SortedSet there(c.other(), here.name());
  SortedSet only_there(c.other(), c.Unique("sorted"));
  co_await here.Add("p=1");
  co_await there.Add("p=10 q=20");
  co_await only_there.Add("p=100");
  Operations operations(c);
  co_await operations.ExpectGives(c, Operation::kUnion, From(here, only_there), "p=1");
  c.ExpectEq(co_await operations.Store(Operation::kUnion, here.name(), From(here, here)),
             uint64_t{1});
  c.ExpectEq(co_await here.Score("p"), 2.0);
  c.ExpectEq(co_await there.Score("p"), 10.0);
}

Task<void> SourcesAreCounted(CaseContext& c) {
  SortedSet a(c), b(c);
  co_await a.Add("p=1 q=2");
  Operations operations(c);
  const OperationRequest most = Repeated(a, kMaxSources);
  co_await operations.ExpectGives(c, Operation::kUnion, most, "p=128 q=256");
  co_await operations.ExpectGives(c, Operation::kIntersection, most, "p=128 q=256");
  co_await operations.ExpectGives(c, Operation::kDifference, most, "");
  for (const Operation operation : kOperations) {
    co_await OperationRefused(c, operation, OperationRequest(), "sources");
    co_await OperationRefused(c, operation, Repeated(a, kMaxSources + 1), "sources");
  }
}

Task<void> BadWeightsAreRefused(CaseContext& c) {
  SortedSet a(c), b(c);
  co_await a.Add("p=1");
  for (const char* weights : {"nan", "inf", "-inf", "1 nan", "- inf"}) {
    for (const Operation operation : {Operation::kUnion, Operation::kIntersection}) {
      co_await OperationRefused(c, operation, Weighted(From(a, b), weights), "weight");
    }
  }
}

Task<void> DifferenceTakesNoWeights(CaseContext& c) {
  SortedSet a(c), b(c);
  co_await a.Add("p=1");
  constexpr auto kOperation = Operation::kDifference;
  co_await OperationRefused(c, kOperation, Weighted(From(a, b), "2"), "weight");
  co_await OperationRefused(c, kOperation, Weighted(From(a, b), "- 2"), "weight");
  co_await OperationRefused(c, kOperation, Joined(From(a, b), MIN), "aggregate");
  co_await OperationRefused(c, kOperation, Joined(From(a, b), MAX), "aggregate");
  Operations operations(c);
  co_await operations.ExpectGives(c, kOperation, Joined(From(a, b), SUM), "p=1");
}

Task<void> BadNamesOfOperationsAreRefused(CaseContext& c) {
  SortedSet a(c);
  co_await a.Add("p=1");
  for (const Operation operation : kOperations) {
    for (const std::string& name : BadNames()) {
      OperationRequest request = From(a, a);
      request.mutable_sources(1)->set_set(name);
      co_await OperationRefused(c, operation, request, "source");
      const Answer<StoreResponse> answer = co_await TryStore(c, operation, Into(name, From(a)));
      c.CheckRefused(answer.status, kBad, "destination", Where::current());
    }
  }
}

}  // namespace prism::conformance::sorted
