#include "conformance/list/range_cases.h"
#include "conformance/list/suites.h"

namespace prism::conformance {
namespace lists {
namespace {

constexpr std::string_view kNames = "Names, elements, indexes and absence are those of list_basic.";
constexpr std::string_view kOneStep =
    "Every call is one step: others see the list as it was before or as it is after.";
constexpr std::string_view kReadsSee =
    "A read that starts after a write was answered sees that write or a later one.";
constexpr std::string_view kIndexes =
    "Parts of a list, given by the indexes of their first and last element, both included.";
constexpr std::string_view kBounds =
    "`start` before the left end means 0, `stop` behind the right end means -1; a range whose "
    "start is behind the right end or behind its stop is empty.";
constexpr std::string_view kNoError = "None of these is an error.";
constexpr std::string_view kGet =
    "Returns the elements of the range from left to right, as they were at one moment: at most "
    "1000, and at most 1 MiB of them unless the first alone is larger.";
constexpr std::string_view kMore =
    "`more` tells that the range goes on behind the last one returned; it does so at "
    "`next_start`, as long as nobody changes the list further left.";
constexpr std::string_view kTrim =
    "Removes all elements outside the range, and the list if the range is empty.";
constexpr std::string_view kLeft = "Returns how many elements are left.";

constexpr const InterfaceInfo* kBasic = &ListBasic::Info();

constexpr Case kCases[] = {
    {"both_ends_are_included", {kIndexes, kGet}, &BothEndsAreIncluded, {kBasic}},
    {"without_stop_to_the_right_end", {kIndexes}, &WithoutStopToTheRightEnd, {kBasic}},
    {"bounds_beyond_the_ends", {kBounds, kNoError}, &BoundsBeyondTheEnds, {kBasic}},
    {"empty_ranges_return_nothing",
     {kBounds, kNoError, "An empty range returns nothing."},
     &EmptyRangesReturnNothing,
     {kBasic}},
    {"pages_hold_a_thousand", {kGet, kMore}, &PagesHoldAThousand, {kBasic}},
    {"pages_hold_a_mebibyte", {kGet, kMore}, &PagesHoldAMebibyte, {kBasic}},
    {"large_element_has_its_own_page", {kGet, kMore}, &LargeElementHasItsOwnPage, {kBasic}},
    {"pages_go_on_beside_changes", {kMore}, &PagesGoOnBesideChanges, {kBasic}},
    {"range_is_of_one_moment", {kGet, kOneStep}, &RangeIsOfOneMoment, {kBasic}},
    {"trim_keeps_the_range", {kTrim, kLeft, kBounds}, &TrimKeepsTheRange, {kBasic}},
    {"trim_to_nothing_removes_the_list",
     {kTrim, kLeft, kBounds},
     &TrimToNothingRemovesTheList,
     {kBasic}},
    {"repeated_trim_trims_what_is_left",
     {"Repeated, it trims what the first one left."},
     &RepeatedTrimTrimsWhatIsLeft,
     {kBasic}},
    {"trim_is_one_step", {kTrim, kLeft, kOneStep}, &TrimIsOneStep, {kBasic}},
    {"trimmed_list_stays_short", {kTrim, kOneStep}, &TrimmedListStaysShort, {kBasic}},
    {"reads_see_answered_trims", {kReadsSee}, &ReadsSeeAnsweredTrims, {kBasic}},
    {"absent_list_has_no_range",
     {kNames, "One that is absent answers like one without elements, never with an error."},
     &AbsentListHasNoRange},
    {"bad_ranges_are_refused", {kNames}, &BadRangesAreRefused},
    {"other_namespaces_are_not_trimmed",
     {"Lists never meet what other data models keep under the same name, nor other namespaces."},
     &OtherNamespacesAreNotTrimmed,
     {kBasic},
     true},
};

constexpr Suite kSuite = {&ListRange::Info(), kCases, {}, &ClearNotedLists};

}  // namespace
}  // namespace lists

const Suite& ListRangeSuite() { return lists::kSuite; }

}  // namespace prism::conformance
