#pragma once

#include <memory>
#include <optional>
#include <string>

#include "drivers/postgres/stream/appender.h"
#include "drivers/postgres/stream/membership.h"
#include "interfaces/backend.h"
#include "interfaces/stream_basic.prism.h"
#include "interfaces/stream_consumer_groups.prism.h"
#include "interfaces/stream_replay.prism.h"
#include "interfaces/stream_retention.prism.h"

namespace prism::postgres {

// The stream contracts on one worker; schema.cc says how streams lie in Postgres.
class StreamCalls final
    : public Provides<StreamBasic, StreamConsumerGroups, StreamReplay, StreamRetention> {
 public:
  explicit StreamCalls(const std::shared_ptr<Space>& space)
      : space_(space),
        bell_(space),
        appender_(space),
        memberships_(std::make_unique<Memberships>(space)) {}

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
  Task<Result<bool>> Seek(RequestContext& ctx, const std::string& stream, const std::string& group,
                          std::optional<int64_t> number, int64_t at_ms);

  const std::shared_ptr<Space> space_;
  const StreamBell bell_;
  Appender appender_;
  const std::unique_ptr<Memberships> memberships_;
};

}  // namespace prism::postgres
