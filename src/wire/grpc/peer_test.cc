#include <unistd.h>

#include <array>

#include "wire/grpc/testing/echo_wire.h"
#include "wire/http2/testing/session_pair.h"

// Either side against a peer that is not ours: what goes over the wire, and what is made of it.

namespace prism::grpc {
namespace {

using http2::Field;
using http2::RecordingStream;
using http2::RunningSession;
using http2::Session;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::RunOn;
using testing::Until;
using Fields = std::vector<nghttp2_nv>;
using Messages = std::vector<std::string>;

// The fields of a proper call, to which a test adds or from which it leaves out.
Fields CallFields(std::string_view path) {
  return {Field(":method", "POST"), Field(":scheme", "http"),
          Field(":path", path),     Field(":authority", "test"),
          Field("te", "trailers"),  Field("content-type", "application/grpc")};
}

std::string FieldOf(const RecordingStream& stream, std::string_view name) {
  for (const auto& [key, value] : stream.fields) {
    if (key == name) return value;
  }
  return "absent";
}

// A client by hand, on a server of ours.
void WithRawClient(Task<void> (*body)(Wire& wire, Session& client)) {
  Worker worker(0);
  const auto whole = [](Worker& on, Task<void> (*inner)(Wire&, Session&)) -> Task<void> {
    Wire wire(on);
    Result<int> fd = co_await ConnectSocket(on, wire.address, Clock::now() + seconds(10));
    RunningSession client(on, *fd, Session::Role::kClient, {});
    co_await inner(wire, client.session);
    co_await client.Close();
    co_await wire.Close();
  };
  RunOn(worker, whole(worker, body));
}

// Sends `fields` and `body` and waits for the end.
Task<void> Request(Wire& wire, Session& client, RecordingStream& stream, Fields fields,
                   std::string body) {
  EXPECT_TRUE(client.Open(stream, fields));
  stream.SendData(Buffer::Copy(body));
  stream.EndStream();
  co_await Until(wire.worker, [&stream] { return stream.closed == 1; });
}

TEST(GrpcServerAndAnyClient, AnUnknownEncodingIsRefusedWithThoseThatAreKnown) {
  WithRawClient([](Wire& wire, Session& client) -> Task<void> {
    RecordingStream stream;
    Fields fields = CallFields("/echo");
    fields.push_back(Field("grpc-encoding", "snappy"));
    co_await Request(wire, client, stream, fields, std::string("\0\0\0\0\0", 5));
    EXPECT_EQ(FieldOf(stream, "grpc-status"), "12");
    EXPECT_EQ(FieldOf(stream, "grpc-accept-encoding"), "identity,gzip");
    EXPECT_EQ(wire.handler.started, 0);
  });
}

TEST(GrpcServerAndAnyClient, AMessageIsPercentEncoded) {
  WithRawClient([](Wire& wire, Session& client) -> Task<void> {
    wire.handler.methods["/fail"] = [](IncomingCall&) -> Task<Status> {
      co_return AbortedError("50 %\n\xc3\xb6~");
    };
    RecordingStream stream;
    co_await Request(wire, client, stream, CallFields("/fail"), "");
    EXPECT_EQ(FieldOf(stream, "grpc-status"), "10");
    EXPECT_EQ(FieldOf(stream, "grpc-message"), "50 %25%0A%C3%B6~");
    EXPECT_EQ(FieldOf(stream, ":status"), "200");
  });
}

TEST(GrpcServerAndAnyClient, ADeadlineIsKeptForAClientThatDoesNot) {
  WithRawClient([](Wire& wire, Session& client) -> Task<void> {
    RecordingStream stream;
    Fields fields = CallFields("/wait");
    fields.push_back(Field("grpc-timeout", "20m"));
    const TimePoint start = Clock::now();
    co_await Request(wire, client, stream, fields, "");
    EXPECT_GE(Clock::now() - start, milliseconds(19));
    EXPECT_EQ(FieldOf(stream, "grpc-status"), "4");
    RecordingStream none;
    fields.back() = Field("grpc-timeout", "0S");
    co_await Request(wire, client, none, fields, "");
    EXPECT_EQ(FieldOf(none, "grpc-status"), "4");
    RecordingStream bad;
    fields.back() = Field("grpc-timeout", "soon");
    co_await Request(wire, client, bad, fields, "");
    EXPECT_EQ(FieldOf(bad, "grpc-status"), "3");
    EXPECT_EQ(wire.handler.started, 1);
  });
}

TEST(GrpcServerAndAnyClient, WhatIsNotGrpcGetsAnHttpStatus) {
  WithRawClient([](Wire& wire, Session& client) -> Task<void> {
    RecordingStream get;
    Fields fields = CallFields("/echo");
    fields[0] = Field(":method", "GET");
    co_await Request(wire, client, get, fields, "");
    EXPECT_EQ(FieldOf(get, ":status"), "405");
    RecordingStream json;
    fields = CallFields("/echo");
    fields.back() = Field("content-type", "application/json");
    co_await Request(wire, client, json, fields, "{}");
    EXPECT_EQ(FieldOf(json, ":status"), "415");
    RecordingStream web;
    fields.back() = Field("content-type", "application/grpc-web");
    co_await Request(wire, client, web, fields, "");
    EXPECT_EQ(FieldOf(web, ":status"), "415");
    RecordingStream proto;
    fields.back() = Field("content-type", "application/grpc+proto");
    co_await Request(wire, client, proto, fields, "");
    EXPECT_EQ(FieldOf(proto, "grpc-status"), "0");
    EXPECT_EQ(wire.handler.started, 1);
    EXPECT_EQ(wire.handler.done, 4);
  });
}

TEST(GrpcServerAndAnyClient, MalformedMessagesAreErrors) {
  WithRawClient([](Wire& wire, Session& client) -> Task<void> {
    RecordingStream flag;
    co_await Request(wire, client, flag, CallFields("/echo"), std::string("\7\0\0\0\0", 5));
    EXPECT_EQ(FieldOf(flag, "grpc-status"), "13");
    RecordingStream compressed;
    co_await Request(wire, client, compressed, CallFields("/echo"), std::string("\1\0\0\0\0", 5));
    EXPECT_EQ(FieldOf(compressed, "grpc-status"), "13");
    RecordingStream cut;
    co_await Request(wire, client, cut, CallFields("/echo"), std::string("\0\0\0\0\5abc", 8));
    EXPECT_EQ(FieldOf(cut, "grpc-status"), "13");
    EXPECT_NE(FieldOf(cut, "grpc-message").find("inside"), std::string::npos);
  });
}

TEST(GrpcServerAndAnyClient, MetadataOverTheLimitIsRefused) {
  WithRawClient([](Wire& wire, Session& client) -> Task<void> {
    RecordingStream stream;
    const std::string large(20'000, 'x');
    Fields fields = CallFields("/echo");
    fields.push_back(Field("large", large));
    co_await Request(wire, client, stream, fields, "");
    EXPECT_EQ(FieldOf(stream, "grpc-status"), "8");
    EXPECT_EQ(wire.handler.started, 0);
  });
}

TEST(GrpcServerAndAnyClient, AClientThatTakesNoGzipGetsNone) {
  WithRawClient([](Wire& wire, Session& client) -> Task<void> {
    const std::string text(5000, 'a');
    const std::string framed = FrameMessage(Buffer::Copy(text), Encoding::kGzip).ToString();
    RecordingStream stream;
    Fields fields = CallFields("/echo");
    fields.push_back(Field("grpc-encoding", "gzip"));
    co_await Request(wire, client, stream, fields, framed);
    EXPECT_EQ(FieldOf(stream, "grpc-encoding"), "absent");
    EXPECT_TRUE(stream.data == FrameMessage(Buffer::Copy(text), Encoding::kIdentity).ToString());
  });
}

// A server by hand: `answer` says what it does with each request, once its headers are there.
struct OddServer {
  using Answer = void (*)(RecordingStream& stream);
  OddServer(Worker& worker, Answer answer, const ClientOptions& base = {}) : answer(answer) {
    const Result<int> fd = Listen(address, false);
    acceptor.emplace(worker, *fd, [this, &worker](int accepted, std::string) {
      sessions.push_back(std::make_unique<RunningSession>(worker, accepted, Session::Role::kServer,
                                                          http2::Options()));
    });
    ClientOptions options = base;
    options.target = address;
    channel.emplace(worker, std::move(options));
  }
  Task<void> Close() {
    co_await channel->Close();
    for (const auto& each : sessions) co_await each->Close();
  }

  testing::TempDir dir;
  std::string address = "unix:" + (dir / "socket");
  Answer answer;
  std::vector<std::unique_ptr<RunningSession>> sessions;
  std::optional<Acceptor> acceptor;
  std::optional<ClientChannel> channel;
};

// The status of a call to such a server.
Status StatusFrom(OddServer::Answer answer) {
  Worker worker(0);
  Status status;
  const auto body = [](Worker& on, OddServer::Answer how, Status& result) -> Task<void> {
    OddServer server(on, how);
    {
      RequestContext context;
      const auto call = server.channel->Start(context, "/any");
      call->WritesDone();
      co_await Until(on, [&] {
        return !server.sessions.empty() && !server.sessions[0]->accepted.empty() &&
               server.sessions[0]->accepted[0]->order.starts_with("hH");
      });
      how(*server.sessions[0]->accepted[0]);
      const Reply reply = co_await ReadAll(*call);
      result = reply.status;
    }
    co_await server.Close();
  };
  RunOn(worker, body(worker, answer, status));
  return status;
}

template <size_t kSize>
void Headers(RecordingStream& stream, const std::array<nghttp2_nv, kSize>& fields, bool end) {
  stream.SendHeaders(fields, end);
}

TEST(GrpcChannelAndAnyServer, HttpStatusesAreTranslated) {
  EXPECT_EQ(StatusFrom([](RecordingStream& stream) {
              Headers(stream, std::array{Field(":status", "503")}, true);
            }).code(),
            Code::kUnavailable);
  EXPECT_EQ(StatusFrom([](RecordingStream& stream) {
              Headers(stream, std::array{Field(":status", "401")}, false);
              stream.SendData(Buffer::Copy("not a message"));
              stream.EndStream();
            }).code(),
            Code::kUnauthenticated);
}

TEST(GrpcChannelAndAnyServer, AnEndWithoutStatusIsAnError) {
  const Status status = StatusFrom([](RecordingStream& stream) {
    Headers(stream, std::array{Field(":status", "200")}, false);
    stream.EndStream();
  });
  EXPECT_EQ(status.code(), Code::kInternal);
  const Status odd = StatusFrom([](RecordingStream& stream) {
    Headers(stream, std::array{Field(":status", "200"), Field("grpc-status", "99")}, true);
  });
  EXPECT_EQ(odd.code(), Code::kUnknown);
}

TEST(GrpcChannelAndAnyServer, ResetsAreTranslated) {
  const auto reset_with = [](uint32_t error) {
    static uint32_t code = 0;
    code = error;
    return StatusFrom([](RecordingStream& stream) { stream.Reset(code); });
  };
  const Status refused = reset_with(NGHTTP2_REFUSED_STREAM);
  EXPECT_EQ(refused.code(), Code::kUnavailable);
  EXPECT_TRUE(refused.retryable());
  EXPECT_EQ(reset_with(NGHTTP2_CANCEL).code(), Code::kCancelled);
  EXPECT_EQ(reset_with(NGHTTP2_ENHANCE_YOUR_CALM).code(), Code::kResourceExhausted);
  EXPECT_EQ(reset_with(NGHTTP2_PROTOCOL_ERROR).code(), Code::kInternal);
}

TEST(GrpcChannelAndAnyServer, ALostConnectionIsUnavailable) {
  const Status status = StatusFrom([](RecordingStream& stream) { stream.session()->Abort(); });
  EXPECT_EQ(status.code(), Code::kUnavailable);
  EXPECT_FALSE(status.retryable()) << "the server may have done it";
}

TEST(GrpcChannelAndAnyServer, AnEndInsideAMessageIsAnError) {
  const Status status = StatusFrom([](RecordingStream& stream) {
    static const std::array ok = {Field("grpc-status", "0")};
    Headers(stream, std::array{Field(":status", "200")}, false);
    stream.SendData(Buffer::Copy(std::string("\0\0\0\0\5abc", 8)));
    stream.EndWithTrailers(ok);
  });
  EXPECT_EQ(status.code(), Code::kInternal);
}

TEST(GrpcChannelAndAnyServer, MetadataOverTheClientsLimitIsAnError) {
  const Status status = StatusFrom([](RecordingStream& stream) {
    static const std::string large(20'000, 'x');
    static const std::array fields = {Field(":status", "200"), Field("grpc-status", "0"),
                                      Field("large", large)};
    stream.SendHeaders(fields, true);
  });
  EXPECT_EQ(status.code(), Code::kResourceExhausted) << status.ToString();
}

TEST(GrpcChannelAndAnyServer, ADeadlineIsKeptWithAServerThatDoesNot) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    OddServer server(on, nullptr);
    RequestContext context;
    context.deadline = Clock::now() + milliseconds(20);
    const Reply reply = co_await Ask(*server.channel, context, "/any", Messages());
    EXPECT_EQ(reply.status.code(), Code::kDeadlineExceeded);
    const auto& got = server.sessions.at(0)->accepted.at(0);
    co_await Until(on, [&] { return got->closed == 1; });
    EXPECT_EQ(got->error, static_cast<uint32_t>(NGHTTP2_CANCEL));
    EXPECT_TRUE(FieldOf(*got, "grpc-timeout").ends_with('u') ||
                FieldOf(*got, "grpc-timeout").ends_with('n'))
        << FieldOf(*got, "grpc-timeout");
    co_await server.Close();
  };
  RunOn(worker, body(worker));
}

TEST(GrpcChannelAndAnyServer, CallsThatWaitShareTheFailureToConnect) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    const testing::TempDir dir;
    ClientOptions options;
    options.target = "unix:" + (dir / "nobody");
    ClientChannel channel(on, options);
    RequestContext context;
    std::vector<std::unique_ptr<ClientCall>> calls;
    for (int i = 0; i < 3; ++i) calls.push_back(channel.Start(context, "/any"));
    for (const auto& call : calls) {
      const Reply reply = co_await ReadAll(*call);
      EXPECT_EQ(reply.status.code(), Code::kUnavailable);
      EXPECT_EQ(reply.status.message(), calls[0]->status().message());
    }
    co_await channel.Close();
    const auto late = channel.Start(context, "/any");
    EXPECT_EQ(late->status().code(), Code::kUnavailable);
  };
  RunOn(worker, body(worker));
}

TEST(GrpcChannelAndAnyServer, AServerThatHangsUpAtOnceIsLeftAloneForAWhile) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    const testing::TempDir dir;
    ClientOptions options;
    options.target = "unix:" + (dir / "socket");
    options.backoff_min = options.backoff_max = seconds(30);
    const Result<int> fd = Listen(options.target, false);
    int connections = 0;
    Acceptor acceptor(on, *fd, [&connections](int accepted, std::string) {
      ++connections;
      close(accepted);
    });
    ClientChannel channel(on, options);
    RequestContext context;
    for (int i = 0; i < 5; ++i) {
      const Reply reply = co_await Ask(channel, context, "/any", Messages());
      EXPECT_EQ(reply.status.code(), Code::kUnavailable);
      EXPECT_EQ(reply.status.retryable(), i > 0) << "only the first was sent";
      // The connection's own end comes a moment after its calls'.
      co_await testing::Turns(on, 5);
    }
    EXPECT_EQ(connections, 1);
    co_await channel.Close();
  };
  RunOn(worker, body(worker));
}

TEST(GrpcChannelAndAnyServer, ClosingTheChannelEndsItsCalls) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    OddServer server(on, nullptr);
    RequestContext context;
    const auto call = server.channel->Start(context, "/any");
    const auto other = server.channel->Start(context, "/any");
    co_await Until(on, [&] { return !server.sessions.empty(); });
    co_await server.Close();
    const Reply reply = co_await ReadAll(*call);
    EXPECT_EQ(reply.status.code(), Code::kUnavailable);
    EXPECT_EQ(other->status().code(), Code::kUnavailable);
  };
  RunOn(worker, body(worker));
}

}  // namespace
}  // namespace prism::grpc
