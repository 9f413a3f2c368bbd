#include <time.h>
#include <unistd.h>

#include <string_view>

#include "wire/http2/testing/session_pair.h"

// How connections end: by time, by a drain, by force.

namespace prism::http2 {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::RunOn;
using testing::Turns;
using testing::Until;
using std::string_view_literals::operator""sv;

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"sv;
constexpr std::string_view kSettings = "\0\0\0\4\0\0\0\0\0"sv;

constexpr char kGoAway = 7;
constexpr char kPing = 6;

// The client's end of a server's connection, by hand.
struct RawClient {
  RawClient(Worker& worker, const Options& options) : RawClient(worker, options, SocketPair()) {}
  RawClient(Worker& worker, const Options& options, std::array<int, 2> fds)
      : fd(fds[1]), server(worker, fds[0], Session::Role::kServer, options) {}
  ~RawClient() { close(fd); }

  void Send(std::string_view bytes) {
    EXPECT_EQ(write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  // How many frames of a type have come by now; acknowledgements are not counted.
  int Frames(char type) {
    std::array<char, 4096> block;
    ssize_t n = 0;
    while ((n = read(fd, block.data(), block.size())) > 0) received.append(block.data(), n);
    int count = 0;
    for (size_t at = 0; at + 9 <= received.size();) {
      const auto* head = reinterpret_cast<const uint8_t*>(received.data()) + at;
      count += head[3] == type && (head[4] & 1) == 0;
      at += 9 + (size_t{head[0]} << 16 | size_t{head[1]} << 8 | head[2]);
    }
    return count;
  }

  int fd;
  std::string received;
  RunningSession server;
};

TEST(Http2Session, APeerThatSaysNothingIsDroppedAfterTheHandshakesTime) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Options options;
    options.handshake_timeout = milliseconds(10);
    RawClient silent(on, options);
    RawClient halfway(on, options);
    halfway.Send(kPreface);
    const TimePoint start = Clock::now();
    (void)co_await silent.server.ended.Wait();
    (void)co_await halfway.server.ended.Wait();
    EXPECT_GE(Clock::now() - start, milliseconds(9));
  };
  RunOn(worker, body(worker));
}

TEST(Http2Session, APeerThatDoesNotAnswerPingsIsDropped) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Options options;
    options.ping_after = milliseconds(10);
    options.ping_timeout = milliseconds(10);
    RawClient silent(on, options);
    silent.Send(kPreface);
    silent.Send(kSettings);
    co_await Until(on, [&] { return silent.Frames(kPing) == 1; });
    EXPECT_FALSE(silent.server.ended.is_set());
    (void)co_await silent.server.ended.Wait();
    EXPECT_EQ(silent.Frames(kPing), 1);
  };
  RunOn(worker, body(worker));
}

TEST(Http2Session, APeerThatAnswersPingsIsKept) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Options options;
    options.ping_after = milliseconds(2);
    options.ping_timeout = milliseconds(150);
    SessionPair pair(on, options, options);
    auto asked = pair.Open();
    const uint64_t start = pair.client.session.received_bytes();
    // A ping frame has 17 bytes, its answer too.
    co_await Until(on, [&] { return pair.client.session.received_bytes() > start + 150; });
    EXPECT_FALSE(pair.client.ended.is_set());
    EXPECT_FALSE(pair.server.ended.is_set());
    EXPECT_EQ(asked->closed, 0);
    co_await pair.Close();
  };
  RunOn(worker, body(worker));
}

milliseconds CpuOfThisThread() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return milliseconds(time.tv_sec * 1000 + time.tv_nsec / 1'000'000);
}

TEST(Http2Session, ConnectionsWithNothingToDoSleep) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Options options;
    options.stall_timeout = milliseconds(10);
    SessionPair pair(on, options, options);
    auto asked = pair.Open();
    Cancellation never;
    (void)co_await SleepUntil(Clock::now() + milliseconds(30), never);
    const milliseconds before = CpuOfThisThread();
    (void)co_await SleepUntil(Clock::now() + milliseconds(500), never);
    EXPECT_LT(CpuOfThisThread() - before, milliseconds(100));
    co_await pair.Close();
  };
  RunOn(worker, body(worker));
}

TEST(Http2Session, AnIdleConnectionIsEndedByGoAway) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Options options;
    options.idle_timeout = milliseconds(20);
    SessionPair pair(on, options, {});
    auto asked = pair.Open();
    const TimePoint start = Clock::now();
    co_await Until(on, [&] { return Clock::now() > start + milliseconds(60); });
    EXPECT_FALSE(pair.client.session.going());
    asked.reset();
    (void)co_await pair.client.ended.Wait();
    (void)co_await pair.server.ended.Wait();
    EXPECT_TRUE(pair.client.session.going());
    EXPECT_EQ(pair.Open(), nullptr);
  };
  RunOn(worker, body(worker));
}

TEST(Http2Session, ADrainLetsStreamsEndAndTakesNoNewOnes) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    SessionPair pair(on, {}, {});
    auto asked = pair.Open();
    co_await Until(on, [&] { return pair.server.accepted.size() == 1; });
    RecordingStream& got = *pair.server.accepted[0];
    pair.server.session.Drain();
    pair.server.session.Drain();
    co_await Until(on, [&] { return pair.client.session.going(); });
    EXPECT_EQ(pair.Open(), nullptr);
    co_await Until(on, [&] { return pair.server.session.going(); });
    co_await Turns(on, 10);
    EXPECT_FALSE(pair.client.ended.is_set());
    EXPECT_FALSE(pair.server.ended.is_set());
    asked->SendData(Buffer::Copy("late"));
    asked->EndStream();
    co_await Until(on, [&] { return got.order.ends_with('e'); });
    Answer(got);
    got.EndStream();
    (void)co_await pair.client.ended.Wait();
    (void)co_await pair.server.ended.Wait();
    EXPECT_EQ(got.data, "late");
    EXPECT_EQ(asked->error, 0u);
    EXPECT_EQ(got.error, 0u);
  };
  RunOn(worker, body(worker));
}

TEST(Http2Session, ADrainRefusesNoRequestThatIsUnderWay) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    SessionPair pair(on, {}, {});
    co_await Until(on, [&] { return pair.client.session.received_bytes() > 0; });
    // In the same turn: the request leaves before the client can know.
    pair.server.session.Drain();
    auto asked = pair.Open();
    co_await Until(on, [&] { return pair.server.accepted.size() == 1; });
    asked->EndStream();
    Answer(*pair.server.accepted[0]);
    pair.server.accepted[0]->EndStream();
    (void)co_await pair.client.ended.Wait();
    (void)co_await pair.server.ended.Wait();
    EXPECT_EQ(asked->error, 0u);
  };
  RunOn(worker, body(worker));
}

TEST(Http2Session, ADrainDoesNotWaitForAPeerThatNeverAnswersItsPing) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Options options;
    options.goaway_grace = milliseconds(5);
    for (const bool settings_first : {true, false}) {
      RawClient client(on, options);
      client.Send(kPreface);
      if (settings_first) {
        client.Send(kSettings);
        co_await Until(on, [&] { return client.Frames(4) == 1; });
      }
      client.server.session.Drain();
      co_await Until(on, [&] { return client.Frames(kGoAway) == 1; });
      if (!settings_first) client.Send(kSettings);
      co_await Until(on, [&] { return client.Frames(kGoAway) == 2; });
      (void)co_await client.server.ended.Wait();
    }
  };
  RunOn(worker, body(worker), seconds(20));
}

TEST(Http2Session, RequestsThatWaitForTheirTurnAreRefusedWhenThePeerGoes) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Options one;
    one.max_concurrent_streams = 1;
    SessionPair pair(on, one, {});
    co_await Until(on, [&] { return pair.client.session.received_bytes() > 0; });
    co_await Turns(on, 5);
    auto first = pair.Open();
    auto second = pair.Open();
    co_await Until(on, [&] { return pair.server.accepted.size() == 1; });
    pair.server.session.Drain();
    co_await Until(on, [&] { return pair.server.session.going(); });
    Answer(*pair.server.accepted[0]);
    pair.server.accepted[0]->EndStream();
    first->EndStream();
    (void)co_await pair.client.ended.Wait();
    (void)co_await pair.server.ended.Wait();
    EXPECT_EQ(first->error, 0u);
    EXPECT_EQ(second->closed, 1);
    EXPECT_EQ(second->error, static_cast<uint32_t>(NGHTTP2_REFUSED_STREAM));
  };
  RunOn(worker, body(worker));
}

TEST(Http2Session, AbortClosesEveryStreamOnce) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Options few;
    few.max_concurrent_streams = 50;
    SessionPair pair(on, few, {});
    co_await Until(on, [&] { return pair.client.session.received_bytes() > 0; });
    Streams asked;
    for (int i = 0; i < 100; ++i) {
      asked.push_back(pair.Open());
      asked.back()->SendData(Buffer::Copy(std::string(100'000, 'x')));
    }
    co_await Until(on, [&] { return pair.server.accepted.size() == 50; });
    pair.client.session.Abort();
    pair.client.session.Abort();
    EXPECT_EQ(pair.Open(), nullptr);
    (void)co_await pair.client.ended.Wait();
    (void)co_await pair.server.ended.Wait();
    for (const Streams* streams : {&asked, &pair.server.accepted}) {
      for (const auto& each : *streams) {
        EXPECT_EQ(each->closed, 1);
        EXPECT_EQ(each->error, kConnectionLost);
        EXPECT_EQ(each->pending_bytes(), 0u);
        each->SendData(Buffer::Copy("no effect"));
        each->EndStream();
        each->Reset(NGHTTP2_CANCEL);
      }
    }
    EXPECT_EQ(pair.client.session.open_streams(), 0u);
  };
  RunOn(worker, body(worker));
}

TEST(Http2Session, APeerThatIsGoneClosesEveryStreamOnce) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    RawClient client(on, {});
    client.Send(kPreface);
    client.Send(kSettings);
    // POST, http, the path "/a" and the authority "t": a request that stays open.
    client.Send("\0\0\11\1\4\0\0\0\1\x83\x86\x44\2/a\x41\1t"sv);
    co_await Until(on, [&] { return client.server.accepted.size() == 1; });
    shutdown(client.fd, SHUT_WR);
    (void)co_await client.server.ended.Wait();
    EXPECT_EQ(client.server.accepted[0]->closed, 1);
    EXPECT_EQ(client.server.accepted[0]->error, kConnectionLost);
  };
  RunOn(worker, body(worker));
}

TEST(Http2Session, BytesThatAreNotHttp2EndTheConnection) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    RawClient client(on, {});
    client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    (void)co_await client.server.ended.Wait();
    RawClient bad(on, {});
    bad.Send(kPreface);
    bad.Send(kSettings);
    bad.Send("\0\0\0\0\0\0\0\0\1"sv);  // DATA on a stream that is not open
    co_await Until(on, [&] { return bad.Frames(kGoAway) == 1; });
    (void)co_await bad.server.ended.Wait();
  };
  RunOn(worker, body(worker));
}

TEST(Http2Session, APeerThatFloodsAndDoesNotReadIsBounded) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    RawClient client(on, {});
    client.Send(kPreface);
    client.Send(kSettings);
    std::string pings;
    for (int i = 0; i < 1000; ++i) pings += "\0\0\x8\6\0\0\0\0\0pingping"sv;
    size_t sent = 0;
    int stuck = 0;
    while (!client.server.ended.is_set() && stuck < 100) {
      const size_t at = sent % pings.size();  // a write may end inside a frame
      const ssize_t n = send(client.fd, pings.data() + at, pings.size() - at, MSG_NOSIGNAL);
      if (n > 0) sent += static_cast<size_t>(n);
      stuck = n > 0 ? 0 : stuck + 1;
      co_await Turns(on, 1);
    }
    // What it may keep, and what two sockets' buffers hold.
    EXPECT_LT(client.server.session.received_bytes(), 4u * 1024 * 1024);
    co_await client.server.Close();
  };
  RunOn(worker, body(worker));
}

}  // namespace
}  // namespace prism::http2
