#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "base/cancellation.h"
#include "base/out_buffer.h"
#include "loop/byte_stream.h"
#include "wire/resp/command.h"
#include "wire/resp/reply_parser.h"

namespace prism::resp {

struct ConnectionOptions {
  std::string name = {};        // of the server, for errors: "127.0.0.1:6379"
  size_t max_pending = 65'536;  // commands without an answer; one more is RESOURCE_EXHAUSTED
  size_t max_output_bytes = 64 * 1024 * 1024;            // not taken by the server yet; likewise
  Duration response_timeout = std::chrono::seconds(10);  // without progress it counts as lost
  Duration ping_after = std::chrono::seconds(5);         // idle for so long, it is tried; 0: never
  ReplyLimits replies = {};
};

// A pipeline to one server: all commands of a turn of the worker's loop leave in one write, and are
// answered in their order. Commands in flight when the connection is lost are UNAVAILABLE, marked
// retryable only if no byte of them was sent. Used on one worker.
class Connection {
 public:
  class Call;
  using Push = std::function<void(Reply)>;

  Connection(Worker& worker, std::unique_ptr<ByteStream> bytes, ConnectionOptions options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Reads until the connection is lost or closed, and says why: never OK. To be awaited once.
  Task<Status> Run();
  // Makes Run end; calls under way fail.
  void Close(Status reason);
  bool lost() const { return !reason_.ok(); }

  // Sends now and waits for the answer when awaited. An error reply is a reply.
  //   Result<Reply> reply = co_await connection.Send(command, ctx.cancellation);
  Call Send(const Command& command, Cancellation& cancellation);
  // Sends a command whose answer nobody waits for, or goes to `push`.
  void Post(const Command& command);
  // From now on answers belong to no command and go to `push`, as subscriptions need it. No command
  // may be waiting.
  void SetPush(Push push) { push_ = std::move(push); }
  size_t pending() const { return waiting_.size(); }

 private:
  struct Waiting {
    Call* call;          // null: nobody waits any more
    uint64_t starts_at;  // in the bytes of all commands
  };

  Status Admit() const;
  void Append(const Command& command);
  // The next answer is for `call`, or for nobody.
  void Expect(Call* call);
  void ReadSome();
  void Deliver(Reply&& reply);
  void Flush();
  bool WriteSome();
  Task<void> WriteWhenPossible();
  void FailAll();
  void OnTimer();
  void ArmTimer();

  Worker& worker_;
  const ConnectionOptions options_;
  Push push_;
  std::unique_ptr<ByteStream> bytes_;
  ReplyParser parser_;
  OutBuffer out_;
  uint64_t queued_bytes_ = 0;
  uint64_t sent_bytes_ = 0;
  std::deque<Waiting> waiting_;
  uint64_t first_waiting_ = 0;  // the number of waiting_'s front, counted from the first command
  TimePoint last_progress_;     // answers came, or the first command was queued
  Status reason_;
  bool writing_ = false;  // `writer_` waits for the socket
  Task<void> writer_;
  Deferred flush_;
  Timer timer_;
};

// One command under way. Forgets its answer when destroyed or cancelled.
class [[nodiscard]] Connection::Call {
 public:
  Call(Connection& connection, const Command& command, Cancellation& cancellation);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() { Forget(); }

  bool await_ready() const { return result_.has_value() || cancellation_.cancelled(); }
  void await_suspend(std::coroutine_handle<> handle);
  Result<Reply> await_resume();

 private:
  friend class Connection;
  void Forget();
  void Finish(Result<Reply>&& result);

  Connection* connection_;  // null when it does not know of this call any more
  Cancellation& cancellation_;
  uint64_t number_ = 0;
  std::optional<Result<Reply>> result_;
  Resumption resumption_;
  CancelHook hook_;
  Worker& worker_;
};

inline Connection::Call Connection::Send(const Command& command, Cancellation& cancellation) {
  return Call(*this, command, cancellation);
}

}  // namespace prism::resp
