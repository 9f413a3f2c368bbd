#include "load/connection.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace prism::bench {
namespace {

constexpr int32_t kWindowBytes = 16 << 20;
constexpr size_t kMaxBodyBytes = 64 << 20;

nghttp2_nv Nv(std::string_view name, std::string_view value) {
  return {reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
          NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

Call* CallOf(nghttp2_session* session, int32_t stream_id) {
  return static_cast<Call*>(nghttp2_session_get_stream_user_data(session, stream_id));
}

// -1 unless all of the text is a number.
int Number(std::string_view text) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : -1;
}

ssize_t ReadRequest(nghttp2_session*, int32_t, uint8_t* to, size_t room, uint32_t* flags,
                    nghttp2_data_source* source, void*) {
  auto* call = static_cast<Call*>(source->ptr);
  const std::string& request = call->exchange->request;
  const size_t size = std::min(room, request.size() - call->sent);
  std::memcpy(to, request.data() + call->sent, size);
  call->sent += size;
  if (call->sent == request.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(size);
}

}  // namespace

// nghttp2's callbacks: user_data is the Connection, a stream's user data its Call.
struct ConnectionCallbacks {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_option* options = nullptr;

  // One set for the process.
  static const ConnectionCallbacks& Shared() {
    static const ConnectionCallbacks shared;
    return shared;
  }

  ConnectionCallbacks() {
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, OnHeader);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, OnData);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, OnFrame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, OnClose);
    nghttp2_option_new(&options);
    nghttp2_option_set_no_closed_streams(options, 1);
  }

  static int OnHeader(nghttp2_session* session, const nghttp2_frame* frame,
                      const uint8_t* name_data, size_t name_size, const uint8_t* value_data,
                      size_t value_size, uint8_t, void*) {
    Call* call = CallOf(session, frame->hd.stream_id);
    if (call == nullptr) return 0;
    const std::string_view name(reinterpret_cast<const char*>(name_data), name_size);
    const std::string_view value(reinterpret_cast<const char*>(value_data), value_size);
    if (name == ":status") {
      call->answer.http_status = Number(value);
    } else if (name == "grpc-status") {
      call->answer.grpc_status = Number(value);
    } else if (name == "content-type") {
      call->answer.grpc_content = value.starts_with("application/grpc");
    } else if (name == "grpc-message") {
      call->answer.grpc_message = value;
    }
    return 0;
  }

  static int OnData(nghttp2_session* session, uint8_t, int32_t stream_id, const uint8_t* data,
                    size_t size, void*) {
    Call* call = CallOf(session, stream_id);
    if (call == nullptr) return 0;
    if (call->answer.body.size() + size > kMaxBodyBytes) return NGHTTP2_ERR_CALLBACK_FAILURE;
    call->answer.body.append(reinterpret_cast<const char*>(data), size);
    return 0;
  }

  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* user_data) {
    auto* self = static_cast<Connection*>(user_data);
    if (frame->hd.type == NGHTTP2_SETTINGS && (frame->hd.flags & NGHTTP2_FLAG_ACK) == 0) {
      self->OnSettings();
    } else if (frame->hd.type == NGHTTP2_GOAWAY) {
      self->told_to_go_ = true;
      self->state_ = Connection::State::kGoingAway;
    }
    return 0;
  }

  static int OnClose(nghttp2_session* session, int32_t stream_id, uint32_t error, void* user_data) {
    auto* self = static_cast<Connection*>(user_data);
    Call* call = CallOf(session, stream_id);
    if (call == nullptr) return 0;
    nghttp2_session_set_stream_user_data(session, stream_id, nullptr);
    if (error == NGHTTP2_REFUSED_STREAM && self->told_to_go_) {
      self->Finish(*call, Failure::kRetried);
    } else {
      // A reset with NO_ERROR after a whole answer only says that the request was not read to its
      // end; the answer stands (RFC 9113, 8.1).
      self->Finish(*call, error == NGHTTP2_NO_ERROR ? Check(*call->exchange, call->answer)
                                                    : Failure::kReset);
    }
    return 0;
  }
};

bool Resolve(const std::string& target, Address& address) {
  const size_t colon = target.rfind(':');
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(target.substr(0, colon).c_str(), target.substr(colon + 1).c_str(), &hints,
                  &found) != 0) {
    return false;
  }
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.size = found->ai_addrlen;
  freeaddrinfo(found);
  return true;
}

RequestHeaders::RequestHeaders(const Workload& workload)
    : get_{Nv(":method", "POST"),
           Nv(":scheme", "http"),
           Nv(":path", "/prism.keyvalue.v1.KeyValueBasicInterface/Get"),
           Nv(":authority", workload.authority()),
           Nv("content-type", "application/grpc"),
           Nv("te", "trailers"),
           Nv("prism-namespace", workload.name_space())},
      set_(get_) {
  set_[2] = Nv(":path", "/prism.keyvalue.v1.KeyValueBasicInterface/Set");
}

Connection::Connection(ConnectionObserver& observer, const RequestHeaders& headers, size_t streams)
    : observer_(observer), headers_(headers), streams_(streams), limit_(streams) {}

Connection::~Connection() {
  if (session_ != nullptr) nghttp2_session_del(session_);
  if (fd_ >= 0) close(fd_);
  for (Call* call : open_) delete call;
}

bool Connection::Open(const Address& address, int epoll) {
  const int fd = socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{.tv_sec = 2, .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0) {
    close(fd);
    return false;
  }
  fcntl(fd, F_SETFL, O_NONBLOCK);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fd_ = fd;
  epoll_ = epoll;
  epoll_event event{.events = EPOLLIN, .data = {.ptr = this}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, fd_, &event);
  const ConnectionCallbacks& shared = ConnectionCallbacks::Shared();
  nghttp2_session_client_new2(&session_, shared.callbacks, this, shared.options);
  const std::array<nghttp2_settings_entry, 2> settings = {{
      {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWindowBytes},
  }};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kWindowBytes);
  state_ = State::kGreeting;
  told_to_go_ = false;
  Flush();
  return state_ != State::kClosed;
}

void Connection::OnSettings() {
  if (state_ == State::kGreeting) state_ = State::kOpen;
  limit_ = std::min<size_t>(streams_, nghttp2_session_get_remote_settings(
                                          session_, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS));
}

void Connection::OnReadable(std::vector<uint8_t>& buffer) {
  const ssize_t got = recv(fd_, buffer.data(), buffer.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0 || nghttp2_session_mem_recv(session_, buffer.data(), got) < 0) return Close();
}

void Connection::OnWritable() {
  if (!WriteOut()) return Close();
  Flush();
}

void Connection::Start(const Exchange& exchange, size_t key, uint64_t start_ns) {
  if (idle_.empty()) idle_.push_back(std::make_unique<Call>());
  Call* call = idle_.back().release();
  idle_.pop_back();
  call->exchange = &exchange;
  call->key = key;
  call->start_ns = start_ns;
  call->sent = 0;
  call->slot = open_.size();
  call->answer.Reset();
  open_.push_back(call);
  const nghttp2_data_provider body{.source = {.ptr = call}, .read_callback = ReadRequest};
  const auto& fields = headers_.Of(exchange.method);
  const int32_t stream =
      nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(), &body, call);
  // A connection that has run out of stream ids is replaced like one that was told to go.
  if (stream < 0) {
    state_ = State::kGoingAway;
    told_to_go_ = true;
    Finish(*call, Failure::kRetried);
  }
}

void Connection::Flush() {
  while (state_ != State::kClosed && out_.empty()) {
    const uint8_t* data = nullptr;
    ssize_t size = 0;
    while ((size = nghttp2_session_mem_send(session_, &data)) > 0) {
      out_.append(reinterpret_cast<const char*>(data), size);
    }
    if (size < 0 || !WriteOut()) return Close();
    if (nghttp2_session_want_write(session_) == 0) break;
  }
  const bool finished = state_ == State::kGoingAway && open_.empty();
  if (state_ != State::kClosed && (finished || nghttp2_session_want_read(session_) == 0)) Close();
}

bool Connection::WriteOut() {
  while (out_sent_ < out_.size()) {
    const ssize_t sent = send(fd_, out_.data() + out_sent_, out_.size() - out_sent_, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) {
      WatchWrites(true);
      return true;
    }
    if (sent < 0) return false;
    out_sent_ += sent;
  }
  out_.clear();
  out_sent_ = 0;
  WatchWrites(false);
  return true;
}

void Connection::WatchWrites(bool on) {
  if (on == watching_writes_) return;
  watching_writes_ = on;
  const uint32_t events = on ? EPOLLIN | EPOLLOUT : EPOLLIN;
  epoll_event event{.events = events, .data = {.ptr = this}};
  epoll_ctl(epoll_, EPOLL_CTL_MOD, fd_, &event);
}

void Connection::Finish(Call& call, Failure failure) {
  observer_.OnDone(call, failure);
  open_.back()->slot = call.slot;
  open_[call.slot] = open_.back();
  open_.pop_back();
  idle_.emplace_back(&call);
}

// After a GOAWAY, a lost call is still lost: the server promised to finish what it had accepted.
void Connection::Close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  nghttp2_session_del(session_);
  session_ = nullptr;
  close(fd_);
  fd_ = -1;
  out_.clear();
  out_sent_ = 0;
  watching_writes_ = false;
  while (!open_.empty()) Finish(*open_.back(), Failure::kConnectionLost);
}

}  // namespace prism::bench
