#include "gateway/admin.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace prism {
namespace {

constexpr size_t kBigBytes = 32 << 20;  // more than a socket's buffers hold

// A blocking client of 127.0.0.1.
class Client {
 public:
  explicit Client(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience = {.tv_sec = 20, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  Client(const Client&) = delete;
  ~Client() { close(fd_); }

  void Send(std::string_view bytes) {
    EXPECT_EQ(send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // Until the text contains `end`, or to the end of the connection if that is empty.
  std::string ReadUntil(std::string_view end = "") {
    std::string text;
    char chunk[4096];
    while (end.empty() || text.find(end) == std::string::npos) {
      const ssize_t n = recv(fd_, chunk, sizeof(chunk), 0);
      if (n < 0) ADD_FAILURE() << "nothing came after: " << text;
      if (n <= 0) break;
      text.append(chunk, static_cast<size_t>(n));
    }
    return text;
  }
  std::string Ask(std::string_view request) {
    Send(request);
    return ReadUntil();
  }

 private:
  int fd_;
};

class AdminTest : public ::testing::Test {
 protected:
  void Start(Duration timeout) {
    Result<int> fd = Listen("127.0.0.1:0", false);
    ASSERT_TRUE(fd.ok()) << fd.status().ToString();
    port_ = static_cast<uint16_t>(std::stoi(ParseAddress(LocalAddress(*fd))->port));
    AdminRoutes routes;
    routes["/hello"] = [] { return AdminResponse{200, "text/plain", "hello"}; };
    routes["/sick"] = [] { return AdminResponse{503, "text/plain", "sick"}; };
    routes["/big"] = [] { return AdminResponse{200, "text/plain", std::string(kBigBytes, 'x')}; };
    thread_ = std::thread([this, fd = *fd, routes, timeout] {
      worker_.Post([this, fd, &routes, timeout] { server_.emplace(worker_, fd, routes, timeout); });
      worker_.Run();
    });
  }
  void SetUp() override { Start(std::chrono::seconds(30)); }
  void TearDown() override { Stop(); }
  void Stop() {
    worker_.Post([this] { Spawn(End()); });
    thread_.join();
  }
  Task<void> End() {
    Task<void> stop = server_->Stop();
    co_await stop;
    server_.reset();
    worker_.Stop();
  }

  Worker worker_{0};
  uint16_t port_ = 0;
  std::optional<AdminServer> server_;
  std::thread thread_;
};

TEST_F(AdminTest, GetsAPage) {
  const std::string answer =
      Client(port_).Ask("GET /hello?x=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_NE(answer.find("\r\nContent-Type: text/plain\r\n"), std::string::npos);
  EXPECT_NE(answer.find("\r\nContent-Length: 5\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\nhello"));
}

TEST_F(AdminTest, HeadHasNoBody) {
  const std::string answer =
      Client(port_).Ask("HEAD /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("\r\nContent-Length: 5\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(AdminTest, OldHttpClosesBehindTheAnswer) {
  const std::string answer = Client(port_).Ask("GET /sick HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.0 503 Service Unavailable\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("sick"));
}

TEST_F(AdminTest, KeepsTheConnectionAndReadsAhead) {
  Client client(port_);
  client.Send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\nGET /sick HTT");
  EXPECT_TRUE(client.ReadUntil("hello").starts_with("HTTP/1.1 200"));
  client.Send("P/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(client.ReadUntil("sick").starts_with("HTTP/1.1 503"));
}

TEST_F(AdminTest, RequestsInPieces) {
  Client client(port_);
  const std::string request = "GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  for (const char c : request) client.Send({&c, 1});
  EXPECT_TRUE(client.ReadUntil().ends_with("hello"));
}

TEST_F(AdminTest, RefusesWhatItDoesNotServe) {
  const auto status = [this](const std::string& request) {
    return Client(port_).Ask(request).substr(0, 12);
  };
  const std::string end = " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n";
  EXPECT_EQ(status("GET /other" + end + "\r\n"), "HTTP/1.1 404");
  EXPECT_EQ(status("DELETE /hello" + end + "\r\n"), "HTTP/1.1 405");
  EXPECT_EQ(status("POST /hello" + end + "Content-Length: 1\r\n\r\nx"), "HTTP/1.1 413");
  EXPECT_EQ(status("POST /hello" + end + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"),
            "HTTP/1.1 413");
  EXPECT_EQ(status("\x16\x03\x01 is not HTTP\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status("GET /hello" + end + "A: " + std::string(9000, 'a')), "HTTP/1.1 431");
  EXPECT_EQ(status("GET /hello" + end + "A: " + std::string(9000, 'a') + "\r\n\r\n"),
            "HTTP/1.1 431");
  EXPECT_EQ(status("GET /" + std::string(9000, 'a')), "HTTP/1.1 431");
}

TEST_F(AdminTest, LargePagesArriveWhole) {
  const std::string answer =
      Client(port_).Ask("GET /big HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, kBigBytes);
}

TEST_F(AdminTest, FurtherConnectionsAreClosed) {
  std::vector<std::unique_ptr<Client>> clients;
  for (size_t i = 0; i < AdminServer::kMaxConnections; ++i) {
    clients.push_back(std::make_unique<Client>(port_));
  }
  EXPECT_EQ(Client(port_).ReadUntil(), "");
  EXPECT_TRUE(clients.back()
                  ->Ask("GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                  .ends_with("hello"));
}

class ImpatientAdminTest : public AdminTest {
 protected:
  void SetUp() override { Start(std::chrono::milliseconds(30)); }
};

TEST_F(ImpatientAdminTest, HalfARequestAndSilenceAreClosed) {
  EXPECT_EQ(Client(port_).Ask("GET /hello HTTP/1.1\r\nHo"), "");
  EXPECT_EQ(Client(port_).ReadUntil(), "");
}

TEST_F(ImpatientAdminTest, AReaderThatStopsIsClosed) {
  Client client(port_);
  client.Send("GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(client.ReadUntil("\r\n\r\n").starts_with("HTTP/1.1 200"));
  // When the time of one that came later is up, so is the first one's.
  EXPECT_EQ(Client(port_).ReadUntil(), "");
  EXPECT_LT(client.ReadUntil().size(), kBigBytes);
}

}  // namespace
}  // namespace prism
