#pragma once

#include "conformance/testing/faults.h"
#include "interfaces/stream_basic.prism.h"
#include "interfaces/stream_consumer_groups.prism.h"
#include "interfaces/stream_partitioning.prism.h"
#include "interfaces/stream_replay.prism.h"
#include "interfaces/stream_retention.prism.h"
#include "prism/interfaces/stream_basic.pb.h"
#include "prism/interfaces/stream_consumer_groups.pb.h"
#include "prism/interfaces/stream_partitioning.pb.h"
#include "prism/interfaces/stream_replay.pb.h"
#include "prism/interfaces/stream_retention.pb.h"

// The stream interfaces of another backend, for fakes that change one call of them.
namespace prism::conformance::testing {

using namespace stream::v1;  // NOLINT: only tests include this, for its many messages

class ForwardStreams : public StreamBasic {
 public:
  explicit ForwardStreams(Backend& real) : real_(*FindAs<StreamBasic>(real)) {}

  Task<Status> Append(RequestContext& ctx, const AppendRequest& request,
                      AppendResponse& response) override {
    return real_.Append(ctx, request, response);
  }
  Stream<RecordPage> Read(RequestContext& ctx, const ReadRequest& request) override {
    return real_.Read(ctx, request);
  }
  Task<Status> GetLatestOffset(RequestContext& ctx, const GetLatestOffsetRequest& request,
                               GetLatestOffsetResponse& response) override {
    return real_.GetLatestOffset(ctx, request, response);
  }

 protected:
  StreamBasic& real_;
};

class ForwardGroups : public StreamConsumerGroups {
 public:
  explicit ForwardGroups(Backend& real) : real_(*FindAs<StreamConsumerGroups>(real)) {}

  Task<Status> CreateConsumerGroup(RequestContext& ctx, const CreateConsumerGroupRequest& request,
                                   CreateConsumerGroupResponse& response) override {
    return real_.CreateConsumerGroup(ctx, request, response);
  }
  Task<Status> DeleteConsumerGroup(RequestContext& ctx, const DeleteConsumerGroupRequest& request,
                                   DeleteConsumerGroupResponse& response) override {
    return real_.DeleteConsumerGroup(ctx, request, response);
  }
  Stream<DeliveryPage> JoinConsumerGroup(RequestContext& ctx,
                                         const JoinConsumerGroupRequest& request) override {
    return real_.JoinConsumerGroup(ctx, request);
  }
  Task<Status> Ack(RequestContext& ctx, const AckRequest& request, AckResponse& response) override {
    return real_.Ack(ctx, request, response);
  }
  Task<Status> ClaimPending(RequestContext& ctx, const ClaimPendingRequest& request,
                            ClaimPendingResponse& response) override {
    return real_.ClaimPending(ctx, request, response);
  }
  Task<Status> GetConsumerGroupInfo(RequestContext& ctx, const GetConsumerGroupInfoRequest& request,
                                    GetConsumerGroupInfoResponse& response) override {
    return real_.GetConsumerGroupInfo(ctx, request, response);
  }

 protected:
  StreamConsumerGroups& real_;
};

class ForwardReplay : public StreamReplay {
 public:
  explicit ForwardReplay(Backend& real) : real_(*FindAs<StreamReplay>(real)) {}

  Task<Status> SeekToOffset(RequestContext& ctx, const SeekToOffsetRequest& request,
                            SeekToOffsetResponse& response) override {
    return real_.SeekToOffset(ctx, request, response);
  }
  Task<Status> SeekToTimestamp(RequestContext& ctx, const SeekToTimestampRequest& request,
                               SeekToTimestampResponse& response) override {
    return real_.SeekToTimestamp(ctx, request, response);
  }
  Stream<RecordPage> ReplayRange(RequestContext& ctx, const ReplayRangeRequest& request) override {
    return real_.ReplayRange(ctx, request);
  }

 protected:
  StreamReplay& real_;
};

class ForwardRetention : public StreamRetention {
 public:
  explicit ForwardRetention(Backend& real) : real_(*FindAs<StreamRetention>(real)) {}

  Task<Status> SetRetention(RequestContext& ctx, const SetRetentionRequest& request,
                            SetRetentionResponse& response) override {
    return real_.SetRetention(ctx, request, response);
  }
  Task<Status> GetRetention(RequestContext& ctx, const GetRetentionRequest& request,
                            GetRetentionResponse& response) override {
    return real_.GetRetention(ctx, request, response);
  }
  Task<Status> Compact(RequestContext& ctx, const CompactRequest& request,
                       CompactResponse& response) override {
    return real_.Compact(ctx, request, response);
  }
  Task<Status> DeleteStream(RequestContext& ctx, const DeleteStreamRequest& request,
                            DeleteStreamResponse& response) override {
    return real_.DeleteStream(ctx, request, response);
  }

 protected:
  StreamRetention& real_;
};

class ForwardPartitions : public StreamPartitioning {
 public:
  explicit ForwardPartitions(Backend& real) : real_(*FindAs<StreamPartitioning>(real)) {}

  Task<Status> SetPartitions(RequestContext& ctx, const SetPartitionsRequest& request,
                             SetPartitionsResponse& response) override {
    return real_.SetPartitions(ctx, request, response);
  }
  Task<Status> GetPartitions(RequestContext& ctx, const GetPartitionsRequest& request,
                             GetPartitionsResponse& response) override {
    return real_.GetPartitions(ctx, request, response);
  }
  Task<Status> AppendToPartition(RequestContext& ctx, const AppendToPartitionRequest& request,
                                 AppendToPartitionResponse& response) override {
    return real_.AppendToPartition(ctx, request, response);
  }
  Stream<RecordPage> ReadPartition(RequestContext& ctx,
                                   const ReadPartitionRequest& request) override {
    return real_.ReadPartition(ctx, request);
  }

 protected:
  StreamPartitioning& real_;
};

}  // namespace prism::conformance::testing
