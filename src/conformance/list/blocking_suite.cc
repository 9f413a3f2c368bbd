#include "conformance/list/blocking_cases.h"
#include "conformance/list/suites.h"

namespace prism::conformance {
namespace lists {
namespace {

constexpr std::string_view kNames = "Names, elements and absence are those of list_basic.";
constexpr std::string_view kWait = "Pops that wait for an element.";
constexpr std::string_view kOneStep =
    "Every call is one step: others see the list as it was before or as it is after.";
constexpr std::string_view kTimeout =
    "`timeout_ms` is 0 to 3,600,000 (else INVALID_ARGUMENT); 0 does not wait.";
constexpr std::string_view kTimePasses =
    "A call whose time passes without an element answers `found = false`.";
constexpr std::string_view kDeadline = "One whose deadline passes earlier is DEADLINE_EXCEEDED.";
constexpr std::string_view kTurns =
    "Calls that wait for the same list are served first come first served, whatever they want of "
    "it: each push serves as many as it has elements for, the longest waiting first.";
constexpr std::string_view kPlainPops =
    "A pop by PopLeft or PopRight never waits, and finds nothing in a list that others wait for.";
constexpr std::string_view kCancelled = "A call that is cancelled while it waits removes nothing.";
constexpr std::string_view kPopLeft =
    "Removes and returns the leftmost element of the first of the 1 to 128 lists (else "
    "INVALID_ARGUMENT), in the order given, that has one; if none has, waits for the first element "
    "that is added to any of them.";
constexpr std::string_view kPopRight =
    "Removes and returns the rightmost element of such a list; otherwise it is BlockingPopLeft.";
constexpr std::string_view kMove =
    "Moves an element from the `from` end of `source` to the `to` end of `destination` and returns "
    "it; if there is none, waits for one.";
constexpr std::string_view kMoveIsOneStep =
    "The move is one step: nobody sees the element in both lists or in neither, and its arrival "
    "serves those who wait for `destination`.";
constexpr std::string_view kRotates = "The two lists may be one, which rotates it.";
constexpr std::string_view kPlainMove = "With `timeout_ms` 0 this is the plain move between lists.";

constexpr const InterfaceInfo* kBasic = &ListBasic::Info();

constexpr Case kCases[] = {
    {"pops_what_is_there", {kPopLeft, kPopRight}, &PopsWhatIsThere, {kBasic}},
    {"pops_from_the_first_list_that_has_one",
     {kPopLeft, kPopRight},
     &PopsFromTheFirstListThatHasOne,
     {kBasic}},
    {"waits_for_any_of_its_lists", {kWait, kPopLeft, kPopRight}, &WaitsForAnyOfItsLists, {kBasic}},
    {"takes_up_to_128_lists", {kPopLeft, kPopRight}, &TakesUpTo128Lists, {kBasic}},
    {"pops_any_bytes", {kNames}, &PopsAnyBytes, {kBasic}},
    {"timeout_finds_nothing", {kTimePasses}, &TimeoutFindsNothing, {kBasic}},
    {"zero_does_not_wait", {kTimeout}, &ZeroDoesNotWait, {kBasic}},
    {"timeouts_are_bounded", {kTimeout}, &TimeoutsAreBounded, {kBasic}},
    {"deadline_may_pass_earlier", {kDeadline}, &DeadlineMayPassEarlier},
    {"bad_lists_are_refused", {kNames}, &BadListsAreRefusedToWaiters},
    {"moves_from_end_to_end", {kMove, kPlainMove}, &MovesFromEndToEnd, {kBasic}},
    {"move_rotates_a_list", {kRotates}, &MoveRotatesAList, {kBasic}},
    {"move_waits_for_an_element", {kMove}, &MoveWaitsForAnElement, {kBasic}},
    {"move_serves_its_destination", {kMoveIsOneStep}, &MoveServesItsDestination, {kBasic}},
    {"moves_in_a_circle_end", {kMoveIsOneStep, kRotates}, &MovesInACircleEnd, {kBasic}},
    {"move_is_one_step", {kMoveIsOneStep}, &MoveIsOneStep, {kBasic}},
    {"moved_element_is_always_found",
     {kMoveIsOneStep, kOneStep},
     &MovedElementIsAlwaysFound,
     {kBasic}},
    {"first_come_first_served", {kTurns}, &FirstComeFirstServed, {kBasic}},
    {"push_serves_as_many_as_it_has", {kTurns}, &PushServesAsManyAsItHas, {kBasic}},
    {"served_call_leaves_its_other_lists",
     {kPopLeft, kTurns},
     &ServedCallLeavesItsOtherLists,
     {kBasic}},
    {"plain_pops_find_nothing", {kPlainPops}, &PlainPopsFindNothing, {kBasic}},
    {"cancelled_wait_removes_nothing", {kCancelled}, &CancelledWaitRemovesNothing, {kBasic}},
    {"cancelled_wait_leaves_the_queue",
     {kCancelled, kTurns},
     &CancelledWaitLeavesTheQueue,
     {kBasic}},
    {"other_namespaces_serve_nobody",
     {"Lists never meet what other data models keep under the same name, nor other namespaces."},
     &OtherNamespacesServeNobody,
     {kBasic},
     true},
    {"each_element_reaches_one", {kOneStep, kTurns}, &EachElementReachesOne, {kBasic}},
    {"timeouts_lose_nothing", {kTimePasses, kOneStep}, &TimeoutsLoseNothing, {kBasic}},
    {"moves_lose_nothing", {kMoveIsOneStep}, &MovesLoseNothing, {kBasic}},
};

constexpr Unproven kUnproven[] = {
    {"If an element was meant for it at that very moment, a backend may have to put it back, "
     "behind what others took meanwhile; a move may then have been made.",
     "it permits what no case can bring about at will"},
};

constexpr Suite kSuite = {&ListBlocking::Info(), kCases, kUnproven, &ClearNotedLists};

}  // namespace
}  // namespace lists

const Suite& ListBlockingSuite() { return lists::kSuite; }

}  // namespace prism::conformance
