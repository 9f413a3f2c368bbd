#pragma once

#include <memory>
#include <string>

#include "drivers/redis/stream/membership.h"
#include "interfaces/backend.h"
#include "interfaces/stream_basic.prism.h"
#include "interfaces/stream_consumer_groups.prism.h"
#include "interfaces/stream_replay.prism.h"
#include "interfaces/stream_retention.prism.h"

namespace prism::redis {

// The stream contracts on one worker; scripts.h says how streams lie in Redis.
class StreamCalls final
    : public Provides<StreamBasic, StreamConsumerGroups, StreamReplay, StreamRetention> {
 public:
  explicit StreamCalls(std::shared_ptr<Keyspace> keyspace)
      : ages_(keyspace->Prefix("ta")),
        store_(std::move(keyspace), StreamStore::Kind::kStreams),
        memberships_(store_) {}

  Task<Status> Append(RequestContext& ctx, const stream::v1::AppendRequest& request,
                      stream::v1::AppendResponse& response) override;
  Stream<stream::v1::RecordPage> Read(RequestContext& ctx,
                                      const stream::v1::ReadRequest& request) override;
  Task<Status> GetLatestOffset(RequestContext& ctx,
                               const stream::v1::GetLatestOffsetRequest& request,
                               stream::v1::GetLatestOffsetResponse& response) override;

  Task<Status> CreateConsumerGroup(RequestContext& ctx,
                                   const stream::v1::CreateConsumerGroupRequest& request,
                                   stream::v1::CreateConsumerGroupResponse& response) override;
  Task<Status> DeleteConsumerGroup(RequestContext& ctx,
                                   const stream::v1::DeleteConsumerGroupRequest& request,
                                   stream::v1::DeleteConsumerGroupResponse& response) override;
  Stream<stream::v1::DeliveryPage> JoinConsumerGroup(
      RequestContext& ctx, const stream::v1::JoinConsumerGroupRequest& request) override;
  Task<Status> Ack(RequestContext& ctx, const stream::v1::AckRequest& request,
                   stream::v1::AckResponse& response) override;
  Task<Status> ClaimPending(RequestContext& ctx, const stream::v1::ClaimPendingRequest& request,
                            stream::v1::ClaimPendingResponse& response) override;
  Task<Status> GetConsumerGroupInfo(RequestContext& ctx,
                                    const stream::v1::GetConsumerGroupInfoRequest& request,
                                    stream::v1::GetConsumerGroupInfoResponse& response) override;

  Task<Status> SeekToOffset(RequestContext& ctx, const stream::v1::SeekToOffsetRequest& request,
                            stream::v1::SeekToOffsetResponse& response) override;
  Task<Status> SeekToTimestamp(RequestContext& ctx,
                               const stream::v1::SeekToTimestampRequest& request,
                               stream::v1::SeekToTimestampResponse& response) override;
  Stream<stream::v1::RecordPage> ReplayRange(
      RequestContext& ctx, const stream::v1::ReplayRangeRequest& request) override;

  Task<Status> SetRetention(RequestContext& ctx, const stream::v1::SetRetentionRequest& request,
                            stream::v1::SetRetentionResponse& response) override;
  Task<Status> GetRetention(RequestContext& ctx, const stream::v1::GetRetentionRequest& request,
                            stream::v1::GetRetentionResponse& response) override;
  Task<Status> Compact(RequestContext& ctx, const stream::v1::CompactRequest& request,
                       stream::v1::CompactResponse& response) override;
  Task<Status> DeleteStream(RequestContext& ctx, const stream::v1::DeleteStreamRequest& request,
                            stream::v1::DeleteStreamResponse& response) override;

 private:
  // What script and command say, when only the number in the answer counts.
  Task<Result<int64_t>> Count(RequestContext& ctx, const Script& script,
                              const resp::Command& command) const;

  // Removes what is beyond the stream's retention.
  Task<Status> Trim(RequestContext& ctx, const std::string& stream) const;
  // Removes, now and then, what is too old in streams that nobody appends to.
  void SweepFromNowOn();
  Task<void> Sweep();

  const std::string ages_;
  const StreamStore store_;
  Memberships memberships_;
  Cancellation never_;
  Task<void> sweep_;
};

}  // namespace prism::redis
