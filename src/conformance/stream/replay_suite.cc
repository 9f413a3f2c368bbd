#include "conformance/stream/client.h"
#include "conformance/stream/replay_cases.h"
#include "conformance/stream/suites.h"
#include "interfaces/stream_consumer_groups.prism.h"
#include "interfaces/stream_partitioning.prism.h"
#include "interfaces/stream_replay.prism.h"

namespace prism::conformance {
namespace {

using namespace streams;  // NOLINT: its cases

constexpr std::string_view kLimits =
    "Limits, offsets and pages are those of stream_basic, groups those of stream_consumer_groups.";
constexpr std::string_view kOneStep =
    "Moving a group is one step: nothing stays pending in the partitions that were moved, and "
    "members then receive the records from the new position on, also those that were acked, as new "
    "ones.";
constexpr std::string_view kToOffset =
    "Moves the group to the offset, in the partition of that offset; the empty offset moves it to "
    "the oldest record of every partition.";
constexpr std::string_view kToTime =
    "Moves the group, in every partition, to the first record whose timestamp is not before the "
    "time given, or behind the newest record if there is none.";
constexpr std::string_view kRange =
    "Streams the records from `from_offset`, inclusive, to `to_offset`, exclusive, and ends OK.";
constexpr std::string_view kToTheEnd =
    "An empty `to_offset` means the end at the time of the call.";

constexpr Case kCases[] = {
    {"seeking_back_delivers_again",
     {kOneStep, kToOffset},
     &SeekingBackDeliversAgain,
     {&StreamConsumerGroups::Info()}},
    {"seeking_forward_skips",
     {kOneStep, kToOffset},
     &SeekingForwardSkips,
     {&StreamConsumerGroups::Info()}},
    {"seeking_to_the_oldest", {kToOffset}, &SeekingToTheOldest, {&StreamConsumerGroups::Info()}},
    {"old_acks_do_not_count",
     {"An ack of a record from before the move counts only if the record was delivered again "
      "since.",
      kOneStep},
     &OldAcksDoNotCount,
     {&StreamConsumerGroups::Info()}},
    {"seeking_by_time", {kToTime}, &SeekingByTime, {&StreamConsumerGroups::Info()}},
    {"seeking_while_members_receive",
     {kOneStep},
     &SeekingWhileMembersReceive,
     {&StreamConsumerGroups::Info()}},
    {"seeking_in_partitions",
     {kToOffset, kToTime, kOneStep},
     &SeekingInPartitions,
     {&StreamConsumerGroups::Info(), &StreamPartitioning::Info()}},
    {"seeking_moves_one_group",
     {kToOffset},
     &SeekingMovesOneGroup,
     {&StreamConsumerGroups::Info()}},
    {"seeking_no_group",
     {"`found = false` if there is no such group."},
     &SeekingNoGroup,
     {&StreamConsumerGroups::Info()}},
    {"ranges_are_half_open", {kRange, "Reading records again."}, &RangesAreHalfOpen},
    {"ranges_end_where_they_began", {kToTheEnd}, &RangesEndWhereTheyBegan},
    {"empty_ranges_have_no_page", {"An empty range ends without a page."}, &EmptyRangesHaveNoPage},
    {"long_ranges_come_in_pages", {kLimits, kToTheEnd}, &LongRangesComeInPages},
    {"ranges_of_partitions_are_refused",
     {"Read, GetLatestOffset and ReplayRange are FAILED_PRECONDITION: use ReadPartition and "
      "GetPartitions."},
     &RangesOfPartitionsAreRefused,
     {&StreamPartitioning::Info()}},
    {"bad_ranges_are_refused", {kLimits}, &BadRangesAreRefused},
    {"bad_seeks_are_refused", {kLimits}, &BadSeeksAreRefused, {&StreamConsumerGroups::Info()}},
    {"replay_stays_in_its_namespace",
     {"Streams of different namespaces never meet."},
     &ReplayStaysInItsNamespace,
     {&StreamConsumerGroups::Info()},
     true},
};

constexpr Suite kSuite = {&StreamReplay::Info(), kCases, {}, &DeleteNotedStreams};

}  // namespace

const Suite& StreamReplaySuite() { return kSuite; }

}  // namespace prism::conformance
