#include <algorithm>
#include <set>

#include "conformance/sortedset/operations_cases.h"
#include "conformance/sortedset/operations_client.h"

namespace prism::conformance::sorted {
namespace {

// Each of the entries, and nothing else.
Task<void> ExpectHolds(CaseContext& c, SortedSet& set, std::string_view text,
                       Where where = Where::current()) {
  const Entries entries = Parsed(text);
  for (const auto& [member, score] : entries) {
    c.ExpectEq(co_await set.Score(member, where), score, where);
  }
  c.ExpectEq(co_await set.Size(where), uint64_t{entries.size()}, where);
}

}  // namespace

Task<void> StoreReplaces(CaseContext& c) {
  Operations operations(c);
  const char* const kExpected[] = {"p=1 q=12 r=10", "q=12", "p=1"};
  for (const Operation operation : kOperations) {
    SortedSet a(c), b(c), destination(c);
    co_await a.Add("p=1 q=2");
    co_await b.Add("q=10 r=10");
    co_await destination.Add("p=77 x=1 y=2 z=3");
    const std::string_view expected = kExpected[static_cast<size_t>(operation)];
    const uint64_t size = co_await operations.Store(operation, destination.name(), From(a, b));
    c.ExpectEq(size, uint64_t{Parsed(expected).size()});
    co_await ExpectHolds(c, destination, expected);
    c.ExpectEq(co_await destination.Score("x"), std::nullopt);
    co_await ExpectHolds(c, a, "p=1 q=2");
    co_await ExpectHolds(c, b, "q=10 r=10");
  }
}

Task<void> NothingLeavesNoDestination(CaseContext& c) {
  Operations operations(c);
  for (const Operation operation : kOperations) {
    SortedSet absent(c), destination(c);
    co_await destination.Add("x=1 y=2");
    c.ExpectEq(co_await destination.Size(), uint64_t{2});
    c.ExpectEq(co_await operations.Store(operation, destination.name(), From(absent)), uint64_t{0});
    c.ExpectEq(co_await destination.Size(), uint64_t{0});
    c.ExpectEq(co_await destination.Clear(), uint64_t{0});
    c.ExpectEq(co_await destination.Score("x"), std::nullopt);
  }
}

Task<void> DestinationMayBeASource(CaseContext& c) {
  Operations operations(c);
  const char* const kExpected[] = {"p=1 q=12 r=10", "q=12", "p=1"};
  const char* const kTurned[] = {"p=1 q=12 r=10", "q=12", "r=10"};
  for (const Operation operation : kOperations) {
    for (const bool turned : {false, true}) {
      SortedSet a(c), b(c);
      co_await a.Add("p=1 q=2");
      co_await b.Add("q=10 r=10");
      const OperationRequest request = turned ? From(b, a) : From(a, b);
      co_await operations.Store(operation, a.name(), request);
      co_await ExpectHolds(c, a, (turned ? kTurned : kExpected)[static_cast<size_t>(operation)]);
      co_await ExpectHolds(c, b, "q=10 r=10");
    }
  }
}

Task<void> RepeatedStoresAgree(CaseContext& c) {
  SortedSet a(c), b(c), destination(c);
  co_await a.Add("p=1 q=2");
  co_await b.Add("q=10 r=10");
  Operations operations(c);
  const OperationRequest request = Weighted(From(a, b), "2 3");
  for (int i = 0; i < 2; ++i) {
    c.ExpectEq(co_await operations.Store(Operation::kUnion, destination.name(), request),
               uint64_t{3});
    co_await ExpectHolds(c, destination, "p=2 q=34 r=30");
  }
  co_await operations.Store(Operation::kUnion, a.name(), From(a, b));
  co_await operations.Store(Operation::kUnion, a.name(), From(a, b));
  co_await ExpectHolds(c, a, "p=1 q=22 r=20");
}

// A hundred thousand are always taken; whether some more are is the backend's affair.
Task<void> AHundredThousandAreJoined(CaseContext& c) {
  SortedSet a(c), destination(c);
  co_await a.Fill(Numbered(kMaxEntries));
  Operations operations(c);
  const std::string name = destination.name();
  c.ExpectEq(co_await operations.Store(Operation::kUnion, name, Repeated(a, 100)),
             uint64_t{kMaxEntries});
  c.ExpectEq(co_await destination.Score("1000007"), 700.0);
  const StoreRequest beyond = Into(name, Repeated(a, kMaxSources));
  const Answer<StoreResponse> answer = co_await TryStore(c, Operation::kUnion, beyond);
  if (answer.status.ok()) {
    c.ExpectEq(co_await destination.Score("1000007"), double{7 * kMaxSources});
    co_return;
  }
  c.CheckRefused(answer.status, Code::kResourceExhausted, "000", Where::current());
  c.ExpectEq(co_await destination.Score("1000007"), 700.0);
}

Task<void> RefusedStoresChangeNothing(CaseContext& c) {
  SortedSet a(c), destination(c);
  co_await a.Add("p=1 q=2");
  co_await destination.Add("x=1");
  const std::string& name = destination.name();
  const StoreRequest refused[] = {Into(name, Weighted(From(a), "nan")),
                                  Into(name, Repeated(a, kMaxSources + 1)),
                                  Into(name, OperationRequest())};
  for (const StoreRequest& request : refused) {
    for (const Operation operation : kOperations) {
      const Answer<StoreResponse> answer = co_await TryStore(c, operation, request);
      c.ExpectEq(answer.status.code(), Code::kInvalidArgument);
      co_await ExpectHolds(c, destination, "x=1");
    }
  }
}

// Sums into one of their own sources, while others store the other way round.
Task<void> NoStoreIsLost(CaseContext& c) {
  constexpr int kClients = 6;
  constexpr int kEach = 10;
  SortedSet a(c), one(c), mirror(c);
  co_await a.Add("m=0");
  co_await one.Add("m=1");
  co_await c.Concurrently(kClients + 2, [&](int client) -> Task<void> {
    Operations operations(c);
    for (int i = 0; i < kEach; ++i) {
      const bool mirrors = client >= kClients;
      const std::string name = mirrors ? mirror.name() : a.name();
      const OperationRequest request = mirrors ? From(mirror, one, a) : From(a, one);
      const uint64_t size = co_await operations.Store(Operation::kUnion, name, request);
      c.ExpectEq(size, uint64_t{1});
    }
  });
  c.ExpectEq(co_await a.Score("m"), double{kClients * kEach});
}

// One client raises the first and then the second, so at no moment is the second one ahead, nor the
// first more than a step.
Task<void> SourcesAreOfOneMoment(CaseContext& c) {
  SortedSet first(c), second(c);
  co_await first.Add("m=0");
  co_await second.Add("m=0");
  bool writing = true;
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    for (int i = 0; client == 0 && i < 60; ++i) {
      co_await first.Increment("m", 1);
      co_await second.Increment("m", 1);
    }
    if (client == 0) writing = false;
    Operations operations(c);
    while (writing && c.ok()) {
      const auto operation = client % 2 == 0 ? Operation::kUnion : Operation::kIntersection;
      const OperationRequest request = Weighted(From(first, second, first), "1 -2 1");
      const Entries result = co_await operations.Result(c, operation, request);
      c.ExpectEq(result.size(), size_t{1});
      const double ahead = result.empty() ? -1 : result[0].second;
      c.Expect(ahead == 0 || ahead == 2, "the first is ahead by " + Show(ahead / 2));
    }
  });
}

// The destination always is one of two results.
Task<void> StoresAreOneStep(CaseContext& c) {
  SortedSet few(c), many(c), destination(c);
  co_await few.Fill(Numbered(10));
  co_await many.Fill(Numbered(300));
  Operations setup(c);
  co_await setup.Store(Operation::kUnion, destination.name(), From(few));
  bool writing = true;
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    Operations operations(c);
    for (int i = 0; client == 0 && i < 30; ++i) {
      const Operation operation = kOperations[i % kOperations.size()];
      const OperationRequest request = i % 2 == 0 ? From(many) : From(few);
      co_await operations.Store(operation, destination.name(), request);
    }
    if (client == 0) writing = false;
    while (writing && c.ok()) {
      const uint64_t size = co_await destination.Size();
      c.Expect(size == 10 || size == 300, "one result or the other, not " + Show(size));
    }
  });
}

}  // namespace prism::conformance::sorted
