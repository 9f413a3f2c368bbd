#pragma once

#include <google/protobuf/arena.h>
#include <google/protobuf/message_lite.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/small_pool.h"
#include "interfaces/codec.h"
#include "interfaces/interface_info.h"
#include "loop/stream.h"
#include "loop/task.h"
#include "wire/grpc/call.h"

// What a method table's `serve` points to: the server's side of each kind of rpc. Bytes that are no
// message, no message where there must be one, or a second one, are INVALID_ARGUMENT.

namespace prism {
namespace internal {

using google::protobuf::Arena;
using google::protobuf::MessageLite;

// Takes a method of an interface apart.
template <class Method>
struct MethodTraits;
template <class I, class Req, class Resp>
struct MethodTraits<Task<Status> (I::*)(RequestContext&, const Req&, Resp&)> {
  using Interface = I;
  using Request = Req;
  using Response = Resp;
};
template <class I, class Req, class Resp>
struct MethodTraits<Stream<Resp> (I::*)(RequestContext&, const Req&)>
    : MethodTraits<Task<Status> (I::*)(RequestContext&, const Req&, Resp&)> {};
template <class I, class Req, class Resp>
struct MethodTraits<Task<Status> (I::*)(RequestContext&, Stream<Req>&, Resp&)>
    : MethodTraits<Task<Status> (I::*)(RequestContext&, const Req&, Resp&)> {};
template <class I, class Req, class Resp>
struct MethodTraits<Stream<Resp> (I::*)(RequestContext&, Stream<Req>&)>
    : MethodTraits<Task<Status> (I::*)(RequestContext&, const Req&, Resp&)> {};

// Messages of one type, used again by the thread's next calls: cheaper than an arena, and their
// strings keep what small memory they have. Large ones are not kept.
template <class T>
class MessagePool {
 public:
  static MessageLite* Take() {
    return count_ > 0 ? items_[--count_] : new T();
  }
  // `bytes` is about what the message holds.
  static void Give(MessageLite* message, size_t bytes) {
    auto* typed = static_cast<T*>(message);
    if (!kRecycleMemory || bytes > kMaxKeptBytes || count_ == kMaxKept) {
      delete typed;
      return;
    }
    typed->Clear();
    if (!items_) items_ = new T*[kMaxKept];
    items_[count_++] = typed;
  }

 private:
  // As many as wait for a busy backend at once. Threads that serve live as long as the process.
  static constexpr size_t kMaxKept = 256;
  static constexpr size_t kMaxKeptBytes = 1024;
  static inline constinit thread_local T** items_ = nullptr;
  static inline constinit thread_local size_t count_ = 0;
};

// A unary method without its types, so that one coroutine serves them all.
struct UnaryMethod {
  MessageLite* (*take_request)();
  void (*give_request)(MessageLite* message, size_t bytes);
  MessageLite* (*take_response)();
  void (*give_response)(MessageLite* message, size_t bytes);
  Task<Status> (*call)(void* implementation, RequestContext& ctx, const MessageLite& request,
                       MessageLite& response);
};

template <auto kMethod>
Task<Status> CallOn(void* implementation, RequestContext& ctx, const MessageLite& request,
                    MessageLite& response) {
  using Traits = MethodTraits<decltype(kMethod)>;
  auto& target = *static_cast<typename Traits::Interface*>(implementation);
  return (target.*kMethod)(ctx, static_cast<const typename Traits::Request&>(request),
                           static_cast<typename Traits::Response&>(response));
}

template <auto kMethod>
inline constexpr UnaryMethod kUnaryMethod = {
    &MessagePool<typename MethodTraits<decltype(kMethod)>::Request>::Take,
    &MessagePool<typename MethodTraits<decltype(kMethod)>::Request>::Give,
    &MessagePool<typename MethodTraits<decltype(kMethod)>::Response>::Take,
    &MessagePool<typename MethodTraits<decltype(kMethod)>::Response>::Give, &CallOn<kMethod>};

using Received = Result<std::optional<Buffer>>;

// The error for bytes that are no `message`.
Status Undecodable(const MethodInfo& info, const MessageLite& message);
// Decodes the only request of a call.
Status TakeOnlyRequest(const MethodInfo& info, const Received& received, MessageLite& request);
// OK if `received` is the end of the requests.
Status ExpectEnd(const MethodInfo& info, const Received& received);
Task<Status> ReadOnlyRequest(const MethodInfo& info, grpc::ServerCall& call, MessageLite& request);
// How a call has ended: what may be repeated anyhow is known here. A backend marks what it did not
// apply.
Status Outcome(Status status, const MethodInfo& info);
// Encodes and sends one reply.
Task<Status> WriteReply(grpc::ServerCall& call, const MessageLite& reply);
Task<Status> ServeErased(const UnaryMethod& method, void* implementation, const MethodInfo& info,
                         grpc::ServerCall& call);

// The requests of a call, decoded one at a time into the same message. Ends with an error if the
// caller's messages do.
template <class Request>
Stream<Request> DecodeRequests(const MethodInfo& info, grpc::ServerCall& call) {
  Request request;
  for (;;) {
    {
      const Received received = co_await call.Read();
      if (!received.ok()) co_return received.status();
      if (!received->has_value()) co_return OkStatus();
      if (!Decode(**received, request)) co_return Undecodable(info, request);
    }
    co_yield request;
  }
}

// Sends replies until they end or the call is cancelled. The caller then destroys the stream.
template <class Response>
Task<Status> WriteReplies(grpc::ServerCall& call, Stream<Response>& replies) {
  while (Response* reply = co_await replies.Next()) {
    Task<Status> written = WriteReply(call, *reply);
    const Status status = co_await written;
    if (!status.ok()) co_return status;
  }
  co_return replies.status();
}

}  // namespace internal

template <auto kMethod>
Task<Status> ServeUnary(void* implementation, const MethodInfo& info, grpc::ServerCall& call) {
  return internal::ServeErased(internal::kUnaryMethod<kMethod>, implementation, info, call);
}

template <auto kMethod>
Task<Status> ServeServerStream(void* implementation, const MethodInfo& info,
                               grpc::ServerCall& call) {
  using Traits = internal::MethodTraits<decltype(kMethod)>;
  typename Traits::Request request;
  Task<Status> read = internal::ReadOnlyRequest(info, call, request);
  const Status status = co_await read;
  if (!status.ok()) co_return status;
  auto& target = *static_cast<typename Traits::Interface*>(implementation);
  Stream<typename Traits::Response> replies = (target.*kMethod)(call.context(), request);
  Task<Status> written = internal::WriteReplies(call, replies);
  Status ended = co_await written;
  co_return internal::Outcome(std::move(ended), info);
}

template <auto kMethod>
Task<Status> ServeClientStream(void* implementation, const MethodInfo& info,
                               grpc::ServerCall& call) {
  using Traits = internal::MethodTraits<decltype(kMethod)>;
  auto& target = *static_cast<typename Traits::Interface*>(implementation);
  auto requests = internal::DecodeRequests<typename Traits::Request>(info, call);
  typename Traits::Response response;
  {
    Task<Status> done = (target.*kMethod)(call.context(), requests, response);
    Status status = co_await done;
    if (!status.ok()) co_return internal::Outcome(std::move(status), info);
  }
  // An implementation may have taken a broken stream for a short one.
  if (!requests.status().ok()) co_return requests.status();
  Task<Status> written = internal::WriteReply(call, response);
  co_return co_await written;
}

template <auto kMethod>
Task<Status> ServeBidi(void* implementation, const MethodInfo& info, grpc::ServerCall& call) {
  using Traits = internal::MethodTraits<decltype(kMethod)>;
  auto& target = *static_cast<typename Traits::Interface*>(implementation);
  auto requests = internal::DecodeRequests<typename Traits::Request>(info, call);
  Stream<typename Traits::Response> replies = (target.*kMethod)(call.context(), requests);
  Status status;
  {
    Task<Status> written = internal::WriteReplies(call, replies);
    status = co_await written;
  }
  if (status.ok() && !requests.status().ok()) co_return requests.status();
  co_return internal::Outcome(std::move(status), info);
}

}  // namespace prism
