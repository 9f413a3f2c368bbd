#include "conformance/live_stream.h"
#include "conformance/set/operations_cases.h"
#include "conformance/set/operations_client.h"

namespace prism::conformance::sets::operations {
namespace {

// Two sets that change places until it is over: at each moment their union is `all`, one holds all
// and the other nothing or all.
struct Swapping {
  std::string a, b, source;
  Members all = NumberedMembers(0, 100);
  bool over = false;
};

Task<void> Prepare(CaseContext& c, Swapping& sets) {
  sets.a = c.Unique("a");
  sets.b = c.Unique("b");
  sets.source = c.Unique("source");
  SetClient client(c);
  co_await client.Add(sets.a, sets.all);
  co_await client.Add(sets.source, sets.all);
}

Task<void> KeepSwapping(CaseContext& c, const Swapping& sets) {
  SetOperationsClient operations(c);
  const SetNames both = {sets.a, sets.b};
  const SetNames nothing = {sets.source, sets.source};
  while (!sets.over && c.ok()) {
    co_await operations.Store(kUnion, sets.b, both);
    co_await operations.Store(kDifference, sets.a, nothing);
    co_await operations.Store(kUnion, sets.a, both);
    co_await operations.Store(kDifference, sets.b, nothing);
  }
}

// `look` is a coroutine that runs while the sets change places.
template <class Look>
Task<void> WhileTheySwap(CaseContext& c, Swapping& sets, Look look) {
  co_await Prepare(c, sets);
  co_await c.Concurrently(2, [&](int client) -> Task<void> {
    if (client == 0) {
      co_await KeepSwapping(c, sets);
    } else {
      co_await look();
      sets.over = true;
    }
  });
}

}  // namespace

// The first page is taken, then the set is cleared: what comes is still the whole result.
Task<void> ResultsComeInPages(CaseContext& c) {
  const std::string set = c.Unique("set");
  const std::string none = c.Unique("none");
  const SetNames names[] = {{set, none}, {set, set}, {set, none}};
  const Members members = NumberedMembers(0, 2'500);
  SetClient sets(c);
  for (size_t i = 0; i < kAllOperations.size(); ++i) {
    co_await AddMany(c, set, members);
    LiveStream stream(c, kAllOperations.at(i).stream, OperationOf(names[i]));
    std::vector<OperationResponse> pages;
    pages.push_back(co_await stream.Next(c));
    co_await sets.Clear(set);
    while (const OperationResponse* page = co_await stream.Pull()) pages.push_back(*page);
    c.Expect(stream.status().ok(), "the stream ends well");
    CheckMemberPages(c, pages);
    c.ExpectEq(Sorted(Collected(pages)), members);
  }
}

Task<void> PagesHoldAMebibyte(CaseContext& c) {
  SetClient sets(c);
  const std::string a = c.Unique("a");
  const std::string b = c.Unique("b");
  const Members members = LargeMembers(30);
  const Members first(members.begin(), members.begin() + 15);
  const Members second(members.begin() + 15, members.end());
  co_await sets.Add(a, first);
  co_await sets.Add(b, second);
  const SetNames both = {a, b};
  const auto pages = co_await c.CallAll(&SetOperationsStub::Union, OperationOf(both));
  CheckMemberPages(c, pages);
  c.Expect(Sorted(Collected(pages)) == members, "each member comes once and whole");
}

// The sets and the destination have exactly as many as no backend may refuse.
Task<void> AHundredThousandMembersAreTaken(CaseContext& c) {
  constexpr int kInA = 60'000;
  constexpr int kInB = 30'000;
  constexpr int kOld = kLeastOperationMembers - kInA - kInB;
  const std::string a = c.Unique("a");
  const std::string b = c.Unique("b");
  const std::string destination = c.Unique("result");
  co_await AddMany(c, a, NumberedMembers(0, kInA));
  co_await AddMany(c, b, NumberedMembers(kInA - 5, kInA - 5 + kInB));
  co_await AddMany(c, destination, NumberedMembers(500'000, 500'000 + kOld));
  SetOperationsClient operations(c);
  SetClient sets(c);
  const SetNames both = {a, b};
  const Members shared = NumberedMembers(kInA - 5, kInA);
  c.ExpectEq(co_await operations.Store(kIntersection, destination, both), shared.size());
  c.ExpectEq(co_await sets.All(destination), shared);
  const Members all = co_await operations.Stream(kUnion, both);
  c.Expect(all == NumberedMembers(0, kInA + kInB - 5), "the union is complete");
}

Task<void> StreamsAreOfOneMoment(CaseContext& c) {
  Swapping sets;
  co_await WhileTheySwap(c, sets, [&]() -> Task<void> {
    SetOperationsClient operations(c);
    const SetNames both = {sets.a, sets.b};
    const SetNames turned = {sets.b, sets.a};
    for (int i = 0; i < 100 && c.ok(); ++i) {
      c.ExpectEq(co_await operations.Stream(kUnion, i % 2 ? both : turned), sets.all);
    }
  });
}

Task<void> StoredAtOneMoment(CaseContext& c) {
  Swapping sets;
  co_await WhileTheySwap(c, sets, [&]() -> Task<void> {
    SetOperationsClient operations(c);
    SetClient client(c);
    const std::string result = c.Unique("result");
    const SetNames both = {sets.a, sets.b};
    const SetNames turned = {sets.b, sets.a};
    const SetNames missing = {sets.source, sets.a, sets.b};
    for (int i = 0; i < 40 && c.ok(); ++i) {
      const uint64_t size = co_await operations.Store(kUnion, result, i % 2 ? both : turned);
      c.ExpectEq(size, sets.all.size());
      c.ExpectEq(co_await client.All(result), sets.all);
      c.ExpectEq(co_await operations.Store(kDifference, result, missing), uint64_t{0});
    }
  });
}

// Each client puts its own sets into the same destination, which is a source too.
Task<void> NoStoreIsLost(CaseContext& c) {
  constexpr int kClients = 8;
  constexpr int kRounds = 15;
  const std::string total = c.Unique("total");
  co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
    SetClient sets(c);
    SetOperationsClient operations(c);
    const std::string own = total + "-" + std::to_string(client);
    const SetNames both = {total, own};
    for (int i = 0; i < kRounds && c.ok(); ++i) {
      const int number = client * kRounds + i;
      const Members one = NumberedMembers(number, number + 1);
      co_await sets.Add(own, one);
      co_await operations.Store(kUnion, total, both);
      co_await sets.Remove(own, one);
    }
  });
  SetClient sets(c);
  c.ExpectEq(co_await sets.All(total), NumberedMembers(0, kClients * kRounds));
}

}  // namespace prism::conformance::sets::operations
