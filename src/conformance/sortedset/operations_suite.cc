#include "conformance/sortedset/operations_cases.h"
#include "conformance/sortedset/operations_client.h"
#include "conformance/sortedset/suites.h"

namespace prism::conformance {
namespace sorted {
namespace {

constexpr std::string_view kCounted =
    "An operation names 1 to 128 sources, else it is INVALID_ARGUMENT.";
constexpr std::string_view kJoin =
    "Union and intersection multiply each score by the `weight` of its source (finite, else it is "
    "INVALID_ARGUMENT) and join the scores of a member over the sources that have it by "
    "`aggregate`: their sum, their minimum or their maximum.";
constexpr std::string_view kDifference =
    "Difference keeps the scores of the first source; a weight or an aggregate other than SUM is "
    "INVALID_ARGUMENT.";
constexpr std::string_view kOneStep =
    "The result is computed in one step from all sources as they are at one moment.";
constexpr std::string_view kStreams =
    "Streams return the result in order, in pages of 1 to 1000 entries and at most 1 MiB of "
    "members; a result without members is no page.";
constexpr std::string_view kStore =
    "The Store calls put the result in place of what `destination` held, and return its size; a "
    "result without members leaves `destination` absent.";
constexpr std::string_view kRepeated =
    "Repeating one gives the same result unless somebody, or the call itself, changed the sources.";
constexpr std::string_view kBound =
    "A backend may bound the members that the sources and a `destination` have together, at "
    "100,000 or more; beyond that the call is RESOURCE_EXHAUSTED naming the bound, and nothing was "
    "changed.";
constexpr std::string_view kSame =
    "Names, members, order and absence are those of sortedset_basic.";
constexpr const InterfaceInfo* kBasic = &SortedSetBasic::Info();

constexpr Case kCases[] = {
    {"union_joins_all",
     {"Sorted sets made from other sorted sets.",
      "Streams the members that are in at least one of the sources.",
      "Stores the members that are in at least one of the sources.", kJoin},
     &UnionJoinsAll,
     {kBasic}},
    {"intersection_joins_the_common",
     {"Streams the members that are in all of the sources.",
      "Stores the members that are in all of the sources.", kJoin},
     &IntersectionJoinsTheCommon,
     {kBasic}},
    {"difference_keeps_the_first",
     {"Streams the members that are in the first source and in none of the others.",
      "Stores the members that are in the first source and in none of the others.", kDifference},
     &DifferenceKeepsTheFirst,
     {kBasic}},
    {"weights_multiply", {kJoin}, &WeightsMultiply, {kBasic}},
    {"aggregates_join", {kJoin}, &AggregatesJoin, {kBasic}},
    {"no_score_is_nan",
     {"What would be NaN, such as the sum of opposite infinities, is 0."},
     &NoScoreIsNaN,
     {kBasic}},
    {"absent_sources_are_empty",
     {"One that is absent counts as a sorted set without members.", kStreams},
     &AbsentSourcesAreEmpty,
     {kBasic}},
    {"sources_may_repeat", {"A source may be named twice."}, &SourcesMayRepeat, {kBasic}},
    {"results_come_in_order", {kSame, kStreams}, &ResultsComeInOrder, {kBasic}},
    {"pages_hold_a_thousand", {kStreams}, &PagesHoldAThousand, {kBasic}},
    {"pages_hold_a_mebibyte", {kStreams}, &PagesHoldAMebibyte, {kBasic}},
    {"sources_are_of_the_namespace",
     {"Sorted sets never meet what other data models keep under the same name, nor other "
      "namespaces."},
     &SourcesAreOfTheNamespace,
     {kBasic},
     true},
    {"sources_are_counted", {kCounted}, &SourcesAreCounted, {kBasic}},
    {"bad_weights_are_refused", {kJoin}, &BadWeightsAreRefused, {kBasic}},
    {"difference_takes_no_weights", {kDifference}, &DifferenceTakesNoWeights, {kBasic}},
    {"bad_names_are_refused", {kSame}, &BadNamesOfOperationsAreRefused, {kBasic}},

    {"store_replaces", {kStore}, &StoreReplaces, {kBasic}},
    {"nothing_leaves_no_destination", {kStore, kSame}, &NothingLeavesNoDestination, {kBasic}},
    {"destination_may_be_a_source",
     {"`destination` may be one of the sources."},
     &DestinationMayBeASource,
     {kBasic}},
    {"repeated_stores_agree", {kRepeated}, &RepeatedStoresAgree, {kBasic}},
    {"a_hundred_thousand_are_joined", {kBound}, &AHundredThousandAreJoined, {kBasic}},
    {"refused_stores_change_nothing", {kCounted, kJoin}, &RefusedStoresChangeNothing, {kBasic}},
    {"no_store_is_lost", {kOneStep, kRepeated}, &NoStoreIsLost, {kBasic}},
    {"sources_are_of_one_moment", {kOneStep}, &SourcesAreOfOneMoment, {kBasic}},
    {"stores_are_one_step", {kOneStep, kStore}, &StoresAreOneStep, {kBasic}},
};

constexpr Suite kSuite = {&SortedSetOperations::Info(), kCases, {}, &ClearNoted};

}  // namespace
}  // namespace sorted

const Suite& SortedSetOperationsSuite() { return sorted::kSuite; }

}  // namespace prism::conformance
