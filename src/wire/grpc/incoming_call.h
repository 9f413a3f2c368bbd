#pragma once

#include <boost/container/small_vector.hpp>
#include <forward_list>
#include <string>

#include "base/limits.h"
#include "wire/grpc/call.h"
#include "wire/grpc/fields.h"
#include "wire/grpc/message_reader.h"
#include "wire/http2/session.h"

namespace prism::grpc {

class IncomingCall;

// Decides what a server does with its calls; one per worker.
class CallHandler {
 public:
  // The request's headers are in: answer with call.Run or call.Finish, now or later.
  virtual void OnCall(IncomingCall& call) = 0;
  // The call has its outcome. Its task, if any, may still run for a while.
  virtual void OnDone(IncomingCall& call) = 0;
  // The call is about to go away; nothing of it runs any more.
  virtual void OnGone(IncomingCall& call) = 0;

 protected:
  ~CallHandler() = default;
};

struct CallLimits {
  size_t max_message_bytes = 16 * 1024 * 1024;
  size_t send_buffer_bytes = 64 * 1024;  // per call; beyond it Write suspends
};

// One rpc on a server's HTTP/2 stream. Deletes itself when both the stream and the task that
// serves it have ended.
class IncomingCall final : public http2::Stream, public ServerCall {
 public:
  IncomingCall(Worker& worker, CallHandler& handler, const CallLimits& limits,
               http2::Session& session);

  static void* operator new(size_t bytes) { return AllocateSmall(bytes); }
  static void operator delete(void* call, size_t bytes) { FreeSmall(call, bytes); }

  std::string_view path() const { return path_ ? path_->value() : std::string_view(); }
  RequestContext& context() override { return context_; }
  std::optional<std::string_view> FindMetadata(std::string_view key) const override;

  // Counts what the call holds in memory, from itself and its metadata on, against up to two
  // budgets; null means no more. False if they have no room for it.
  bool ChargeTo(LocalByteBudget* overall, LocalByteBudget* own);
  // Gives everything back; the budgets are not used any more. At the latest in OnGone.
  void ReleaseCharges();
  // Runs `task`, whose status becomes the call's outcome.
  void Run(Task<Status> task);
  // The same, but `task` starts when the only message of the request is complete, so that it need
  // not suspend to wait for it.
  void RunWhenComplete(Task<Status> task);
  // Ends the call with `status`, unless it has ended. A running task is cancelled.
  void Finish(Status status);

  bool finished() const { return finished_; }
  const Status& outcome() const { return outcome_; }
  TimePoint started() const { return started_; }
  // Message bytes each way, prefixes included.
  uint64_t received_bytes() const { return received_bytes_; }
  uint64_t sent_bytes() const { return sent_bytes_; }
  Worker& worker() { return worker_; }

  // For the handler's own use.
  void* tag = nullptr;

 private:
  ~IncomingCall() override;

  void OnHeader(const http2::HeaderField& field) override;
  void OnHeadersEnd() override;
  void OnData(Slice data) override;
  void OnEndOfStream() override;
  void OnClosed(uint32_t http2_error) override;
  void OnSent() override;

  bool TryRead(std::optional<ReadResult>& result) override;
  void ResumeWhenReadable(std::coroutine_handle<> waiter) override { read_waiter_.Set(waiter); }
  void Send(Buffer message) override;
  bool Writable() const override { return pending_bytes() < limits_.send_buffer_bytes; }
  void ResumeWhenWritable(std::coroutine_handle<> waiter) override { write_waiter_.Set(waiter); }

  Status CheckHeaders();
  void RefuseHttp(std::string_view http_status);
  void SendResponseHeaders();
  void AppendResponseHeaders(FieldList& fields);
  void AppendTrailers(FieldList& fields);
  bool Charge(size_t bytes);
  void Discharge(size_t bytes);
  void StopPeer();
  void OnDeadline();
  void StartTask();
  void OnTaskDone();
  void DeleteIfOver();

  Worker& worker_;
  CallHandler& handler_;
  const CallLimits limits_;
  RequestContext context_;
  Timer deadline_;
  Task<Status> task_;
  Status outcome_;
  TimePoint started_;

  using SharedField = http2::SharedHeaderField;
  std::optional<SharedField> path_;
  std::optional<SharedField> name_space_;
  boost::container::small_vector<SharedField, 4> metadata_;
  mutable std::forward_list<std::string> decoded_;  // binary values that were asked for
  std::optional<Duration> timeout_;
  bool bad_timeout_ = false;
  bool is_post_ = false;
  bool is_grpc_ = false;                                    // by its content type
  std::optional<Encoding> encoding_ = Encoding::kIdentity;  // nullopt: one we do not know
  bool accepts_gzip_ = false;

  MessageReader reader_;
  size_t unconsumed_ = 0;   // received, not yet given back as flow-control credit
  size_t base_charge_ = 0;  // for the call itself
  size_t read_charge_ = 0;  // bytes of input that the budgets count
  size_t send_charge_ = 0;
  Resumption read_waiter_;
  Resumption write_waiter_;
  LocalByteBudget* budgets_[2] = {nullptr, nullptr};
  FieldStorage field_storage_;
  uint64_t received_bytes_ = 0;
  uint64_t sent_bytes_ = 0;
  bool headers_done_ = false;
  bool half_closed_ = false;  // the peer has sent everything
  bool headers_sent_ = false;
  bool finished_ = false;
  bool waiting_ = false;  // the task has not been started
  bool running_ = false;
  bool closed_ = false;
};

}  // namespace prism::grpc
