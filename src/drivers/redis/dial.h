#pragma once

#include <memory>
#include <string>

#include "drivers/redis/options.h"
#include "wire/resp/connection.h"

namespace prism::redis {

// A connection that runs while this exists, logged in and at the right database.
class OpenConnection {
 public:
  OpenConnection(Worker& worker, std::unique_ptr<ByteStream> bytes, const Options& options,
                 std::string address, bool may_block);
  OpenConnection(const OpenConnection&) = delete;
  OpenConnection& operator=(const OpenConnection&) = delete;

  resp::Connection& connection() { return connection_; }
  // Waits for the connection's end: the reason, never OK.
  Task<Status> Lost();

 private:
  resp::Connection connection_;
  Task<Status> run_;
  Event ended_;
};

struct DialRequest {
  std::string address;
  resp::Connection::Push push;  // for subscriptions
  bool blocking = false;        // commands may take as long as they like: no pings, no time limit
  TimePoint deadline = kNever;  // of the call that needs it, if that is before connect_timeout
};

// Connects, shakes hands and logs in. UNAVAILABLE, or FAILED_PRECONDITION when the server refuses
// the user, the password or the database.
Task<Result<std::unique_ptr<OpenConnection>>> Dial(Worker& worker, const Options& options,
                                                   DialRequest request);

}  // namespace prism::redis
