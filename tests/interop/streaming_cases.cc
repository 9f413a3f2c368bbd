#include <chrono>
#include <string>

#include "interfaces/test_service.prism.h"
#include "interop_cases.h"
#include "loop/worker.h"
#include "test_service.pb.h"

namespace prism {
namespace {

namespace pb = ::grpc::testing;
using Inputs = Stream<pb::StreamingInputCallRequest>;
using Requests = Stream<pb::StreamingOutputCallRequest>;
using Responses = Stream<pb::StreamingOutputCallResponse>;

constexpr int kRequestBytes[] = {27182, 8, 1828, 45904};
constexpr int kResponseBytes[] = {31415, 9, 2653, 58979};
constexpr int kRounds = 4;

Inputs FourInputs() {
  for (int bytes : kRequestBytes) {
    pb::StreamingInputCallRequest request;
    request.mutable_payload()->mutable_body()->assign(bytes, '\0');
    co_yield request;
  }
  co_return OkStatus();
}

Task<Status> ClientStreaming(grpc::Channel& channel) {
  TestServiceStub stub(channel);
  RequestContext ctx;
  Inputs requests = FourInputs();
  pb::StreamingInputCallResponse response;
  PRISM_CO_RETURN_IF_ERROR(co_await stub.StreamingInputCall(ctx, requests, response));
  co_return Expect(response.aggregated_payload_size() == 74922, "a sum of 74922 bytes");
}

// The next response must have that many bytes.
Task<Status> ExpectNext(Responses& responses, int bytes) {
  const pb::StreamingOutputCallResponse* response = co_await responses.Next();
  if (!response) co_return UnknownError("a response is missing: " + responses.status().ToString());
  co_return Expect(static_cast<int>(response->payload().body().size()) == bytes,
                   "a response of " + std::to_string(bytes) + " bytes");
}

// There must be no further response, and OK at the end.
Task<Status> ExpectEnd(Responses& responses) {
  const bool ended = co_await responses.Next() == nullptr;
  PRISM_CO_RETURN_IF_ERROR(Expect(ended, "the end of the responses"));
  co_return responses.status();
}

Task<Status> ServerStreaming(grpc::Channel& channel) {
  TestServiceStub stub(channel);
  RequestContext ctx;
  pb::StreamingOutputCallRequest request;
  for (int bytes : kResponseBytes) request.add_response_parameters()->set_size(bytes);
  Responses responses = stub.StreamingOutputCall(ctx, request);
  for (int bytes : kResponseBytes) {
    PRISM_CO_RETURN_IF_ERROR(co_await ExpectNext(responses, bytes));
  }
  co_return co_await ExpectEnd(responses);
}

pb::StreamingOutputCallRequest Ping(int round) {
  pb::StreamingOutputCallRequest request;
  request.add_response_parameters()->set_size(kResponseBytes[round]);
  request.mutable_payload()->mutable_body()->assign(kRequestBytes[round], '\0');
  return request;
}

// Yields the pings, each when `turn` is set.
Requests Pings(RequestContext& ctx, Event& turn) {
  for (int round = 0; round < kRounds; ++round) {
    PRISM_CO_RETURN_IF_ERROR(co_await turn.Wait(ctx.cancellation));
    turn.Reset();
    pb::StreamingOutputCallRequest request = Ping(round);
    co_yield request;
  }
  co_return OkStatus();
}

Task<Status> PingPong(grpc::Channel& channel) {
  TestServiceStub stub(channel);
  RequestContext ctx;
  Event turn;
  Requests requests = Pings(ctx, turn);
  Responses responses = stub.FullDuplexCall(ctx, requests);
  for (int bytes : kResponseBytes) {
    turn.Set();
    PRISM_CO_RETURN_IF_ERROR(co_await ExpectNext(responses, bytes));
  }
  co_return co_await ExpectEnd(responses);
}

Requests NoRequests() { co_return OkStatus(); }

Task<Status> EmptyStream(grpc::Channel& channel) {
  TestServiceStub stub(channel);
  RequestContext ctx;
  Requests requests = NoRequests();
  Responses responses = stub.FullDuplexCall(ctx, requests);
  co_return co_await ExpectEnd(responses);
}

// One request, then silence until the call is over.
Requests OneThenSilence(RequestContext& ctx, Event& never) {
  pb::StreamingOutputCallRequest request = Ping(0);
  request.clear_response_parameters();
  co_yield request;
  co_return co_await never.Wait(ctx.cancellation);
}

Task<Status> TimeoutOnSleepingServer(grpc::Channel& channel) {
  TestServiceStub stub(channel);
  RequestContext ctx;
  ctx.deadline = Clock::now() + std::chrono::milliseconds(1);
  Event never;
  Requests requests = OneThenSilence(ctx, never);
  Responses responses = stub.FullDuplexCall(ctx, requests);
  const bool none = co_await responses.Next() == nullptr;
  PRISM_CO_RETURN_IF_ERROR(Expect(none, "no response"));
  co_return ExpectCode(responses.status(), Code::kDeadlineExceeded);
}

Inputs Silence(RequestContext& ctx, Event& never) {
  co_return co_await never.Wait(ctx.cancellation);
}

struct CancelSoon {
  explicit CancelSoon(RequestContext& ctx) : ctx(ctx) {}
  void Arm() { timer.Arm(Clock::now() + std::chrono::milliseconds(20)); }
  static void Fire(void* self) {
    static_cast<CancelSoon*>(self)->ctx.cancellation.Cancel(CancelledError("the test's wish"));
  }
  RequestContext& ctx;
  Timer timer{Fire, this};
};

Task<Status> CancelAfterBegin(grpc::Channel& channel) {
  TestServiceStub stub(channel);
  RequestContext ctx;
  Event never;
  CancelSoon cancel(ctx);
  Inputs requests = Silence(ctx, never);
  pb::StreamingInputCallResponse response;
  cancel.Arm();
  const Status status = co_await stub.StreamingInputCall(ctx, requests, response);
  co_return ExpectCode(status, Code::kCancelled);
}

Task<Status> CancelAfterFirstResponse(grpc::Channel& channel) {
  TestServiceStub stub(channel);
  RequestContext ctx;
  Event turn;
  turn.Set();
  Requests requests = Pings(ctx, turn);
  Responses responses = stub.FullDuplexCall(ctx, requests);
  PRISM_CO_RETURN_IF_ERROR(co_await ExpectNext(responses, kResponseBytes[0]));
  ctx.cancellation.Cancel(CancelledError("the test's wish"));
  const bool none = co_await responses.Next() == nullptr;
  PRISM_CO_RETURN_IF_ERROR(Expect(none, "no second response"));
  co_return ExpectCode(responses.status(), Code::kCancelled);
}

constexpr InteropCase kCases[] = {
    {"client_streaming", ClientStreaming},
    {"server_streaming", ServerStreaming},
    {"ping_pong", PingPong},
    {"empty_stream", EmptyStream},
    {"timeout_on_sleeping_server", TimeoutOnSleepingServer},
    {"cancel_after_begin", CancelAfterBegin},
    {"cancel_after_first_response", CancelAfterFirstResponse},
};

}  // namespace

std::span<const InteropCase> StreamingCases() { return kCases; }

}  // namespace prism
