#include "conformance/stream/groups_cases.h"
#include "conformance/stream/groups_client.h"
#include "conformance/stream/suites.h"
#include "interfaces/stream_partitioning.prism.h"
#include "interfaces/stream_retention.prism.h"

namespace prism::conformance {
namespace {

using namespace streams;  // NOLINT: its cases

constexpr std::string_view kOneMember =
    "Each record goes to one member, and is then pending until it is acked.";
constexpr std::string_view kFree =
    "A pending record becomes free when the group's ack wait has passed since its last delivery, "
    "or when the member that has it leaves; free records are delivered again, before new ones, to "
    "any member that has room.";
constexpr std::string_view kLeaves =
    "A member leaves when its JoinConsumerGroup stream ends; a backend that does not see this "
    "frees its records after the ack wait.";
constexpr std::string_view kBounds =
    "A stream has a bounded number of groups and a group of members (the backend's bounds, at "
    "least 100 each); one more is RESOURCE_EXHAUSTED.";
constexpr std::string_view kCreates = "Makes a group that begins where `start` says.";
constexpr std::string_view kStays = "`created = false`, and nothing changes, if it exists.";
constexpr std::string_view kForgets =
    "Forgets the group, its position and what is pending; its members' streams end with ABORTED.";
constexpr std::string_view kEnds =
    "The stream ends only by its caller or with an error: NOT_FOUND if there is no such group.";
constexpr std::string_view kMaxPending =
    "At most `max_pending` records of the member are pending by this stream; more are not sent "
    "until acks arrive.";
constexpr std::string_view kAcks =
    "Acks 1 to 1000 records, in any order, whoever they were delivered to.";
constexpr std::string_view kAcked =
    "`acked` counts those that were pending; others, also of an unknown group, are ignored.";
constexpr std::string_view kClaims =
    "Takes over free records, and then what other members have had pending for at least "
    "`min_idle_ms` since its last delivery, longest idle first; at most `limit` records and one "
    "page.";
constexpr std::string_view kClaimed =
    "They are answered here, are pending for `member` from now on, which need not have a stream, "
    "and their delivery counts go up.";

constexpr Case kCases[] = {
    {"groups_begin_where_told",
     {kCreates, "A group has a position in each partition: records from there on are new to it."},
     &GroupsBeginWhereTold},
    {"existing_group_stays", {kStays}, &ExistingGroupStays},
    {"deleting_forgets", {kForgets, "`found = false` if there is none."}, &DeletingForgets},
    {"groups_are_independent",
     {"A group has a position in each partition: records from there on are new to it.", kAcked},
     &GroupsAreIndependent},
    {"info_tells_how_far", {"Tells how far the group is.", kOneMember}, &InfoTellsHowFar},
    {"hundred_groups", {kBounds}, &HundredGroups},
    {"hundred_members", {kBounds, kOneMember}, &HundredMembers},
    {"absent_groups",
     {kEnds, kAcked, "`found = false` if there is none.",
      "No records if there is nothing to take or no such group."},
     &AbsentGroups},
    {"group_names_are_bounded",
     {"Names of groups and members are 1 to 4096 bytes of UTF-8.",
      "Limits, offsets and pages are those of stream_basic."},
     &GroupNamesAreBounded},
    {"bad_groups_are_refused",
     {"Limits, offsets and pages are those of stream_basic.", kMaxPending},
     &BadGroupsAreRefused},
    {"bad_claims_and_acks_are_refused",
     {kAcks, "Limits, offsets and pages are those of stream_basic."},
     &BadClaimsAndAcksAreRefused},
    {"groups_of_namespaces_never_meet",
     {"Streams of different namespaces never meet."},
     &GroupsOfNamespacesNeverMeet,
     {},
     true},
    {"first_page_comes_at_once",
     {"Receives records for a member, page by page.",
      "The first page comes at once and may be empty: the member has joined.",
      "Later ones are never empty.", "New records come in the order of their partition."},
     &FirstPageComesAtOnce},
    {"each_record_goes_to_one_member",
     {"Consumers that share the records of a stream.", kOneMember},
     &EachRecordGoesToOneMember},
    {"max_pending_holds_back",
     {kMaxPending, "New records come in the order of their partition."},
     &MaxPendingHoldsBack},
    {"ack_wait_frees", {kFree}, &AckWaitFrees},
    {"leaving_frees", {kFree, kLeaves}, &LeavingFrees},
    {"second_stream_replaces",
     {"A second stream of the same member replaces the first, which ends with ABORTED and "
      "leaves."},
     &SecondStreamReplaces},
    {"none_is_lost_when_members_leave", {kLeaves, kOneMember, kAcked}, &NoneIsLostWhenMembersLeave},
    {"groups_span_partitions",
     {"New records come in the order of their partition.",
      "A group has a position in each partition: records from there on are new to it."},
     &GroupsSpanPartitions,
     {&StreamPartitioning::Info()}},
    {"removed_records_are_not_delivered",
     {"Records that retention or compaction removes are not delivered any more, and not pending."},
     &RemovedRecordsAreNotDelivered,
     {&StreamRetention::Info()}},
    {"who_has_nothing_is_no_member",
     {"Records that retention or compaction removes are not delivered any more, and not pending."},
     &WhoHasNothingIsNoMember,
     {&StreamRetention::Info()}},
    {"acks_count_the_pending", {kAcks, kAcked}, &AcksCountThePending},
    {"acked_stays_acked", {kOneMember, kLeaves}, &AckedStaysAcked},
    {"claims_take_over",
     {kClaims, kClaimed, "No records if there is nothing to take or no such group.",
      "1 for the first delivery, then 2 and so on."},
     &ClaimsTakeOver},
    {"claims_take_the_longest_idle", {kClaims}, &ClaimsTakeTheLongestIdle},
    {"claims_take_the_free_first", {kClaims, kEnds}, &ClaimsTakeTheFreeFirst},
    {"claims_fill_a_page", {kClaims}, &ClaimsFillAPage},
    {"many_claims_meet_once", {kClaimed}, &ManyClaimsMeetOnce},
};

constexpr Unproven kUnproven[] = {
    {"Delivery is at least once: a record may come again though it was acked, if the backend or "
     "the way to it failed meanwhile.",
     "it permits what no case can bring about"},
    {"It may start anew after a failure of the backend.",
     "it permits what no case can bring about"},
};

constexpr Suite kSuite = {&StreamConsumerGroups::Info(), kCases, kUnproven, &DeleteNotedStreams};

}  // namespace

const Suite& StreamConsumerGroupsSuite() { return kSuite; }

}  // namespace prism::conformance
