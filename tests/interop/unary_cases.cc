#include <string>

#include "interfaces/test_service.prism.h"
#include "interop_cases.h"
#include "test_service.pb.h"

namespace prism {
namespace {

namespace pb = ::grpc::testing;

constexpr int kLargeRequestBytes = 271828;
constexpr int kLargeResponseBytes = 314159;

Task<Status> EmptyUnary(grpc::Channel& channel) {
  TestServiceStub stub(channel);
  RequestContext ctx;
  pb::Empty request, response;
  co_return co_await stub.EmptyCall(ctx, request, response);
}

Task<Status> LargeUnary(grpc::Channel& channel) {
  TestServiceStub stub(channel);
  RequestContext ctx;
  pb::SimpleRequest request;
  pb::SimpleResponse response;
  request.set_response_size(kLargeResponseBytes);
  request.mutable_payload()->mutable_body()->assign(kLargeRequestBytes, '\0');
  PRISM_CO_RETURN_IF_ERROR(co_await stub.UnaryCall(ctx, request, response));
  const std::string zeros(kLargeResponseBytes, '\0');
  co_return Expect(response.payload().body() == zeros, "314159 zeros");
}

// Asks UnaryCall for a status and checks that it arrives unchanged.
Task<Status> StatusArrives(grpc::Channel& channel, Code code, std::string message) {
  TestServiceStub stub(channel);
  RequestContext ctx;
  pb::SimpleRequest request;
  pb::SimpleResponse response;
  request.mutable_response_status()->set_code(static_cast<int>(code));
  request.mutable_response_status()->set_message(message);
  const Status status = co_await stub.UnaryCall(ctx, request, response);
  co_return ExpectStatus(status, code, message);
}

Task<Status> StatusArrivesOnStream(grpc::Channel& channel, Code code, std::string message) {
  TestServiceStub stub(channel);
  RequestContext ctx;
  pb::StreamingOutputCallRequest request;
  request.mutable_response_status()->set_code(static_cast<int>(code));
  request.mutable_response_status()->set_message(message);
  auto one = [](pb::StreamingOutputCallRequest* only) -> Stream<pb::StreamingOutputCallRequest> {
    co_yield *only;
    co_return OkStatus();
  };
  Stream<pb::StreamingOutputCallRequest> requests = one(&request);
  Stream<pb::StreamingOutputCallResponse> responses = stub.FullDuplexCall(ctx, requests);
  const bool none = co_await responses.Next() == nullptr;
  PRISM_CO_RETURN_IF_ERROR(Expect(none, "no response"));
  co_return ExpectStatus(responses.status(), code, message);
}

Task<Status> StatusCodeAndMessage(grpc::Channel& channel) {
  const std::string message = "test status message";
  PRISM_CO_RETURN_IF_ERROR(co_await StatusArrives(channel, Code::kUnknown, message));
  co_return co_await StatusArrivesOnStream(channel, Code::kUnknown, message);
}

Task<Status> SpecialStatusMessage(grpc::Channel& channel) {
  const std::string message =
      "\t\ntest with whitespace\r\nand Unicode BMP \u263A and non-BMP \U0001F608\t\n";
  co_return co_await StatusArrives(channel, Code::kUnknown, message);
}

Task<Status> UnimplementedMethod(grpc::Channel& channel) {
  TestServiceStub stub(channel);
  RequestContext ctx;
  pb::Empty request, response;
  const Status status = co_await stub.UnimplementedCall(ctx, request, response);
  co_return ExpectCode(status, Code::kUnimplemented);
}

Task<Status> UnimplementedWholeService(grpc::Channel& channel) {
  UnimplementedServiceStub stub(channel);
  RequestContext ctx;
  pb::Empty request, response;
  const Status status = co_await stub.UnimplementedCall(ctx, request, response);
  co_return ExpectCode(status, Code::kUnimplemented);
}

constexpr std::string_view kInitialKey = "x-grpc-test-echo-initial";
constexpr std::string_view kInitialValue = "test_initial_metadata_value";
constexpr std::string_view kTrailingKey = "x-grpc-test-echo-trailing-bin";
constexpr std::string_view kTrailingValue = "\xab\xab\xab";

bool Has(const Metadata& metadata, std::string_view key, std::string_view value) {
  for (const MetadataEntry& entry : metadata) {
    if (entry.first == key && entry.second == value) return true;
  }
  return false;
}

// Sends one message to `path` with two metadata entries and expects both back.
Task<Status> MetadataComesBack(grpc::Channel& channel, std::string path, std::string request) {
  RequestContext ctx;
  ctx.metadata.emplace_back(kInitialKey, kInitialValue);
  ctx.metadata.emplace_back(kTrailingKey, kTrailingValue);
  std::unique_ptr<grpc::ClientCall> call = channel.Start(ctx, path);
  Buffer message = Buffer::Copy(request);
  PRISM_CO_RETURN_IF_ERROR(co_await call->Write(std::move(message)));
  call->WritesDone();
  for (bool more = true; more;) {
    const std::optional<Buffer> reply = co_await call->Read();
    more = reply.has_value();
  }
  PRISM_CO_RETURN_IF_ERROR(call->status());
  PRISM_CO_RETURN_IF_ERROR(
      Expect(Has(call->initial_metadata(), kInitialKey, kInitialValue), "initial metadata"));
  co_return Expect(Has(call->trailing_metadata(), kTrailingKey, kTrailingValue),
                   "trailing metadata");
}

Task<Status> CustomMetadata(grpc::Channel& channel) {
  pb::SimpleRequest simple;
  simple.set_response_size(kLargeResponseBytes);
  simple.mutable_payload()->mutable_body()->assign(kLargeRequestBytes, '\0');
  pb::StreamingOutputCallRequest streaming;
  streaming.add_response_parameters()->set_size(kLargeResponseBytes);
  PRISM_CO_RETURN_IF_ERROR(co_await MetadataComesBack(
      channel, "/grpc.testing.TestService/UnaryCall", simple.SerializeAsString()));
  co_return co_await MetadataComesBack(channel, "/grpc.testing.TestService/FullDuplexCall",
                                       streaming.SerializeAsString());
}

constexpr InteropCase kCases[] = {
    {"empty_unary", EmptyUnary},
    {"large_unary", LargeUnary},
    {"status_code_and_message", StatusCodeAndMessage},
    {"special_status_message", SpecialStatusMessage},
    {"unimplemented_method", UnimplementedMethod},
    {"unimplemented_service", UnimplementedWholeService},
    {"custom_metadata", CustomMetadata},
};

}  // namespace

std::span<const InteropCase> UnaryCases() { return kCases; }

}  // namespace prism
