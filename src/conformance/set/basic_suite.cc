#include "conformance/set/basic_cases.h"
#include "conformance/set/client.h"
#include "conformance/set/suites.h"
#include "interfaces/keyvalue_basic.prism.h"

namespace prism::conformance {
namespace sets::basic {
namespace {

constexpr std::string_view kName =
    "A set's name is 1 to 4096 bytes of UTF-8; any other name is INVALID_ARGUMENT.";
constexpr std::string_view kAnyBytes =
    "A member is any bytes, 0 to 65,536 of them; more is INVALID_ARGUMENT.";
constexpr std::string_view kAdds =
    "Adds 1 to 1000 members and returns how many of them were not in the set; one that is named "
    "twice counts once.";
constexpr std::string_view kRemoves =
    "Removes 1 to 1000 members and returns how many of them were in the set; one that is named "
    "twice counts once.";
constexpr std::string_view kContains =
    "Tells of 1 to 1000 members which are in the set, in the order given.";
constexpr std::string_view kClears =
    "Removes the set with all its members and returns how many there were; 0 if it is absent.";
constexpr std::string_view kOneStep =
    "Every call except GetMembers is one step: others see the set as it was before or as it is "
    "after.";
constexpr std::string_view kOnce =
    "A member is returned once if the set does not change meanwhile, else perhaps again.";
constexpr std::string_view kPages = "A page has 1 to 1000 members, and at most 1 MiB of them.";
constexpr std::string_view kNeverMeet =
    "Sets never meet what other data models keep under the same name, nor other namespaces.";
constexpr std::string_view kResumes =
    "`cursor` of a page, given in a new request for the same set, resumes behind that page, with "
    "the same guarantee for members that are in the set all the time.";
constexpr std::string_view kOpaque =
    "It is opaque; one that is damaged or made for another set is INVALID_ARGUMENT.";
constexpr std::string_view kEmptyCursor =
    "An empty cursor means that all was returned; behind any other there may or may not be more.";

constexpr Case kCases[] = {
    {"members_come_back",
     {"Collections of distinct members without order.",
      "Streams the members in no particular order, page by page."},
     &MembersComeBack},
    {"members_are_any_bytes",
     {kAnyBytes, "Members are compared byte by byte."},
     &MembersAreAnyBytes},
    {"long_members", {kAnyBytes}, &LongMembers},
    {"add_counts_what_is_new",
     {kAdds, "Repeating it leaves the set the same but answers `added = 0`."},
     &AddCountsWhatIsNew},
    {"remove_counts_what_was_there",
     {kRemoves, "Repeating it leaves the set the same but answers `removed = 0`."},
     &RemoveCountsWhatWasThere},
    {"calls_take_a_thousand_members", {kAdds, kRemoves, kContains}, &CallsTakeAThousandMembers},
    {"contains_answers_in_order", {kContains}, &ContainsAnswersInOrder},
    {"absent_set_has_no_members",
     {"One that is absent answers like one without members, never with an error.",
      "A set that is absent is no page.", kClears},
     &AbsentSetHasNoMembers},
    {"set_is_gone_with_its_last_member",
     {"A set comes into being with its first member and is gone with its last: there are no empty "
      "sets."},
     &SetIsGoneWithItsLastMember},
    {"clear_removes_all", {kClears}, &ClearRemovesAll},
    {"long_names_are_taken", {kName}, &LongNamesAreTaken},
    {"bad_names_are_refused", {kName}, &BadNamesAreRefused},
    {"refused_calls_change_nothing", {kAnyBytes, kOneStep}, &RefusedCallsChangeNothing},
    {"reads_see_answered_writes",
     {"A read that starts after a write was answered sees that write or a later one."},
     &ReadsSeeAnsweredWrites},
    {"namespaces_never_meet", {kNeverMeet}, &NamespacesNeverMeet, {}, true},
    {"other_models_never_meet", {kNeverMeet}, &OtherModelsNeverMeet, {&KeyValueBasic::Info()}},

    {"pages_hold_a_thousand_members", {kPages, kOnce, kEmptyCursor}, &PagesHoldAThousandMembers},
    {"pages_hold_a_mebibyte", {kPages, kOnce}, &PagesHoldAMebibyte},
    {"limit_ends_the_stream",
     {"`limit` ends the stream after so many members; 0 means no bound."},
     &LimitEndsTheStream},
    {"cursors_resume", {kResumes, kEmptyCursor}, &CursorsResume},
    {"cursors_do_not_expire", {"It does not expire."}, &CursorsDoNotExpire},
    {"foreign_cursors_are_refused", {kOpaque}, &ForeignCursorsAreRefused},
    {"damaged_cursors_are_refused", {kOpaque}, &DamagedCursorsAreRefused},
    {"streams_wait_for_their_callers",
     {"The server makes pages only as fast as the caller takes them."},
     &StreamsWaitForTheirCallers},

    {"each_member_is_added_once", {kOneStep, kAdds}, &EachMemberIsAddedOnce},
    {"each_member_is_removed_once", {kOneStep, kRemoves}, &EachMemberIsRemovedOnce},
    {"clears_and_adds_add_up", {kOneStep, kClears}, &ClearsAndAddsAddUp},
    {"groups_are_added_at_once", {kOneStep}, &GroupsAreAddedAtOnce},
    {"listing_is_weakly_consistent",
     {"Weakly consistent: a member that is in the set from the start to the end of the stream is "
      "returned; one that is added or removed meanwhile may or may not be."},
     &ListingIsWeaklyConsistent},
    {"cursors_meet_what_stays", {kResumes}, &CursorsMeetWhatStays},
};

constexpr Unproven kUnproven[] = {
    {"More than the backend can hold is RESOURCE_EXHAUSTED, and nothing was changed.",
     "it would take filling the backend"},
    {"A call that fails with UNAVAILABLE or DEADLINE_EXCEEDED may or may not have been applied.",
     "it permits either"},
};

constexpr Suite kSuite = {&SetBasic::Info(), kCases, kUnproven, &ClearNotedSets};

}  // namespace
}  // namespace sets::basic

const Suite& SetBasicSuite() { return sets::basic::kSuite; }

}  // namespace prism::conformance
