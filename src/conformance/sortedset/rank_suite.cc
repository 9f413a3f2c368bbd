#include <algorithm>

#include "conformance/sortedset/client.h"
#include "conformance/sortedset/suites.h"
#include "interfaces/sortedset_rank.prism.h"
#include "prism/interfaces/sortedset_rank.pb.h"

namespace prism::conformance {
namespace sorted {
namespace {

constexpr Code kBad = Code::kInvalidArgument;

// Places in one sorted set as plain functions: all must succeed.
class Ranks {
 public:
  Ranks(Caller& caller, const SortedSet& set) : caller_(caller), name_(set.name()) {}

  // From the front or from the end.
  Task<RankResponse> Find(std::string member, bool reverse, Where where = Where::current()) {
    const auto method = reverse ? &SortedSetRankStub::ReverseRank : &SortedSetRankStub::Rank;
    return caller_.Call(method, Of<RankRequest>(name_, std::move(member)), where);
  }
  // All members of the sorted set, in order: each must have its place, seen from both ends.
  Task<void> ExpectAre(CaseContext& c, Entries entries, Where where = Where::current()) {
    for (size_t i = 0; i < entries.size(); ++i) {
      co_await ExpectAt(c, i, entries.size(), entries[i], where);
    }
  }
  Task<void> ExpectAt(CaseContext& c, size_t index, size_t size,
                      std::pair<std::string, double> entry, Where where = Where::current()) {
    for (const bool reverse : {false, true}) {
      const RankResponse place = co_await Find(entry.first, reverse, where);
      c.Expect(place.found(), "the member is found", where);
      c.ExpectEq(place.rank(), uint64_t{reverse ? size - 1 - index : index}, where);
      c.ExpectEq(place.score(), entry.second, where);
    }
  }
  Task<void> ExpectAbsent(CaseContext& c, std::string member, Where where = Where::current()) {
    for (const bool reverse : {false, true}) {
      const RankResponse place = co_await Find(member, reverse, where);
      c.Expect(!place.found(), "the member is absent", where);
      c.Expect(place.rank() == 0 && place.score() == 0, "what is absent has no place", where);
    }
  }

 private:
  Caller& caller_;
  const std::string name_;
};

Task<void> RankCountsThoseBefore(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("c=3.5 a=-1 d=10 b=2");
  Ranks ranks(c, set);
  co_await ranks.ExpectAre(c, Parsed("a=-1 b=2 c=3.5 d=10"));
}

Task<void> ReverseRankCountsThoseBehind(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("low=1 middle=2 high=3");
  Ranks ranks(c, set);
  const Members descending = Words("high middle low");
  for (size_t i = 0; i < descending.size(); ++i) {
    const RankResponse place = co_await ranks.Find(descending[i], true);
    c.ExpectEq(std::pair(place.found(), place.rank()), std::pair(true, uint64_t{i}));
    c.ExpectEq(place.score(), static_cast<double>(3 - i));
  }
}

Task<void> EqualScoresHavePlaces(CaseContext& c) {
  SortedSet set(c);
  Entries entries = Parsed("z=-1");
  for (const std::string& member : {std::string(), std::string("\0", 1), std::string("\0\xff", 2),
                                    std::string("A"), std::string("a"), std::string("aa"),
                                    std::string("b"), std::string("\x80"), std::string("\xff")}) {
    entries.emplace_back(member, 0);
  }
  entries.emplace_back("a0", 1);
  const Entries mixed(entries.rbegin(), entries.rend());
  co_await set.Add(mixed);
  Ranks ranks(c, set);
  co_await ranks.ExpectAre(c, entries);
}

Task<void> InfiniteScoresHavePlaces(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("b=inf a=inf d=-inf c=-inf x=1e308 y=-1e308 z=-0");
  Ranks ranks(c, set);
  co_await ranks.ExpectAre(c, Parsed("c=-inf d=-inf y=-1e308 z=0 x=1e308 a=inf b=inf"));
}

Task<void> AbsentMembersHaveNone(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("b=2 d=4");
  Ranks ranks(c, set);
  for (const char* member : {"a", "c", "e", ""}) co_await ranks.ExpectAbsent(c, member);
  co_await ranks.ExpectAre(c, Parsed("b=2 d=4"));
  co_await set.Clear();
  co_await ranks.ExpectAbsent(c, "b");
}

Task<void> RanksFollowWrites(CaseContext& c) {
  SortedSet set(c);
  Ranks ranks(c, set);
  co_await set.Add("a=1 b=2 c=3 d=4");
  co_await ranks.ExpectAre(c, Parsed("a=1 b=2 c=3 d=4"));
  co_await set.Increment("a", 2.5);
  co_await ranks.ExpectAre(c, Parsed("b=2 c=3 a=3.5 d=4"));
  co_await set.Remove("c");
  co_await ranks.ExpectAre(c, Parsed("b=2 a=3.5 d=4"));
  co_await set.Add("d=0 e=2.5");
  co_await ranks.ExpectAre(c, Parsed("d=0 b=2 e=2.5 a=3.5"));
  co_await set.Clear();
  co_await set.Add("a=9");
  co_await ranks.ExpectAre(c, Parsed("a=9"));
}

// Added in an order that is neither that of the scores nor its reverse.
Task<void> ManyMembersHavePlaces(CaseContext& c) {
  constexpr size_t kMembers = 3000;
  SortedSet set(c);
  const Entries entries = Numbered(kMembers);
  Entries mixed;
  for (size_t i = 0; i < kMembers; ++i) mixed.push_back(entries[i * 1117 % kMembers]);
  co_await set.Fill(mixed);
  Ranks ranks(c, set);
  for (size_t i = 0; i < kMembers; i += 149) {
    co_await ranks.ExpectAt(c, i, kMembers, entries[i]);
  }
  co_await ranks.ExpectAt(c, kMembers - 1, kMembers, entries.back());
}

// One write moves a member and those that it passes, so its score tells its place.
Task<void> RankAndScoreAreOfOneMoment(CaseContext& c) {
  SortedSet set(c);
  co_await set.Add("a=1 b=2 c=3 m=0");
  bool writing = true;
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    for (int i = 1; client == 0 && i <= 60; ++i) {
      co_await set.Add(i % 2 == 1 ? "m=9 a=11" : "m=0 a=1");
    }
    if (client == 0) writing = false;
    Ranks ranks(c, set);
    while (writing && c.ok()) {
      const bool reverse = client % 2 == 0;
      const RankResponse place = co_await ranks.Find("m", reverse);
      const bool low = place.score() == 0;
      c.Expect(low || place.score() == 9, "the member has one of its scores");
      const uint64_t from_front = low ? 0 : 2;
      c.ExpectEq(place.rank(), uint64_t{reverse ? (low ? 3u : 1u) : from_front});
    }
  });
}

// Clients lift members of their own to the top: in the end the places are those of the scores.
Task<void> ConcurrentWritesLeaveOneOrder(CaseContext& c) {
  constexpr int kClients = 8;
  SortedSet set(c);
  co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
    const std::string mine = "m" + std::to_string(client);
    for (int i = 0; i < 20; ++i) {
      const double sum = co_await set.Increment(mine, client + 1);
      c.ExpectEq(sum, static_cast<double>((client + 1) * (i + 1)));
    }
  });
  Entries entries;
  for (int i = 0; i < kClients; ++i) entries.emplace_back("m" + std::to_string(i), 20 * (i + 1));
  Ranks ranks(c, set);
  co_await ranks.ExpectAre(c, entries);
}

Task<void> LongNamesHavePlaces(CaseContext& c) {
  std::string name = c.Unique("sorted");
  name.resize(kMaxNameBytes, 's');
  SortedSet set(c, name);
  Entries entries;
  for (const char* last : {"m", "n"}) {
    entries.emplace_back(std::string(kMaxMemberBytes - 1, 'm') + last, 1);
  }
  co_await set.Add(entries);
  Ranks ranks(c, set);
  co_await ranks.ExpectAre(c, entries);
}

Task<void> BadPlacesAreRefused(CaseContext& c) {
  const std::string too_long(kMaxMemberBytes + 1, 'm');
  for (const auto method : {&SortedSetRankStub::Rank, &SortedSetRankStub::ReverseRank}) {
    for (const std::string& name : BadNames()) {
      co_await c.Refused(method, Of<RankRequest>(name, "m"), kBad, "set");
    }
    const RankRequest long_member = Of<RankRequest>(c.Unique("sorted"), too_long);
    co_await c.Refused(method, long_member, kBad, "member");
  }
  co_await NamesThatAreNoTextAreRefused(c);
}

Task<void> OtherNamespacesHaveTheirPlaces(CaseContext& c) {
  SortedSet here(c);
  SortedSet there(c.other(), here.name());
  co_await here.Add("a=1 b=2");
  co_await there.Add("x=-1 y=0 a=5");
  Ranks ours(c, here);
  Ranks theirs(c.other(), there);
  co_await ours.ExpectAre(c, Parsed("a=1 b=2"));
  co_await ours.ExpectAbsent(c, "x");
  co_await theirs.ExpectAre(c, Parsed("x=-1 y=0 a=5"));
}

constexpr std::string_view kRank =
    "Returns how many members come before this one, so the member with the lowest score has rank "
    "0, and its score as of the same moment.";
constexpr std::string_view kReverse =
    "Returns how many members come behind this one, so the member with the highest score has rank "
    "0; among equal scores the greatest bytes come first.";
constexpr std::string_view kOtherwise = "Otherwise it is Rank.";
constexpr std::string_view kSame =
    "Names, members, order and absence are those of sortedset_basic.";
constexpr const InterfaceInfo* kBasic = &SortedSetBasic::Info();

constexpr Case kCases[] = {
    {"rank_counts_those_before",
     {"Places of members in a sorted set.", kRank, kReverse},
     &RankCountsThoseBefore,
     {kBasic}},
    {"reverse_rank_counts_those_behind",
     {kReverse, kOtherwise},
     &ReverseRankCountsThoseBehind,
     {kBasic}},
    {"equal_scores_have_places", {kSame, kReverse}, &EqualScoresHavePlaces, {kBasic}},
    {"infinite_scores_have_places", {kSame, kRank}, &InfiniteScoresHavePlaces, {kBasic}},
    {"absent_members_have_none",
     {"`found = false` if the member is absent.", kSame, kOtherwise},
     &AbsentMembersHaveNone,
     {kBasic}},
    {"ranks_follow_writes",
     {kRank, "A read that starts after a write was answered sees that write or a later one."},
     &RanksFollowWrites,
     {kBasic}},
    {"many_members_have_places", {kRank, kReverse}, &ManyMembersHavePlaces, {kBasic}},
    {"rank_and_score_are_of_one_moment",
     {kRank, kOtherwise},
     &RankAndScoreAreOfOneMoment,
     {kBasic}},
    {"concurrent_writes_leave_one_order", {kSame}, &ConcurrentWritesLeaveOneOrder, {kBasic}},
    {"long_names_have_places", {kSame}, &LongNamesHavePlaces, {kBasic}},
    {"bad_places_are_refused", {kSame}, &BadPlacesAreRefused},
    {"other_namespaces_have_their_places",
     {"Sorted sets never meet what other data models keep under the same name, nor other "
      "namespaces."},
     &OtherNamespacesHaveTheirPlaces,
     {kBasic},
     true},
};

constexpr Suite kSuite = {&SortedSetRank::Info(), kCases, {}, &ClearNoted};

}  // namespace
}  // namespace sorted

const Suite& SortedSetRankSuite() { return sorted::kSuite; }

}  // namespace prism::conformance
