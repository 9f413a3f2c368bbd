#include "drivers/postgres/connection.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace prism::postgres {
namespace {

constexpr size_t kMostPending = 256;
constexpr size_t kMostPendingBytes = 64 * 1024 * 1024;
// So long after the server has taken a request to cancel it may still act on it.
constexpr Duration kCancelMayCome = std::chrono::seconds(1);
constexpr std::string_view kQueryCanceled = "57014";
constexpr std::string_view kNotPrepared = "26000";
constexpr std::string_view kReadOnly = "25006";

constexpr Duration kPause = std::chrono::seconds(1);
constexpr Statement kPing("ping", "SELECT");

}  // namespace

Connection::Connection(Worker& worker, Handle connection, const Options& options, Room& room)
    : worker_(worker),
      options_(options),
      room_(room),
      connection_(std::move(connection)),
      watch_(worker, PQsocket(connection_.get())),
      last_progress_(Clock::now()),
      flush_([](void* self) { static_cast<Connection*>(self)->Flush(); }, this),
      timer_([](void* self) { static_cast<Connection*>(self)->OnTimer(); }, this),
      run_(Run()) {
  PQsetNoticeReceiver(connection_.get(), &Connection::OnNotice, this);
  ArmTimer();
  run_.Start([](void* self) { static_cast<Connection*>(self)->ended_.Set(); }, this);
}

Connection::~Connection() {
  *self_ = nullptr;
  Close(UnavailableError("the connection to Postgres is closed"));
  FailAll();
}

// The server warns, and answers with success, when it stops to wait for its standbys: because of a
// timeout, or of a request to cancel that was meant for another statement.
void Connection::OnNotice(void* self, const PGresult* notice) {
  auto* const connection = static_cast<Connection*>(self);
  const char* const severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  const char* const text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
  if (!severity || std::string_view(severity) != "WARNING" || connection->waiting_.empty()) return;
  connection->waiting_.front().warning = text ? text : "a warning";
}

Task<Status> Connection::Lost() {
  (void)co_await ended_.Wait();
  co_return reason_;
}

Task<void> Connection::Run() {
  while (!lost()) {
    co_await watch_.Readable();
    if (!lost()) ReadSome();
  }
  FailAll();
}

void Connection::Close(Status reason) {
  if (lost()) return;
  reason_ = std::move(reason);
  timer_.Cancel();
  watch_.Detach();  // libpq may have closed the socket
}

Status Connection::LostNow() {
  std::string text = PQerrorMessage(connection_.get());
  text = text.substr(0, text.find('\n'));
  return UnavailableError("the connection to Postgres was lost" +
                          (text.empty() ? "" : ": " + text));
}

bool Connection::full() const {
  return waiting_.size() >= kMostPending || waiting_bytes_ >= kMostPendingBytes;
}

bool Connection::Submit(const Statement& statement, const Arguments& arguments, bool prepare) {
  PGconn* const connection = connection_.get();
  if (prepare && !PQsendPrepare(connection, statement.name, statement.sql, 0, nullptr))
    return false;
  constexpr int kBinary = 1;
  return PQsendQueryPrepared(connection, statement.name, arguments.count(), arguments.values(),
                             arguments.lengths(), arguments.formats(), kBinary) != 0 &&
         PQpipelineSync(connection) != 0;
}

void Connection::Enqueue(Call* call, const Statement& statement, const Arguments& arguments) {
  const bool prepare = prepared_.insert(&statement).second;
  if (waiting_.empty()) last_progress_ = Clock::now();
  size_t bytes = 0;
  for (int i = 0; i < arguments.count(); ++i) bytes += static_cast<size_t>(arguments.lengths()[i]);
  waiting_bytes_ += bytes;
  waiting_.push_back({call, prepare ? &statement : nullptr, bytes, Rows(), false, {}});
  if (!Submit(statement, arguments, prepare)) return Close(LostNow());
  worker_.Defer(flush_);
}

void Connection::ReadSome() {
  PGconn* const connection = connection_.get();
  if (PQconsumeInput(connection) == 0) return Close(LostNow());
  bool ended = false;  // of one statement's results, which a null closes
  while (!waiting_.empty() && !PQisBusy(connection)) {
    PGresult* const result = PQgetResult(connection);
    if (!result && std::exchange(ended, true)) break;
    if (!result) continue;
    ended = false;
    Take(Rows(result));
    if (lost()) return;
  }
  if (PQstatus(connection) == CONNECTION_BAD) Close(LostNow());
}

void Connection::Take(Rows rows) {
  last_progress_ = Clock::now();
  Waiting& front = waiting_.front();
  switch (PQresultStatus(rows.get())) {
    case PGRES_PIPELINE_SYNC:
      return Deliver();
    case PGRES_PIPELINE_ABORTED:
      return;
    case PGRES_FATAL_ERROR:
      if (PQstatus(connection_.get()) == CONNECTION_BAD) return Close(LostNow());
      if (front.preparing) prepared_.erase(front.preparing);
      front.rows = std::move(rows);
      return;
    default:
      if (std::exchange(front.preparing, nullptr)) return;
      front.rows = std::move(rows);
  }
}

void Connection::Deliver() {
  Waiting front = std::move(waiting_.front());
  waiting_.pop_front();
  ++first_waiting_;
  waiting_bytes_ -= front.bytes;
  room_.TellOne();
  CancelAbandoned();
  if (!front.call) return;
  if (MayBeSentAgain(front)) return front.call->Send();
  Status status = front.rows.status();
  if (status.ok() && !front.warning.empty()) {
    status =
        UnavailableError("Postgres warns: " + front.warning + "; the call may have been applied");
  }
  // It was demoted: whoever asked for one that takes writes is to look for another.
  if (front.rows.Is(kReadOnly) && options_.wants_primary()) Close(status);
  if (status.ok()) return front.call->Finish(std::move(front.rows));
  front.call->Finish(std::move(status));
}

// What a request to cancel was meant for may have ended before it arrived, and another statement
// been ended in its place; or the one that was to prepare it failed. It has done nothing.
bool Connection::MayBeSentAgain(const Waiting& ended) const {
  const bool recently = cancelling_ || Clock::now() < cancelled_at_ + kCancelMayCome;
  if (lost()) return false;
  if (ended.rows.Is(kQueryCanceled)) return recently;
  return ended.rows.Is(kNotPrepared) && !std::exchange(ended.call->sent_again_, true);
}

// libpq writes what the socket takes by itself; this is for the rest.
void Connection::Flush() {
  if (lost() || writing_) return;
  const int left = PQflush(connection_.get());
  if (left < 0) return Close(LostNow());
  ReadWhatWasRead();
  if (left == 0) return;
  writing_ = true;
  writer_ = WriteWhenPossible();
  writer_.Start([](void* self) { static_cast<Connection*>(self)->writing_ = false; }, this);
}

Task<void> Connection::WriteWhenPossible() {
  int left = 1;
  while (left > 0) {
    co_await watch_.Writable();
    if (lost()) co_return;
    left = PQflush(connection_.get());
    if (left >= 0) ReadWhatWasRead();
  }
  if (left < 0) Close(LostNow());
}

// When a write has to wait, libpq reads by itself: then the socket does not tell of the answer.
void Connection::ReadWhatWasRead() {
  if (!waiting_.empty() && PQisBusy(connection_.get()) == 0) watch_.WakeReader();
}

void Connection::FailAll() {
  while (!waiting_.empty()) {
    Call* const call = waiting_.front().call;
    waiting_.pop_front();
    ++first_waiting_;
    if (call) call->Finish(Status(reason_));
  }
  room_.TellAll();
}

// When nobody waits for the statement under way, it is ended in the server, for those behind it
// wait, too. libpq keeps the key to itself and waits for the server, so this happens on a thread,
// at most one for each connection.
void Connection::CancelAbandoned() {
  if (lost() || cancelling_ || waiting_.empty()) return;
  if (waiting_.front().call || waiting_.front().ping) return;
  PGcancel* const cancel = PQgetCancel(connection_.get());
  if (!cancel) return;
  cancelling_ = true;
  std::thread([cancel, self = self_, &worker = worker_] {
    char error[256];
    PQcancel(cancel, error, sizeof(error));
    PQfreeCancel(cancel);
    worker.Post([self] {
      if (!*self) return;
      (*self)->cancelling_ = false;
      (*self)->cancelled_at_ = Clock::now();
      (*self)->CancelAbandoned();
    });
  }).detach();
}

// When something is to be done if nothing comes.
TimePoint Connection::Due() const {
  if (waiting_.empty()) return last_progress_ + kPingAfter;
  return last_progress_ +
         (waiting_.front().ping ? options_.ping_timeout() : options_.response_timeout);
}

// What is due may change until then, but not to less than these times from now.
void Connection::ArmTimer() {
  const Duration least = std::min(kPingAfter, options_.ping_timeout());
  timer_.Arm(std::min(Due(), Clock::now() + least));
}

void Connection::OnTimer() {
  if (Clock::now() >= Due()) {
    if (!waiting_.empty()) {
      return Close(
          UnavailableError("Postgres has not answered " +
                           std::string(waiting_.front().ping ? "a ping within connect_timeout_ms"
                                                             : "within response_timeout_ms")));
    }
    Ping();
    if (lost()) return;
  }
  ArmTimer();
}

void Connection::Ping() {
  Arguments none;
  Enqueue(nullptr, kPing, none);
  if (!lost()) waiting_.back().ping = true;
}

Connection::Call::Call(Connection& connection, const Statement& statement,
                       const Arguments& arguments, Cancellation& cancellation)
    : connection_(&connection),
      statement_(statement),
      arguments_(arguments),
      cancellation_(cancellation),
      worker_(connection.worker_) {
  Send();
}

// Ahead of a statement after a pause: what was silent that long may be gone, and a ping is waited
// for more briefly than work.
void Connection::PingAfterPause() {
  if (!lost() && waiting_.empty() && Clock::now() >= last_progress_ + kPause) Ping();
}

void Connection::Call::Send() {
  connection_->PingAfterPause();
  if (connection_->lost()) return Finish(Status(connection_->reason_).WithRetryable());
  number_ = connection_->first_waiting_ + connection_->waiting_.size();
  connection_->Enqueue(this, statement_, arguments_);
}

void Connection::Call::await_suspend(std::coroutine_handle<> handle) {
  resumption_.Set(handle);
  hook_.Hook(
      cancellation_,
      [](void* self) {
        auto* call = static_cast<Call*>(self);
        call->resumption_.Schedule(call->worker_);
      },
      this);
}

Result<Rows> Connection::Call::await_resume() {
  hook_.Unhook();
  if (result_) return std::move(*result_);
  Connection* const connection = connection_;
  Forget();
  if (connection) connection->CancelAbandoned();
  return cancellation_.reason();
}

void Connection::Call::Forget() {
  if (!connection_) return;
  connection_->waiting_[number_ - connection_->first_waiting_].call = nullptr;
  connection_ = nullptr;
}

void Connection::Call::Finish(Result<Rows> result) {
  connection_ = nullptr;
  result_.emplace(std::move(result));
  resumption_.Schedule(worker_);
}

}  // namespace prism::postgres
