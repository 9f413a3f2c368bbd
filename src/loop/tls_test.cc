#include "loop/tls.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "loop/testing/certificates.h"
#include "loop/testing/run_on.h"

namespace prism {
namespace {

using std::chrono::milliseconds;
using testing::Certificates;
using testing::RunOn;
using Bytes = std::unique_ptr<ByteStream>;
using Context = std::shared_ptr<const TlsContext>;

constexpr auto kPatience = std::chrono::seconds(30);

// What both ends of one handshake have to say.
struct Outcome {
  Result<Bytes> server = UnknownError("not done");
  Result<Bytes> client = UnknownError("not done");
};

Task<void> AcceptInto(Worker& worker, Context context, int fd, Outcome& outcome, Event& done) {
  outcome.server = co_await AcceptTls(worker, context, fd, "peer", Clock::now() + kPatience);
  done.Set();
}

Task<void> ShakeHands(Worker& worker, Context server, Context client, std::string name,
                      Outcome& outcome) {
  const Result<int> fd = Listen("127.0.0.1:0", false);
  const std::string address = LocalAddress(*fd);
  Event accepted;
  Task<void> accepting;
  Acceptor acceptor(worker, *fd, [&](int connection, std::string) {
    accepting = AcceptInto(worker, server, connection, outcome, accepted);
    accepting.Start([](void*) {}, nullptr);
  });
  outcome.client = co_await ConnectTls(worker, client, address, name, Clock::now() + kPatience);
  (void)co_await accepted.Wait();
}

// OpenSSL writes without MSG_NOSIGNAL, so programs that use TLS ignore the signal, as here.
class TlsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    signal(SIGPIPE, SIG_IGN);
    ours_ = new Certificates("our authority");
    theirs_ = new Certificates("another authority");
    ours_->Issue("server.test");
    ours_->Issue("client.test");
    theirs_->Issue("client.test");
  }
  static void TearDownTestSuite() {
    delete ours_;
    delete theirs_;
  }

  static TlsFiles FilesOf(const Certificates& authority, const std::string& name) {
    return {.certificate = authority.certificate_file(name),
            .key = authority.key_file(name),
            .ca = ours_->ca_file()};
  }
  static TlsFiles Trusting(const std::string& ca_file) {
    TlsFiles files;
    files.ca = ca_file;
    return files;
  }
  static Context Server(ClientCertificates demand = ClientCertificates::kNone) {
    TlsFiles files = FilesOf(*ours_, "server.test");
    files.client_certificates = demand;
    return *TlsContext::ForServer(files);
  }
  static Context Client() { return *TlsContext::ForClient(Trusting(ours_->ca_file())); }
  Outcome Shake(Context server, Context client, const std::string& name = "server.test") {
    Outcome outcome;
    RunOn(worker_, ShakeHands(worker_, server, client, name, outcome));
    return outcome;
  }

  static inline Certificates* ours_;
  static inline Certificates* theirs_;
  Worker worker_{0};
};

Task<bool> SendAll(ByteStream& stream, std::string text) {
  size_t done = 0;
  while (done < text.size()) {
    // Two pieces, so that one may be taken without the other.
    const size_t half = (text.size() - done + 1) / 2;
    const std::array<iovec, 2> pieces = {
        {{text.data() + done, half}, {text.data() + done + half, text.size() - done - half}}};
    const IoResult written = stream.Write(pieces.data(), half < text.size() - done ? 2 : 1);
    if (written.state == IoResult::State::kClosed) co_return false;
    if (written.state == IoResult::State::kOk) {
      done += written.bytes;
    } else {
      co_await stream.Writable();
    }
  }
  co_return true;
}

Task<std::string> ReceiveAll(ByteStream& stream, size_t size) {
  std::string text;
  std::array<char, 1000> block;  // smaller than a TLS record, so that some stays inside OpenSSL
  while (text.size() < size) {
    const IoResult read = stream.Read(block.data(), block.size());
    if (read.state == IoResult::State::kClosed) break;
    if (read.state == IoResult::State::kOk) text.append(block.data(), read.bytes);
    if (!read.more) co_await stream.Readable();
  }
  co_return text;
}

TEST_F(TlsTest, ShakesHandsInBothVersionsAndCarriesALot) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const Context client = Client();
    SSL_CTX_set_max_proto_version(client->get(), version);
    Outcome outcome = Shake(Server(), client);
    ASSERT_TRUE(outcome.client.ok()) << outcome.client.status().ToString();
    ASSERT_TRUE(outcome.server.ok()) << outcome.server.status().ToString();
    EXPECT_EQ((*outcome.server)->peer_subject(), "");
    const auto talk = [](ByteStream& from, ByteStream& to) -> Task<void> {
      std::string text;
      for (int i = 0; text.size() < 3'000'000; ++i) text += std::to_string(i);
      Task<bool> sending = SendAll(from, text);
      sending.Start([](void*) {}, nullptr);
      EXPECT_FALSE(sending.done());
      const std::string got = co_await ReceiveAll(to, text.size());
      EXPECT_TRUE(got == text);
      EXPECT_TRUE(sending.done());
      from.FinishWriting();
      const std::string rest = co_await ReceiveAll(to, 1);
      EXPECT_EQ(rest, "");
    };
    RunOn(worker_, talk(**outcome.client, **outcome.server));
  }
}

TEST_F(TlsTest, RefusesOlderVersionsAndOtherProtocols) {
  const Context old = Client();
  SSL_CTX_set_min_proto_version(old->get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old->get(), TLS1_1_VERSION);
  EXPECT_EQ(Shake(Server(), old).client.status().code(), Code::kUnavailable);
  const Context http1 = Client();
  constexpr unsigned char kHttp1[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(http1->get(), kHttp1, sizeof(kHttp1) - 1);
  const Outcome outcome = Shake(Server(), http1);
  EXPECT_FALSE(outcome.client.ok());
  EXPECT_FALSE(outcome.server.ok());
}

TEST_F(TlsTest, APeerWithoutAlpnIsTolerated) {
  const Context silent = Client();
  SSL_CTX_set_alpn_protos(silent->get(), nullptr, 0);
  const Outcome outcome = Shake(Server(), silent);
  EXPECT_TRUE(outcome.server.ok()) << outcome.server.status().ToString();
}

TEST_F(TlsTest, TheServersNameAndAuthorityAreChecked) {
  EXPECT_TRUE(Shake(Server(), Client(), "127.0.0.1").client.ok());
  const Outcome misnamed = Shake(Server(), Client(), "other.test");
  EXPECT_FALSE(misnamed.client.ok());
  EXPECT_FALSE(misnamed.server.ok());
  const Outcome wrong_ip = Shake(Server(), Client(), "127.0.0.2");
  EXPECT_FALSE(wrong_ip.client.ok());
  const Context distrustful = *TlsContext::ForClient(Trusting(theirs_->ca_file()));
  const Outcome outcome = Shake(Server(), distrustful);
  EXPECT_EQ(outcome.client.status().code(), Code::kUnavailable);
  EXPECT_NE(outcome.client.status().message().find("certificate"), std::string_view::npos);
}

TEST_F(TlsTest, AClientsCertificateIsRequiredOrRequested) {
  const Context with = *TlsContext::ForClient(FilesOf(*ours_, "client.test"));
  const Context foreign = *TlsContext::ForClient(FilesOf(*theirs_, "client.test"));
  const Outcome known = Shake(Server(ClientCertificates::kRequire), with);
  ASSERT_TRUE(known.server.ok()) << known.server.status().ToString();
  EXPECT_EQ((*known.server)->peer_subject(), "/CN=client.test");
  // In TLS 1.3 a client is done before the server has judged, so only the server's word counts.
  EXPECT_FALSE(Shake(Server(ClientCertificates::kRequire), Client()).server.ok());
  EXPECT_FALSE(Shake(Server(ClientCertificates::kRequire), foreign).server.ok());
  EXPECT_TRUE(Shake(Server(ClientCertificates::kRequest), Client()).server.ok());
  EXPECT_FALSE(Shake(Server(ClientCertificates::kRequest), foreign).server.ok());
  EXPECT_TRUE(Shake(Server(ClientCertificates::kNone), with).server.ok());
}

TEST_F(TlsTest, ASilentPeerTimesOut) {
  const auto body = [](Worker& worker, Context context) -> Task<void> {
    std::array<int, 2> fds;
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    Result<Bytes> stream =
        co_await AcceptTls(worker, context, fds[0], "peer", Clock::now() + milliseconds(5));
    EXPECT_EQ(stream.status().code(), Code::kUnavailable);
    EXPECT_NE(stream.status().message().find("timed out"), std::string_view::npos);
    close(fds[1]);
  };
  RunOn(worker_, body(worker_, Server()));
}

TEST_F(TlsTest, APeerThatGoesOrTalksNonsenseFails) {
  const auto body = [](Worker& worker, Context context, std::string bytes) -> Task<void> {
    std::array<int, 2> fds;
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    EXPECT_EQ(write(fds[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    shutdown(fds[1], SHUT_WR);
    // Without a deadline, a handshake may take as long as it likes.
    Result<Bytes> stream = co_await AcceptTls(worker, context, fds[0], "peer", kNever);
    EXPECT_EQ(stream.status().code(), Code::kUnavailable);
    EXPECT_NE(stream.status().message().find("handshake failed"), std::string_view::npos)
        << stream.status().ToString();
    close(fds[1]);
  };
  for (const char* bytes : {"", "\x16\x03", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}) {
    RunOn(worker_, body(worker_, Server(), bytes));
  }
}

TEST_F(TlsTest, AHandshakeWithoutADeadlineWaitsForItsPeer) {
  const auto body = [](Worker& worker, Context server, Context client) -> Task<void> {
    const Result<int> fd = Listen("127.0.0.1:0", false);
    const std::string address = LocalAddress(*fd);
    Task<Result<Bytes>> accepting;
    Event came;
    Acceptor acceptor(worker, *fd, [&](int connection, std::string) {
      accepting = AcceptTls(worker, server, connection, "peer", kNever);
      came.Set();
    });
    Result<Bytes> stream = InternalError("not done");
    const auto accept = [](Event& event, Task<Result<Bytes>>& task) -> Task<void> {
      (void)co_await event.Wait();
      const Result<Bytes> accepted = co_await task;
      EXPECT_TRUE(accepted.ok()) << accepted.status().ToString();
    };
    Task<void> serving = accept(came, accepting);
    serving.Start([](void*) {}, nullptr);
    stream = co_await ConnectTls(worker, client, address, "server.test", kNever);
    EXPECT_TRUE(stream.ok()) << stream.status().ToString();
    stream = InternalError("closed");
    while (!serving.done()) co_await testing::Turns(worker, 1);
  };
  RunOn(worker_, body(worker_, Server(), Client()));
}

TEST_F(TlsTest, BadFilesAreNamed) {
  TlsFiles files = FilesOf(*ours_, "server.test");
  files.certificate = "/nowhere/cert.pem";
  const auto missing = TlsContext::ForServer(files);
  EXPECT_EQ(missing.status().code(), Code::kInvalidArgument);
  EXPECT_NE(missing.status().message().find("/nowhere/cert.pem"), std::string_view::npos);
  files = FilesOf(*ours_, "server.test");
  files.key = ours_->key_file("client.test");
  const auto mismatched = TlsContext::ForServer(files);
  EXPECT_NE(mismatched.status().message().find(files.key), std::string_view::npos);
  const auto no_ca = TlsContext::ForClient(Trusting(ours_->key_file("client.test")));
  EXPECT_EQ(no_ca.status().code(), Code::kInvalidArgument);
}

}  // namespace
}  // namespace prism
