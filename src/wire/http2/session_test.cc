#include "wire/http2/session.h"

#include <algorithm>

#include "wire/http2/testing/session_pair.h"

namespace prism::http2 {
namespace {

using std::chrono::milliseconds;
using testing::RunOn;
using testing::Turns;
using testing::Until;

// Bytes whose place shows, so that a swap or a gap is seen.
std::string Pattern(size_t size) {
  std::string text(size, '\0');
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + i / 251);
  return text;
}

// Runs `body` with a fresh pair of sessions and ends them.
void WithPair(const Options& server, const Options& client,
              Task<void> (*body)(Worker& on, SessionPair& pair)) {
  Worker worker(0);
  const auto whole = [](Worker& on, const Options& s, const Options& c,
                        Task<void> (*inner)(Worker&, SessionPair&)) -> Task<void> {
    SessionPair pair(on, s, c);
    co_await inner(on, pair);
    co_await pair.Close();
  };
  RunOn(worker, whole(worker, server, client, body));
}

TEST(Http2Session, RequestAndResponse) {
  WithPair({}, {}, [](Worker& on, SessionPair& pair) -> Task<void> {
    auto asked = pair.Open();
    asked->SendData(Buffer::Copy("question"));
    asked->EndStream();
    co_await Until(on, [&] { return pair.server.accepted.size() == 1; });
    RecordingStream& got = *pair.server.accepted[0];
    co_await Until(on, [&] { return got.order == "hHde"; });
    EXPECT_EQ(got.data, "question");
    EXPECT_EQ(got.fields.at(2), (std::pair<std::string, std::string>(":path", "/a")));
    Answer(got);
    got.SendData(Buffer::Copy("answer"));
    const std::array trailers = {Field("grpc-status", "0")};
    got.EndWithTrailers(trailers);
    co_await Until(on, [&] { return asked->closed == 1 && got.closed == 1; });
    EXPECT_EQ(asked->order, "hHdhHec");
    EXPECT_EQ(asked->data, "answer");
    EXPECT_EQ(asked->fields.back().first, "grpc-status");
    EXPECT_EQ(asked->error, 0u);
    EXPECT_EQ(got.error, 0u);
    EXPECT_EQ(pair.client.session.open_streams(), 0u);
    EXPECT_EQ(pair.server.session.open_streams(), 0u);
  });
}

// Sends the same both ways on one stream and waits until both have all of it.
Task<void> Exchange(Worker& on, SessionPair& pair, size_t size) {
  const std::string sent = Pattern(size);
  const size_t before = pair.server.accepted.size();
  auto asked = pair.Open();
  asked->SendData(Buffer::Copy(sent));
  asked->EndStream();
  co_await Until(on, [&] { return pair.server.accepted.size() == before + 1; });
  RecordingStream& got = *pair.server.accepted[before];
  Answer(got);
  got.SendData(Buffer::Copy(sent));
  got.EndStream();
  co_await Until(on, [&] { return asked->closed == 1 && got.closed == 1; });
  EXPECT_EQ(asked->error, 0u) << size;
  EXPECT_TRUE(got.data == sent) << size;
  EXPECT_TRUE(asked->data == sent) << size;
}

TEST(Http2Session, DataGoesBothWaysAroundEveryLimit) {
  WithPair({}, {}, [](Worker& on, SessionPair& pair) -> Task<void> {
    constexpr size_t kFrame = 16 * 1024;
    constexpr size_t kFirstWindow = 65535;
    const Options defaults;
    for (const size_t limit : {kFrame, 2 * kFrame, kFirstWindow, defaults.max_output_bytes,
                               size_t{defaults.connection_window_bytes}}) {
      for (const size_t size : {limit - 1, limit, limit + 1}) co_await Exchange(on, pair, size);
    }
    co_await Exchange(on, pair, 0);
    co_await Exchange(on, pair, 5 * defaults.connection_window_bytes + 7);
  });
}

TEST(Http2Session, ManyStreamsShareTheConnectionsWindow) {
  Options small;
  small.stream_window_bytes = 64 * 1024;
  small.connection_window_bytes = 128 * 1024;
  WithPair(small, small, [](Worker& on, SessionPair& pair) -> Task<void> {
    const std::string sent = Pattern(300'000);
    Streams asked;
    for (int i = 0; i < 20; ++i) {
      asked.push_back(pair.Open());
      asked.back()->SendData(Buffer::Copy(sent));
      asked.back()->EndStream();
    }
    co_await Until(on, [&] {
      return pair.server.accepted.size() == 20 &&
             std::ranges::all_of(pair.server.accepted,
                                 [](const auto& each) { return each->order.ends_with('e'); });
    });
    for (const auto& each : pair.server.accepted) EXPECT_TRUE(each->data == sent);
  });
}

TEST(Http2Session, ASlowConsumerStopsItsSenderAndNoOther) {
  WithPair({}, {}, [](Worker& on, SessionPair& pair) -> Task<void> {
    constexpr size_t kSize = 2 * 1024 * 1024;
    const size_t window = pair.server.session.options().stream_window_bytes;
    auto slow = pair.Open();
    co_await Until(on, [&] { return pair.server.accepted.size() == 1; });
    RecordingStream& got = *pair.server.accepted[0];
    got.consumes = false;
    slow->SendData(Buffer::Copy(Pattern(kSize)));
    slow->EndStream();
    co_await Until(on, [&] { return got.data.size() == window; });
    // Others go on although more than their share of the connection's window passes.
    co_await Exchange(on, pair, kSize);
    EXPECT_EQ(got.data.size(), window);
    EXPECT_EQ(slow->pending_bytes(), kSize - window);
    got.consumes = true;
    got.Consume(window);
    co_await Until(on, [&] { return got.order.ends_with('e'); });
    EXPECT_TRUE(got.data == Pattern(kSize));
    EXPECT_EQ(slow->pending_bytes(), 0u);
  });
}

TEST(Http2Session, AHeaderListOverTheLimitIsCutOffAndCanBeAnswered) {
  Options server;
  server.max_header_list_bytes = 1000;
  WithPair(server, {}, [](Worker& on, SessionPair& pair) -> Task<void> {
    const std::string large(900, 'x');
    const std::array fields = {Field(":method", "POST"), Field(":scheme", "http"),
                               Field(":path", "/a"),     Field(":authority", "test"),
                               Field("large", large),    Field("late", "1")};
    RecordingStream asked;
    EXPECT_TRUE(pair.client.session.Open(asked, fields));
    co_await Until(on, [&] { return pair.server.accepted.size() == 1; });
    RecordingStream& got = *pair.server.accepted[0];
    co_await Until(on, [&] { return got.order == "hH"; });
    EXPECT_TRUE(got.HeaderListTooLarge());
    EXPECT_EQ(got.fields.back().first, ":authority");
    const std::array answer = {Field(":status", "431")};
    got.SendHeaders(answer, true);
    asked.EndStream();
    co_await Until(on, [&] { return asked.closed == 1; });
    EXPECT_EQ(asked.fields.at(0).second, "431");
    co_await Exchange(on, pair, 10);
  });
}

TEST(Http2Session, AHeaderListFarOverTheLimitEndsTheConnection) {
  Options server;
  server.max_header_list_bytes = 1000;
  WithPair(server, {}, [](Worker&, SessionPair& pair) -> Task<void> {
    const std::string large(4000, 'x');
    const std::array fields = {Field(":method", "POST"), Field(":scheme", "http"),
                               Field(":path", "/a"), Field(":authority", "test"),
                               Field("large", large)};
    RecordingStream asked;
    EXPECT_TRUE(pair.client.session.Open(asked, fields));
    (void)co_await pair.server.ended.Wait();
    (void)co_await pair.client.ended.Wait();
    EXPECT_EQ(asked.closed, 1);
    EXPECT_EQ(asked.error, kConnectionLost);
  });
}

TEST(Http2Session, ResetsReachTheOtherSide) {
  WithPair({}, {}, [](Worker& on, SessionPair& pair) -> Task<void> {
    auto first = pair.Open();
    auto second = pair.Open();
    auto third = pair.Open();
    Streams& got = pair.server.accepted;
    co_await Until(on, [&] { return got.size() == 3 && got[2]->order == "hH"; });
    first->Reset(NGHTTP2_CANCEL);
    got[1]->Reset(NGHTTP2_ENHANCE_YOUR_CALM);
    third.reset();  // abandons it
    co_await Until(on, [&] { return got[0]->closed && second->closed && got[2]->closed; });
    co_await Until(on, [&] { return first->closed && got[1]->closed; });
    EXPECT_EQ(got[0]->error, static_cast<uint32_t>(NGHTTP2_CANCEL));
    EXPECT_EQ(second->error, static_cast<uint32_t>(NGHTTP2_ENHANCE_YOUR_CALM));
    EXPECT_EQ(got[2]->error, static_cast<uint32_t>(NGHTTP2_CANCEL));
    co_await Exchange(on, pair, 10);
    for (const auto& each : got) EXPECT_EQ(each->closed, 1);
  });
}

TEST(Http2Session, AStreamThatIsResetTwiceBeforeItIsSentEndsAlone) {
  WithPair({}, {}, [](Worker& on, SessionPair& pair) -> Task<void> {
    co_await Exchange(on, pair, 1);
    auto other = pair.Open();
    auto asked = pair.Open();
    asked->Reset(NGHTTP2_CANCEL);
    asked.reset();  // abandons it
    co_await Turns(on, 10);
    EXPECT_EQ(other->closed, 0);
    co_await Exchange(on, pair, 10);
    EXPECT_EQ(other->closed, 0);
  });
}

TEST(Http2Session, AStreamThatIsResetWhileItSendsHearsNothingMore) {
  WithPair({}, {}, [](Worker& on, SessionPair& pair) -> Task<void> {
    auto asked = pair.Open();
    asked->SendData(Buffer::Copy(Pattern(1'000'000)));
    co_await Until(on, [&] { return pair.server.accepted.size() == 1; });
    RecordingStream& got = *pair.server.accepted[0];
    got.Abandon();
    const size_t had = got.data.size();
    co_await Until(on, [&] { return asked->closed == 1; });
    EXPECT_EQ(got.data.size(), had);
    EXPECT_EQ(got.closed, 0);
    EXPECT_EQ(asked->pending_bytes(), 0u);
    co_await Exchange(on, pair, 2'000'000);
  });
}

TEST(Http2Session, AStreamThatTheFactoryRefusesIsRefusedToThePeer) {
  WithPair({}, {}, [](Worker& on, SessionPair& pair) -> Task<void> {
    pair.server.accepts = false;
    auto asked = pair.Open();
    asked->SendData(Buffer::Copy("body"));
    co_await Until(on, [&] { return asked->closed == 1; });
    EXPECT_EQ(asked->error, static_cast<uint32_t>(NGHTTP2_REFUSED_STREAM));
    pair.server.accepts = true;
    co_await Exchange(on, pair, 10);
  });
}

TEST(Http2Session, StreamsBeyondThePeersLimitWaitForTheOthers) {
  Options server;
  server.max_concurrent_streams = 2;
  WithPair(server, {}, [](Worker& on, SessionPair& pair) -> Task<void> {
    co_await Exchange(on, pair, 1);  // the limit is known from here on
    pair.server.accepted.clear();
    Streams asked;
    for (int i = 0; i < 4; ++i) asked.push_back(pair.Open());
    Streams& got = pair.server.accepted;
    co_await Until(on, [&] { return got.size() == 2; });
    asked[2].reset();  // gives up before its turn
    co_await Turns(on, 10);
    EXPECT_EQ(got.size(), 2u);
    asked[0]->Reset(NGHTTP2_CANCEL);
    co_await Until(on, [&] { return got.size() == 3; });
    co_await Turns(on, 10);
    EXPECT_EQ(got.size(), 3u);
    asked[3]->SendData(Buffer::Copy("fourth"));
    co_await Until(on, [&] { return got[2]->data == "fourth"; });
  });
}

}  // namespace
}  // namespace prism::http2
