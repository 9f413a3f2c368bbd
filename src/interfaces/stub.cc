#include "interfaces/stub.h"

#include <string>

namespace prism {
namespace internal {
namespace {

std::string Name(const MethodInfo& info) {
  return std::string(info.interface->service) + "/" + std::string(info.name);
}

}  // namespace

Status UndecodableReply(const MethodInfo& info, const MessageLite& message) {
  return InternalError(Name(info) + ": the reply is not a valid " + message.GetTypeName());
}

Task<Status> WriteOnlyRequest(grpc::ClientCall& call, const MessageLite& request) {
  Buffer bytes;
  Status status = Encode(request, bytes);
  if (!status.ok()) co_return status;
  Task<Status> write = call.Write(std::move(bytes));
  const Status sent = co_await write;
  if (sent.ok()) call.WritesDone();
  co_return OkStatus();
}

Task<Status> ReadOnlyReply(const MethodInfo& info, grpc::ClientCall& call, MessageLite& response) {
  bool replied = false;
  for (;;) {
    Task<std::optional<Buffer>> read = call.Read();
    const std::optional<Buffer> bytes = co_await read;
    if (!bytes) break;
    if (replied) {
      call.Cancel();
      co_return InternalError(Name(info) + ": the server sent more than one reply");
    }
    if (!Decode(*bytes, response)) {
      call.Cancel();
      co_return UndecodableReply(info, response);
    }
    replied = true;
  }
  if (!call.status().ok()) co_return call.status();
  if (!replied) co_return InternalError(Name(info) + ": the server sent OK without a reply");
  co_return OkStatus();
}

}  // namespace internal

Task<Status> CallUnary(grpc::Channel& channel, const MethodInfo& info, RequestContext& ctx,
                       const google::protobuf::MessageLite& request,
                       google::protobuf::MessageLite& response) {
  const std::unique_ptr<grpc::ClientCall> call = channel.Start(ctx, info.path);
  {
    Task<Status> write = internal::WriteOnlyRequest(*call, request);
    const Status status = co_await write;
    if (!status.ok()) co_return status;
  }
  Task<Status> read = internal::ReadOnlyReply(info, *call, response);
  co_return co_await read;
}

}  // namespace prism
