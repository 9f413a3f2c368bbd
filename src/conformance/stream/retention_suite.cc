#include "conformance/stream/client.h"
#include "conformance/stream/retention_cases.h"
#include "conformance/stream/suites.h"
#include "interfaces/stream_consumer_groups.prism.h"
#include "interfaces/stream_partitioning.prism.h"
#include "interfaces/stream_retention.prism.h"

namespace prism::conformance {
namespace {

using namespace streams;  // NOLINT: its cases

constexpr std::string_view kOldestFirst =
    "Records beyond one are removed oldest first, whether or not groups have read them.";
constexpr std::string_view kWithin =
    "A backend may remove them late, but never removes a record that is within all bounds, and "
    "never the newest of a partition for its size.";
constexpr std::string_view kApplies =
    "Applies to the records that are there as well as to later ones.";
constexpr std::string_view kReplaces =
    "Replaces the stream's retention; a bound that is not set does not exist.";
constexpr std::string_view kCompacts =
    "Removes, in each partition, every record that is followed by one of the same key, as of the "
    "beginning of the call.";
constexpr std::string_view kStay =
    "Records without a key, and all that are appended meanwhile, stay.";
constexpr std::string_view kDeletes =
    "Removes the stream, its records, groups and settings; members' streams end with ABORTED.";
constexpr std::string_view kNotFound = "`found = false` if it does not exist.";

constexpr Case kCases[] = {
    {"retention_is_read_back",
     {"The stream's retention.", kReplaces,
      "`found = false` if the stream does not exist; no bound is set if it was given none."},
     &RetentionIsReadBack,
     {&StreamBasic::Info()}},
    {"oldest_records_go_first",
     {"How long records are kept.", kOldestFirst, kApplies, kWithin},
     &OldestRecordsGoFirst,
     {&StreamBasic::Info()}},
    {"bytes_are_bounded", {kWithin, kApplies}, &BytesAreBounded, {&StreamBasic::Info()}},
    {"age_is_bounded",
     {"How long records are kept.", kApplies},
     &AgeIsBounded,
     {&StreamBasic::Info()}},
    {"within_all_bounds_nothing_goes",
     {kWithin, kOldestFirst},
     &WithinAllBoundsNothingGoes,
     {&StreamBasic::Info()}},
    {"without_retention_all_stays",
     {"A stream without retention keeps its records for ever; when the backend is full, Append is "
      "refused.",
      kReplaces},
     &WithoutRetentionAllStays,
     {&StreamBasic::Info()}},
    {"groups_do_not_hold_records",
     {kOldestFirst},
     &GroupsDoNotHoldRecords,
     {&StreamBasic::Info(), &StreamConsumerGroups::Info()}},
    {"bounds_hold_for_each_partition",
     {"The bounds hold for each partition by itself."},
     &BoundsHoldForEachPartition,
     {&StreamPartitioning::Info()}},
    {"bad_bounds_are_refused",
     {"A bound below 1 is INVALID_ARGUMENT.", "Limits are those of stream_basic."},
     &BadBoundsAreRefused},
    {"compaction_keeps_the_newest",
     {kCompacts, kStay, "The others keep their offsets."},
     &CompactionKeepsTheNewest,
     {&StreamBasic::Info()}},
    {"compaction_is_repeatable",
     {kCompacts, "Repeatable."},
     &CompactionIsRepeatable,
     {&StreamBasic::Info()}},
    {"compaction_of_partitions",
     {kCompacts},
     &CompactionOfPartitions,
     {&StreamPartitioning::Info()}},
    {"compaction_while_records_come",
     {kStay, "A reader meanwhile sees each superseded record or not."},
     &CompactionWhileRecordsCome,
     {&StreamBasic::Info()}},
    {"deleted_streams_are_gone",
     {kDeletes, kNotFound,
      "A stream of that name made later is another one, for which offsets of this one mean "
      "nothing."},
     &DeletedStreamsAreGone,
     {&StreamBasic::Info()}},
    {"one_of_many_deletes_finds_it",
     {kDeletes, kNotFound},
     &OneOfManyDeletesFindsIt,
     {&StreamBasic::Info()}},
    {"deleting_ends_members",
     {kDeletes},
     &DeletingEndsMembers,
     {&StreamBasic::Info(), &StreamConsumerGroups::Info()}},
    {"followers_outlive_a_stream",
     {"Readers that follow it go on waiting."},
     &FollowersOutliveAStream,
     {&StreamBasic::Info()}},
    {"retention_stays_in_its_namespace",
     {"Streams of different namespaces never meet."},
     &RetentionStaysInItsNamespace,
     {&StreamBasic::Info()},
     true},
};

constexpr Suite kSuite = {&StreamRetention::Info(), kCases, {}, &DeleteNotedStreams};

}  // namespace

const Suite& StreamRetentionSuite() { return kSuite; }

}  // namespace prism::conformance
