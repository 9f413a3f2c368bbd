#include "conformance/set/client.h"
#include "conformance/set/operations_cases.h"
#include "conformance/set/suites.h"
#include "interfaces/set_operations.prism.h"

namespace prism::conformance {
namespace sets::operations {
namespace {

constexpr std::string_view kRules = "Names, members and absence are those of set_basic.";
constexpr std::string_view kCount =
    "An operation names 1 to 128 sets, else it is INVALID_ARGUMENT.";
constexpr std::string_view kOneMoment =
    "The result is computed in one step from all sets as they are at one moment.";
constexpr std::string_view kStreams =
    "Streams return each member of the result once, in no particular order, in pages of 1 to 1000 "
    "members and at most 1 MiB of them; a result without members is no page.";
constexpr std::string_view kStores =
    "The Store calls put the result in place of what `destination` held, and return its size; a "
    "result without members leaves `destination` absent.";

constexpr const InterfaceInfo* kBasic = &SetBasic::Info();

constexpr Case kCases[] = {
    {"union_is_in_any",
     {"Sets made from other sets.", "Streams the members that are in at least one of the sets.",
      "Stores the members that are in at least one of the sets."},
     &UnionIsInAny,
     {kBasic}},
    {"intersection_is_in_all",
     {"Streams the members that are in all of the sets.",
      "Stores the members that are in all of the sets."},
     &IntersectionIsInAll,
     {kBasic}},
    {"difference_is_in_the_first_alone",
     {"Streams the members that are in the first set and in none of the others.",
      "Stores the members that are in the first set and in none of the others."},
     &DifferenceIsInTheFirstAlone,
     {kBasic}},
    {"members_are_any_bytes", {kRules}, &MembersAreAnyBytes, {kBasic}},
    {"absent_sets_have_no_members",
     {kRules, "One that is absent counts as a set without members.", kStreams},
     &AbsentSetsHaveNoMembers,
     {kBasic}},
    {"sets_may_be_named_twice", {"A set may be named twice."}, &SetsMayBeNamedTwice, {kBasic}},
    {"store_replaces_the_destination", {kStores}, &StoreReplacesTheDestination, {kBasic}},
    {"no_result_leaves_the_destination_absent",
     {kStores},
     &NoResultLeavesTheDestinationAbsent,
     {kBasic}},
    {"destination_may_be_a_source",
     {"`destination` may be one of the sets."},
     &DestinationMayBeASource,
     {kBasic}},
    {"repeated_stores_are_the_same",
     {"Repeating one gives the same result unless somebody, or the call itself, changed the sets."},
     &RepeatedStoresAreTheSame,
     {kBasic}},
    {"one_to_128_sets", {kCount}, &OneTo128Sets, {kBasic}},
    {"bad_names_are_refused", {kRules}, &BadNamesAreRefused},
    {"other_namespaces_do_not_count", {kRules}, &OtherNamespacesDoNotCount, {kBasic}, true},

    {"results_come_in_pages", {kStreams, kOneMoment}, &ResultsComeInPages, {kBasic}},
    {"pages_hold_a_mebibyte", {kStreams}, &PagesHoldAMebibyte, {kBasic}},
    {"a_hundred_thousand_members_are_taken",
     {"A backend may bound the members that the sets, a `destination` included, have together, at "
      "100,000 or more;"},
     &AHundredThousandMembersAreTaken,
     {kBasic}},
    {"streams_are_of_one_moment", {kOneMoment}, &StreamsAreOfOneMoment, {kBasic}},
    {"stored_at_one_moment", {kOneMoment}, &StoredAtOneMoment, {kBasic}},
    {"no_store_is_lost", {kOneMoment, kStores}, &NoStoreIsLost, {kBasic}},
};

constexpr Unproven kUnproven[] = {
    {"beyond that the call is RESOURCE_EXHAUSTED naming the bound, and nothing was changed.",
     "a backend may have no such bound"},
};

constexpr Suite kSuite = {&SetOperations::Info(), kCases, kUnproven, &ClearNotedSets};

}  // namespace
}  // namespace sets::operations

const Suite& SetOperationsSuite() { return sets::operations::kSuite; }

}  // namespace prism::conformance
