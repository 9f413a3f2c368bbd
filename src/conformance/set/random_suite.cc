#include <algorithm>
#include <map>

#include "conformance/set/client.h"
#include "conformance/set/suites.h"
#include "interfaces/set_random.prism.h"
#include "prism/interfaces/set_random.pb.h"

namespace prism::conformance {
namespace sets::random {
namespace {

using set::v1::GetRandomRequest;
using set::v1::GetRandomResponse;
using set::v1::PopRequest;
using set::v1::PopResponse;

constexpr uint64_t kMaxCount = 1000;

GetRandomRequest RandomOf(std::string set, uint64_t count, bool repeats = false) {
  GetRandomRequest request;
  request.set_set(std::move(set));
  request.set_count(count);
  request.set_repeats(repeats);
  return request;
}

PopRequest PopOf(std::string set, uint64_t count) {
  PopRequest request;
  request.set_set(std::move(set));
  request.set_count(count);
  return request;
}

// set_random as plain functions: all must succeed; what they return is sorted.
class Random {
 public:
  explicit Random(Caller& caller) : caller_(caller) {}

  Task<Members> Get(std::string set, uint64_t count, bool repeats = false,
                    Where where = Where::current()) {
    const GetRandomResponse response = co_await caller_.Call(
        &SetRandomStub::GetRandom, RandomOf(std::move(set), count, repeats), where);
    co_return Sorted({response.members().begin(), response.members().end()});
  }
  Task<Members> Pop(std::string set, uint64_t count, Where where = Where::current()) {
    const PopResponse response =
        co_await caller_.Call(&SetRandomStub::Pop, PopOf(std::move(set), count), where);
    co_return Sorted({response.members().begin(), response.members().end()});
  }

 private:
  Caller& caller_;
};

// Both are sorted.
void ExpectDistinctOf(CaseContext& c, const Members& picked, const Members& all,
                      Where where = Where::current()) {
  c.Expect(std::adjacent_find(picked.begin(), picked.end()) == picked.end(), "they differ", where);
  c.Expect(std::includes(all.begin(), all.end(), picked.begin(), picked.end()),
           "all are members of the set", where);
}

Task<void> RandomMembersStay(CaseContext& c) {
  SetClient sets(c);
  Random random(c);
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 20);
  co_await sets.Add(set, members);
  for (const uint64_t count : {1, 2, 7, 19, 20}) {
    const Members picked = co_await random.Get(set, count);
    c.ExpectEq(picked.size(), count);
    ExpectDistinctOf(c, picked, members);
  }
  c.ExpectEq(co_await sets.All(set), members);
}

Task<void> SmallSetsReturnAll(CaseContext& c) {
  SetClient sets(c);
  Random random(c);
  const std::string set = c.Unique("set");
  const Members members = {"", std::string("a\0b", 3), "z\xff"};
  co_await sets.Add(set, members);
  for (const uint64_t count : {3, 4, 1000}) {
    c.ExpectEq(co_await random.Get(set, count), members);
  }
}

Task<void> RepeatsFillTheCount(CaseContext& c) {
  SetClient sets(c);
  Random random(c);
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 5);
  co_await sets.Add(set, members);
  for (const uint64_t count : {1, 6, 1000}) {
    const Members picked = co_await random.Get(set, count, true);
    c.ExpectEq(picked.size(), count);
    c.Expect(std::all_of(picked.begin(), picked.end(),
                         [&](const std::string& member) {
                           return std::binary_search(members.begin(), members.end(), member);
                         }),
             "all are members of the set");
  }
  c.ExpectEq(co_await sets.All(set), members);
}

Task<void> ZeroMeansOne(CaseContext& c) {
  SetClient sets(c);
  Random random(c);
  const std::string set = c.Unique("set");
  co_await sets.Add(set, NumberedMembers(0, 10));
  for (const bool repeats : {false, true}) {
    const Members picked = co_await random.Get(set, 0, repeats);
    c.ExpectEq(picked.size(), size_t{1});
  }
  const Members popped = co_await random.Pop(set, 0);
  c.ExpectEq(popped.size(), size_t{1});
  const Members left = co_await sets.All(set);
  c.ExpectEq(left.size(), size_t{9});
}

Task<void> AThousandAreTheMost(CaseContext& c) {
  SetClient sets(c);
  Random random(c);
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 1'500);
  co_await AddMany(c, set, members);
  for (const uint64_t count : {kMaxCount + 1, UINT64_MAX}) {
    co_await c.Refused(&SetRandomStub::GetRandom, RandomOf(set, count), Code::kInvalidArgument,
                       "count");
    co_await c.Refused(&SetRandomStub::GetRandom, RandomOf(set, count, true),
                       Code::kInvalidArgument, "count");
    co_await c.Refused(&SetRandomStub::Pop, PopOf(set, count), Code::kInvalidArgument, "count");
  }
  const Members picked = co_await random.Get(set, kMaxCount);
  c.ExpectEq(picked.size(), kMaxCount);
  ExpectDistinctOf(c, picked, members);
  const Members popped = co_await random.Pop(set, kMaxCount);
  c.ExpectEq(popped.size(), kMaxCount);
  ExpectDistinctOf(c, popped, members);
  const Members left = co_await sets.All(set);
  c.ExpectEq(left.size(), members.size() - kMaxCount);
}

Task<void> AnswersHoldAMebibyte(CaseContext& c) {
  SetClient sets(c);
  Random random(c);
  const std::string set = c.Unique("set");
  const Members members = LargeMembers(20);
  constexpr size_t kFit = kMaxSetPageBytes / kMaxSetMemberBytes;
  co_await sets.Add(set, members);
  for (const bool repeats : {false, true}) {
    const Members picked = co_await random.Get(set, 20, repeats);
    c.ExpectLe(size_t{1}, picked.size(), "one against the members that were returned");
    c.ExpectLe(picked.size(), kFit, "the members that were returned");
  }
  const Members popped = co_await random.Pop(set, 20);
  c.ExpectLe(size_t{1}, popped.size(), "one against the members that were popped");
  c.ExpectLe(popped.size(), kFit, "the members that were popped");
  Members all = co_await sets.All(set);
  all.insert(all.end(), popped.begin(), popped.end());
  c.Expect(Sorted(all) == members, "what was not returned is still in the set");
}

Task<void> AbsentSetReturnsNone(CaseContext& c) {
  SetClient sets(c);
  Random random(c);
  const std::string set = c.Unique("set");
  const Members none;
  const Members one = {"a"};
  for (int round = 0; round < 2; ++round) {
    c.ExpectEq(co_await random.Get(set, 5), none);
    c.ExpectEq(co_await random.Get(set, 5, true), none);
    c.ExpectEq(co_await random.Pop(set, 5), none);
    co_await sets.Add(set, one);
    c.ExpectEq(co_await random.Pop(set, 1), one);
  }
}

// Of ten members; a fair choice leaves these bounds less than once in 10^20 runs.
Task<void> EveryMemberHasItsChance(CaseContext& c) {
  SetClient sets(c);
  Random random(c);
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 10);
  co_await sets.Add(set, members);
  std::map<std::string, int> with_repeats;
  std::map<std::string, int> without;
  for (int i = 0; i < 6; ++i) {
    const Members picked = co_await random.Get(set, kMaxCount, true);
    for (const std::string& member : picked) ++with_repeats[member];
  }
  co_await c.Concurrently(8, [&](int) -> Task<void> {
    for (int i = 0; i < 50; ++i) {
      const Members picked = co_await random.Get(set, 3);
      for (const std::string& member : picked) ++without[member];
    }
  });
  for (const std::string& member : members) {
    c.Expect(with_repeats[member] > 250 && with_repeats[member] < 1'200,
             "of 6000 picks each of ten members has some 600");
    c.Expect(without[member] > 30 && without[member] < 300,
             "of 1200 picks each of ten members has some 120");
  }
}

Task<void> PopRemovesWhatItReturns(CaseContext& c) {
  SetClient sets(c);
  Random random(c);
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 30);
  co_await sets.Add(set, members);
  const Members popped = co_await random.Pop(set, 12);
  c.ExpectEq(popped.size(), size_t{12});
  Members all = co_await sets.All(set);
  c.ExpectEq(all.size(), size_t{18});
  all.insert(all.end(), popped.begin(), popped.end());
  c.ExpectEq(Sorted(all), members);
}

Task<void> RepeatedPopsRemoveFurtherOnes(CaseContext& c) {
  SetClient sets(c);
  Random random(c);
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 10);
  co_await sets.Add(set, members);
  Members popped;
  for (const size_t expected : {4, 4, 2, 0}) {
    const Members some = co_await random.Pop(set, 4);
    c.ExpectEq(some.size(), expected);
    popped.insert(popped.end(), some.begin(), some.end());
  }
  c.ExpectEq(Sorted(popped), members);
  const auto pages = co_await sets.Pages(set);
  c.Expect(pages.empty(), "the set is gone with its last member");
}

// Members are added while they are popped; each must come out exactly once.
Task<void> NoMemberIsPoppedTwice(CaseContext& c) {
  constexpr int kPoppers = 6;
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 600);
  Members popped;
  bool all_added = false;
  co_await c.Concurrently(kPoppers + 1, [&](int client) -> Task<void> {
    if (client == kPoppers) {
      SetClient sets(c);
      for (size_t i = 0; i < members.size() && c.ok(); i += 20) {
        Members some(members.begin() + static_cast<ptrdiff_t>(i),
                     members.begin() + static_cast<ptrdiff_t>(i + 20));
        co_await sets.Add(set, std::move(some));
      }
      all_added = true;
      co_return;
    }
    Random random(c);
    while (c.ok()) {
      const bool last_look = all_added;
      const Members some = co_await random.Pop(set, static_cast<uint64_t>(client % 3 + 1));
      popped.insert(popped.end(), some.begin(), some.end());
      if (some.empty() && last_look) break;
    }
  });
  c.ExpectEq(Sorted(popped), members);
}

Task<void> BadNamesAreRefused(CaseContext& c) {
  for (const std::string& name : BadSetNames()) {
    co_await c.Refused(&SetRandomStub::GetRandom, RandomOf(name, 1), Code::kInvalidArgument, "set");
    co_await c.Refused(&SetRandomStub::Pop, PopOf(name, 1), Code::kInvalidArgument, "set");
  }
  for (const MethodInfo& method : c.interface().methods) {  // a name that is no UTF-8
    const RawAnswer answer = co_await c.CallRaw(method, "\x0a\x02\xc3\x28");
    c.ExpectEq(answer.status.code(), Code::kInvalidArgument);
  }
}

Task<void> OtherNamespacesAreLeftAlone(CaseContext& c) {
  SetClient here(c);
  SetClient there(c.other());
  Random random(c);
  const std::string set = c.Unique("set");
  const Members ours = {"a", "b"};
  const Members theirs = {"x", "y", "z"};
  const Members none;
  co_await here.Add(set, ours);
  co_await there.Add(set, theirs);
  c.ExpectEq(co_await random.Get(set, 10), ours);
  c.ExpectEq(co_await random.Pop(set, 10), ours);
  c.ExpectEq(co_await random.Pop(set, 10), none);
  c.ExpectEq(co_await there.All(set), theirs);
}

constexpr std::string_view kRules = "Names, members and absence are those of set_basic.";
constexpr std::string_view kCount =
    "`count` is the most members returned: 0 means 1, more than 1000 is INVALID_ARGUMENT.";
constexpr std::string_view kRepeats =
    "Without `repeats` they differ, and a set that has no more than `count` members returns all of "
    "them; with it each is picked from the whole set, so there are `count` of them and some may be "
    "the same.";
constexpr std::string_view kNoTwo =
    "Of several calls no two return the same member unless it was added again.";
constexpr const InterfaceInfo* kBasic = &SetBasic::Info();

constexpr Case kCases[] = {
    {"random_members_stay",
     {"Members picked at random.", "Returns members and leaves them in the set.", kRepeats},
     &RandomMembersStay,
     {kBasic}},
    {"small_sets_return_all", {kRepeats, kRules}, &SmallSetsReturnAll, {kBasic}},
    {"repeats_fill_the_count", {kRepeats}, &RepeatsFillTheCount, {kBasic}},
    {"zero_means_one", {kCount}, &ZeroMeansOne, {kBasic}},
    {"a_thousand_are_the_most", {kCount}, &AThousandAreTheMost, {kBasic}},
    {"answers_hold_a_mebibyte",
     {"Fewer are returned when they would have more than 1 MiB together."},
     &AnswersHoldAMebibyte,
     {kBasic}},
    {"absent_set_returns_none",
     {"A set that is absent returns none.", kRules},
     &AbsentSetReturnsNone,
     {kBasic}},
    {"every_member_has_its_chance",
     {"Every member has about the same chance."},
     &EveryMemberHasItsChance,
     {kBasic}},
    {"pop_removes_what_it_returns",
     {"Removes members and returns them."},
     &PopRemovesWhatItReturns,
     {kBasic}},
    {"repeated_pops_remove_further_ones",
     {"Repeated, it removes further ones.", kNoTwo},
     &RepeatedPopsRemoveFurtherOnes,
     {kBasic}},
    {"no_member_is_popped_twice", {kNoTwo}, &NoMemberIsPoppedTwice, {kBasic}},
    {"bad_names_are_refused", {kRules}, &BadNamesAreRefused},
    {"other_namespaces_are_left_alone", {kRules}, &OtherNamespacesAreLeftAlone, {kBasic}, true},
};

constexpr Unproven kUnproven[] = {
    {"The choice is not fit for secrets.", "it warns, and promises nothing"},
    {"A member whose answer is lost is lost.", "no case can lose an answer of the backend"},
};

constexpr Suite kSuite = {&SetRandom::Info(), kCases, kUnproven, &ClearNotedSets};

}  // namespace
}  // namespace sets::random

const Suite& SetRandomSuite() { return sets::random::kSuite; }

}  // namespace prism::conformance
