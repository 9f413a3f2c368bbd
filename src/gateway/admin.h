#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "loop/byte_stream.h"
#include "loop/worker.h"

namespace prism {

// A page of the admin port.
struct AdminResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// Path, without a query, to what makes the page; called on the server's worker.
using AdminRoutes = std::map<std::string, std::function<AdminResponse()>, std::less<>>;

// The admin port: GET and HEAD over HTTP/1.1 with keep-alive. Meant for operators and scrapers, so
// it is bounded rather than fast: further connections are closed at once, and one that does not
// finish a request, or take its answer, in time is closed too. Used on its worker; Stop it first,
// then destroy it.
class AdminServer {
 public:
  static constexpr size_t kMaxConnections = 256;
  static constexpr size_t kMaxHeaderBytes = 8 * 1024;

  // Takes over `listen_fd`, from Listen. `timeout` is for one request or one answer.
  AdminServer(Worker& worker, int listen_fd, AdminRoutes routes,
              Duration timeout = std::chrono::seconds(10));
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  // Closes the port and all connections; returns when they are gone.
  Task<void> Stop();

 private:
  class Connection;
  void OnAccept(int fd, std::string peer);
  void OnEnd(Connection* connection);
  AdminResponse PageFor(std::string_view method, std::string_view target) const;

  Worker& worker_;
  const AdminRoutes routes_;
  const Duration timeout_;
  std::list<std::unique_ptr<Connection>> connections_;
  bool stopping_ = false;
  Event idle_;  // set while there are no connections
  std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace prism
