#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "loop/byte_stream.h"

namespace prism {
namespace {

constexpr int kBacklog = 4096;

Status SystemError(const std::string& what) {
  return UnavailableError(what + ": " + std::strerror(errno)).WithRetryable();
}

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Result<SocketAddress> UnixAddress(const std::string& path) {
  SocketAddress address;
  auto* un = reinterpret_cast<sockaddr_un*>(&address.storage);
  if (path.size() >= sizeof(un->sun_path)) {
    return InvalidArgumentError("the socket path '" + path + "' is longer than " +
                                std::to_string(sizeof(un->sun_path) - 1) + " bytes");
  }
  un->sun_family = AF_UNIX;
  std::memcpy(un->sun_path, path.c_str(), path.size() + 1);
  address.size = sizeof(sockaddr_un);
  return address;
}

Result<SocketAddress> Resolve(const Address& parsed, int flags) {
  if (!parsed.unix_path.empty()) return UnixAddress(parsed.unix_path);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(parsed.host.c_str(), parsed.port.c_str(), &hints, &found);
  if (error != 0) {
    return UnavailableError("cannot resolve '" + parsed.host + "': " + gai_strerror(error))
        .WithRetryable();
  }
  SocketAddress address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.size = found->ai_addrlen;
  freeaddrinfo(found);
  return address;
}

std::string Format(const sockaddr_storage& storage) {
  char host[INET6_ADDRSTRLEN] = "";
  if (storage.ss_family == AF_INET) {
    const auto& in = reinterpret_cast<const sockaddr_in&>(storage);
    inet_ntop(AF_INET, &in.sin_addr, host, sizeof(host));
    return std::string(host) + ":" + std::to_string(ntohs(in.sin_port));
  }
  if (storage.ss_family == AF_INET6) {
    const auto& in6 = reinterpret_cast<const sockaddr_in6&>(storage);
    inet_ntop(AF_INET6, &in6.sin6_addr, host, sizeof(host));
    return "[" + std::string(host) + "]:" + std::to_string(ntohs(in6.sin6_port));
  }
  return std::string("unix:") + reinterpret_cast<const sockaddr_un&>(storage).sun_path;
}

void SetNoDelay(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));  // fails harmlessly on Unix sockets
}

// A socket file that nobody accepts on is left over from a process that died.
Status RemoveStaleSocket(const SocketAddress& address, const std::string& path) {
  struct stat info;
  if (lstat(path.c_str(), &info) != 0) return OkStatus();
  if (!S_ISSOCK(info.st_mode)) {
    return FailedPreconditionError("'" + path + "' exists and is not a socket");
  }
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool live = connect(probe, address.get(), address.size) == 0;
  close(probe);
  if (live) return FailedPreconditionError("another process is listening on '" + path + "'");
  unlink(path.c_str());
  return OkStatus();
}

Status BindAndListen(int fd, const SocketAddress& address, const std::string& text, bool shared) {
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (shared) setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
  if (bind(fd, address.get(), address.size) != 0 || listen(fd, kBacklog) != 0) {
    return SystemError("cannot listen on " + text);
  }
  return OkStatus();
}

}  // namespace

Result<Address> ParseAddress(const std::string& text) {
  Address address;
  if (text.starts_with("unix:")) {
    address.unix_path = text.substr(5);
    if (address.unix_path.empty()) return InvalidArgumentError("'" + text + "' names no path");
    return address;
  }
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) {
    return InvalidArgumentError("'" + text + "' is not of the form host:port or unix:/path");
  }
  address.host = text.substr(0, colon);
  address.port = text.substr(colon + 1);
  if (address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  return address;
}

Result<int> Listen(const std::string& text, bool shared) {
  Result<Address> parsed = ParseAddress(text);
  if (!parsed.ok()) return std::move(parsed).status();
  Result<SocketAddress> address = Resolve(*parsed, AI_PASSIVE | AI_NUMERICHOST);
  if (!address.ok()) return std::move(address).status();
  const bool is_unix = !parsed->unix_path.empty();
  if (is_unix) PRISM_RETURN_IF_ERROR(RemoveStaleSocket(*address, parsed->unix_path));
  const int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return SystemError("cannot open a socket for " + text);
  Status status = BindAndListen(fd, *address, text, shared && !is_unix);
  if (status.ok()) return fd;
  close(fd);
  return status;
}

std::string LocalAddress(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size);
  return Format(storage);
}

namespace {

// getaddrinfo blocks, so names are looked up on a thread of their own; numbers never get here.
Task<Result<SocketAddress>> ResolveName(Worker& worker, Address parsed) {
  struct Lookup {
    Event done;
    std::optional<Result<SocketAddress>> result;
  };
  auto lookup = std::make_shared<Lookup>();
  std::thread([lookup, parsed, &worker] {
    Result<SocketAddress> result = Resolve(parsed, AI_ADDRCONFIG);
    worker.Post([lookup, result = std::move(result)]() mutable {
      lookup->result = std::move(result);
      lookup->done.Set();
    });
  }).detach();
  (void)co_await lookup->done.Wait();
  co_return std::move(*lookup->result);
}

int SocketErrorOf(int fd) {
  int error = 0;
  socklen_t size = sizeof(error);
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

Task<Status> FinishConnecting(Worker& worker, int fd, const std::string& text, TimePoint deadline) {
  FdWatch watch(worker, fd);
  bool expired = false;
  struct Expiry {
    FdWatch& watch;
    bool& expired;
  } expiry{watch, expired};
  Timer timer(
      [](void* self) {
        auto* late = static_cast<Expiry*>(self);
        late->expired = true;
        late->watch.Wake();
      },
      &expiry);
  timer.Arm(deadline);
  co_await watch.Writable();
  if (expired) co_return UnavailableError("connecting to " + text + " timed out").WithRetryable();
  errno = SocketErrorOf(fd);
  if (errno != 0) co_return SystemError("cannot connect to " + text);
  co_return OkStatus();
}

}  // namespace

Task<Result<int>> ConnectSocket(Worker& worker, std::string text, TimePoint deadline) {
  Result<Address> parsed = ParseAddress(text);
  if (!parsed.ok()) co_return std::move(parsed).status();
  Result<SocketAddress> address = Resolve(*parsed, AI_NUMERICHOST);
  if (!address.ok()) {
    Result<SocketAddress> resolved = co_await ResolveName(worker, *parsed);
    if (!resolved.ok()) co_return std::move(resolved).status();
    address = std::move(resolved);
  }
  const int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) co_return SystemError("cannot open a socket for " + text);
  SetNoDelay(fd);
  Status status;
  if (connect(fd, address->get(), address->size) != 0) {
    if (errno == EINPROGRESS) {
      status = co_await FinishConnecting(worker, fd, text, deadline);
    } else {
      status = SystemError("cannot connect to " + text);
    }
  }
  if (!status.ok()) {
    close(fd);
    co_return std::move(status);
  }
  co_return fd;
}

Task<Result<std::unique_ptr<ByteStream>>> Connect(Worker& worker, std::string address,
                                                  TimePoint deadline) {
  Result<int> fd = co_await ConnectSocket(worker, address, deadline);
  if (!fd.ok()) co_return std::move(fd).status();
  co_return MakePlainStream(worker, *fd, std::move(address));
}

Acceptor::Acceptor(Worker& worker, int fd, Accept accept)
    : fd_(fd), accept_(std::move(accept)), watch_(worker, fd), task_(Run()) {
  task_.Start([](void*) {}, nullptr);
}

Acceptor::~Acceptor() {
  stop_.Cancel(CancelledError("stopped"));
  task_ = Task<void>();
}

Task<void> Acceptor::Run() {
  while (true) {
    co_await watch_.Readable();
    AcceptAll();
    if (!paused_) continue;
    // Out of descriptors: the connections wait in the backlog until others have closed.
    paused_ = false;
    (void)co_await SleepUntil(Clock::now() + std::chrono::milliseconds(50), stop_);
  }
}

void Acceptor::AcceptAll() {
  constexpr int kPerTurn = 64;  // leaves room for the connections that are already here
  for (int i = 0; i < kPerTurn; ++i) {
    sockaddr_storage peer{};
    socklen_t size = sizeof(peer);
    const int fd = accept4(fd_.number, reinterpret_cast<sockaddr*>(&peer), &size,
                           SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      paused_ = errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS;
      return;
    }
    SetNoDelay(fd);
    accept_(fd, Format(peer));
  }
}

}  // namespace prism
