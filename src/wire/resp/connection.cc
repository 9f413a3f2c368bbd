#include "wire/resp/connection.h"

#include <algorithm>
#include <array>
#include <utility>

namespace prism::resp {
namespace {

constexpr int kMaxPieces = 16;
constexpr size_t kReadBytes = 64 * 1024;

}  // namespace

Connection::Connection(Worker& worker, std::unique_ptr<ByteStream> bytes, ConnectionOptions options)
    : worker_(worker),
      options_(std::move(options)),
      bytes_(std::move(bytes)),
      parser_(options_.replies),
      last_progress_(Clock::now()),
      flush_([](void* self) { static_cast<Connection*>(self)->Flush(); }, this),
      timer_([](void* self) { static_cast<Connection*>(self)->OnTimer(); }, this) {
  ArmTimer();
}

Connection::~Connection() {
  Close(UnavailableError("the connection to " + options_.name + " is closed"));
  FailAll();
}

Task<Status> Connection::Run() {
  while (!lost()) {
    ReadSome();
    if (!lost()) co_await bytes_->Readable();
  }
  FailAll();
  co_return reason_;
}

void Connection::Close(Status reason) {
  if (lost()) return;
  reason_ = std::move(reason);
  timer_.Cancel();
  bytes_->Abort();
}

Status Connection::Admit() const {
  if (lost()) return Status(reason_).WithRetryable();
  if (waiting_.size() >= options_.max_pending || out_.size() >= options_.max_output_bytes) {
    return ResourceExhaustedError("too many commands wait for " + options_.name)
        .WithHint("raise max_pending of the backend, or look why the server is slow")
        .WithRetryable();
  }
  return OkStatus();
}

void Connection::Append(const Command& command) {
  const std::string_view bytes = command.bytes();
  out_.Copy(bytes);
  queued_bytes_ += bytes.size();
  worker_.Defer(flush_);
}

void Connection::Post(const Command& command) {
  if (lost()) return;
  if (!push_) Expect(nullptr);
  Append(command);
}

void Connection::Expect(Call* call) {
  if (waiting_.empty()) last_progress_ = Clock::now();
  waiting_.push_back({call, queued_bytes_});
}

void Connection::ReadSome() {
  thread_local std::array<char, kReadBytes> buffer;
  IoResult read;
  do {
    read = bytes_->Read(buffer.data(), buffer.size());
    if (read.state == IoResult::State::kClosed) {
      return Close(UnavailableError("the connection to " + options_.name + " was lost"));
    }
    std::string_view input(buffer.data(), read.bytes);
    if (read.state == IoResult::State::kWouldBlock) return;
    Reply reply;
    bool progressed = false;
    while (!input.empty() && !lost()) {
      const Result<bool> complete = parser_.Next(input, reply);
      if (!complete.ok()) {
        return Close(
            UnavailableError(options_.name + ": " + std::string(complete.status().message())));
      }
      if (!*complete) break;  // all of the input is taken
      if (!std::exchange(progressed, true)) last_progress_ = Clock::now();
      Deliver(std::move(reply));
    }
  } while (read.more && !lost());
}

void Connection::Deliver(Reply&& reply) {
  if (push_) return push_(std::move(reply));
  if (waiting_.empty()) {
    // Before it hangs up, a server may say why: too many clients, for example.
    return Close(UnavailableError(options_.name + " says: " + reply.text));
  }
  Call* call = waiting_.front().call;
  waiting_.pop_front();
  ++first_waiting_;
  if (call) call->Finish(std::move(reply));
}

void Connection::Flush() {
  if (lost() || writing_ || WriteSome()) return;
  writing_ = true;
  writer_ = WriteWhenPossible();
  writer_.Start([](void* self) { static_cast<Connection*>(self)->writing_ = false; }, this);
}

// True when all is written or the connection is lost; false when the socket takes no more.
bool Connection::WriteSome() {
  while (!out_.empty()) {
    std::array<iovec, kMaxPieces> pieces;
    const IoResult written = bytes_->Write(pieces.data(), out_.Gather(pieces.data(), kMaxPieces));
    if (written.state == IoResult::State::kWouldBlock) return false;
    if (written.state == IoResult::State::kClosed) {
      Close(UnavailableError("the connection to " + options_.name + " was lost"));
      return true;
    }
    sent_bytes_ += written.bytes;
    out_.Consume(written.bytes);
  }
  return true;
}

Task<void> Connection::WriteWhenPossible() {
  do {
    co_await bytes_->Writable();
  } while (!lost() && !WriteSome());
}

void Connection::FailAll() {
  while (!waiting_.empty()) {
    const Waiting front = waiting_.front();
    waiting_.pop_front();
    ++first_waiting_;
    if (!front.call) continue;
    front.call->Finish(Status(reason_).WithRetryable(front.starts_at >= sent_bytes_));
  }
}

void Connection::ArmTimer() {
  const bool pings = options_.ping_after > Duration::zero();
  const Duration patience =
      pings ? std::min(options_.ping_after, options_.response_timeout) : options_.response_timeout;
  timer_.Arm(std::max(last_progress_ + patience, Clock::now() + std::chrono::milliseconds(10)));
}

void Connection::OnTimer() {
  const TimePoint now = Clock::now();
  if (!waiting_.empty() && now >= last_progress_ + options_.response_timeout) {
    return Close(
        UnavailableError(options_.name + " has not answered for " +
                         std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(
                                            options_.response_timeout)
                                            .count()) +
                         " ms"));
  }
  const bool pings = options_.ping_after > Duration::zero();
  if (waiting_.empty() && pings && now >= last_progress_ + options_.ping_after) {
    Post(Command("PING"));
  }
  ArmTimer();
}

Connection::Call::Call(Connection& connection, const Command& command, Cancellation& cancellation)
    : connection_(&connection), cancellation_(cancellation), worker_(connection.worker_) {
  Status admitted = connection.Admit();
  if (!admitted.ok()) {
    connection_ = nullptr;
    result_.emplace(std::move(admitted));
    return;
  }
  number_ = connection.first_waiting_ + connection.waiting_.size();
  connection.Expect(this);
  connection.Append(command);
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

Result<Reply> Connection::Call::await_resume() {
  hook_.Unhook();
  if (result_) return std::move(*result_);
  Forget();
  return cancellation_.reason();
}

void Connection::Call::Forget() {
  if (!connection_) return;
  connection_->waiting_[number_ - connection_->first_waiting_].call = nullptr;
  connection_ = nullptr;
}

void Connection::Call::Finish(Result<Reply>&& result) {
  connection_ = nullptr;
  result_.emplace(std::move(result));
  if (resumption_.waiting()) resumption_.Schedule(worker_);
}

}  // namespace prism::resp
