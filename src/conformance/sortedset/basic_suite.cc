#include "conformance/sortedset/basic_cases.h"
#include "conformance/sortedset/client.h"
#include "conformance/sortedset/suites.h"
#include "interfaces/keyvalue_basic.prism.h"

namespace prism::conformance {
namespace sorted {
namespace {

constexpr std::string_view kApplies =
    "Applies 1 to 1000 entries, one after the other in the order given, all in one step:";
constexpr std::string_view kCounts =
    "`added` counts the members that were absent, `updated` those that were there and whose score "
    "has changed.";
constexpr std::string_view kOneStep =
    "Every call is one step: others see the sorted set as it was before or as it is after.";

constexpr Case kCases[] = {
    {"members_have_scores",
     {"Distinct members in the order of a score that each has.",
      "Returns the score of the member; `found = false` if it is absent.",
      "Returns the number of members; 0 if the sorted set is absent."},
     &MembersHaveScores},
    {"always_adds_or_replaces",
     {"ALWAYS: adds the member, or replaces the score it has.", kCounts},
     &AlwaysAddsOrReplaces},
    {"only_new_leaves_the_others",
     {"ONLY_NEW: adds the member if it is absent, else leaves it alone.", kCounts},
     &OnlyNewLeavesTheOthers},
    {"only_existing_adds_nothing",
     {"ONLY_EXISTING: replaces the score if the member is there, else does nothing.", kCounts},
     &OnlyExistingAddsNothing},
    {"if_greater_only_raises",
     {"IF_GREATER: adds the member if it is absent, else replaces the score by a greater one "
      "only.",
      kCounts},
     &IfGreaterOnlyRaises},
    {"if_less_only_lowers",
     {"IF_LESS: adds the member if it is absent, else replaces the score by a lesser one only.",
      kCounts},
     &IfLessOnlyLowers},
    {"entries_apply_in_their_order", {kApplies}, &EntriesApplyInTheirOrder},
    {"repeated_adds_count_less",
     {"Repeating it leaves the same scores but counts less."},
     &RepeatedAddsCountLess},
    {"remove_counts_those_there",
     {"Removes 1 to 1000 members and returns how many of them were there.",
      "Repeating it leaves the same but answers `removed = 0`."},
     &RemoveCountsThoseThere},
    {"increment_adds",
     {"Adds `delta` to the score of the member, which is 0 if the member is absent and then comes "
      "into being, and returns the new score.",
      "Repeated, it adds again."},
     &IncrementAdds},
    {"increment_to_nan_is_refused",
     {"A NaN, also as the sum of opposite infinities, is INVALID_ARGUMENT, and nothing was "
      "changed."},
     &IncrementToNaNIsRefused},
    {"clear_removes_all",
     {"Removes the sorted set with all its members and returns how many there were; 0 if it is "
      "absent."},
     &ClearRemovesAll},
    {"last_member_takes_the_set_along",
     {"A sorted set comes into being with its first member and is gone with its last.",
      "One that is absent answers like one without members, never with an error."},
     &LastMemberTakesTheSetAlong},
    {"members_come_in_order",
     {"Members are ordered by ascending score, those of equal score by ascending bytes, compared "
      "as unsigned, a prefix before what it begins."},
     &MembersComeInOrder,
     {kRange}},
    {"namespaces_never_meet",
     {"Sorted sets never meet what other data models keep under the same name, nor other "
      "namespaces."},
     &NamespacesNeverMeet,
     {},
     true},
    {"other_models_never_meet",
     {"Sorted sets never meet what other data models keep under the same name, nor other "
      "namespaces."},
     &OtherModelsNeverMeet,
     {&KeyValueBasic::Info()}},

    {"scores_are_doubles", {"A score is a double, also infinite;"}, &ScoresAreDoubles},
    {"minus_zero_is_zero", {"-0 is 0."}, &MinusZeroIsZero},
    {"nan_is_refused", {"NaN is INVALID_ARGUMENT."}, &NaNIsRefused},
    {"calls_take_a_thousand",
     {kApplies, "Removes 1 to 1000 members and returns how many of them were there."},
     &CallsTakeAThousand},
    {"long_names_are_taken",
     {"A sorted set's name is 1 to 4096 bytes of UTF-8;"},
     &LongNamesAreTaken},
    {"bad_names_are_refused", {"any other name is INVALID_ARGUMENT."}, &BadNamesAreRefused},
    {"members_are_any_bytes", {"A member is any bytes, 0 to 65,536 of them;"}, &MembersAreAnyBytes},
    {"long_members_are_refused", {"more is INVALID_ARGUMENT."}, &LongMembersAreRefused},

    {"no_increment_is_lost", {kOneStep, "Repeated, it adds again."}, &NoIncrementIsLost},
    {"one_of_many_adds_a_member", {kOneStep}, &OneOfManyAddsAMember},
    {"one_of_many_removes_a_member", {kOneStep}, &OneOfManyRemovesAMember},
    {"greatest_of_many_stays", {kOneStep}, &GreatestOfManyStays},
    {"adds_and_clears_balance", {kOneStep}, &AddsAndClearsBalance},
    {"reads_see_whole_adds", {kOneStep, kApplies}, &ReadsSeeWholeAdds, {kRange}},
    {"reads_see_answered_writes",
     {"A read that starts after a write was answered sees that write or a later one."},
     &ReadsSeeAnsweredWrites},
};

constexpr Unproven kUnproven[] = {
    {"More than the backend can hold is RESOURCE_EXHAUSTED, and nothing was changed.",
     "it would take filling the backend"},
    {"A call that fails with UNAVAILABLE or DEADLINE_EXCEEDED may or may not have been applied.",
     "it permits either"},
};

constexpr Suite kSuite = {&SortedSetBasic::Info(), kCases, kUnproven, &ClearNoted};

}  // namespace
}  // namespace sorted

const Suite& SortedSetBasicSuite() { return sorted::kSuite; }

}  // namespace prism::conformance
