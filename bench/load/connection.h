#pragma once

#include <nghttp2/nghttp2.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "load/workload.h"

namespace prism::bench {

class Connection;

// A call in flight. Owned and reused by its connection.
struct Call {
  const Exchange* exchange = nullptr;
  size_t key = 0;
  uint64_t start_ns = 0;
  size_t sent = 0;
  size_t slot = 0;  // in the connection's list of open calls
  Answer answer;
};

// Told what happens on a connection, during OnReadable and OnWritable; must not start calls then.
class ConnectionObserver {
 public:
  virtual ~ConnectionObserver() = default;
  virtual void OnDone(Call& call, Failure failure) = 0;
};

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

// Resolves "host:port"; false when that has no address.
bool Resolve(const std::string& target, Address& address);

// The header fields of all requests of one run, built once.
class RequestHeaders {
 public:
  explicit RequestHeaders(const Workload& workload);
  const std::array<nghttp2_nv, 7>& Of(Method method) const {
    return method == Method::kGet ? get_ : set_;
  }

 private:
  std::array<nghttp2_nv, 7> get_;
  std::array<nghttp2_nv, 7> set_;
};

// A client's HTTP/2 connection with up to `streams` calls open at once. Used by one thread.
class Connection {
 public:
  enum class State { kClosed, kGreeting, kOpen, kGoingAway };

  Connection(ConnectionObserver& observer, const RequestHeaders& headers, size_t streams);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Connects (waiting at most 2 s) and sends the preface; false when the server cannot be reached.
  bool Open(const Address& address, int epoll);

  // Each reports calls to the observer; when the connection ends, all open ones as lost. Then the
  // state is kClosed and Open may be called again. What a reading gives cause to write (window
  // updates, acks) waits for Flush, to go out together with the next calls.
  void OnReadable(std::vector<uint8_t>& buffer);
  void OnWritable();

  // True when a call may be started now: the server has greeted us and allows one more stream, and
  // the socket takes bytes.
  bool CanStart() const { return state_ == State::kOpen && out_.empty() && open_.size() < limit_; }
  void Start(const Exchange& exchange, size_t key, uint64_t start_ns);

  // Writes what is queued; closes a connection that was told to go and has no call left.
  void Flush();

  State state() const { return state_; }
  size_t in_flight() const { return open_.size(); }
  bool told_to_go() const { return told_to_go_; }

 private:
  friend struct ConnectionCallbacks;

  void Close();
  void Finish(Call& call, Failure failure);
  bool WriteOut();
  void WatchWrites(bool on);
  void OnSettings();

  ConnectionObserver& observer_;
  const RequestHeaders& headers_;
  const size_t streams_;
  size_t limit_;
  State state_ = State::kClosed;
  bool told_to_go_ = false;  // the latest connection got a GOAWAY
  int fd_ = -1;
  int epoll_ = -1;
  nghttp2_session* session_ = nullptr;
  std::string out_;
  size_t out_sent_ = 0;
  bool watching_writes_ = false;
  std::vector<Call*> open_;
  std::vector<std::unique_ptr<Call>> idle_;
};

}  // namespace prism::bench
