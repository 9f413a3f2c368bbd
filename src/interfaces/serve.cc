#include "interfaces/serve.h"

namespace prism::internal {
namespace {

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

Status Outcome(Status status, const MethodInfo& info) {
  if (status.code() != Code::kUnavailable || !info.idempotent) return status;
  return std::move(status).WithRetryable();
}

namespace {

// A message out of its pool, and back when the call is done with it.
class Pooled {
 public:
  using Give = void (*)(MessageLite* message, size_t bytes);
  Pooled(MessageLite* message, Give give) : message_(message), give_(give) {}
  Pooled(const Pooled&) = delete;
  ~Pooled() { give_(message_, bytes_); }
  MessageLite& operator*() { return *message_; }
  void set_bytes(size_t bytes) { bytes_ = bytes; }

 private:
  MessageLite* message_;
  Give give_;
  size_t bytes_ = SIZE_MAX;  // until it is known: then it is not kept
};

}  // namespace

// The hot path: reads and writes here rather than through the coroutines above.
Task<Status> ServeErased(const UnaryMethod& method, void* implementation, const MethodInfo& info,
                         grpc::ServerCall& call) {
  Pooled request(method.take_request(), method.give_request);
  {
    const Received received = co_await call.Read();
    Status status = TakeOnlyRequest(info, received, *request);
    if (!status.ok()) co_return status;
    request.set_bytes((**received).size());
  }
  {
    const Received end = co_await call.Read();
    Status status = ExpectEnd(info, end);
    if (!status.ok()) co_return status;
  }
  Pooled response(method.take_response(), method.give_response);
  {
    Task<Status> done = method.call(implementation, call.context(), *request, *response);
    Status status = co_await done;
    if (!status.ok()) co_return Outcome(std::move(status), info);
  }
  Buffer bytes;
  Status status = Encode(*response, bytes);
  if (!status.ok()) co_return status;
  response.set_bytes(bytes.size());
  // Nothing follows, so nothing waits for the peer: request and response are freed now.
  (void)call.Write(std::move(bytes));
  co_return OkStatus();
}

}  // namespace prism::internal
