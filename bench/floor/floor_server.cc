// The yardstick: KeyValueBasicInterface's Get and Set on bare nghttp2 and protobuf, one thread and
// one epoll, no framework. It is as fast as this stack plausibly gets with straightforward code;
// every other server's cost is quoted as a ratio to it.

#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <nghttp2/nghttp2.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "prism/interfaces/keyvalue_basic.pb.h"

namespace {

namespace kv = prism::keyvalue::v1;

constexpr size_t kPrefixBytes = 5;
constexpr size_t kMaxMessageBytes = 4 << 20;
constexpr size_t kReadBytes = 64 << 10;
constexpr size_t kWriteBatchBytes = 256 << 10;
constexpr int32_t kConnectionWindowBytes = 1 << 20;
constexpr int kOk = 0, kInvalidArgument = 3, kResourceExhausted = 8, kUnimplemented = 12;

// Deliberate misbehaviour, with which the load program's own checks are tested.
enum class Fault { kNone, kWrongValue, kBadStatus };

struct Flags {
  uint16_t port = 0;
  Fault fault = Fault::kNone;
  int goaway_after = 0;  // requests per connection; 0: never
};

enum class Method : uint8_t { kUnknown, kGet, kSet };

// One request and its answer. Pooled, so that the buffers keep their capacity.
struct Exchange {
  Method method = Method::kUnknown;
  bool grpc = false;
  bool too_large = false;
  size_t sent = 0;
  size_t slot = 0;  // in its connection's list of open exchanges
  std::string request;
  std::string reply;

  void Reset() {
    method = Method::kUnknown;
    grpc = too_large = false;
    sent = 0;
    request.clear();
    reply.clear();
  }
};

// What all connections share: the map, the message objects, the pool and the read buffer.
struct Server {
  explicit Server(const Flags& f);
  ~Server();
  int Handle(Exchange& exchange);
  int Get(std::string_view body, std::string& reply);
  int Set(std::string_view body, std::string& reply);
  Exchange* Take();
  void Give(Exchange* exchange);

  Flags flags;
  std::unordered_map<std::string, std::string> map;
  kv::GetRequest get_request;
  kv::GetResponse get_response;
  kv::SetRequest set_request;
  kv::SetResponse set_response;
  std::vector<std::unique_ptr<Exchange>> pool;
  std::vector<uint8_t> read_buffer = std::vector<uint8_t>(kReadBytes);
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_option* options = nullptr;
  int epoll = epoll_create1(EPOLL_CLOEXEC);
};

// A client's connection: an nghttp2 session between a socket and the bytes not yet written.
class Connection {
 public:
  Connection(Server& server, int fd);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Both return false when the connection is over.
  bool OnReadable();
  bool OnWritable();

  Exchange* Open();
  void Close(Exchange* exchange);
  void Answer(int32_t stream_id, Exchange& exchange);

 private:
  bool Flush();
  bool WriteOut();
  void WatchWrites(bool on);

  Server& server_;
  const int fd_;
  nghttp2_session* session_ = nullptr;
  std::vector<Exchange*> open_;
  std::string out_;
  size_t out_sent_ = 0;
  bool watching_writes_ = false;
  int requests_ = 0;
};

nghttp2_nv Nv(std::string_view name, std::string_view value) {
  return {reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
          NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

void AppendMessage(const google::protobuf::MessageLite& message, std::string& out) {
  const size_t size = message.ByteSizeLong();
  out.resize(kPrefixBytes + size);
  auto* bytes = reinterpret_cast<uint8_t*>(out.data());
  bytes[0] = 0;
  for (int i = 0; i < 4; ++i) bytes[1 + i] = static_cast<uint8_t>(size >> (24 - 8 * i));
  message.SerializeWithCachedSizesToArray(bytes + kPrefixBytes);
}

// The body's single message, or nothing when the framing is not exactly one plain message.
bool Unframe(const std::string& body, std::string_view& message) {
  if (body.size() < kPrefixBytes || body[0] != 0) return false;
  const auto* bytes = reinterpret_cast<const uint8_t*>(body.data());
  const uint32_t size = uint32_t{bytes[1]} << 24 | bytes[2] << 16 | bytes[3] << 8 | bytes[4];
  message = std::string_view(body).substr(kPrefixBytes);
  return message.size() == size;
}

int Server::Get(std::string_view body, std::string& reply) {
  if (!get_request.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return kInvalidArgument;
  }
  get_response.Clear();
  if (const auto found = map.find(get_request.key()); found != map.end()) {
    get_response.set_found(true);
    get_response.set_value(found->second);
    if (flags.fault == Fault::kWrongValue) get_response.mutable_value()->append("!");
  }
  AppendMessage(get_response, reply);
  return kOk;
}

int Server::Set(std::string_view body, std::string& reply) {
  if (!set_request.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return kInvalidArgument;
  }
  map[set_request.key()] = set_request.value();
  AppendMessage(set_response, reply);
  return kOk;
}

int Server::Handle(Exchange& exchange) {
  if (exchange.method == Method::kUnknown) return kUnimplemented;
  if (exchange.too_large) return kResourceExhausted;
  std::string_view message;
  if (!Unframe(exchange.request, message)) return kInvalidArgument;
  return exchange.method == Method::kGet ? Get(message, exchange.reply)
                                         : Set(message, exchange.reply);
}

Exchange* Server::Take() {
  if (pool.empty()) return new Exchange;
  Exchange* exchange = pool.back().release();
  pool.pop_back();
  return exchange;
}

void Server::Give(Exchange* exchange) {
  exchange->Reset();
  pool.emplace_back(exchange);
}

// ---- nghttp2's callbacks; user_data is the Connection, a stream's user data its Exchange.

Exchange* ExchangeOf(nghttp2_session* session, int32_t stream_id) {
  return static_cast<Exchange*>(nghttp2_session_get_stream_user_data(session, stream_id));
}

int OnBeginHeaders(nghttp2_session* session, const nghttp2_frame* frame, void* user_data) {
  if (frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
  Exchange* exchange = static_cast<Connection*>(user_data)->Open();
  nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, exchange);
  return 0;
}

int OnHeader(nghttp2_session* session, const nghttp2_frame* frame, const uint8_t* name_data,
             size_t name_size, const uint8_t* value_data, size_t value_size, uint8_t, void*) {
  const std::string_view name(reinterpret_cast<const char*>(name_data), name_size);
  const std::string_view value(reinterpret_cast<const char*>(value_data), value_size);
  if (name == ":path") {
    Exchange* exchange = ExchangeOf(session, frame->hd.stream_id);
    if (value == "/prism.keyvalue.v1.KeyValueBasicInterface/Get") {
      exchange->method = Method::kGet;
    } else if (value == "/prism.keyvalue.v1.KeyValueBasicInterface/Set") {
      exchange->method = Method::kSet;
    }
  } else if (name == "content-type") {
    constexpr std::string_view kType = "application/grpc";
    ExchangeOf(session, frame->hd.stream_id)->grpc =
        value.starts_with(kType) &&
        (value.size() == kType.size() || value[kType.size()] == '+' || value[kType.size()] == ';');
  }
  return 0;
}

int OnData(nghttp2_session* session, uint8_t, int32_t stream_id, const uint8_t* data, size_t size,
           void*) {
  Exchange* exchange = ExchangeOf(session, stream_id);
  if (exchange == nullptr) return 0;
  if (exchange->request.size() + size > kPrefixBytes + kMaxMessageBytes) exchange->too_large = true;
  if (!exchange->too_large) exchange->request.append(reinterpret_cast<const char*>(data), size);
  return 0;
}

int OnFrame(nghttp2_session* session, const nghttp2_frame* frame, void* user_data) {
  const bool carries_request = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
  if (!carries_request || (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
  if (Exchange* exchange = ExchangeOf(session, frame->hd.stream_id); exchange != nullptr) {
    static_cast<Connection*>(user_data)->Answer(frame->hd.stream_id, *exchange);
  }
  return 0;
}

int OnClose(nghttp2_session* session, int32_t stream_id, uint32_t, void* user_data) {
  if (Exchange* exchange = ExchangeOf(session, stream_id); exchange != nullptr) {
    static_cast<Connection*>(user_data)->Close(exchange);
    nghttp2_session_set_stream_user_data(session, stream_id, nullptr);
  }
  return 0;
}

ssize_t ReadReply(nghttp2_session* session, int32_t stream_id, uint8_t* to, size_t room,
                  uint32_t* flags, nghttp2_data_source* source, void*) {
  auto* exchange = static_cast<Exchange*>(source->ptr);
  const size_t size = std::min(room, exchange->reply.size() - exchange->sent);
  std::memcpy(to, exchange->reply.data() + exchange->sent, size);
  exchange->sent += size;
  if (exchange->sent == exchange->reply.size()) {
    *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
    const nghttp2_nv trailer = Nv("grpc-status", "0");
    if (nghttp2_submit_trailer(session, stream_id, &trailer, 1) != 0) {
      return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
  }
  return static_cast<ssize_t>(size);
}

Server::Server(const Flags& f) : flags(f) {
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, OnBeginHeaders);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, OnHeader);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, OnData);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, OnFrame);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, OnClose);
  nghttp2_option_new(&options);
  nghttp2_option_set_no_closed_streams(options, 1);
}

Server::~Server() {
  nghttp2_session_callbacks_del(callbacks);
  nghttp2_option_del(options);
  close(epoll);
}

Connection::Connection(Server& server, int fd) : server_(server), fd_(fd) {
  nghttp2_session_server_new2(&session_, server.callbacks, this, server.options);
  const std::array<nghttp2_settings_entry, 2> settings = {{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 1000},
      {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
  }};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kConnectionWindowBytes);
  epoll_event event{.events = EPOLLIN, .data = {.ptr = this}};
  epoll_ctl(server_.epoll, EPOLL_CTL_ADD, fd_, &event);
}

// nghttp2 does not report the streams it drops with a session, so their exchanges are let go here.
Connection::~Connection() {
  nghttp2_session_del(session_);
  for (Exchange* exchange : open_) server_.Give(exchange);
  close(fd_);
}

Exchange* Connection::Open() {
  Exchange* exchange = server_.Take();
  exchange->slot = open_.size();
  open_.push_back(exchange);
  return exchange;
}

void Connection::Close(Exchange* exchange) {
  open_.back()->slot = exchange->slot;
  open_[exchange->slot] = open_.back();
  open_.pop_back();
  server_.Give(exchange);
}

void Connection::Answer(int32_t stream_id, Exchange& exchange) {
  if (server_.flags.goaway_after > 0 && ++requests_ == server_.flags.goaway_after) {
    nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, stream_id, NGHTTP2_NO_ERROR, nullptr, 0);
  }
  if (!exchange.grpc) {
    const nghttp2_nv unsupported = Nv(":status", "415");
    nghttp2_submit_response(session_, stream_id, &unsupported, 1, nullptr);
    return;
  }
  int status = server_.Handle(exchange);
  if (server_.flags.fault == Fault::kBadStatus) status = kUnimplemented;
  const std::string code = std::to_string(status);
  nghttp2_nv status_nv = Nv("grpc-status", code);
  status_nv.flags = NGHTTP2_NV_FLAG_NO_COPY_NAME;
  const std::array<nghttp2_nv, 3> headers = {Nv(":status", "200"),
                                             Nv("content-type", "application/grpc"), status_nv};
  if (status != kOk) {
    nghttp2_submit_response(session_, stream_id, headers.data(), headers.size(), nullptr);
    return;
  }
  const nghttp2_data_provider body{.source = {.ptr = &exchange}, .read_callback = ReadReply};
  nghttp2_submit_response(session_, stream_id, headers.data(), 2, &body);
}

bool Connection::OnReadable() {
  const ssize_t got = recv(fd_, server_.read_buffer.data(), server_.read_buffer.size(), 0);
  if (got == 0) return false;
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (nghttp2_session_mem_recv(session_, server_.read_buffer.data(), got) < 0) return false;
  return Flush();
}

bool Connection::OnWritable() { return WriteOut() && Flush(); }

// Serializes all that the session has to say and writes it at once, in steps of kWriteBatchBytes
// when there is much. What the socket does not take waits for EPOLLOUT.
bool Connection::Flush() {
  while (out_.empty() && nghttp2_session_want_write(session_) != 0) {
    const uint8_t* data = nullptr;
    ssize_t size = 0;
    while (out_.size() < kWriteBatchBytes &&
           (size = nghttp2_session_mem_send(session_, &data)) > 0) {
      out_.append(reinterpret_cast<const char*>(data), size);
    }
    if (size < 0) return false;
    if (out_.empty()) break;
    if (!WriteOut()) return false;
  }
  return !out_.empty() || nghttp2_session_want_read(session_) != 0;
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
  // While the peer does not read, neither do we: its requests would only pile up here.
  epoll_event event{.events = on ? EPOLLOUT : EPOLLIN, .data = {.ptr = this}};
  epoll_ctl(server_.epoll, EPOLL_CTL_MOD, fd_, &event);
}

void AcceptAll(Server& server, int listener) {
  int fd;
  while ((fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    new Connection(server, fd);
  }
}

void Serve(Server& server, int listener) {
  epoll_event watch{.events = EPOLLIN, .data = {.ptr = nullptr}};
  epoll_ctl(server.epoll, EPOLL_CTL_ADD, listener, &watch);
  std::array<epoll_event, 256> events;
  for (;;) {
    const int count = epoll_wait(server.epoll, events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) {
      auto* connection = static_cast<Connection*>(events[i].data.ptr);
      if (connection == nullptr) {
        AcceptAll(server, listener);
        continue;
      }
      const bool alive =
          events[i].events & EPOLLOUT ? connection->OnWritable() : connection->OnReadable();
      if (!alive) delete connection;
    }
  }
}

// A listening socket on 127.0.0.1; exits the process when the port cannot be had.
int Listen(uint16_t& port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd, generic, size) != 0 || listen(fd, SOMAXCONN) != 0 ||
      getsockname(fd, generic, &size) != 0) {
    std::perror("floor_server: listen");
    std::exit(1);
  }
  port = ntohs(address.sin_port);
  return fd;
}

Flags ParseFlags(int argc, char** argv) {
  static constexpr std::array<option, 4> kOptions = {
      {{"port", required_argument, nullptr, 'p'},
       {"fault", required_argument, nullptr, 'f'},
       {"goaway-after", required_argument, nullptr, 'g'},
       {}}};
  Flags flags;
  for (int c; (c = getopt_long(argc, argv, "", kOptions.data(), nullptr)) != -1;) {
    const std::string_view value = optarg == nullptr ? "" : optarg;
    if (c == 'p') {
      flags.port = static_cast<uint16_t>(std::atoi(optarg));
    } else if (c == 'g') {
      flags.goaway_after = std::atoi(optarg);
    } else if (c == 'f' && value == "wrong-value") {
      flags.fault = Fault::kWrongValue;
    } else if (c == 'f' && value == "bad-status") {
      flags.fault = Fault::kBadStatus;
    } else {
      std::fprintf(stderr, "usage: floor_server [--port N]\n");
      std::exit(2);
    }
  }
  return flags;
}

}  // namespace

int main(int argc, char** argv) {
  Flags flags = ParseFlags(argc, argv);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const int listener = Listen(flags.port);
  Server server(flags);
  std::printf("listening on 127.0.0.1:%u\n", flags.port);
  std::fflush(stdout);
  Serve(server, listener);
}
