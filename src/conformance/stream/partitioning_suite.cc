#include "conformance/stream/client.h"
#include "conformance/stream/partitioning_cases.h"
#include "conformance/stream/suites.h"
#include "interfaces/stream_consumer_groups.prism.h"
#include "interfaces/stream_partitioning.prism.h"

namespace prism::conformance {
namespace {

using namespace streams;  // NOLINT: its cases

constexpr std::string_view kLimits =
    "Limits, offsets and pages are those of stream_basic; what its rpcs and the other interfaces "
    "do with such a stream is said there.";
constexpr std::string_view kSets = "Gives the stream `partitions` partitions, 1 to 256.";
constexpr std::string_view kGrows =
    "The number may grow, and then keys may move to other partitions; fewer than there are is "
    "FAILED_PRECONDITION.";
constexpr std::string_view kLists = "Lists the stream's partitions in order.";
constexpr std::string_view kChoice =
    "Append to a partition of the caller's choice, whatever the key.";
constexpr std::string_view kMissing =
    "A partition that the stream does not have is INVALID_ARGUMENT; a stream that does not exist "
    "is made with one partition.";
constexpr std::string_view kReads = "Read of one partition.";

constexpr Case kCases[] = {
    {"partitions_are_numbered",
     {"Streams of several partitions, numbered from 0.", kSets, kLists},
     &PartitionsAreNumbered},
    {"partitions_grow_and_never_shrink",
     {kGrows, kSets, "Repeatable."},
     &PartitionsGrowAndNeverShrink},
    {"growing_at_the_same_time", {kGrows}, &GrowingAtTheSameTime},
    {"growing_keeps_records", {kGrows}, &GrowingKeepsRecords, {&StreamBasic::Info()}},
    {"groups_read_new_partitions",
     {"Groups that exist read the new partitions from their first record on."},
     &GroupsReadNewPartitions,
     {&StreamConsumerGroups::Info()}},
    {"absent_stream_has_none",
     {"A stream that does not exist has none.", kMissing},
     &AbsentStreamHasNone},
    {"bad_numbers_are_refused", {kSets, kLimits}, &BadNumbersAreRefused},
    {"partitions_stay_in_their_namespace",
     {"Streams of different namespaces never meet."},
     &PartitionsStayInTheirNamespace,
     {},
     true},
    {"appends_go_where_told", {kChoice, kReads}, &AppendsGoWhereTold},
    {"keys_choose_the_partition",
     {kLimits,
      "On a stream of several, Append picks the partition by the key (without a key, any)"},
     &KeysChooseThePartition,
     {&StreamBasic::Info()}},
    {"order_holds_in_each_partition",
     {"Order exists within a partition.", kLimits},
     &OrderHoldsInEachPartition},
    {"partitions_tell_their_places", {kLists, kLimits}, &PartitionsTellTheirPlaces},
    {"partitions_read_as_streams_do", {kReads, kLimits}, &PartitionsReadAsStreamsDo},
    {"partition_pages_are_bounded", {kReads, kLimits}, &PartitionPagesAreBounded},
    {"followers_of_a_partition_wait", {kReads, kLimits}, &FollowersOfAPartitionWait},
    {"offsets_belong_to_their_partition",
     {"An offset of another partition is INVALID_ARGUMENT."},
     &OffsetsBelongToTheirPartition},
    {"missing_partitions",
     {kMissing, "A partition that the stream does not have reads as an empty one."},
     &MissingPartitions},
    {"bad_records_are_refused", {kLimits}, &BadRecordsAreRefused},
};

constexpr Suite kSuite = {&StreamPartitioning::Info(), kCases, {}, &DeleteNotedStreams};

}  // namespace

const Suite& StreamPartitioningSuite() { return kSuite; }

}  // namespace prism::conformance
