#pragma once

#include <sys/uio.h>

#include <memory>
#include <string>

#include "base/cancellation.h"
#include "base/result.h"
#include "loop/task.h"
#include "loop/worker.h"

namespace prism {

// What a non-blocking transfer did.
struct IoResult {
  enum class State { kOk, kWouldBlock, kClosed };
  State state = State::kOk;
  size_t bytes = 0;
  bool more = false;  // there is input that Readable would not announce: read again
};

// A descriptor that is closed with its owner. Declared ahead of a watch on it, it is closed behind
// it: epoll keeps what it watches for as long as a duplicate of the descriptor is open.
struct OwnedFd {
  explicit OwnedFd(int n) : number(n) {}
  OwnedFd(const OwnedFd&) = delete;
  ~OwnedFd();
  int number;
};

// A connected, non-blocking, ordered stream of bytes: TCP, a Unix socket, or TLS over either.
// Owns the descriptor. Used on one worker.
class ByteStream {
 public:
  ByteStream(Worker& worker, int fd, std::string peer)
      : fd_(fd), watch_(worker, fd), peer_(std::move(peer)) {}
  virtual ~ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  virtual IoResult Read(char* out, size_t capacity) = 0;
  virtual IoResult Write(const iovec* pieces, int count) = 0;
  // Tells the peer that nothing more will be written; reading goes on.
  virtual void FinishWriting() = 0;

  FdWatch::Awaiter Readable() { return watch_.Readable(); }
  FdWatch::Awaiter Writable() { return watch_.Writable(); }
  // Makes one wait for reading return early.
  void WakeReader() { watch_.WakeReader(); }
  // Ends both directions at once; whoever waits is resumed and will find the stream closed.
  void Abort();

  const std::string& peer() const { return peer_; }
  // The client's certificate subject, "" without one.
  const std::string& peer_subject() const { return peer_subject_; }

 protected:
  int fd() const { return fd_.number; }
  void set_peer_subject(std::string subject) { peer_subject_ = std::move(subject); }

 private:
  OwnedFd fd_;
  FdWatch watch_;
  std::string peer_;
  std::string peer_subject_;
};

// Takes over `fd`, which must be connected and non-blocking.
std::unique_ptr<ByteStream> MakePlainStream(Worker& worker, int fd, std::string peer);

// "127.0.0.1:80", "[::1]:80" or "unix:/path"; a host name is for connecting only.
struct Address {
  std::string host;  // empty for a Unix socket
  std::string port;
  std::string unix_path;
};
Result<Address> ParseAddress(const std::string& text);

// Opens a listening socket. `shared` sets SO_REUSEPORT, so every worker can have its own.
// Port 0 takes a free port. A stale Unix socket file is replaced, a live one is an error.
Result<int> Listen(const std::string& address, bool shared);
// The address that a socket is bound to, in the form that ParseAddress reads.
std::string LocalAddress(int fd);

// Connects a socket to an address, resolving names on a helper thread. Errors: UNAVAILABLE.
Task<Result<int>> ConnectSocket(Worker& worker, std::string address, TimePoint deadline);
Task<Result<std::unique_ptr<ByteStream>>> Connect(Worker& worker, std::string address,
                                                  TimePoint deadline);

// Accepts connections on `fd` until stopped and hands each descriptor, non-blocking, to `accept`.
class Acceptor {
 public:
  using Accept = std::function<void(int fd, std::string peer)>;
  Acceptor(Worker& worker, int fd, Accept accept);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

 private:
  Task<void> Run();
  void AcceptAll();

  OwnedFd fd_;
  Accept accept_;
  FdWatch watch_;
  Cancellation stop_;
  bool paused_ = false;
  Task<void> task_;
};

}  // namespace prism
