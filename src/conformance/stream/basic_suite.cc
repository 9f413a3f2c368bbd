#include "conformance/stream/basic_cases.h"
#include "conformance/stream/client.h"
#include "conformance/stream/suites.h"
#include "interfaces/stream_consumer_groups.prism.h"
#include "interfaces/stream_partitioning.prism.h"
#include "interfaces/stream_retention.prism.h"

namespace prism::conformance {
namespace {

using namespace streams;  // NOLINT: its cases

constexpr std::string_view kLimits =
    "A stream's name and a record's key are 1 to 4096 bytes of UTF-8; a record need not have a "
    "key.";
constexpr std::string_view kAttributes =
    "It has at most 64 attributes: a name of 1 to 256 bytes of UTF-8, a value of 0 to 4096.";
constexpr std::string_view kPayload =
    "A payload is any bytes, also none, as many as fit in a message (16 MiB with the rest, unless "
    "configured smaller); more, or more than the backend can hold, is RESOURCE_EXHAUSTED, and "
    "nothing was appended.";
constexpr std::string_view kOffset =
    "Where an offset is asked for, it names the first record at or behind that place, so offsets "
    "of records that are gone, or that are still to come, can be used; a text that is no offset of "
    "such a stream is INVALID_ARGUMENT.";
constexpr std::string_view kOnce =
    "A page shows what existed when it was made: each record that is kept all the time comes "
    "exactly once, in the order of offsets.";
constexpr std::string_view kPages =
    "Reads answer in pages: 1 to 1000 records, and at most 1 MiB of keys, attributes and payloads "
    "unless a single record is larger, which then has a page of its own.";
constexpr std::string_view kFollow =
    "With `follow` it waits there for more, until its caller ends it.";
constexpr std::string_view kLatest =
    "`found = false` if the stream has no record; `next_offset` is the place behind the newest "
    "record in any case, so reading from there gives what is appended later.";

constexpr Case kCases[] = {
    {"records_come_back",
     {kLimits, kAttributes, kPayload,
      "Appends a record behind all others of its partition and returns its offset."},
     &RecordsComeBack},
    {"records_never_change",
     {"Records never change, and keep their offsets until retention or compaction removes them."},
     &RecordsNeverChange},
    {"time_never_decreases",
     {"Their timestamp is the backend's time of appending; it never decreases along a partition."},
     &TimeNeverDecreases},
    {"one_after_the_other",
     {"A read that starts after the answer sees it.",
      "Of two calls one after the other, the later one's record comes later.",
      "Repeated, it appends another record."},
     &OneAfterTheOther},
    {"none_is_lost_or_comes_twice",
     {kOnce, "Of two calls one after the other, the later one's record comes later."},
     &NoneIsLostOrComesTwice},
    {"long_names_are_taken", {kLimits, kAttributes}, &LongNamesAreTaken},
    {"bad_names_are_refused", {kLimits, "Anything else is INVALID_ARGUMENT."}, &BadNamesAreRefused},
    {"bad_attributes_are_refused",
     {kAttributes, "Anything else is INVALID_ARGUMENT."},
     &BadAttributesAreRefused},
    {"large_payloads", {kPayload}, &LargePayloads},
    {"too_large_a_payload_is_refused", {kPayload}, &TooLargeAPayloadIsRefused},
    {"reads_begin_where_told",
     {"Streams the records from `from_offset` on, inclusive.",
      "The empty offset is that of the oldest record kept.", kOffset},
     &ReadsBeginWhereTold},
    {"limit_ends_a_read", {"`limit` ends it OK after so many records."}, &LimitEndsARead},
    {"pages_are_bounded",
     {kPages, "`next_offset` of a page continues behind it.", kOnce},
     &PagesAreBounded},
    {"readers_keep_their_own_pace",
     {"Append-only sequences of records that any number of readers read at their own pace."},
     &ReadersKeepTheirOwnPace},
    {"latest_is_the_newest", {"The newest record's offset.", kLatest}, &LatestIsTheNewest},
    {"place_to_come_is_a_place", {kLatest, kOffset}, &PlaceToComeIsAPlace},
    {"follow_waits", {kFollow}, &FollowWaits},
    {"follow_misses_nothing",
     {kFollow, kOnce, "Order exists within a partition."},
     &FollowMissesNothing},
    {"followers_of_nothing_wait",
     {kFollow, "One that does not exist reads as an empty one."},
     &FollowersOfNothingWait},
    {"nonsense_is_no_offset", {kOffset}, &NonsenseIsNoOffset},
    {"absent_stream_reads_as_empty",
     {"One that does not exist reads as an empty one.",
      "Without `follow` it ends OK behind the last record; if there is none it ends without a "
      "page.",
      kLatest},
     &AbsentStreamReadsAsEmpty},
    {"streams_come_into_being",
     {"A stream comes into being with its first record, consumer group, retention or number of "
      "partitions.",
      "A stream has one partition unless SetPartitions of stream_partitioning said otherwise."},
     &StreamsComeIntoBeing,
     {&StreamConsumerGroups::Info(), &StreamPartitioning::Info(), &StreamRetention::Info()}},
    {"several_partitions_are_read_one_by_one",
     {"On a stream of several, Append picks the partition by the key (without a key, any); "
      "consumer groups, seeking, retention and compaction span all; Read, GetLatestOffset and "
      "ReplayRange are FAILED_PRECONDITION: use ReadPartition and GetPartitions."},
     &SeveralPartitionsAreReadOneByOne,
     {&StreamPartitioning::Info()}},
    {"removed_records_leave_offsets",
     {kOffset, "The empty offset is that of the oldest record kept."},
     &RemovedRecordsLeaveOffsets,
     {&StreamRetention::Info()}},
    {"namespaces_never_meet",
     {"Streams of different namespaces never meet."},
     &NamespacesNeverMeet,
     {},
     true},
};

constexpr Unproven kUnproven[] = {
    {"A record's place is its offset: a text that only the backend understands, not to be compared "
     "or computed by callers.",
     "it binds callers, and the cases keep to it"},
    {"The server makes pages only as fast as the caller takes them.",
     "what a server has in memory cannot be seen from here"},
};

constexpr Suite kSuite = {&StreamBasic::Info(), kCases, kUnproven, &DeleteNotedStreams};

}  // namespace

const Suite& StreamBasicSuite() { return kSuite; }

}  // namespace prism::conformance
