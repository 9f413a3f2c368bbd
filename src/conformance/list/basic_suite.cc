#include "conformance/list/basic_cases.h"
#include "conformance/list/client.h"
#include "conformance/list/suites.h"
#include "interfaces/keyvalue_basic.prism.h"
#include "interfaces/list_blocking.prism.h"
#include "interfaces/list_indexing.prism.h"

namespace prism::conformance {
namespace lists {
namespace {

constexpr std::string_view kOneStep =
    "Every call is one step: others see the list as it was before or as it is after.";
constexpr std::string_view kReadsSee =
    "A read that starts after a write was answered sees that write or a later one.";
constexpr std::string_view kNames =
    "A list's name is 1 to 4096 bytes of UTF-8; any other name is INVALID_ARGUMENT.";
constexpr std::string_view kElements =
    "An element is any bytes, also none, as many as fit in a message (16 MiB with the name, unless "
    "configured smaller); more, or more than the backend can hold, is RESOURCE_EXHAUSTED, and "
    "nothing was changed.";
constexpr std::string_view kNeverMeet =
    "Lists never meet what other data models keep under the same name, nor other namespaces.";
constexpr std::string_view kPushLeft =
    "Adds 1 to 1000 values (else INVALID_ARGUMENT) at the left end, one after the other in the "
    "order given, so the last of them ends up leftmost.";
constexpr std::string_view kPushRight =
    "Adds 1 to 1000 values (else INVALID_ARGUMENT) at the right end, one after the other in the "
    "order given, so the last of them ends up rightmost.";
constexpr std::string_view kPopLeft =
    "Removes elements from the left end and returns them, the leftmost first: as many as there "
    "are, but at most `count` (0 means 1; more than 1000 is INVALID_ARGUMENT), and at most 1 MiB "
    "of them unless the first alone is larger.";
constexpr std::string_view kBoundsOfPopRight = "The bounds are those of PopLeft.";
constexpr std::string_view kLength = "`length` is the number of elements right after that.";

constexpr Case kCases[] = {
    {"pushes_at_both_ends",
     {"Sequences of values that grow and shrink at both ends.", kPushLeft, kPushRight},
     &PushesAtBothEnds},
    {"push_tells_the_length", {kLength, "For the rest it is PushLeft."}, &PushTellsTheLength},
    {"repeated_push_adds_again",
     {"Repeated, it adds the values again.", "Elements need not differ."},
     &RepeatedPushAddsAgain},
    {"push_takes_a_thousand", {kPushLeft, kPushRight}, &PushTakesAThousand},
    {"pushes_serve_who_waits",
     {"Calls that wait in list_blocking are served behind the whole push, first come first "
      "served.",
      kLength},
     &PushesServeWhoWaits,
     {&ListBlocking::Info()}},
    {"pops_at_both_ends",
     {"Sequences of values that grow and shrink at both ends.", kPopLeft,
      "Removes elements from the right end and returns them, the rightmost first.",
      "Repeated, it removes further ones."},
     &PopsAtBothEnds},
    {"count_bounds_a_pop", {kPopLeft, kBoundsOfPopRight}, &CountBoundsAPop},
    {"bytes_bound_a_pop", {kPopLeft, kBoundsOfPopRight}, &BytesBoundAPop},
    {"large_element_pops_alone", {kPopLeft}, &LargeElementPopsAlone},
    {"list_comes_and_goes",
     {"A list comes into being with its first element and is gone with its last: there are no "
      "empty lists.",
      "Nothing is returned only if the list is absent."},
     &ListComesAndGoes},
    {"clear_removes_all",
     {"Removes the list with all its elements and returns how many there were; 0 if it is absent.",
      "Returns the number of elements; 0 if the list is absent."},
     &ClearRemovesAll},
    {"absence_is_an_answer",
     {"One that is absent answers like one without elements, never with an error."},
     &AbsenceIsAnAnswer},
    {"indexes_count_from_both_ends",
     {"Elements are numbered from the left, beginning with 0.",
      "A negative index counts from the right: -1 is the rightmost element."},
     &IndexesCountFromBothEnds,
     {&ListIndexing::Info()}},
    {"names_of_all_kinds", {kNames}, &NamesOfAllKinds},
    {"bad_names_are_refused", {kNames}, &BadNamesAreRefused},
    {"names_that_are_no_text_are_refused", {kNames}, &NamesThatAreNoTextAreRefused},
    {"elements_are_any_bytes", {kElements, "Elements need not differ."}, &ElementsAreAnyBytes},
    {"large_elements", {kElements}, &LargeElements},
    {"too_large_a_push_is_refused", {kElements}, &TooLargeAPushIsRefused},
    {"other_models_keep_theirs", {kNeverMeet}, &OtherModelsKeepTheirs, {&KeyValueBasic::Info()}},
    {"namespaces_never_meet", {kNeverMeet}, &NamespacesNeverMeet, {}, true},
    {"reads_see_answered_writes", {kReadsSee}, &ReadsSeeAnsweredWrites},
    {"batches_stay_whole", {kOneStep}, &BatchesStayWhole},
    {"every_push_has_its_length", {kOneStep, kLength}, &EveryPushHasItsLength},
    {"nothing_is_lost_or_doubled", {kOneStep}, &NothingIsLostOrDoubled},
    {"pushes_keep_their_order", {kReadsSee, kPushRight}, &PushesKeepTheirOrder},
    {"clear_is_one_step", {kOneStep}, &ClearIsOneStep},
};

constexpr Unproven kUnproven[] = {
    {"A call that fails with UNAVAILABLE or DEADLINE_EXCEEDED may or may not have been applied.",
     "it permits either"},
    {"An element that was removed for an answer which the caller never received is lost.",
     "a warning: no case can make an answer go astray"},
};

constexpr Suite kSuite = {&ListBasic::Info(), kCases, kUnproven, &ClearNotedLists};

}  // namespace
}  // namespace lists

const Suite& ListBasicSuite() { return lists::kSuite; }

}  // namespace prism::conformance
