#include "test_service_impl.h"

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"
#include "loop/worker.h"

namespace prism {
namespace {

constexpr std::string_view kEchoInitial = "x-grpc-test-echo-initial";
constexpr std::string_view kEchoTrailing = "x-grpc-test-echo-trailing-bin";

// Sends the two entries that the interop specification names back, if the caller sent them.
void EchoMetadata(RequestContext& ctx) {
  if (auto value = ctx.FindMetadata(kEchoInitial)) {
    ctx.response_headers.emplace_back(kEchoInitial, *value);
  }
  if (auto value = ctx.FindMetadata(kEchoTrailing)) {
    ctx.response_trailers.emplace_back(kEchoTrailing, *value);
  }
}

Status AskedStatus(const pb::EchoStatus& asked) {
  if (asked.code() < 0 || asked.code() >= kCodeCount) {
    return InvalidArgumentError("response_status.code " + std::to_string(asked.code()) +
                                " is no status code");
  }
  if (asked.code() == 0) return OkStatus();
  return Status(static_cast<Code>(asked.code()), asked.message());
}

Status FillPayload(pb::PayloadType type, int32_t bytes, pb::Payload& payload) {
  if (type != pb::COMPRESSABLE) {
    return InvalidArgumentError("response_type " + std::to_string(type) + " is not supported");
  }
  if (bytes < 0 || bytes > TestServiceImpl::kMaxPayloadBytes) {
    return InvalidArgumentError("a payload of " + std::to_string(bytes) +
                                " bytes is not between 0 and " +
                                std::to_string(TestServiceImpl::kMaxPayloadBytes));
  }
  payload.set_type(type);
  payload.mutable_body()->assign(bytes, '\0');
  return OkStatus();
}

// Waits as one response's parameters ask, then fills it.
Task<Status> MakeResponse(RequestContext& ctx, pb::PayloadType type,
                          const pb::ResponseParameters& asked,
                          pb::StreamingOutputCallResponse& response) {
  if (asked.interval_us() > 0) {
    const TimePoint when = Clock::now() + std::chrono::microseconds(asked.interval_us());
    PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(when, ctx.cancellation));
  }
  co_return FillPayload(type, asked.size(), *response.mutable_payload());
}

}  // namespace

Task<Status> TestServiceImpl::EmptyCall(RequestContext&, const pb::Empty&, pb::Empty&) {
  co_return OkStatus();
}

Task<Status> TestServiceImpl::UnaryCall(RequestContext& ctx, const pb::SimpleRequest& request,
                                        pb::SimpleResponse& response) {
  EchoMetadata(ctx);
  PRISM_CO_RETURN_IF_ERROR(AskedStatus(request.response_status()));
  co_return FillPayload(request.response_type(), request.response_size(),
                        *response.mutable_payload());
}

Task<Status> TestServiceImpl::CacheableUnaryCall(RequestContext& ctx,
                                                 const pb::SimpleRequest& request,
                                                 pb::SimpleResponse& response) {
  return UnaryCall(ctx, request, response);
}

Stream<pb::StreamingOutputCallResponse> TestServiceImpl::StreamingOutputCall(
    RequestContext& ctx, const pb::StreamingOutputCallRequest& request) {
  for (const pb::ResponseParameters& asked : request.response_parameters()) {
    pb::StreamingOutputCallResponse response;
    PRISM_CO_RETURN_IF_ERROR(co_await MakeResponse(ctx, request.response_type(), asked, response));
    co_yield response;
  }
  co_return AskedStatus(request.response_status());
}

Task<Status> TestServiceImpl::StreamingInputCall(RequestContext&,
                                                 Stream<pb::StreamingInputCallRequest>& requests,
                                                 pb::StreamingInputCallResponse& response) {
  int64_t bytes = 0;
  while (pb::StreamingInputCallRequest* request = co_await requests.Next()) {
    bytes += static_cast<int64_t>(request->payload().body().size());
  }
  PRISM_CO_RETURN_IF_ERROR(requests.status());
  if (bytes > INT32_MAX) co_return InvalidArgumentError("the payloads' sum exceeds an int32");
  response.set_aggregated_payload_size(static_cast<int32_t>(bytes));
  co_return OkStatus();
}

Stream<pb::StreamingOutputCallResponse> TestServiceImpl::FullDuplexCall(
    RequestContext& ctx, Stream<pb::StreamingOutputCallRequest>& requests) {
  EchoMetadata(ctx);
  while (pb::StreamingOutputCallRequest* request = co_await requests.Next()) {
    PRISM_CO_RETURN_IF_ERROR(AskedStatus(request->response_status()));
    for (const pb::ResponseParameters& asked : request->response_parameters()) {
      pb::StreamingOutputCallResponse response;
      PRISM_CO_RETURN_IF_ERROR(
          co_await MakeResponse(ctx, request->response_type(), asked, response));
      co_yield response;
    }
  }
  co_return requests.status();
}

Stream<pb::StreamingOutputCallResponse> TestServiceImpl::HalfDuplexCall(
    RequestContext& ctx, Stream<pb::StreamingOutputCallRequest>& requests) {
  std::vector<pb::StreamingOutputCallRequest> kept;
  while (pb::StreamingOutputCallRequest* request = co_await requests.Next()) {
    kept.push_back(std::move(*request));
  }
  PRISM_CO_RETURN_IF_ERROR(requests.status());
  for (const pb::StreamingOutputCallRequest& request : kept) {
    for (const pb::ResponseParameters& asked : request.response_parameters()) {
      pb::StreamingOutputCallResponse response;
      PRISM_CO_RETURN_IF_ERROR(
          co_await MakeResponse(ctx, request.response_type(), asked, response));
      co_yield response;
    }
  }
  co_return OkStatus();
}

Task<Status> TestServiceImpl::UnimplementedCall(RequestContext&, const pb::Empty&, pb::Empty&) {
  co_return UnimplementedError("TestService/UnimplementedCall is declared but not implemented");
}

}  // namespace prism
