#include "gateway/admin.h"

#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <optional>
#include <utility>

namespace prism {
namespace {

namespace http = boost::beast::http;
using Parser = http::request_parser<http::empty_body>;

constexpr size_t kReadBytes = 4096;

std::string Head(const AdminResponse& page, unsigned version, bool keep_alive) {
  const std::string_view reason = http::obsolete_reason(http::int_to_status(page.status));
  std::string head = version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ";
  head += std::to_string(page.status) + " " + std::string(reason) + "\r\n";
  head += "Content-Type: " + page.content_type + "\r\n";
  head += "Content-Length: " + std::to_string(page.body.size()) + "\r\n";
  head += "Cache-Control: no-store\r\n";
  if (page.status == 405) head += "Allow: GET, HEAD\r\n";
  if (!keep_alive) {
    head += "Connection: close\r\n";
  } else if (version == 10) {
    head += "Connection: keep-alive\r\n";
  }
  return head + "\r\n";
}

AdminResponse ErrorPage(int status, std::string text) {
  AdminResponse page;
  page.status = status;
  page.body = std::move(text) + "\n";
  return page;
}

// For bytes that are no request we serve; the connection ends behind it.
AdminResponse PageForError(const boost::system::error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return ErrorPage(431, "the request's header is over " +
                              std::to_string(AdminServer::kMaxHeaderBytes) + " bytes");
  }
  if (error == http::error::unexpected_body || error == http::error::body_limit) {
    return ErrorPage(413, "a request here has no body");
  }
  return ErrorPage(400, "bad request: " + error.message());
}

}  // namespace

// One connection: reads a request, writes the page, again until either side has enough.
class AdminServer::Connection {
 public:
  Connection(AdminServer& server, std::unique_ptr<ByteStream> bytes)
      : server_(server),
        bytes_(std::move(bytes)),
        expiry_([](void* self) { static_cast<Connection*>(self)->Abort(); }, this) {}

  // May end, and destroy this, before it returns.
  void Start() {
    task_ = Run();
    task_.Start(
        [](void* self) {
          auto* ended = static_cast<Connection*>(self);
          ended->server_.OnEnd(ended);
        },
        this);
  }
  void Abort() { bytes_->Abort(); }

 private:
  Task<void> Run() {
    for (bool open = true; open;) {
      ArmExpiry();
      Parser parser;
      parser.eager(true);
      parser.header_limit(kMaxHeaderBytes);
      parser.body_limit(0);
      boost::system::error_code error;
      while (!parser.is_done() && !error) {
        error = Feed(parser);
        if (error != http::error::need_more) continue;
        error = {};
        Task<bool> more = ReadMore();
        const bool read = co_await more;
        if (!read) co_return;
      }
      const std::string answer = AnswerFor(parser, error, open);
      ArmExpiry();
      Task<bool> writing = Write(answer);
      const bool written = co_await writing;
      if (!written) co_return;
    }
    Task<void> closing = Linger();
    co_await closing;
  }

  void ArmExpiry() { expiry_.Arm(Clock::now() + server_.timeout_); }

  boost::system::error_code Feed(Parser& parser) {
    boost::system::error_code error;
    if (input_.empty()) return http::error::need_more;
    const size_t used = parser.put(boost::asio::buffer(input_), error);
    input_.erase(0, used);
    // The parser holds its limit against whole headers, we against what waits to become one.
    if (error == http::error::need_more && input_.size() > kMaxHeaderBytes) {
      return http::error::header_limit;
    }
    return error;
  }

  // Sets `open` to whether another request may follow.
  std::string AnswerFor(const Parser& parser, const boost::system::error_code& error, bool& open) {
    if (error) {
      open = false;
      const AdminResponse page = PageForError(error);
      return Head(page, 11, false) + page.body;
    }
    const auto& request = parser.get();
    open = request.keep_alive() && !server_.stopping_;
    const auto method = request.method_string();
    const auto target = request.target();
    const AdminResponse page =
        server_.PageFor({method.data(), method.size()}, {target.data(), target.size()});
    std::string answer = Head(page, request.version(), open);
    if (request.method() != http::verb::head) answer += page.body;
    return answer;
  }

  // False: the connection is over.
  Task<bool> ReadMore() {
    char chunk[kReadBytes];
    for (;;) {
      const IoResult result = bytes_->Read(chunk, sizeof(chunk));
      if (result.state == IoResult::State::kClosed) co_return false;
      if (result.state == IoResult::State::kOk) {
        input_.append(chunk, result.bytes);
        co_return true;
      }
      co_await bytes_->Readable();
    }
  }

  Task<bool> Write(std::string_view rest) {
    while (!rest.empty()) {
      const iovec piece = {const_cast<char*>(rest.data()), rest.size()};
      const IoResult result = bytes_->Write(&piece, 1);
      if (result.state == IoResult::State::kClosed) co_return false;
      if (result.state == IoResult::State::kWouldBlock) co_await bytes_->Writable();
      rest.remove_prefix(result.bytes);
    }
    co_return true;
  }

  // Closing with unread input would make the kernel throw away the answer on its way.
  Task<void> Linger() {
    bytes_->FinishWriting();
    for (;;) {
      input_.clear();
      Task<bool> more = ReadMore();
      const bool read = co_await more;
      if (!read) co_return;
    }
  }

  AdminServer& server_;
  std::unique_ptr<ByteStream> bytes_;
  Timer expiry_;
  std::string input_;  // read and not parsed yet
  Task<void> task_;
};

AdminServer::AdminServer(Worker& worker, int listen_fd, AdminRoutes routes, Duration timeout)
    : worker_(worker), routes_(std::move(routes)), timeout_(timeout) {
  idle_.Set();
  acceptor_ = std::make_unique<Acceptor>(
      worker, listen_fd, [this](int fd, std::string peer) { OnAccept(fd, std::move(peer)); });
}

AdminServer::~AdminServer() = default;

void AdminServer::OnAccept(int fd, std::string peer) {
  if (connections_.size() >= kMaxConnections) {
    close(fd);
    return;
  }
  idle_.Reset();
  auto bytes = MakePlainStream(worker_, fd, std::move(peer));
  connections_.push_back(std::make_unique<Connection>(*this, std::move(bytes)));
  connections_.back()->Start();
}

void AdminServer::OnEnd(Connection* connection) {
  connections_.remove_if([connection](const auto& each) { return each.get() == connection; });
  if (connections_.empty()) idle_.Set();
}

Task<void> AdminServer::Stop() {
  stopping_ = true;
  acceptor_.reset();
  for (const auto& connection : connections_) connection->Abort();
  (void)co_await idle_.Wait();
}

AdminResponse AdminServer::PageFor(std::string_view method, std::string_view target) const {
  const auto route = routes_.find(target.substr(0, target.find('?')));
  if (route == routes_.end()) return ErrorPage(404, "no such page");
  if (method != "GET" && method != "HEAD") return ErrorPage(405, "only GET and HEAD");
  return route->second();
}

}  // namespace prism
