#pragma once

#include <google/protobuf/message_lite.h>

#include <memory>
#include <utility>

#include "interfaces/codec.h"
#include "interfaces/interface_info.h"
#include "loop/stream.h"
#include "loop/task.h"
#include "wire/grpc/call.h"

// What a generated stub's methods consist of: the client's side of each kind of rpc. A peer that
// breaks the rules (no reply, two, or one that cannot be decoded) is INTERNAL. All references must
// outlive the task or stream; destroying that cancels the rpc.

namespace prism {
namespace internal {

using google::protobuf::MessageLite;

// The error for a reply that is no `message`.
Status UndecodableReply(const MethodInfo& info, const MessageLite& message);
// Sends the only request and the end of requests. A failure to send is not reported: the peer's
// status, which says why, is yet to be read.
Task<Status> WriteOnlyRequest(grpc::ClientCall& call, const MessageLite& request);
// Reads the only reply and the status.
Task<Status> ReadOnlyReply(const MethodInfo& info, grpc::ClientCall& call, MessageLite& response);

// Encodes and sends the requests until they or the call end. An error is that of the requests or of
// encoding; the call is then cancelled.
template <class Request>
Task<Status> WriteRequests(grpc::ClientCall& call, Stream<Request>& requests) {
  while (Request* request = co_await requests.Next()) {
    Buffer bytes;
    Status status = Encode(*request, bytes);
    if (!status.ok()) {
      call.Cancel();
      co_return status;
    }
    Task<Status> write = call.Write(std::move(bytes));
    const Status sent = co_await write;
    if (!sent.ok()) co_return OkStatus();  // the call has ended; its status tells why
  }
  if (!requests.status().ok()) {
    call.Cancel();
    co_return requests.status();
  }
  call.WritesDone();
  co_return OkStatus();
}

// Decodes the replies, one at a time into the same message, and ends with the call's status.
template <class Response>
Stream<Response> DecodeReplies(const MethodInfo& info, grpc::ClientCall& call) {
  Response response;
  for (;;) {
    {
      Task<std::optional<Buffer>> read = call.Read();
      const std::optional<Buffer> bytes = co_await read;
      if (!bytes) co_return call.status();
      if (!Decode(*bytes, response)) {
        call.Cancel();
        co_return UndecodableReply(info, response);
      }
    }
    co_yield response;
  }
}

}  // namespace internal

Task<Status> CallUnary(grpc::Channel& channel, const MethodInfo& info, RequestContext& ctx,
                       const google::protobuf::MessageLite& request,
                       google::protobuf::MessageLite& response);

template <class Response>
Stream<Response> CallServerStream(grpc::Channel& channel, const MethodInfo& info,
                                  RequestContext& ctx,
                                  const google::protobuf::MessageLite& request) {
  const std::unique_ptr<grpc::ClientCall> call = channel.Start(ctx, info.path);
  {
    Task<Status> write = internal::WriteOnlyRequest(*call, request);
    const Status status = co_await write;
    if (!status.ok()) co_return status;
  }
  Stream<Response> replies = internal::DecodeReplies<Response>(info, *call);
  while (Response* reply = co_await replies.Next()) co_yield *reply;
  co_return replies.status();
}

template <class Request>
Task<Status> CallClientStream(grpc::Channel& channel, const MethodInfo& info, RequestContext& ctx,
                              Stream<Request>& requests, google::protobuf::MessageLite& response) {
  const std::unique_ptr<grpc::ClientCall> call = channel.Start(ctx, info.path);
  {
    Task<Status> write = internal::WriteRequests(*call, requests);
    const Status status = co_await write;
    if (!status.ok()) co_return status;
  }
  Task<Status> read = internal::ReadOnlyReply(info, *call, response);
  co_return co_await read;
}

// Requests are pulled and sent while replies are awaited, so neither side waits for the other. The
// requests may still be awaited when the stream ends; destroy them before anything feeds them
// again.
template <class Response, class Request>
Stream<Response> CallBidi(grpc::Channel& channel, const MethodInfo& info, RequestContext& ctx,
                          Stream<Request>& requests) {
  const std::unique_ptr<grpc::ClientCall> call = channel.Start(ctx, info.path);
  Task<Status> writing = internal::WriteRequests(*call, requests);
  writing.Start([](void*) {}, nullptr);
  Stream<Response> replies = internal::DecodeReplies<Response>(info, *call);
  while (Response* reply = co_await replies.Next()) co_yield *reply;
  if (writing.done()) {
    const Status status = writing.TakeValue();
    if (!status.ok()) co_return status;
  }
  co_return replies.status();
}

}  // namespace prism
