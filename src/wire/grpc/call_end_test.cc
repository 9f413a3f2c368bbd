#include <algorithm>
#include <array>

#include "wire/grpc/testing/echo_wire.h"
#include "wire/http2/testing/session_pair.h"

// How calls end before they are done: deadlines, cancellation, drain, lost connections.

namespace prism::grpc {
namespace {

using http2::Field;
using http2::RecordingStream;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::RunOn;
using testing::Turns;
using testing::Until;
using Messages = std::vector<std::string>;

// Until the server has seen the end of `count` calls.
Task<void> Gone(Wire& wire, int count) {
  co_await Until(wire.worker, [&wire, count] { return wire.handler.gone == count; });
}

TEST(GrpcCallEnd, ADeadlineEndsTheCallOnBothSides) {
  WithWire([](Wire& wire) -> Task<void> {
    RequestContext context;
    const TimePoint start = Clock::now();
    context.deadline = start + milliseconds(20);
    const Reply reply = co_await Ask(*wire.channel, context, "/wait", Messages());
    EXPECT_EQ(reply.status.code(), Code::kDeadlineExceeded);
    EXPECT_GE(Clock::now(), context.deadline);
    co_await Gone(wire, 1);
    EXPECT_EQ(wire.server.calls(), 0u);
  });
}

TEST(GrpcCallEnd, ADeadlineThatHasPassedSendsNothing) {
  WithWire([](Wire& wire) -> Task<void> {
    RequestContext context;
    context.deadline = Clock::now() - milliseconds(1);
    const Reply reply = co_await Ask(*wire.channel, context, "/wait", Messages());
    EXPECT_EQ(reply.status.code(), Code::kDeadlineExceeded);
  });
}

TEST(GrpcCallEnd, CallersGoAwayInThreeWays) {
  WithWire([](Wire& wire) -> Task<void> {
    RequestContext context;
    auto cancelled = wire.channel->Start(context, "/wait");
    auto destroyed = wire.channel->Start(context, "/wait");
    RequestContext own;
    auto hooked = wire.channel->Start(own, "/wait");
    co_await Until(wire.worker, [&] { return wire.handler.started == 3; });
    cancelled->Cancel();
    EXPECT_EQ(cancelled->status().code(), Code::kCancelled);
    co_await Gone(wire, 1);
    EXPECT_EQ(wire.handler.outcome.code(), Code::kCancelled);
    destroyed.reset();
    co_await Gone(wire, 2);
    own.cancellation.Cancel(AbortedError("not wanted"));
    const Reply reply = co_await ReadAll(*hooked);
    EXPECT_EQ(reply.status.code(), Code::kAborted);
    co_await Gone(wire, 3);
  });
}

TEST(GrpcCallEnd, ACallIsNotStartedForACallerThatIsGone) {
  WithWire([](Wire& wire) -> Task<void> {
    RequestContext context;
    context.cancellation.Cancel(CancelledError("gone before"));
    const Reply reply = co_await Ask(*wire.channel, context, "/echo", Messages(1, "x"));
    EXPECT_EQ(reply.status.message(), "gone before");
    EXPECT_EQ(wire.handler.started, 0);
  });
}

TEST(GrpcCallEnd, AServerThatFinishesACallCancelsItsTask) {
  WithWire([](Wire& wire) -> Task<void> {
    IncomingCall* running = nullptr;
    Status seen;
    wire.handler.methods["/wait"] = [&](IncomingCall& call) -> Task<Status> {
      running = &call;
      Task<Status> wait = WaitForCancellation(call);
      seen = co_await wait;
      co_return OkStatus();
    };
    RequestContext context;
    const auto call = wire.channel->Start(context, "/wait");
    co_await Until(wire.worker, [&] { return running != nullptr; });
    running->Finish(AbortedError("the server has had enough"));
    const Reply reply = co_await ReadAll(*call);
    EXPECT_EQ(reply.status.code(), Code::kAborted);
    EXPECT_EQ(reply.status.message(), "the server has had enough");
    co_await Gone(wire, 1);
    EXPECT_EQ(seen.code(), Code::kAborted);
    EXPECT_EQ(wire.handler.done, 1);
  });
}

TEST(GrpcCallEnd, ReadersAndWritersOfACancelledCallGoOn) {
  WithWire([](Wire& wire) -> Task<void> {
    Status read;
    Status written;
    wire.handler.methods["/read"] = [&](IncomingCall& call) -> Task<Status> {
      Result<std::optional<Buffer>> message = co_await call.Read();
      read = message.status();
      co_return OkStatus();
    };
    wire.handler.methods["/write"] = [&](IncomingCall& call) -> Task<Status> {
      while (written.ok()) written = co_await call.Write(Buffer::Copy(std::string(50'000, 'x')));
      co_return OkStatus();
    };
    RequestContext context;
    auto reader = wire.channel->Start(context, "/read");
    auto writer = wire.channel->Start(context, "/write");
    co_await Until(wire.worker, [&] { return wire.handler.started == 2; });
    co_await Turns(wire.worker, 20);
    reader->Cancel();
    writer->Cancel();
    co_await Gone(wire, 2);
    EXPECT_EQ(read.code(), Code::kCancelled);
    EXPECT_EQ(written.code(), Code::kCancelled);
  });
}

TEST(GrpcCallEnd, ADrainLetsCallsEndAndThenTheConnection) {
  WithWire([](Wire& wire) -> Task<void> {
    RequestContext context;
    const auto call = wire.channel->Start(context, "/echo");
    (void)co_await call->Write(Buffer::Copy("before"));
    (void)co_await call->Read();
    wire.acceptor.reset();
    wire.server.Drain();
    co_await Turns(wire.worker, 20);
    EXPECT_FALSE(wire.server.idle().is_set());
    const Reply refused = co_await Ask(*wire.channel, context, "/echo", Messages(1, "x"));
    EXPECT_EQ(refused.status.code(), Code::kUnavailable);
    EXPECT_TRUE(refused.status.retryable());
    (void)co_await call->Write(Buffer::Copy("after"));
    const std::optional<Buffer> answer = co_await call->Read();
    EXPECT_TRUE(answer && answer->ToString() == "after");
    call->WritesDone();
    const Reply rest = co_await ReadAll(*call);
    EXPECT_TRUE(rest.status.ok());
    (void)co_await wire.server.idle().Wait();
    EXPECT_EQ(wire.connections, 0);
  });
}

TEST(GrpcCallEnd, AConnectionThatCameBeforeADrainAndSpokeAfterItIsServedAndEnded) {
  WithWire([](Wire& wire) -> Task<void> {
    wire.server.Drain();
    RequestContext context;
    const Reply reply = co_await Ask(*wire.channel, context, "/echo", Messages(1, "x"));
    EXPECT_TRUE(reply.status.ok()) << reply.status.ToString();
    co_await Until(wire.worker, [&] { return wire.connections == 0; });
  });
}

TEST(GrpcCallEnd, StopEndsCallsThatRun) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Wire wire(on);
    RequestContext context;
    const auto first = wire.channel->Start(context, "/wait");
    const auto second = wire.channel->Start(context, "/echo");
    co_await Until(on, [&] { return wire.handler.started == 2; });
    co_await wire.server.Stop();
    EXPECT_EQ(wire.handler.gone, 2);
    EXPECT_EQ(wire.connections, 0);
    const Reply reply = co_await ReadAll(*first);
    EXPECT_EQ(reply.status.code(), Code::kUnavailable);
    co_await wire.Close();
  };
  RunOn(worker, body(worker));
}

TEST(GrpcCallEnd, StopDoesNotWaitForAHandshake) {
  Worker worker(0);
  testing::Certificates certificates("a CA");
  certificates.Issue("server");
  const auto body = [](Worker& on, testing::Certificates& with) -> Task<void> {
    Wire wire(on);
    TlsFiles files;
    files.certificate = with.certificate_file("server");
    files.key = with.key_file("server");
    wire.tls = *TlsContext::ForServer(files);
    const auto silent = co_await Connect(on, wire.address, Clock::now() + seconds(10));
    co_await Until(on, [&] { return wire.connections == 1; });
    const TimePoint start = Clock::now();
    co_await wire.Close();
    EXPECT_LT(Clock::now() - start, seconds(5));
  };
  RunOn(worker, body(worker, certificates));
}

TEST(GrpcCallEnd, TheChannelConnectsAgainWhenTheServerIsBack) {
  ClientOptions options;
  options.backoff_min = milliseconds(20);
  options.backoff_max = milliseconds(20);
  WithWire({}, options, [](Wire& wire) -> Task<void> {
    RequestContext context;
    const auto lost = wire.channel->Start(context, "/wait");
    co_await Until(wire.worker, [&] { return wire.handler.started == 1; });
    wire.acceptor.reset();
    std::optional<Server> other(std::in_place, wire.worker, ServerOptions(), wire.handler);
    co_await wire.server.Stop();
    const Reply cut = co_await ReadAll(*lost);
    EXPECT_EQ(cut.status.code(), Code::kUnavailable);
    // One attempt fails, and until the back-off has passed its failure is the answer.
    const Reply refused = co_await Ask(*wire.channel, context, "/echo", Messages(1, "x"));
    EXPECT_EQ(refused.status.code(), Code::kUnavailable);
    const auto at_once = wire.channel->Start(context, "/echo");
    EXPECT_EQ(at_once->status().message(), refused.status.message());
    const Result<int> fd = Listen(wire.address, false);
    wire.acceptor.emplace(wire.worker, *fd, [&](int accepted, std::string peer) {
      other->Serve(accepted, std::move(peer), nullptr, [] {});
    });
    Reply reply;
    int tries = 0;
    do {
      Cancellation never;
      (void)co_await SleepUntil(Clock::now() + milliseconds(5), never);
      reply = co_await Ask(*wire.channel, context, "/echo", Messages(1, "x"));
    } while (!reply.status.ok() && ++tries < 1000);
    EXPECT_TRUE(reply.status.ok()) << reply.status.ToString();
    co_await wire.channel->Close();
    co_await other->Stop();
  });
}

}  // namespace
}  // namespace prism::grpc
