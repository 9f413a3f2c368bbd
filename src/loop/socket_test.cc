#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <vector>

#include "loop/byte_stream.h"
#include "loop/testing/certificates.h"
#include "loop/testing/run_on.h"

namespace prism {
namespace {

using testing::RunOn;
using testing::TempDir;
using testing::Turns;
using State = IoResult::State;

TimePoint Soon() { return Clock::now() + std::chrono::seconds(10); }

// Reads until `size` bytes are there or the stream ends.
Task<std::string> ReadText(ByteStream& stream, size_t size) {
  std::string text;
  std::array<char, 4096> block;
  while (text.size() < size) {
    const IoResult read = stream.Read(block.data(), std::min(block.size(), size - text.size()));
    if (read.state == State::kClosed) break;
    if (read.state == State::kOk) {
      text.append(block.data(), read.bytes);
    } else {
      co_await stream.Readable();
    }
  }
  co_return text;
}

Task<bool> WriteText(ByteStream& stream, std::string text) {
  size_t done = 0;
  while (done < text.size()) {
    const iovec piece = {text.data() + done, text.size() - done};
    const IoResult written = stream.Write(&piece, 1);
    if (written.state == State::kClosed) co_return false;
    if (written.state == State::kOk) {
      done += written.bytes;
    } else {
      co_await stream.Writable();
    }
  }
  co_return true;
}

// Accepts on an address; the test takes what came.
struct Listener {
  Listener(Worker& worker, const std::string& at) : worker(worker) {
    const Result<int> fd = Listen(at, false);
    EXPECT_TRUE(fd.ok()) << fd.status().ToString();
    if (!fd.ok()) return;
    address = LocalAddress(*fd);
    acceptor.emplace(worker, *fd, [this](int accepted, std::string peer) {
      streams.push_back(MakePlainStream(this->worker, accepted, std::move(peer)));
      came.Set();
    });
  }
  Worker& worker;
  std::string address;
  std::vector<std::unique_ptr<ByteStream>> streams;
  Event came;
  std::optional<Acceptor> acceptor;
};

Task<void> TalkOver(Worker& worker, std::string at) {
  Listener listener(worker, at);
  Result<std::unique_ptr<ByteStream>> client = co_await Connect(worker, listener.address, Soon());
  EXPECT_TRUE(client.ok()) << client.status().ToString();
  if (!client.ok()) co_return;
  (void)co_await listener.came.Wait();
  ByteStream& server = *listener.streams.front();
  // More than the socket takes at once, so that both sides wait for each other.
  const std::string large(4 * 1024 * 1024, 'x');
  Task<bool> writing = WriteText(**client, large + "end");
  writing.Start([](void*) {}, nullptr);
  EXPECT_FALSE(writing.done());
  const std::string got = co_await ReadText(server, large.size() + 3);
  EXPECT_TRUE(got == large + "end");
  EXPECT_TRUE(writing.done());
  (*client)->FinishWriting();
  const std::string rest = co_await ReadText(server, 1);
  EXPECT_EQ(rest, "");
  // Only one direction has ended.
  const bool answered = co_await WriteText(server, "answer");
  EXPECT_TRUE(answered);
  const std::string answer = co_await ReadText(**client, 6);
  EXPECT_EQ(answer, "answer");
}

TEST(Sockets, TalkOverTcp) {
  Worker worker(0);
  RunOn(worker, TalkOver(worker, "127.0.0.1:0"));
}

TEST(Sockets, TalkOverIpv6) {
  if (!Listen("[::1]:0", false).ok()) GTEST_SKIP() << "no IPv6 here";
  Worker worker(0);
  RunOn(worker, TalkOver(worker, "[::1]:0"));
}

TEST(Sockets, TalkOverUnixSockets) {
  const TempDir dir;
  Worker worker(0);
  RunOn(worker, TalkOver(worker, "unix:" + (dir / "socket")));
}

TEST(Sockets, ResolvesNamesOnAnotherThread) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Listener listener(on, "127.0.0.1:0");
    const std::string port = listener.address.substr(listener.address.rfind(':'));
    Result<int> fd = co_await ConnectSocket(on, "localhost" + port, Soon());
    // "localhost" may come out as ::1, where nobody listens; either way it was found.
    if (fd.ok()) {
      close(*fd);
    } else {
      EXPECT_EQ(fd.status().message().find("resolve"), std::string_view::npos);
    }
  };
  RunOn(worker, body(worker));
}

TEST(Sockets, ReplacesAStaleSocketFileAndNoOther) {
  const TempDir dir;
  const std::string path = dir / "socket";
  const Result<int> first = Listen("unix:" + path, true);
  ASSERT_TRUE(first.ok());
  const Result<int> second = Listen("unix:" + path, true);
  EXPECT_EQ(second.status().code(), Code::kFailedPrecondition);
  close(*first);  // the file stays, as after a crash
  const Result<int> third = Listen("unix:" + path, true);
  ASSERT_TRUE(third.ok()) << third.status().ToString();
  close(*third);
  const std::string text_path = dir / "text";
  std::ofstream(text_path) << "precious";
  EXPECT_EQ(Listen("unix:" + text_path, false).status().code(), Code::kFailedPrecondition);
  EXPECT_TRUE(std::filesystem::exists(text_path));
}

TEST(Sockets, RefusesAddressesThatAreNone) {
  for (const char* bad : {"", "7", ":7", "host:", "unix:"}) {
    EXPECT_EQ(ParseAddress(bad).status().code(), Code::kInvalidArgument) << bad;
  }
  EXPECT_EQ(Listen("unix:/" + std::string(200, 'x'), false).status().code(),
            Code::kInvalidArgument);
  EXPECT_FALSE(Listen("localhost.invalid:1", false).ok());
  const Result<Address> six = ParseAddress("[::1]:80");
  ASSERT_TRUE(six.ok());
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->port, "80");
}

TEST(Sockets, SharedPortsAreListenedOnTwice) {
  const Result<int> first = Listen("127.0.0.1:0", true);
  ASSERT_TRUE(first.ok());
  const Result<int> second = Listen(LocalAddress(*first), true);
  EXPECT_TRUE(second.ok());
  const Result<int> alone = Listen(LocalAddress(*first), false);
  EXPECT_EQ(alone.status().code(), Code::kUnavailable);
  close(*first);
  if (second.ok()) close(*second);
}

TEST(Sockets, ARefusedConnectionIsUnavailable) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    const TempDir dir;
    const Result<int> fd = Listen("127.0.0.1:0", false);
    const std::string address = LocalAddress(*fd);
    close(*fd);
    for (const std::string& nowhere : {address, "unix:" + (dir / "none")}) {
      Result<int> refused = co_await ConnectSocket(on, nowhere, Soon());
      EXPECT_EQ(refused.status().code(), Code::kUnavailable);
      EXPECT_TRUE(refused.status().retryable());
    }
  };
  RunOn(worker, body(worker));
}

Task<void> WaitReadable(ByteStream& stream) { co_await stream.Readable(); }

TEST(Sockets, AbortAndWakeEndTheWaits) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    std::array<int, 2> fds;
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    const auto near = MakePlainStream(on, fds[0], "near");
    const auto far = MakePlainStream(on, fds[1], "far");
    Task<void> first = WaitReadable(*near);
    first.Start([](void*) {}, nullptr);
    near->WakeReader();
    co_await Turns(on, 1);
    EXPECT_TRUE(first.done());
    Task<void> second = WaitReadable(*near);
    Task<std::string> other = ReadText(*far, 1);
    second.Start([](void*) {}, nullptr);
    other.Start([](void*) {}, nullptr);
    EXPECT_FALSE(second.done());
    near->Abort();
    co_await Turns(on, 2);
    EXPECT_TRUE(second.done());
    EXPECT_TRUE(other.done());
    char byte = 0;
    EXPECT_EQ(near->Read(&byte, 1).state, State::kClosed);
    const iovec piece = {&byte, 1};
    EXPECT_EQ(near->Write(&piece, 1).state, State::kClosed);
  };
  RunOn(worker, body(worker));
}

TEST(Sockets, AWaitThatIsDestroyedIsNotResumed) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    std::array<int, 2> fds;
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    auto near = MakePlainStream(on, fds[0], "near");
    const auto far = MakePlainStream(on, fds[1], "far");
    {
      Task<void> waiting = WaitReadable(*near);
      waiting.Start([](void*) {}, nullptr);
      const bool written = co_await WriteText(*far, "x");
      EXPECT_TRUE(written);
      waiting = Task<void>();
      near.reset();
    }
    co_await Turns(on, 2);
  };
  RunOn(worker, body(worker));
}

}  // namespace
}  // namespace prism
