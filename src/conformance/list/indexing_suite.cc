#include "conformance/list/indexing_cases.h"
#include "conformance/list/suites.h"

namespace prism::conformance {
namespace lists {
namespace {

constexpr std::string_view kNames = "Names, elements, indexes and absence are those of list_basic.";
constexpr std::string_view kOneStep =
    "Every call is one step: others see the list as it was before or as it is after.";
constexpr std::string_view kGet =
    "Returns the element at the index; `found = false` if the list has no such index.";
constexpr std::string_view kSet = "Replaces the element at the index.";
constexpr std::string_view kNeverGrows =
    "`found = false`, and nothing happens, if the list has no such index: it never grows a list.";
constexpr std::string_view kInsert =
    "Adds the value directly before (BEFORE, the default) or after (AFTER) the leftmost element "
    "that equals `pivot`; BEFORE is to its left.";
constexpr std::string_view kLength = "`length` is the number of elements after that.";
constexpr std::string_view kNoPivot =
    "`found = false`, and nothing happens, if no element equals it.";
constexpr std::string_view kRemove =
    "Removes elements that equal `value` and returns how many: with a positive `count` at most so "
    "many beginning at the left, with a negative one at most so many (its absolute value) "
    "beginning at the right, with 0 all of them. 0 if there is none.";

constexpr const InterfaceInfo* kBasic = &ListBasic::Info();

constexpr Case kCases[] = {
    {"get_counts_from_both_ends",
     {"Access to single elements of a list by index or value.", kGet,
      "A negative index counts from the right: -1 is the rightmost element."},
     &GetCountsFromBothEnds,
     {kBasic}},
    {"absent_index_is_an_answer", {kGet}, &AbsentIndexIsAnAnswer, {kBasic}},
    {"absent_list_is_an_answer",
     {kNames, "One that is absent answers like one without elements, never with an error."},
     &AbsentListIsAnAnswer},
    {"set_replaces", {kSet}, &SetReplaces, {kBasic}},
    {"set_never_grows_a_list", {kNeverGrows}, &SetNeverGrowsAList, {kBasic}},
    {"set_may_hit_another",
     {"Repeated, it may hit another element if others pushed or popped at the end that the index "
      "counts from."},
     &SetMayHitAnother,
     {kBasic}},
    {"inserts_before_and_after", {kInsert, kLength}, &InsertsBeforeAndAfter, {kBasic}},
    {"insert_takes_the_leftmost_pivot",
     {kInsert, "Repeated, it adds the value again."},
     &InsertTakesTheLeftmostPivot,
     {kBasic}},
    {"insert_needs_a_pivot", {kNoPivot}, &InsertNeedsAPivot, {kBasic}},
    {"remove_counts_from_either_end", {kRemove}, &RemoveCountsFromEitherEnd, {kBasic}},
    {"remove_of_the_last_removes_the_list",
     {"A list comes into being with its first element and is gone with its last: there are no "
      "empty lists."},
     &RemoveOfTheLastRemovesTheList,
     {kBasic}},
    {"comparison_is_byte_by_byte",
     {"Values are compared byte by byte."},
     &ComparisonIsByteByByte,
     {kBasic}},
    {"bad_lists_are_refused", {kNames}, &BadListsAreRefused},
    {"too_large_a_value_is_refused", {kNames}, &TooLargeAValueIsRefused, {kBasic}},
    {"other_namespaces_are_not_touched",
     {"Lists never meet what other data models keep under the same name, nor other namespaces."},
     &OtherNamespacesAreNotTouched,
     {kBasic},
     true},
    {"reads_see_answered_sets",
     {"A read that starts after a write was answered sees that write or a later one."},
     &ReadsSeeAnsweredSets,
     {kBasic}},
    {"set_is_one_step", {kOneStep, kSet}, &SetIsOneStep, {kBasic}},
    {"no_insert_is_lost", {kOneStep, kLength}, &NoInsertIsLost, {kBasic}},
    {"each_element_is_removed_once", {kOneStep, kRemove}, &EachElementIsRemovedOnce, {kBasic}},
    {"indexes_of_a_moving_list", {kOneStep}, &IndexesOfAMovingList, {kBasic}},
};

constexpr Unproven kUnproven[] = {
    {"Reaching an element may take time in proportion to its distance from the nearer end.",
     "it permits slowness"},
};

constexpr Suite kSuite = {&ListIndexing::Info(), kCases, kUnproven, &ClearNotedLists};

}  // namespace
}  // namespace lists

const Suite& ListIndexingSuite() { return lists::kSuite; }

}  // namespace prism::conformance
