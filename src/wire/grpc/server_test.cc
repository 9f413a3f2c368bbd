#include "wire/grpc/server.h"

#include <algorithm>
#include <array>

#include "wire/grpc/testing/echo_wire.h"

// Whole calls through a server and a channel: messages, metadata, statuses, limits.

namespace prism::grpc {
namespace {

using testing::Turns;
using testing::Until;
using Messages = std::vector<std::string>;

std::string Noise(size_t size) {
  std::string text(size, '\0');
  uint32_t state = 1;
  for (char& c : text) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return text;
}

// g++ 12 takes no braced lists among the arguments of what is awaited.
Messages One(std::string text) { return Messages(1, std::move(text)); }

TEST(GrpcServer, OneMessageEachWay) {
  WithWire([](Wire& wire) -> Task<void> {
    constexpr std::array<size_t, 6> kSizes = {0, 1, 16 * 1024 - 5, 16 * 1024, 300'000, 3'000'000};
    for (const size_t size : kSizes) {
      RequestContext context;
      const Messages sent = One(Noise(size));
      const Reply reply = co_await Ask(*wire.channel, context, "/echo", sent);
      EXPECT_TRUE(reply.status.ok()) << reply.status.ToString();
      EXPECT_TRUE(reply.messages == sent) << size;
    }
    EXPECT_EQ(wire.connections, 1);
  });
}

TEST(GrpcServer, ManyMessagesFromTheServer) {
  WithWire([](Wire& wire) -> Task<void> {
    wire.handler.methods["/count"] = [](IncomingCall& call) -> Task<Status> {
      Result<std::optional<Buffer>> request = co_await call.Read();
      if (!request.ok()) co_return request.status();
      for (int i = 0; i < 5000; ++i) {
        PRISM_CO_RETURN_IF_ERROR(co_await call.Write(Buffer::Copy(std::to_string(i))));
      }
      co_return NotFoundError("that was all");
    };
    RequestContext context;
    const Reply reply = co_await Ask(*wire.channel, context, "/count", One("go"));
    EXPECT_EQ(reply.messages.size(), 5000u);
    for (size_t i = 0; i < reply.messages.size(); ++i) {
      EXPECT_EQ(reply.messages[i], std::to_string(i));
    }
    EXPECT_EQ(reply.status.code(), Code::kNotFound);
  });
}

TEST(GrpcServer, ManyMessagesFromTheClient) {
  WithWire([](Wire& wire) -> Task<void> {
    wire.handler.methods["/sum"] = [](IncomingCall& call) -> Task<Status> {
      size_t bytes = 0;
      while (true) {
        Result<std::optional<Buffer>> message = co_await call.Read();
        if (!message.ok()) co_return message.status();
        if (!message->has_value()) break;
        bytes += (*message)->size();
      }
      co_return co_await call.Write(Buffer::Copy(std::to_string(bytes)));
    };
    RequestContext context;
    const Messages sent(3000, std::string(1000, 'x'));
    const Reply reply = co_await Ask(*wire.channel, context, "/sum", sent);
    EXPECT_EQ(reply.messages, One("3000000"));
    EXPECT_TRUE(reply.status.ok());
  });
}

TEST(GrpcServer, AConversation) {
  WithWire([](Wire& wire) -> Task<void> {
    RequestContext context;
    const auto call = wire.channel->Start(context, "/echo");
    for (int i = 0; i < 100; ++i) {
      const std::string text = "line " + std::to_string(i);
      (void)co_await call->Write(Buffer::Copy(text));
      const std::optional<Buffer> answer = co_await call->Read();
      EXPECT_TRUE(answer && answer->ToString() == text);
    }
    call->WritesDone();
    const Reply rest = co_await ReadAll(*call);
    EXPECT_TRUE(rest.messages.empty());
    EXPECT_TRUE(rest.status.ok());
  });
}

TEST(GrpcServer, AServerMayEndACallThatTheClientHasNotEnded) {
  WithWire([](Wire& wire) -> Task<void> {
    wire.handler.methods["/early"] = [](IncomingCall& call) -> Task<Status> {
      (void)co_await call.Read();
      PRISM_CO_RETURN_IF_ERROR(co_await call.Write(Buffer::Copy("enough")));
      co_return AlreadyExistsError("no more");
    };
    RequestContext context;
    const auto call = wire.channel->Start(context, "/early");
    (void)co_await call->Write(Buffer::Copy("first"));
    const Reply reply = co_await ReadAll(*call);
    EXPECT_EQ(reply.messages, One("enough"));
    EXPECT_EQ(reply.status.code(), Code::kAlreadyExists);
    const Status late = co_await call->Write(Buffer::Copy("late"));
    EXPECT_EQ(late.code(), Code::kAlreadyExists);
    // The server need not wait for the client's end either.
    co_await Until(wire.worker, [&] { return wire.handler.gone == 1; });
  });
}

TEST(GrpcServer, AWriterIsNotLeftWaitingWhenTheServerEnds) {
  WithWire([](Wire& wire) -> Task<void> {
    wire.handler.methods["/early"] = [](IncomingCall&) -> Task<Status> { co_return OkStatus(); };
    RequestContext context;
    const auto call = wire.channel->Start(context, "/early");
    Status status;
    while (status.ok()) status = co_await call->Write(Buffer::Copy(std::string(100'000, 'x')));
    EXPECT_EQ(status.code(), Code::kCancelled);
    const Reply reply = co_await ReadAll(*call);
    EXPECT_TRUE(reply.status.ok()) << reply.status.ToString();
  });
}

bool Has(const Metadata& metadata, const std::string& key, const std::string& value) {
  return std::ranges::find(metadata, MetadataEntry(key, value)) != metadata.end();
}

TEST(GrpcServer, MetadataGoesBothWays) {
  WithWire([](Wire& wire) -> Task<void> {
    wire.handler.methods["/meta"] = [](IncomingCall& call) -> Task<Status> {
      RequestContext& ctx = call.context();
      ctx.response_headers.emplace_back("head", *call.FindMetadata("text"));
      ctx.response_trailers.emplace_back("tail-bin", *call.FindMetadata("bytes-bin"));
      ctx.response_trailers.emplace_back("space", std::string(ctx.name_space));
      EXPECT_FALSE(call.FindMetadata("grpc-status").has_value());
      EXPECT_FALSE(call.FindMetadata("absent").has_value());
      co_return co_await call.Write(Buffer());
    };
    RequestContext context;
    context.name_space = "orders";
    const std::string bytes("\0\xff\r\n,=", 6);
    context.metadata.emplace_back("text", "plain");
    context.metadata.emplace_back("bytes-bin", bytes);
    context.metadata.emplace_back("grpc-status", "7");
    context.metadata.emplace_back(":path", "/x");
    const Reply reply = co_await Ask(*wire.channel, context, "/meta", One(""));
    EXPECT_TRUE(reply.status.ok()) << reply.status.ToString();
    EXPECT_TRUE(Has(reply.headers, "head", "plain"));
    EXPECT_TRUE(Has(reply.trailers, "tail-bin", bytes));
    EXPECT_TRUE(Has(reply.trailers, "space", "orders"));
    EXPECT_FALSE(Has(reply.headers, "space", "orders"));
  });
}

TEST(GrpcServer, MetadataOfACallThatFailsAtOnceIsInTheTrailers) {
  WithWire([](Wire& wire) -> Task<void> {
    wire.handler.methods["/fail"] = [](IncomingCall& call) -> Task<Status> {
      call.context().response_trailers.emplace_back("why", "because");
      co_return AbortedError("failed");
    };
    RequestContext context;
    const Reply reply = co_await Ask(*wire.channel, context, "/fail", Messages());
    EXPECT_EQ(reply.status.code(), Code::kAborted);
    EXPECT_TRUE(Has(reply.trailers, "why", "because"));
    EXPECT_TRUE(reply.messages.empty());
  });
}

TEST(GrpcServer, AStatusArrivesWithAllItSays) {
  WithWire([](Wire& wire) -> Task<void> {
    const std::string text = "50 % of \"größe\"\n\tis ☂";
    Status sent = Status(Code::kDataLoss, text).WithHint("look at x").WithRetryable();
    wire.handler.methods["/fail"] = [&sent](IncomingCall&) -> Task<Status> { co_return sent; };
    RequestContext context;
    const Reply reply = co_await Ask(*wire.channel, context, "/fail", One("x"));
    EXPECT_EQ(reply.status.code(), Code::kDataLoss);
    EXPECT_EQ(reply.status.message(), text);
    EXPECT_EQ(reply.status.hint(), "look at x");
    EXPECT_TRUE(reply.status.retryable());
    EXPECT_FALSE(reply.status.details().empty());
    sent = Status(Code::kInternal, std::string(10'000, 'x')).WithDetails("raw \xff details");
    const Reply long_one = co_await Ask(*wire.channel, context, "/fail", One("x"));
    EXPECT_EQ(long_one.status.code(), Code::kInternal);
    EXPECT_EQ(long_one.status.message(), std::string(2048, 'x'));
    EXPECT_EQ(long_one.status.details(), "raw \xff details");
  });
}

TEST(GrpcServer, CompressesBothWaysWhenTheClientDoes) {
  ClientOptions gzip;
  gzip.calls.encoding = Encoding::kGzip;
  WithWire({}, gzip, [](Wire& wire) -> Task<void> {
    RequestContext context;
    Messages sent = One(std::string(200'000, 'a'));
    sent.push_back("short");
    sent.push_back(Noise(100'000));
    sent.push_back("");
    const Reply reply = co_await Ask(*wire.channel, context, "/echo", sent);
    EXPECT_TRUE(reply.status.ok()) << reply.status.ToString();
    EXPECT_TRUE(reply.messages == sent);
    EXPECT_LT(wire.handler.received_bytes, 110'000u);
    EXPECT_LT(wire.handler.sent_bytes, 110'000u);
  });
}

TEST(GrpcServer, RefusesMessagesOverItsLimit) {
  ServerOptions small;
  small.calls.max_message_bytes = 1000;
  WithWire(small, {}, [](Wire& wire) -> Task<void> {
    RequestContext context;
    const Reply fits = co_await Ask(*wire.channel, context, "/echo", One(Noise(1000)));
    EXPECT_TRUE(fits.status.ok());
    constexpr std::array<size_t, 2> kSizes = {1001, 2'000'000};
    for (const size_t size : kSizes) {
      const Reply large = co_await Ask(*wire.channel, context, "/echo", One(Noise(size)));
      EXPECT_EQ(large.status.code(), Code::kResourceExhausted) << size;
      EXPECT_NE(large.status.message().find("1000"), std::string_view::npos);
    }
    EXPECT_EQ(wire.connections, 1);
  });
}

TEST(GrpcServer, RefusesMessagesThatGrowOverItsLimit) {
  ServerOptions small;
  small.calls.max_message_bytes = 100'000;
  ClientOptions gzip;
  gzip.calls.encoding = Encoding::kGzip;
  WithWire(small, gzip, [](Wire& wire) -> Task<void> {
    RequestContext context;
    const Messages bomb = One(std::string(10'000'000, 'a'));
    const Reply reply = co_await Ask(*wire.channel, context, "/echo", bomb);
    EXPECT_EQ(reply.status.code(), Code::kResourceExhausted);
    EXPECT_NE(reply.status.message().find("decompressed"), std::string_view::npos);
  });
}

TEST(GrpcServer, AClientRefusesMessagesOverItsLimit) {
  ClientOptions small;
  small.calls.max_message_bytes = 1000;
  WithWire({}, small, [](Wire& wire) -> Task<void> {
    RequestContext context;
    const Reply reply = co_await Ask(*wire.channel, context, "/echo", One(Noise(1001)));
    EXPECT_EQ(reply.status.code(), Code::kResourceExhausted);
    EXPECT_TRUE(reply.messages.empty());
    co_await Until(wire.worker, [&] { return wire.handler.gone == 1; });
  });
}

TEST(GrpcServer, AClientThatDoesNotReadStopsTheServersWriter) {
  WithWire([](Wire& wire) -> Task<void> {
    int written = 0;
    wire.handler.methods["/flood"] = [&written](IncomingCall& call) -> Task<Status> {
      const std::string text(1000, 'x');
      for (written = 0; written < 5000; ++written) {
        PRISM_CO_RETURN_IF_ERROR(co_await call.Write(Buffer::Copy(text)));
      }
      co_return OkStatus();
    };
    RequestContext context;
    const auto call = wire.channel->Start(context, "/flood");
    call->WritesDone();
    co_await Until(wire.worker, [&] { return written > 300; });
    co_await Turns(wire.worker, 100);
    // The stream's window, the call's send buffer, and one message.
    const size_t bound = http2::Options().stream_window_bytes + CallLimits().send_buffer_bytes;
    EXPECT_LE(static_cast<size_t>(written) * 1000, bound + 2000);
    const Reply reply = co_await ReadAll(*call);
    EXPECT_TRUE(reply.status.ok());
    EXPECT_EQ(reply.messages.size(), 5000u);
  });
}

TEST(GrpcServer, AServerThatDoesNotReadStopsTheClientsWriter) {
  WithWire([](Wire& wire) -> Task<void> {
    Event go;
    size_t received = 0;
    wire.handler.methods["/slow"] = [&](IncomingCall& call) -> Task<Status> {
      (void)co_await go.Wait();
      while (true) {
        Result<std::optional<Buffer>> message = co_await call.Read();
        if (!message.ok()) co_return message.status();
        if (!message->has_value()) co_return OkStatus();
        ++received;
      }
    };
    RequestContext context;
    const auto call = wire.channel->Start(context, "/slow");
    size_t written = 0;
    const auto write = [](ClientCall& to, size_t& count) -> Task<void> {
      for (count = 0; count < 5000; ++count) {
        (void)co_await to.Write(Buffer::Copy(std::string(1000, 'x')));
      }
      to.WritesDone();
    };
    Task<void> writing = write(*call, written);
    writing.Start([](void*) {}, nullptr);
    co_await Turns(wire.worker, 200);
    const size_t bound = http2::Options().stream_window_bytes + CallOptions().send_buffer_bytes;
    EXPECT_GT(written, 300u);
    EXPECT_LE(written * 1000, bound + 2000);
    go.Set();
    const Reply reply = co_await ReadAll(*call);
    EXPECT_TRUE(reply.status.ok());
    EXPECT_TRUE(writing.done());
    EXPECT_EQ(received, 5000u);
  });
}

TEST(GrpcServer, ChargesWhatACallHoldsAndGivesItBack) {
  ByteBudget overall(1'000'000);
  ByteBudget own(100'000);
  struct Budgets {
    LocalByteBudget overall;
    LocalByteBudget own;
  };
  static Budgets* budgets = nullptr;
  Budgets held{{overall, 1}, {own, 1}};
  budgets = &held;
  WithWire([](Wire& wire) -> Task<void> {
    wire.handler.methods["/echo"] = [](IncomingCall& call) -> Task<Status> {
      if (!call.ChargeTo(&budgets->overall, &budgets->own)) co_return InternalError("no room");
      co_return co_await Echo(call);
    };
    RequestContext context;
    // What one call forgot to give back would fail a later one.
    for (int i = 0; i < 50; ++i) {
      const Reply fits = co_await Ask(*wire.channel, context, "/echo", Messages(10, Noise(1000)));
      EXPECT_TRUE(fits.status.ok()) << fits.status.ToString();
    }
    const Reply large = co_await Ask(*wire.channel, context, "/echo", One(Noise(200'000)));
    EXPECT_EQ(large.status.code(), Code::kResourceExhausted) << large.status.ToString();
    EXPECT_TRUE(large.status.retryable());
  });
  // Idle chunks apart, at most two per account.
  EXPECT_LE(own.used(), 100'000u / 4);
  EXPECT_TRUE(held.own.TryAcquire(70'000));
  held.own.Release(70'000);
}

}  // namespace
}  // namespace prism::grpc
