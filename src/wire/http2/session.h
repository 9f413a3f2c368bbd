#pragma once

#include <nghttp2/nghttp2.h>

#include <boost/container/small_vector.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/out_buffer.h"
#include "loop/byte_stream.h"
#include "loop/task.h"
#include "loop/worker.h"

namespace prism::http2 {

// OnClosed's error when the connection ended under the stream; no HTTP/2 code is that large.
inline constexpr uint32_t kConnectionLost = UINT32_MAX;

// Limits and times of a connection. Sizes are in bytes.
struct Options {
  uint32_t max_concurrent_streams = 1000;
  uint32_t max_header_list_bytes = 16 * 1024;
  uint32_t stream_window_bytes = 256 * 1024;
  uint32_t connection_window_bytes = 1024 * 1024;
  size_t max_output_bytes = 256 * 1024;                   // encoded and not yet taken by the socket
  Duration handshake_timeout = std::chrono::seconds(10);  // until the peer's SETTINGS
  Duration ping_after = std::chrono::seconds(60);         // of silence; zero: never
  Duration ping_timeout = std::chrono::seconds(20);
  // A stream that our side has ended, and of which the peer, alive as it may be, takes nothing and
  // does not end its own side for this to twice this long, is reset.
  Duration stall_timeout = std::chrono::seconds(60);
  Duration idle_timeout{};  // without a stream, then GOAWAY; zero: never
  Duration goaway_grace = std::chrono::milliseconds(250);  // between a drain's two GOAWAYs
};

// A header field as the decoder holds it; SharedHeaderField keeps it beyond the callback.
class HeaderField {
 public:
  HeaderField(nghttp2_rcbuf* name, nghttp2_rcbuf* value)
      : name_(name), value_(value), name_view_(View(name)), value_view_(View(value)) {}
  std::string_view name() const { return name_view_; }
  std::string_view value() const { return value_view_; }

 private:
  friend class SharedHeaderField;
  static std::string_view View(nghttp2_rcbuf* buffer) {
    const nghttp2_vec bytes = nghttp2_rcbuf_get_buf(buffer);
    return {reinterpret_cast<const char*>(bytes.base), bytes.len};
  }
  nghttp2_rcbuf* name_;
  nghttp2_rcbuf* value_;
  std::string_view name_view_;
  std::string_view value_view_;
};

// The same, counted. Not to be used on another thread or after its session is gone from memory
// that the session's allocator owns (we use the process's, so any time is fine).
class SharedHeaderField : public HeaderField {
 public:
  explicit SharedHeaderField(const HeaderField& field) : HeaderField(field) {
    nghttp2_rcbuf_incref(name_);
    nghttp2_rcbuf_incref(value_);
  }
  SharedHeaderField(SharedHeaderField&& other) noexcept : HeaderField(other) {
    other.name_ = other.value_ = nullptr;
  }
  SharedHeaderField& operator=(SharedHeaderField&&) = delete;
  ~SharedHeaderField() {
    if (!name_) return;
    nghttp2_rcbuf_decref(name_);
    nghttp2_rcbuf_decref(value_);
  }
};

// A field to send. Not copied: the characters must live until the stream's OnClosed.
inline nghttp2_nv Field(std::string_view name, std::string_view value) {
  return {reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
          NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

class Session;

// One HTTP/2 stream; the base of gRPC's calls. Created by the session's factory (server) or by
// the caller (client), and told once by OnClosed that the session has forgotten it; whose memory
// it is, the derived class decides.
class Stream {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  // Null once the stream is closed.
  Session* session() const { return session_; }
  int32_t id() const { return id_; }
  // Bytes given to SendData that are not framed yet.
  size_t pending_bytes() const { return pending_.size(); }
  // The peer's header block is over the limit; fields beyond it were not delivered.
  size_t header_bytes() const { return header_bytes_; }
  bool HeaderListTooLarge() const { return header_bytes_ > header_limit_; }

 protected:
  friend class Session;
  friend struct Callbacks;

  // Events, in this order: fields, the end of a header block, data, the end of the peer's side.
  virtual void OnHeader(const HeaderField& field) = 0;
  virtual void OnHeadersEnd() = 0;
  virtual void OnData(Slice data) = 0;  // owes Consume(data.size())
  virtual void OnEndOfStream() = 0;
  virtual void OnClosed(uint32_t http2_error) = 0;
  // pending_bytes() has shrunk.
  virtual void OnSent() = 0;

  // Actions; without effect once closed.
  void SendHeaders(std::span<const nghttp2_nv> fields, bool end_stream);
  void SendData(Buffer data);
  // Ends our side behind the data. The trailers' characters live until OnClosed.
  void EndWithTrailers(std::span<const nghttp2_nv> trailers);
  void EndStream();
  void Reset(uint32_t http2_error);
  // The same once our side's end is out; an immediate Reset would drop what is not sent yet.
  void ResetWhenSent(uint32_t http2_error);
  // Resets the stream and forgets it: no event comes any more. For destructors.
  void Abandon();
  // Gives the peer flow-control credit for `n` bytes that OnData delivered.
  void Consume(size_t n);

 private:
  void Resume();
  // Moves up to `n` pending bytes behind the frame header in `out`.
  void TakePending(size_t n, OutBuffer& out);

  Session* session_ = nullptr;
  Stream* prev_ = nullptr;  // in the session's list
  Stream* next_ = nullptr;
  int32_t id_ = 0;
  bool ended_ = false;  // no more SendData
  bool reset_ = false;
  bool stalled_ = false;   // the peer has taken nothing since the last look for stalled streams
  bool deferred_ = false;  // nghttp2 waits for Resume
  size_t header_bytes_ = 0;
  size_t header_limit_ = 0;
  std::optional<uint32_t> reset_when_sent_;
  size_t unconsumed_ = 0;  // owed to the peer, given back in steps as ConsumeConnection does
  Buffer pending_;
  static constexpr size_t kMaxInlineTrailers = 4;
  boost::container::small_vector<nghttp2_nv, kMaxInlineTrailers> trailers_;
};

// One HTTP/2 connection over a byte stream, for either side, on nghttp2. Run drives it until it
// ends; everything happens on one worker. Input is handed on as slices of the read blocks and
// output is gathered from the senders' slices.
class Session {
 public:
  using StreamFactory = std::function<Stream*(Session&)>;
  enum class Role { kServer, kClient };

  Session(Worker& worker, std::unique_ptr<ByteStream> bytes, Role role, const Options& options,
          StreamFactory factory);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Serves the connection until it is closed; every stream has been closed when it returns.
  Task<void> Run();

  // Opens a client's stream. Its events start after the next flush. False: the session is going.
  bool Open(Stream& stream, std::span<const nghttp2_nv> fields);
  // No new streams; ends Run when those in flight are done.
  void Drain();
  // Ends Run at once.
  void Abort();
  // No stream can be opened any more.
  bool going() const { return going_ || aborted_; }
  size_t open_streams() const { return open_streams_; }
  // The peer has begun to speak HTTP/2.
  bool settled() const { return settled_; }

  Worker& worker() { return worker_; }
  const Options& options() const { return options_; }
  const ByteStream& bytes() const { return *bytes_; }
  // When the last input came: cheaper than a clock, and right for what that input caused.
  TimePoint last_read() const { return last_read_; }
  uint64_t received_bytes() const { return received_bytes_; }
  uint64_t sent_bytes() const { return sent_bytes_; }

 private:
  friend class Stream;
  friend struct Callbacks;

  void SubmitSettings();
  void Attach(Stream& stream, int32_t id);
  void Unlink(Stream& stream);
  void Detach(Stream& stream, uint32_t http2_error);
  Stream* FindStream(int32_t id);
  // The attached stream of that number, or null; events come in runs for the same one.
  Stream* StreamOf(int32_t id) {
    if (!recent_ || recent_->id_ != id) {
      recent_ = static_cast<Stream*>(nghttp2_session_get_stream_user_data(session_, id));
    }
    return recent_;
  }
  void ConsumeConnection(size_t n);
  void ReadSome();
  void Receive(Block* block, size_t size);
  void ScheduleFlush() { worker_.Defer(flush_); }
  void Flush();
  bool EncodeAndWrite();  // false: the socket is full
  Task<void> WriteWhenPossible();
  Task<void> Linger();
  bool OutputIsFull() const;
  bool NothingToDo() const;
  void OnTimer();
  void ArmTimer();
  TimePoint IdleDeadline() const;
  void ResetStalledStreams(TimePoint now);
  void FinishDrain();

  Worker& worker_;
  std::unique_ptr<ByteStream> bytes_;
  Role role_;
  Options options_;
  StreamFactory factory_;
  nghttp2_session* session_ = nullptr;
  OutBuffer out_;
  Deferred flush_;
  Timer timer_;
  Block* read_block_ = nullptr;  // the one that nghttp2 is reading from
  Task<void> writer_;            // runs while the socket is full
  Event writable_;               // set while it does not
  Stream* streams_ = nullptr;
  Stream* recent_ = nullptr;  // the last one looked up
  size_t unconsumed_ = 0;     // of the connection's window, not given back yet
  bool settled_ = false;      // the peer's SETTINGS have come
  bool going_ = false;        // GOAWAY sent or received
  bool draining_ = false;
  bool drained_ = false;  // the final GOAWAY is out
  bool aborted_ = false;
  bool ping_sent_ = false;
  TimePoint started_;
  TimePoint idle_since_;
  TimePoint stalls_looked_for_;
  TimePoint last_read_;
  size_t open_streams_ = 0;
  uint64_t received_bytes_ = 0;
  uint64_t sent_bytes_ = 0;
};

}  // namespace prism::http2
