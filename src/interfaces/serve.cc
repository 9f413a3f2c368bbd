#include "interfaces/serve.h"

namespace prism::internal {
namespace {

// Enough for a small request and its response; more comes from the heap.
constexpr size_t kArenaBytes = 1024;

std::string Name(const MethodInfo& info) {
  return std::string(info.interface->service) + "/" + std::string(info.name);
}

}  // namespace

Status Undecodable(const MethodInfo& info, const MessageLite& message) {
  return InvalidArgumentError(Name(info) + ": the request is not a valid " + message.GetTypeName());
}

Status TakeOnlyRequest(const MethodInfo& info, const Received& received, MessageLite& request) {
  if (!received.ok()) return received.status();
  if (!received->has_value()) {
    return InvalidArgumentError(Name(info) + ": the call ended without a " + request.GetTypeName());
  }
  return Decode(**received, request) ? OkStatus() : Undecodable(info, request);
}

Status ExpectEnd(const MethodInfo& info, const Received& received) {
  if (!received.ok()) return received.status();
  if (!received->has_value()) return OkStatus();
  return InvalidArgumentError(Name(info) + " takes one request message, and the call sent more");
}

Task<Status> ReadOnlyRequest(const MethodInfo& info, grpc::ServerCall& call, MessageLite& request) {
  {
    const Received received = co_await call.Read();
    Status status = TakeOnlyRequest(info, received, request);
    if (!status.ok()) co_return status;
  }
  const Received end = co_await call.Read();
  co_return ExpectEnd(info, end);
}

Task<Status> WriteReply(grpc::ServerCall& call, const MessageLite& reply) {
  Buffer bytes;
  Status status = Encode(reply, bytes);
  if (!status.ok()) co_return status;
  co_return co_await call.Write(std::move(bytes));
}

// The hot path: reads and writes here rather than through the coroutines above.
Task<Status> ServeErased(const UnaryMethod& method, void* implementation, const MethodInfo& info,
                         grpc::ServerCall& call) {
  uint64_t block[kArenaBytes / sizeof(uint64_t)];  // g++ 12 ignores alignas in coroutine frames
  Arena arena(reinterpret_cast<char*>(block), sizeof(block));
  MessageLite* const request = method.new_request(&arena);
  {
    const Received received = co_await call.Read();
    Status status = TakeOnlyRequest(info, received, *request);
    if (!status.ok()) co_return status;
  }
  {
    const Received end = co_await call.Read();
    Status status = ExpectEnd(info, end);
    if (!status.ok()) co_return status;
  }
  MessageLite* const response = method.new_response(&arena);
  {
    Task<Status> done = method.call(implementation, call.context(), *request, *response);
    Status status = co_await done;
    if (!status.ok()) co_return status;
  }
  Buffer bytes;
  Status status = Encode(*response, bytes);
  if (!status.ok()) co_return status;
  // Nothing follows, so nothing waits for the peer: request and response are freed now.
  (void)call.Write(std::move(bytes));
  co_return OkStatus();
}

}  // namespace prism::internal
