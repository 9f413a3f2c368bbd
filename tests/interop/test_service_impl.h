#pragma once

#include <cstdint>

#include "interfaces/test_service.prism.h"
#include "test_service.pb.h"

namespace prism {

namespace pb = ::grpc::testing;

// The server's half of gRPC's interop cases. Stateless; one instance serves every worker.
// Sizes below zero or above kMaxPayloadBytes get INVALID_ARGUMENT.
class TestServiceImpl final : public TestService {
 public:
  static constexpr int32_t kMaxPayloadBytes = 16 << 20;

  Task<Status> EmptyCall(RequestContext& ctx, const pb::Empty& request,
                         pb::Empty& response) override;
  Task<Status> UnaryCall(RequestContext& ctx, const pb::SimpleRequest& request,
                         pb::SimpleResponse& response) override;
  Task<Status> CacheableUnaryCall(RequestContext& ctx, const pb::SimpleRequest& request,
                                  pb::SimpleResponse& response) override;
  Stream<pb::StreamingOutputCallResponse> StreamingOutputCall(
      RequestContext& ctx, const pb::StreamingOutputCallRequest& request) override;
  Task<Status> StreamingInputCall(RequestContext& ctx,
                                  Stream<pb::StreamingInputCallRequest>& requests,
                                  pb::StreamingInputCallResponse& response) override;
  Stream<pb::StreamingOutputCallResponse> FullDuplexCall(
      RequestContext& ctx, Stream<pb::StreamingOutputCallRequest>& requests) override;
  Stream<pb::StreamingOutputCallResponse> HalfDuplexCall(
      RequestContext& ctx, Stream<pb::StreamingOutputCallRequest>& requests) override;
  Task<Status> UnimplementedCall(RequestContext& ctx, const pb::Empty& request,
                                 pb::Empty& response) override;
};

}  // namespace prism
