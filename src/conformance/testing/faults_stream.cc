#include <algorithm>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_stream.h"

namespace prism::conformance::testing {
namespace {

class LosesRecords final : public ForwardStreams {
 public:
  using ForwardStreams::ForwardStreams;
  Task<Status> Append(RequestContext& ctx, const AppendRequest& request,
                      AppendResponse& response) override {
    if (request.payload().ends_with("/7")) {
      response.set_offset("0-7");
      co_return OkStatus();
    }
    Task<Status> append = real_.Append(ctx, request, response);
    co_return co_await append;
  }
};

// What a fake changes of a request before it reads.
template <class Change>
class ReadsOtherwise final : public ForwardStreams {
 public:
  using ForwardStreams::ForwardStreams;
  Stream<RecordPage> Read(RequestContext& ctx, const ReadRequest& request) override {
    ReadRequest changed = request;
    Change::Apply(changed);
    Stream<RecordPage> pages = real_.Read(ctx, changed);
    for (;;) {
      RecordPage* page = co_await pages.Next();
      if (!page) break;
      Change::Apply(*page);
      co_yield *page;
    }
    co_return pages.status();
  }
};

struct IgnoreLimit {
  static void Apply(ReadRequest& request) { request.clear_limit(); }
  static void Apply(RecordPage&) {}
};
struct NeverFollow {
  static void Apply(ReadRequest& request) { request.clear_follow(); }
  static void Apply(RecordPage&) {}
};
struct BeginAtTheOldest {
  static void Apply(ReadRequest& request) { request.clear_from_offset(); }
  static void Apply(RecordPage&) {}
};
struct Reorder {
  static void Apply(ReadRequest&) {}
  static void Apply(RecordPage& page) {
    std::reverse(page.mutable_records()->begin(), page.mutable_records()->end());
  }
};
struct ForgetKeys {
  static void Apply(ReadRequest&) {}
  static void Apply(RecordPage& page) {
    for (Record& record : *page.mutable_records()) record.clear_key();
  }
};

class DeliversTwice final : public ForwardGroups {
 public:
  using ForwardGroups::ForwardGroups;
  Stream<DeliveryPage> JoinConsumerGroup(RequestContext& ctx,
                                         const JoinConsumerGroupRequest& request) override {
    Stream<DeliveryPage> pages = real_.JoinConsumerGroup(ctx, request);
    for (;;) {
      DeliveryPage* page = co_await pages.Next();
      if (!page) break;
      if (page->deliveries_size() > 0) {
        const Delivery last = page->deliveries(page->deliveries_size() - 1);
        *page->add_deliveries() = last;
      }
      co_yield *page;
    }
    co_return pages.status();
  }
};

class IgnoresMaxPending final : public ForwardGroups {
 public:
  using ForwardGroups::ForwardGroups;
  Stream<DeliveryPage> JoinConsumerGroup(RequestContext& ctx,
                                         const JoinConsumerGroupRequest& request) override {
    JoinConsumerGroupRequest changed = request;
    changed.set_max_pending(1'000);
    Stream<DeliveryPage> pages = real_.JoinConsumerGroup(ctx, changed);
    for (;;) {
      DeliveryPage* page = co_await pages.Next();
      if (!page) break;
      co_yield *page;
    }
    co_return pages.status();
  }
};

class CountsAllAcks final : public ForwardGroups {
 public:
  using ForwardGroups::ForwardGroups;
  Task<Status> Ack(RequestContext& ctx, const AckRequest& request, AckResponse& response) override {
    Task<Status> ack = real_.Ack(ctx, request, response);
    Status status = co_await ack;
    response.set_acked(static_cast<uint64_t>(request.offsets_size()));
    co_return status;
  }
};

class ClaimsWhatIsNotIdle final : public ForwardGroups {
 public:
  using ForwardGroups::ForwardGroups;
  Task<Status> ClaimPending(RequestContext& ctx, const ClaimPendingRequest& request,
                            ClaimPendingResponse& response) override {
    ClaimPendingRequest changed = request;
    changed.clear_min_idle_ms();
    Task<Status> claim = real_.ClaimPending(ctx, changed, response);
    co_return co_await claim;
  }
};

class RangesHaveNoEnd final : public ForwardReplay {
 public:
  using ForwardReplay::ForwardReplay;
  Stream<RecordPage> ReplayRange(RequestContext& ctx, const ReplayRangeRequest& request) override {
    ReplayRangeRequest changed = request;
    changed.clear_to_offset();
    Stream<RecordPage> pages = real_.ReplayRange(ctx, changed);
    for (;;) {
      RecordPage* page = co_await pages.Next();
      if (!page) break;
      co_yield *page;
    }
    co_return pages.status();
  }
};

class SeeksToTheOldest final : public ForwardReplay {
 public:
  using ForwardReplay::ForwardReplay;
  Task<Status> SeekToOffset(RequestContext& ctx, const SeekToOffsetRequest& request,
                            SeekToOffsetResponse& response) override {
    SeekToOffsetRequest changed = request;
    changed.clear_offset();
    Task<Status> seek = real_.SeekToOffset(ctx, changed, response);
    co_return co_await seek;
  }
};

class SeeksBehindTheTime final : public ForwardReplay {
 public:
  using ForwardReplay::ForwardReplay;
  Task<Status> SeekToTimestamp(RequestContext& ctx, const SeekToTimestampRequest& request,
                               SeekToTimestampResponse& response) override {
    SeekToTimestampRequest changed = request;
    changed.set_timestamp_unix_ms(request.timestamp_unix_ms() + 1);
    Task<Status> seek = real_.SeekToTimestamp(ctx, changed, response);
    co_return co_await seek;
  }
};

class KeepsTooFew final : public ForwardRetention {
 public:
  using ForwardRetention::ForwardRetention;
  Task<Status> SetRetention(RequestContext& ctx, const SetRetentionRequest& request,
                            SetRetentionResponse& response) override {
    SetRetentionRequest changed = request;
    Retention& retention = *changed.mutable_retention();
    if (retention.max_records() > 1) retention.set_max_records(retention.max_records() - 1);
    Task<Status> set = real_.SetRetention(ctx, changed, response);
    co_return co_await set;
  }
};

class KeepsEarlierBounds final : public ForwardRetention {
 public:
  using ForwardRetention::ForwardRetention;
  Task<Status> SetRetention(RequestContext& ctx, const SetRetentionRequest& request,
                            SetRetentionResponse& response) override {
    GetRetentionRequest get;
    get.set_stream(request.stream());
    GetRetentionResponse before;
    {
      Task<Status> read = real_.GetRetention(ctx, get, before);
      Status status = co_await read;
      if (!status.ok()) co_return status;
    }
    SetRetentionRequest changed = request;
    *changed.mutable_retention() = before.retention();
    changed.mutable_retention()->MergeFrom(request.retention());
    Task<Status> set = real_.SetRetention(ctx, changed, response);
    co_return co_await set;
  }
};

class NeverCompacts final : public ForwardRetention {
 public:
  using ForwardRetention::ForwardRetention;
  Task<Status> Compact(RequestContext&, const CompactRequest&, CompactResponse&) override {
    co_return OkStatus();
  }
};

class FindsWhatIsGone final : public ForwardRetention {
 public:
  using ForwardRetention::ForwardRetention;
  Task<Status> DeleteStream(RequestContext& ctx, const DeleteStreamRequest& request,
                            DeleteStreamResponse& response) override {
    Task<Status> remove = real_.DeleteStream(ctx, request, response);
    Status status = co_await remove;
    response.set_found(true);
    co_return status;
  }
};

class AppendsToTheFirst final : public ForwardPartitions {
 public:
  using ForwardPartitions::ForwardPartitions;
  Task<Status> AppendToPartition(RequestContext& ctx, const AppendToPartitionRequest& request,
                                 AppendToPartitionResponse& response) override {
    AppendToPartitionRequest changed = request;
    changed.clear_partition();
    Task<Status> append = real_.AppendToPartition(ctx, changed, response);
    co_return co_await append;
  }
};

class ShrinksInSilence final : public ForwardPartitions {
 public:
  using ForwardPartitions::ForwardPartitions;
  Task<Status> SetPartitions(RequestContext& ctx, const SetPartitionsRequest& request,
                             SetPartitionsResponse& response) override {
    Task<Status> set = real_.SetPartitions(ctx, request, response);
    Status status = co_await set;
    if (status.code() == Code::kFailedPrecondition) co_return OkStatus();
    co_return status;
  }
};

class ForgetsTheLast final : public ForwardPartitions {
 public:
  using ForwardPartitions::ForwardPartitions;
  Task<Status> GetPartitions(RequestContext& ctx, const GetPartitionsRequest& request,
                             GetPartitionsResponse& response) override {
    Task<Status> get = real_.GetPartitions(ctx, request, response);
    Status status = co_await get;
    if (response.partitions_size() > 0) response.mutable_partitions()->RemoveLast();
    co_return status;
  }
};

constexpr std::string_view kBasic = "stream_basic";
constexpr std::string_view kGroups = "stream_consumer_groups";
constexpr std::string_view kReplay = "stream_replay";
constexpr std::string_view kRetention = "stream_retention";
constexpr std::string_view kPartitioning = "stream_partitioning";

constexpr Fault kFaults[] = {
    {"stream_loses_records", kBasic, "none_is_lost_or_comes_twice",
     &Replace<LosesRecords, StreamBasic>},
    {"stream_reorders", kBasic, "none_is_lost_or_comes_twice",
     &Replace<ReadsOtherwise<Reorder>, StreamBasic>},
    {"stream_ignores_limit", kBasic, "limit_ends_a_read",
     &Replace<ReadsOtherwise<IgnoreLimit>, StreamBasic>},
    {"stream_never_follows", kBasic, "follow_waits",
     &Replace<ReadsOtherwise<NeverFollow>, StreamBasic>},
    {"stream_begins_at_the_oldest", kBasic, "reads_begin_where_told",
     &Replace<ReadsOtherwise<BeginAtTheOldest>, StreamBasic>},
    {"stream_forgets_keys", kBasic, "records_come_back",
     &Replace<ReadsOtherwise<ForgetKeys>, StreamBasic>},
    {"group_delivers_twice", kGroups, "each_record_goes_to_one_member",
     &Replace<DeliversTwice, StreamConsumerGroups>},
    {"group_ignores_max_pending", kGroups, "max_pending_holds_back",
     &Replace<IgnoresMaxPending, StreamConsumerGroups>},
    {"group_counts_all_acks", kGroups, "acks_count_the_pending",
     &Replace<CountsAllAcks, StreamConsumerGroups>},
    {"group_claims_what_is_not_idle", kGroups, "claims_take_over",
     &Replace<ClaimsWhatIsNotIdle, StreamConsumerGroups>},
    {"ranges_have_no_end", kReplay, "ranges_are_half_open",
     &Replace<RangesHaveNoEnd, StreamReplay>},
    {"seeks_to_the_oldest", kReplay, "seeking_back_delivers_again",
     &Replace<SeeksToTheOldest, StreamReplay>},
    {"seeks_behind_the_time", kReplay, "seeking_by_time",
     &Replace<SeeksBehindTheTime, StreamReplay>},
    {"retention_keeps_too_few", kRetention, "within_all_bounds_nothing_goes",
     &Replace<KeepsTooFew, StreamRetention>},
    {"retention_keeps_earlier_bounds", kRetention, "retention_is_read_back",
     &Replace<KeepsEarlierBounds, StreamRetention>},
    {"retention_never_compacts", kRetention, "compaction_keeps_the_newest",
     &Replace<NeverCompacts, StreamRetention>},
    {"retention_finds_what_is_gone", kRetention, "deleted_streams_are_gone",
     &Replace<FindsWhatIsGone, StreamRetention>},
    {"partitions_append_to_the_first", kPartitioning, "appends_go_where_told",
     &Replace<AppendsToTheFirst, StreamPartitioning>},
    {"partitions_shrink_in_silence", kPartitioning, "partitions_grow_and_never_shrink",
     &Replace<ShrinksInSilence, StreamPartitioning>},
    {"partitions_forget_the_last", kPartitioning, "partitions_are_numbered",
     &Replace<ForgetsTheLast, StreamPartitioning>},
};

}  // namespace

std::span<const Fault> StreamFaults() { return kFaults; }

}  // namespace prism::conformance::testing
