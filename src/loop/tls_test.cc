#include "loop/tls.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <optional>

#include "loop/testing/certificates.h"
#include "loop/testing/run_on.h"

namespace prism {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Certificates;
using testing::RunOn;
using State = IoResult::State;
using Context = std::shared_ptr<const TlsContext>;
using Stream = std::unique_ptr<ByteStream>;

TimePoint Soon() { return Clock::now() + seconds(10); }

// Reads until `size` bytes are there or the stream ends.
Task<std::string> ReadText(ByteStream& stream, size_t size) {
  std::string text;
  std::array<char, 16384> block;
  while (text.size() < size) {
    const IoResult read = stream.Read(block.data(), std::min(block.size(), size - text.size()));
    if (read.state == State::kClosed) break;
    if (read.state == State::kOk) text.append(block.data(), read.bytes);
    if (!read.more && text.size() < size) co_await stream.Readable();
  }
  co_return text;
}

// Writes in many pieces; false when the stream has ended.
Task<bool> WriteText(ByteStream& stream, std::string text) {
  size_t done = 0;
  while (done < text.size()) {
    std::array<iovec, 3> pieces;
    int count = 0;
    for (size_t at = done; at < text.size() && count < 3; at += 20'000) {
      pieces[count++] = {text.data() + at, std::min<size_t>(20'000, text.size() - at)};
    }
    const IoResult written = stream.Write(pieces.data(), count);
    if (written.state == State::kClosed) co_return false;
    done += written.bytes;
    if (written.state == State::kWouldBlock) co_await stream.Writable();
  }
  co_return true;
}

// A worker, a listening address, and what the server's handshakes came to.
class TlsTest : public ::testing::Test {
 public:
  TlsTest() {
    ca_.Issue("server.test");
    ca_.Issue("client.test");
    other_ca_.Issue("client.test");
  }

  static TlsFiles Files(const Certificates& from, const std::string& name) {
    TlsFiles files;
    if (!name.empty()) {
      files.certificate = from.certificate_file(name);
      files.key = from.key_file(name);
    }
    files.ca = from.ca_file();
    return files;
  }
  Context Server(ClientCertificates demand = ClientCertificates::kNone) {
    TlsFiles files = Files(ca_, "server.test");
    files.client_certificates = demand;
    Result<Context> made = TlsContext::ForServer(files);
    EXPECT_TRUE(made.ok()) << made.status().ToString();
    return *made;
  }
  static Context Client(const TlsFiles& files) {
    Result<Context> made = TlsContext::ForClient(files);
    EXPECT_TRUE(made.ok()) << made.status().ToString();
    return *made;
  }
  Context Client() { return Client(Files(ca_, "")); }

  // Accepts by `context` on the test's address from now on.
  void Serve(Context context, TimePoint deadline = Soon()) {
    const Result<int> fd = Listen("127.0.0.1:0", false);
    address_ = LocalAddress(*fd);
    acceptor_.emplace(worker_, *fd, [this, context, deadline](int accepted, std::string peer) {
      Spawn(Accept(context, accepted, std::move(peer), deadline));
    });
  }
  Task<void> Accept(Context context, int fd, std::string peer, TimePoint deadline) {
    accepted_.emplace(
        co_await AcceptTls(worker_, std::move(context), fd, std::move(peer), deadline));
    accepted_event_.Set();
  }
  Task<Result<Stream>> Connect(Context context, std::string name = "server.test") {
    return ConnectTls(worker_, std::move(context), address_, std::move(name), Soon());
  }
  // Runs `body` on the worker and leaves no connection.
  void Run(Task<void> (*body)(TlsTest& test)) {
    const auto whole = [](TlsTest& test, Task<void> (*inner)(TlsTest&)) -> Task<void> {
      co_await inner(test);
      test.acceptor_.reset();
      test.accepted_.reset();
    };
    RunOn(worker_, whole(*this, body));
  }
  // Both sides' outcomes of a handshake; OK only if bytes pass, since a TLS 1.3 client is done
  // before the server has seen its certificate.
  Task<void> Shake(Context context, std::string name = "server.test") {
    accepted_.reset();
    accepted_event_.Reset();
    Result<Stream> client = co_await Connect(std::move(context), std::move(name));
    (void)co_await accepted_event_.Wait();
    server_status_ = accepted_->status();
    client_status_ = client.status();
    if (!client.ok()) co_return;
    if (accepted_->ok()) {
      subject_ = (**accepted_)->peer_subject();
      const iovec piece = {const_cast<char*>("x"), 1};
      EXPECT_EQ((**accepted_)->Write(&piece, 1).bytes, 1u);
    }
    const std::string got = co_await ReadText(**client, 1);
    if (got.empty()) client_status_ = UnavailableError("closed");
  }
  void ExpectAccepted(Context context, const std::string& subject = "") {
    context_ = std::move(context);
    Run([](TlsTest& test) { return test.Shake(test.context_, test.name_); });
    EXPECT_TRUE(client_status_.ok()) << client_status_.ToString();
    EXPECT_TRUE(server_status_.ok()) << server_status_.ToString();
    EXPECT_EQ(subject_, subject);
  }
  void ExpectRefused(Context context) {
    context_ = std::move(context);
    Run([](TlsTest& test) { return test.Shake(test.context_, test.name_); });
    EXPECT_EQ(client_status_.code(), Code::kUnavailable) << client_status_.ToString();
    EXPECT_EQ(server_status_.code(), Code::kUnavailable) << server_status_.ToString();
  }

  Worker worker_{0};
  Certificates ca_{"the CA"};
  Certificates other_ca_{"another CA"};
  std::string address_;
  std::optional<Acceptor> acceptor_;
  std::optional<Result<Stream>> accepted_;
  Event accepted_event_;
  Context context_;  // of the client
  std::string name_ = "server.test";
  Status client_status_;
  Status server_status_;
  std::string subject_;  // of the client's certificate
};

TEST_F(TlsTest, LargeDataGoesBothWaysAtOnce) {
  Serve(Server());
  Run([](TlsTest& test) -> Task<void> {
    Result<Stream> client = co_await test.Connect(test.Client());
    EXPECT_TRUE(client.ok()) << client.status().ToString();
    if (!client.ok()) co_return;
    (void)co_await test.accepted_event_.Wait();
    ByteStream& server = ***test.accepted_;
    std::string text(20'000'000, '\0');  // more than the sockets hold
    for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 31 + i / 1021);
    Task<bool> up = WriteText(**client, text);
    Task<bool> down = WriteText(server, text);
    up.Start([](void*) {}, nullptr);
    down.Start([](void*) {}, nullptr);
    const std::string at_server = co_await ReadText(server, text.size());
    const std::string at_client = co_await ReadText(**client, text.size());
    EXPECT_TRUE(at_server == text);
    EXPECT_TRUE(at_client == text);
    EXPECT_TRUE(up.done() && down.done());
    (*client)->FinishWriting();
    const std::string rest = co_await ReadText(server, 1);
    EXPECT_EQ(rest, "");
  });
}

TEST_F(TlsTest, SpeaksTls12And13AndNothingOlder) {
  Serve(Server());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const Context client = Client();
    SSL_CTX_set_min_proto_version(client->get(), version);
    SSL_CTX_set_max_proto_version(client->get(), version);
    Serve(Server());
    ExpectAccepted(client);
  }
  const Context old = Client();
  SSL_CTX_set_security_level(old->get(), 0);
  SSL_CTX_set_min_proto_version(old->get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old->get(), TLS1_1_VERSION);
  SSL_CTX_set_cipher_list(old->get(), "ALL:@SECLEVEL=0");
  Serve(Server());
  ExpectRefused(old);
}

TEST_F(TlsTest, AClientOfAnotherProtocolIsRefused) {
  const Context other = Client();
  static constexpr unsigned char kHttp1[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(other->get(), kHttp1, sizeof(kHttp1) - 1);
  Serve(Server());
  ExpectRefused(other);
}

TEST_F(TlsTest, AServerToleratesAClientThatNamesNoProtocol) {
  Serve(Server());
  Run([](TlsTest& test) -> Task<void> {
    const Context client = test.Client();
    SSL_CTX_set_alpn_protos(client->get(), nullptr, 0);
    (void)co_await test.Connect(client);
    (void)co_await test.accepted_event_.Wait();
    EXPECT_TRUE(test.accepted_->ok()) << test.accepted_->status().ToString();
  });
}

int ChooseNothing(SSL*, const unsigned char**, unsigned char*, const unsigned char*, unsigned int,
                  void*) {
  return SSL_TLSEXT_ERR_NOACK;
}

TEST_F(TlsTest, AServerThatDoesNotChooseH2IsRefused) {
  const Context server = Server();
  SSL_CTX_set_alpn_select_cb(server->get(), &ChooseNothing, nullptr);
  Serve(server);
  Run([](TlsTest& test) -> Task<void> {
    Result<Stream> client = co_await test.Connect(test.Client());
    EXPECT_EQ(client.status().code(), Code::kUnavailable);
    EXPECT_NE(client.status().message().find("h2"), std::string_view::npos);
    (void)co_await test.accepted_event_.Wait();
  });
}

TEST_F(TlsTest, ARequiredClientCertificateMustBeThereAndBelieved) {
  Serve(Server(ClientCertificates::kRequire));
  ExpectAccepted(Client(Files(ca_, "client.test")), "/CN=client.test");
  Serve(Server(ClientCertificates::kRequire));
  ExpectRefused(Client());
  TlsFiles stranger = Files(other_ca_, "client.test");
  stranger.ca = ca_.ca_file();
  Serve(Server(ClientCertificates::kRequire));
  ExpectRefused(Client(stranger));
}

TEST_F(TlsTest, ARequestedClientCertificateMayBeMissingButNotWrong) {
  Serve(Server(ClientCertificates::kRequest));
  ExpectAccepted(Client());
  Serve(Server(ClientCertificates::kRequest));
  ExpectAccepted(Client(Files(ca_, "client.test")), "/CN=client.test");
  TlsFiles stranger = Files(other_ca_, "client.test");
  stranger.ca = ca_.ca_file();
  Serve(Server(ClientCertificates::kRequest));
  ExpectRefused(Client(stranger));
}

TEST_F(TlsTest, AClientCertificateThatNobodyAskedForIsNotShown) {
  Serve(Server());
  ExpectAccepted(Client(Files(ca_, "client.test")), "");
}

TEST_F(TlsTest, AServerOfAnotherCaIsRefused) {
  Serve(Server());
  ExpectRefused(Client(Files(other_ca_, "")));
}

TEST_F(TlsTest, TheServersNameMustFit) {
  for (const char* good : {"server.test", "127.0.0.1"}) {
    name_ = good;
    Serve(Server());
    ExpectAccepted(Client());
  }
  for (const char* bad : {"other.test", "127.0.0.2", "::1"}) {
    name_ = bad;
    Serve(Server());
    ExpectRefused(Client());
  }
}

TEST_F(TlsTest, WithoutANameToCheckNothingIsConnected) {
  Serve(Server());
  Run([](TlsTest& test) -> Task<void> {
    Result<Stream> client = co_await test.Connect(test.Client(), "");
    EXPECT_EQ(client.status().code(), Code::kInvalidArgument) << client.status().ToString();
  });
}

TEST_F(TlsTest, TheServerIsToldNamesButNoAddresses) {
  static std::string told;
  for (const char* name : {"server.test", "127.0.0.1"}) {
    const Context server = Server();
    told = "nothing";
    SSL_CTX_set_tlsext_servername_callback(
        server->get(), +[](SSL* ssl, int*, void*) {
          const char* given = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
          told = given ? given : "none";
          return SSL_TLSEXT_ERR_OK;
        });
    name_ = name;
    Serve(server);
    ExpectAccepted(Client());
    EXPECT_EQ(told, name_ == "server.test" ? "server.test" : "none");
  }
}

TEST_F(TlsTest, SilentPeersTimeOut) {
  Serve(Server(), Clock::now() + milliseconds(20));
  Run([](TlsTest& test) -> Task<void> {
    Result<Stream> silent = co_await prism::Connect(test.worker_, test.address_, Soon());
    (void)co_await test.accepted_event_.Wait();
    EXPECT_EQ(test.accepted_->status().code(), Code::kUnavailable);
    EXPECT_NE(test.accepted_->status().message().find("timed out"), std::string_view::npos);
    // A server that listens and says nothing.
    const Result<int> fd = Listen("127.0.0.1:0", false);
    const OwnedFd silent_server(*fd);
    const TimePoint deadline = Clock::now() + milliseconds(20);
    Result<Stream> client = co_await ConnectTls(test.worker_, test.Client(), LocalAddress(*fd),
                                                "server.test", deadline);
    EXPECT_GE(Clock::now(), deadline);
    EXPECT_EQ(client.status().code(), Code::kUnavailable);
    EXPECT_NE(client.status().message().find("timed out"), std::string_view::npos);
  });
}

TEST_F(TlsTest, AHandshakeWithoutADeadlineGoesOn) {
  Serve(Server(), kNever);
  ExpectAccepted(Client());
}

TEST_F(TlsTest, BytesThatAreNotTlsAreRefused) {
  Serve(Server());
  Run([](TlsTest& test) -> Task<void> {
    Result<Stream> client = co_await prism::Connect(test.worker_, test.address_, Soon());
    const bool written = co_await WriteText(**client, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    EXPECT_TRUE(written);
    (void)co_await test.accepted_event_.Wait();
    EXPECT_EQ(test.accepted_->status().code(), Code::kUnavailable);
  });
}

// What a client sends first.
std::string ClientHello(const Context& context) {
  SSL* ssl = SSL_new(context->get());
  BIO* out = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl, BIO_new(BIO_s_mem()), out);
  SSL_set_connect_state(ssl);
  SSL_do_handshake(ssl);
  std::array<char, 4096> bytes;
  const int size = BIO_read(out, bytes.data(), bytes.size());
  SSL_free(ssl);
  return std::string(bytes.data(), static_cast<size_t>(size));
}

TEST_F(TlsTest, PeersThatCloseInMidHandshakeEndIt) {
  Run([](TlsTest& test) -> Task<void> {
    const std::string hello = ClientHello(test.Client());
    for (const size_t sent : {size_t{0}, size_t{3}, hello.size() - 1, hello.size()}) {
      std::array<int, 2> fds;
      EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
      {
        // It is gone before the server answers, whose write must not raise SIGPIPE.
        const OwnedFd peer(fds[1]);
        EXPECT_EQ(send(peer.number, hello.data(), sent, 0), static_cast<ssize_t>(sent));
      }
      Result<Stream> server =
          co_await AcceptTls(test.worker_, test.Server(), fds[0], "peer", kNever);
      EXPECT_EQ(server.status().code(), Code::kUnavailable) << sent;
    }
  });
}

TEST_F(TlsTest, WritingToAPeerThatIsGoneClosesTheStream) {
  Serve(Server());
  Run([](TlsTest& test) -> Task<void> {
    {
      Result<Stream> client = co_await test.Connect(test.Client());
      (void)co_await test.accepted_event_.Wait();
    }
    ByteStream& server = ***test.accepted_;
    bool open = true;
    while (open) open = co_await WriteText(server, std::string(100'000, 'x'));
    const std::string nothing = co_await ReadText(server, 1);
    EXPECT_EQ(nothing, "");
  });
}

TEST_F(TlsTest, AbortEndsBothSides) {
  Serve(Server());
  Run([](TlsTest& test) -> Task<void> {
    Result<Stream> client = co_await test.Connect(test.Client());
    (void)co_await test.accepted_event_.Wait();
    (*client)->Abort();
    const std::string at_server = co_await ReadText(***test.accepted_, 1);
    const std::string at_client = co_await ReadText(**client, 1);
    EXPECT_EQ(at_server + at_client, "");
  });
}

TEST_F(TlsTest, FilesThatCannotBeUsedAreNamed) {
  const auto fault = [](const TlsFiles& files) {
    const Result<Context> made = TlsContext::ForServer(files);
    EXPECT_EQ(made.status().code(), Code::kInvalidArgument);
    return std::string(made.status().message());
  };
  const TlsFiles good = Files(ca_, "server.test");
  TlsFiles files = good;
  files.certificate = "/nowhere.pem";
  EXPECT_NE(fault(files).find("certificate '/nowhere.pem'"), std::string::npos);
  files = good;
  files.key = ca_.key_file("client.test");  // of another certificate
  EXPECT_NE(fault(files).find("key '" + files.key), std::string::npos);
  files = good;
  files.ca = files.key;
  files.client_certificates = ClientCertificates::kRequire;
  EXPECT_NE(fault(files).find("CA certificates '" + files.ca), std::string::npos);
}

}  // namespace
}  // namespace prism
