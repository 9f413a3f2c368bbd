#include "wire/http2/session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "wire/http2/callbacks.h"
#include "wire/http2/memory.h"

namespace prism::http2 {
namespace {

constexpr size_t kMaxQueuedFrames = 2000;  // that wait for the socket, before reading stops
constexpr int kMaxPieces = 64;             // of one gathering write
constexpr auto kLinger = std::chrono::seconds(1);

struct OptionDeleter {
  void operator()(nghttp2_option* option) const { nghttp2_option_del(option); }
};

nghttp2_session* NewSession(Session::Role role, Session* self) {
  nghttp2_option* raw = nullptr;
  nghttp2_option_new(&raw);
  std::unique_ptr<nghttp2_option, OptionDeleter> option(raw);
  nghttp2_option_set_no_auto_window_update(raw, 1);
  nghttp2_option_set_no_closed_streams(raw, 1);
  nghttp2_session* session = nullptr;
  if (role == Session::Role::kServer) {
    nghttp2_session_server_new3(&session, Callbacks::Get(), self, raw, PooledMemory());
  } else {
    nghttp2_session_client_new3(&session, Callbacks::Get(), self, raw, PooledMemory());
  }
  return session;
}

}  // namespace

Session::Session(Worker& worker, std::unique_ptr<ByteStream> bytes, Role role,
                 const Options& options, StreamFactory factory)
    : worker_(worker),
      bytes_(std::move(bytes)),
      role_(role),
      options_(options),
      factory_(std::move(factory)),
      session_(NewSession(role, this)),
      flush_([](void* self) { static_cast<Session*>(self)->Flush(); }, this),
      timer_([](void* self) { static_cast<Session*>(self)->OnTimer(); }, this) {
  writable_.Set();
  SubmitSettings();
}

Session::~Session() {
  while (streams_) Detach(*streams_, kConnectionLost);
  nghttp2_session_del(session_);
}

void Session::SubmitSettings() {
  const std::array<nghttp2_settings_entry, 5> settings = {{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS,
       role_ == Role::kServer ? options_.max_concurrent_streams : 0},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, options_.stream_window_bytes},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, options_.max_header_list_bytes},
      {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
      {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
  }};
  // A server must not send ENABLE_PUSH; the ignored priorities save a tree per connection.
  std::array<nghttp2_settings_entry, 5> sent;
  size_t count = 0;
  for (const auto& entry : settings) {
    if (role_ == Role::kServer && entry.settings_id == NGHTTP2_SETTINGS_ENABLE_PUSH) continue;
    sent[count++] = entry;
  }
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, sent.data(), count);
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0,
                                        static_cast<int32_t>(options_.connection_window_bytes));
  ScheduleFlush();
}

Task<void> Session::Run() {
  started_ = last_read_ = idle_since_ = stalls_looked_for_ = Clock::now();
  ArmTimer();
  while (!NothingToDo()) {
    if (!writable_.is_set() && (OutputIsFull() || !nghttp2_session_want_read(session_))) {
      (void)co_await writable_.Wait();
      continue;
    }
    ReadSome();
    if (!aborted_) co_await bytes_->Readable();
  }
  going_ = true;
  while (streams_) Detach(*streams_, kConnectionLost);
  if (!aborted_) co_await Linger();
  Abort();
  (void)co_await writable_.Wait();
}

// Lets the peer read our last frames: closing with unread input would reset the connection.
Task<void> Session::Linger() {
  bytes_->FinishWriting();
  timer_.Arm(Clock::now() + kLinger);
  std::array<char, 4096> ignored;
  while (!aborted_) {
    const IoResult read = bytes_->Read(ignored.data(), ignored.size());
    if (read.state == IoResult::State::kClosed) break;
    if (!read.more) co_await bytes_->Readable();
  }
}

// The peer does not read: what it sends may wait too. Not so for a client, or two ends that both
// send would wait for each other; what a server can make it queue is bounded by its own requests.
bool Session::OutputIsFull() const {
  if (role_ == Role::kClient) return false;
  return out_.size() >= options_.max_output_bytes ||
         nghttp2_session_get_outbound_queue_size(session_) >= kMaxQueuedFrames;
}

bool Session::NothingToDo() const {
  return aborted_ || (out_.empty() && !nghttp2_session_want_read(session_) &&
                      !nghttp2_session_want_write(session_));
}

// One block per turn, so that a busy connection does not keep the worker from the others.
void Session::ReadSome() {
  IoResult read;
  do {
    Block* block = Block::Allocate(Block::kPooledBytes);
    read = bytes_->Read(block->data(), block->capacity());
    if (read.state == IoResult::State::kOk) Receive(block, read.bytes);
    if (read.state == IoResult::State::kClosed) Abort();
    block->Unref();
  } while (read.more && !aborted_);
}

void Session::Receive(Block* block, size_t size) {
  last_read_ = Clock::now();
  received_bytes_ += size;
  ping_sent_ = false;
  read_block_ = block;
  const ssize_t used =
      nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t*>(block->data()), size);
  read_block_ = nullptr;
  // Protocol errors have queued a GOAWAY by now; only a flood or lost memory comes back here.
  if (used < 0) return Abort();
  ScheduleFlush();
}

void Session::Flush() {
  if (aborted_ || !writable_.is_set()) return;
  if (!EncodeAndWrite() && !aborted_) {
    writable_.Reset();
    writer_ = WriteWhenPossible();
    writer_.Start([](void* self) { static_cast<Session*>(self)->writable_.Set(); }, this);
    return;
  }
  // Wakes Run, which finds that there is nothing left to do.
  if (NothingToDo()) bytes_->WakeReader();
}

bool Session::EncodeAndWrite() {
  while (true) {
    while (out_.size() < options_.max_output_bytes) {
      const uint8_t* data = nullptr;
      const ssize_t n = nghttp2_session_mem_send(session_, &data);
      if (n < 0) {
        Abort();
        return true;
      }
      if (n == 0) break;
      out_.Copy({reinterpret_cast<const char*>(data), static_cast<size_t>(n)});
    }
    if (out_.empty()) return true;
    std::array<iovec, kMaxPieces> pieces;
    const IoResult written = bytes_->Write(pieces.data(), out_.Gather(pieces.data(), kMaxPieces));
    if (written.state == IoResult::State::kWouldBlock) return false;
    if (written.state == IoResult::State::kClosed) {
      Abort();
      return true;
    }
    sent_bytes_ += written.bytes;
    out_.Consume(written.bytes);
  }
}

Task<void> Session::WriteWhenPossible() {
  do {
    co_await bytes_->Writable();
    // A peer that takes what we send is alive, although its own frames are not read meanwhile.
    last_read_ = Clock::now();
    ping_sent_ = false;
  } while (!aborted_ && !EncodeAndWrite());
  if (NothingToDo()) bytes_->WakeReader();
}

void Session::Attach(Stream& stream, int32_t id) {
  stream.session_ = this;
  stream.id_ = id;
  stream.header_limit_ = options_.max_header_list_bytes;
  stream.next_ = streams_;
  if (streams_) streams_->prev_ = &stream;
  streams_ = &stream;
  ++open_streams_;
}

void Session::Unlink(Stream& stream) {
  if (recent_ == &stream) recent_ = nullptr;
  (stream.prev_ ? stream.prev_->next_ : streams_) = stream.next_;
  if (stream.next_) stream.next_->prev_ = stream.prev_;
  --open_streams_;
  nghttp2_session_set_stream_user_data(session_, stream.id_, nullptr);
  stream.session_ = nullptr;
  stream.pending_.Clear();
  if (open_streams_ > 0) return;
  idle_since_ = last_read_;
  if (drained_) ScheduleFlush();
}

void Session::Detach(Stream& stream, uint32_t http2_error) {
  Unlink(stream);
  stream.OnClosed(http2_error);
}

// In steps, because each costs more than the arithmetic here. A quarter of the window is too little
// to stop the peer: nghttp2 announces credit from half a window on.
void Session::ConsumeConnection(size_t n) {
  unconsumed_ += n;
  if (unconsumed_ < options_.connection_window_bytes / 4) return;
  nghttp2_session_consume_connection(session_, std::exchange(unconsumed_, 0));
}

Stream* Session::FindStream(int32_t id) {
  Stream* stream = streams_;
  while (stream && stream->id_ != id) stream = stream->next_;
  return stream;
}

bool Session::Open(Stream& stream, std::span<const nghttp2_nv> fields) {
  if (going()) return false;
  nghttp2_data_provider provider{{.ptr = &stream}, &Callbacks::ReadData};
  const int32_t id =
      nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(), &provider, &stream);
  if (id < 0) return false;
  Attach(stream, id);
  ScheduleFlush();
  return true;
}

void Session::Drain() {
  if (draining_ || aborted_) return;
  draining_ = true;
  // The peer may have sent requests that we have not seen: the first GOAWAY refuses none, the
  // second, a round trip later, names the last one that we took.
  nghttp2_submit_shutdown_notice(session_);
  nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
  timer_.Arm(Clock::now() + options_.goaway_grace);
  ScheduleFlush();
}

void Session::FinishDrain() {
  if (drained_ || aborted_) return;
  drained_ = going_ = true;
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR,
                        nullptr, 0);
  ScheduleFlush();
}

void Session::Abort() {
  if (aborted_) return;
  aborted_ = true;
  timer_.Cancel();
  bytes_->Abort();
}

TimePoint Session::IdleDeadline() const {
  if (options_.idle_timeout == Duration::zero() || drained_) return kNever;
  return (open_streams_ > 0 ? Clock::now() : idle_since_) + options_.idle_timeout;
}

void Session::ArmTimer() {
  if (draining_ && !drained_) return;  // it is set for the second GOAWAY
  if (!settled_) {
    timer_.Arm(started_ + options_.handshake_timeout);
  } else if (ping_sent_) {
    timer_.Arm(Clock::now() + options_.ping_timeout);
  } else {
    const bool pings = options_.ping_after > Duration::zero();
    const bool stalls = role_ == Role::kServer;
    timer_.Arm(std::min({pings ? last_read_ + options_.ping_after : kNever, IdleDeadline(),
                         stalls ? stalls_looked_for_ + options_.stall_timeout : kNever}));
  }
}

void Session::ResetStalledStreams(TimePoint now) {
  if (role_ == Role::kClient || now < stalls_looked_for_ + options_.stall_timeout) return;
  stalls_looked_for_ = now;
  for (Stream* stream = streams_; stream; stream = stream->next_) {
    if (stream->ended_ && std::exchange(stream->stalled_, true)) stream->Reset(NGHTTP2_CANCEL);
  }
}

void Session::OnTimer() {
  if (going_ && NothingToDo()) return Abort();  // lingered long enough
  const TimePoint now = Clock::now();
  ResetStalledStreams(now);
  if (draining_ && !drained_) {
    FinishDrain();
  } else if (!settled_ || ping_sent_) {
    return Abort();
  } else if (open_streams_ == 0 && now >= IdleDeadline()) {
    FinishDrain();
  } else if (options_.ping_after > Duration::zero() && now >= last_read_ + options_.ping_after) {
    nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
    ping_sent_ = true;
    ScheduleFlush();
  }
  ArmTimer();
}

}  // namespace prism::http2
