#pragma once

#include <coroutine>
#include <memory>
#include <optional>
#include <string_view>

#include "base/buffer.h"
#include "base/request_context.h"
#include "base/result.h"
#include "loop/task.h"

namespace prism::grpc {

// The server's side of one rpc, as a sequence of undecoded messages each way. An implementation
// is a gRPC stream, a provider's multiplexed call, or a test's script. Used on one worker; alive
// until the handler's task has ended.
class ServerCall : public MetadataSource {
 public:
  class ReadAwaiter;
  class WriteAwaiter;

  virtual RequestContext& context() = 0;
  // Awaits Result<optional<Buffer>>: the next message, nullopt after the last one, or the reason
  // why there will be none (cancelled, deadline, too large, undecodable).
  ReadAwaiter Read();
  // Awaits Status: takes the message at once and suspends while more than the call's send limit
  // is waiting for the peer. An error is the reason of the cancellation.
  WriteAwaiter Write(Buffer message);

 protected:
  friend class ReadAwaiter;
  friend class WriteAwaiter;
  using ReadResult = Result<std::optional<Buffer>>;
  virtual ~ServerCall() = default;
  // Fills `result` if there is something to return now. Otherwise `waiter` is resumed as soon as
  // there is; one waiter at a time.
  virtual bool TryRead(std::optional<ReadResult>& result) = 0;
  virtual void ResumeWhenReadable(std::coroutine_handle<> waiter) = 0;
  virtual void Send(Buffer message) = 0;
  virtual bool Writable() const = 0;
  virtual void ResumeWhenWritable(std::coroutine_handle<> waiter) = 0;
};

class [[nodiscard]] ServerCall::ReadAwaiter {
 public:
  explicit ReadAwaiter(ServerCall& call) : call_(call) {}
  bool await_ready() { return call_.TryRead(result_); }
  void await_suspend(std::coroutine_handle<> handle) { call_.ResumeWhenReadable(handle); }
  ReadResult await_resume() {
    if (!result_) call_.TryRead(result_);
    return std::move(*result_);
  }

 private:
  ServerCall& call_;
  std::optional<ReadResult> result_;
};

class [[nodiscard]] ServerCall::WriteAwaiter {
 public:
  explicit WriteAwaiter(ServerCall& call) : call_(call) {}
  bool await_ready() const { return call_.Writable() || call_.context().cancelled(); }
  void await_suspend(std::coroutine_handle<> handle) { call_.ResumeWhenWritable(handle); }
  Status await_resume() const { return call_.context().cancellation.reason(); }

 private:
  ServerCall& call_;
};

inline ServerCall::ReadAwaiter ServerCall::Read() { return ReadAwaiter(*this); }
inline ServerCall::WriteAwaiter ServerCall::Write(Buffer message) {
  Send(std::move(message));
  return WriteAwaiter(*this);
}

// The client's side of one rpc. Destroying it cancels the rpc if it has not ended.
class ClientCall {
 public:
  virtual ~ClientCall() = default;
  // As on the server's side; the limit is the peer's flow control.
  virtual Task<Status> Write(Buffer message) = 0;
  // No more messages will be written.
  virtual void WritesDone() = 0;
  // The next message; nullopt when the peer has ended the call, with status() as its outcome.
  virtual Task<std::optional<Buffer>> Read() = 0;
  // How the call ended; meaningful after Read returned nullopt.
  virtual const Status& status() const = 0;
  virtual void Cancel() = 0;
  // What the server sent ahead of and behind its messages, complete when the call has ended.
  virtual const Metadata& initial_metadata() const = 0;
  virtual const Metadata& trailing_metadata() const = 0;
};

// Where client calls go: a connection, a pool of them, or a test's script. Used on one worker.
class Channel {
 public:
  virtual ~Channel() = default;
  // Starts an rpc on `path` ("/package.Service/Method") under the context's deadline,
  // cancellation, namespace and metadata; `context` must outlive the call.
  virtual std::unique_ptr<ClientCall> Start(RequestContext& context, std::string_view path) = 0;
};

}  // namespace prism::grpc
