#include "interfaces/stub.h"

#include <gtest/gtest.h>

#include <vector>

#include "interfaces/testing/echo_service.h"
#include "interfaces/testing/loop_channel.h"

namespace prism::testing {
namespace {

// Requests for a stub's stream, ending with `end`.
Stream<EchoRequest> Requests(std::vector<std::string> texts, Status end) {
  EchoRequest request;
  for (const std::string& text : texts) {
    request.set_text(text);
    co_yield request;
  }
  co_return end;
}

// Pulls at most `limit` replies.
Task<Status> Collect(Stream<EchoReply>& replies, std::vector<std::string>& texts, size_t limit) {
  while (texts.size() < limit) {
    EchoReply* reply = co_await replies.Next();
    if (!reply) co_return replies.status();
    texts.push_back(reply->text());
  }
  co_return OkStatus();
}

// A server that sends what it was told to and ends the call.
class RudeCall final : public grpc::ClientCall {
 public:
  RudeCall(std::vector<std::string> replies, Status status)
      : replies_(std::move(replies)), status_(std::move(status)) {}
  Task<Status> Write(Buffer) override { co_return UnavailableError("closed"); }
  void WritesDone() override {}
  Task<std::optional<Buffer>> Read() override {
    if (next_ == replies_.size()) co_return std::optional<Buffer>();
    co_return std::optional<Buffer>(Buffer::Copy(replies_[next_++]));
  }
  const Status& status() const override { return status_; }
  void Cancel() override {}
  const Metadata& initial_metadata() const override { return metadata_; }
  const Metadata& trailing_metadata() const override { return metadata_; }

 private:
  std::vector<std::string> replies_;
  Status status_;
  size_t next_ = 0;
  Metadata metadata_;
};

class RudeChannel final : public grpc::Channel {
 public:
  RudeChannel(std::vector<std::string> replies, Status status)
      : replies_(std::move(replies)), status_(std::move(status)) {}
  std::unique_ptr<grpc::ClientCall> Start(RequestContext&, std::string_view) override {
    return std::make_unique<RudeCall>(replies_, status_);
  }

 private:
  std::vector<std::string> replies_;
  Status status_;
};

class StubTest : public ::testing::Test {
 protected:
  Status Wait(Task<Status> task) {
    task.Start([](void*) {}, nullptr);
    channel_.Run();
    EXPECT_TRUE(task.done());
    return task.done() ? task.TakeValue() : InternalError("still running");
  }
  Status CallRude(std::vector<std::string> replies, Status status) {
    RudeChannel channel(std::move(replies), std::move(status));
    EchoStub stub(channel);
    return Wait(stub.Once(ctx_, request_, reply_));
  }

  EchoService service_;
  LoopChannel channel_{Echo::Info(), static_cast<Echo*>(&service_)};
  EchoStub stub_{channel_};
  RequestContext ctx_;
  EchoRequest request_;
  EchoReply reply_;
};

TEST_F(StubTest, Unary) {
  request_.set_text("hello");
  EXPECT_TRUE(Wait(stub_.Once(ctx_, request_, reply_)).ok());
  EXPECT_EQ(reply_.text(), "hello");
}

TEST_F(StubTest, UnaryError) {
  request_.set_text("missing");
  EXPECT_EQ(Wait(stub_.Once(ctx_, request_, reply_)).code(), Code::kNotFound);
}

TEST_F(StubTest, UnimplementedAtThePeer) {
  const InterfaceInfo empty{.name = "x", .service = "x", .methods = {}, .index = -1};
  LoopChannel other(empty, nullptr);
  EchoStub stub(other);
  EXPECT_EQ(Wait(stub.Once(ctx_, request_, reply_)).code(), Code::kUnimplemented);
}

TEST_F(StubTest, PeerThatBreaksTheRules) {
  EXPECT_EQ(CallRude({}, OkStatus()).code(), Code::kInternal);
  EXPECT_EQ(CallRude({"", ""}, OkStatus()).code(), Code::kInternal);
  EXPECT_EQ(CallRude({"\x0a\xff"}, OkStatus()).code(), Code::kInternal);
  EXPECT_EQ(CallRude({}, UnavailableError("gone")).code(), Code::kUnavailable);
}

TEST_F(StubTest, ServerStream) {
  request_.set_text("n");
  request_.set_count(10);
  Stream<EchoReply> replies = stub_.Repeat(ctx_, request_);
  std::vector<std::string> texts;
  EXPECT_TRUE(Wait(Collect(replies, texts, 100)).ok());
  ASSERT_EQ(texts.size(), 10u);
  EXPECT_EQ(texts[9], "n9");
}

TEST_F(StubTest, DroppedServerStreamStopsTheProducer) {
  request_.set_count(1'000'000);
  {
    Stream<EchoReply> replies = stub_.Repeat(ctx_, request_);
    std::vector<std::string> texts;
    EXPECT_TRUE(Wait(Collect(replies, texts, 3)).ok());
    EXPECT_EQ(service_.producers(), 1);
  }
  EXPECT_EQ(service_.producers(), 0);
  channel_.Run();
}

TEST_F(StubTest, ClientStream) {
  Stream<EchoRequest> requests = Requests({"a", "b", "c"}, OkStatus());
  EXPECT_TRUE(Wait(stub_.Join(ctx_, requests, reply_)).ok());
  EXPECT_EQ(reply_.text(), "abc");
}

TEST_F(StubTest, ClientStreamWhoseRequestsFail) {
  Stream<EchoRequest> requests = Requests({"a"}, AbortedError("broken source"));
  EXPECT_EQ(Wait(stub_.Join(ctx_, requests, reply_)).code(), Code::kAborted);
}

TEST_F(StubTest, Bidi) {
  Stream<EchoRequest> requests = Requests({"a", "b"}, OkStatus());
  Stream<EchoReply> replies = stub_.Chat(ctx_, requests);
  std::vector<std::string> texts;
  EXPECT_TRUE(Wait(Collect(replies, texts, 100)).ok());
  EXPECT_EQ(texts, (std::vector<std::string>{"re: a", "re: b"}));
}

TEST_F(StubTest, BidiEndedByThePeer) {
  Stream<EchoRequest> requests = Requests({"a", "bye", "unheard"}, OkStatus());
  Stream<EchoReply> replies = stub_.Chat(ctx_, requests);
  std::vector<std::string> texts;
  EXPECT_TRUE(Wait(Collect(replies, texts, 100)).ok());
  EXPECT_EQ(texts.size(), 2u);
}

TEST_F(StubTest, BidiWhoseRequestsFail) {
  Stream<EchoRequest> requests = Requests({"a"}, AbortedError("broken source"));
  Stream<EchoReply> replies = stub_.Chat(ctx_, requests);
  std::vector<std::string> texts;
  EXPECT_EQ(Wait(Collect(replies, texts, 100)).code(), Code::kAborted);
}

// The stub is an implementation like any other: a stub of a stub is a proxy.
TEST_F(StubTest, StubsChain) {
  LoopChannel outer(Echo::Info(), static_cast<Echo*>(&stub_));
  EchoStub proxy(outer);
  Stream<EchoRequest> requests = Requests({"a", "b"}, OkStatus());
  Stream<EchoReply> replies = proxy.Chat(ctx_, requests);
  std::vector<std::string> texts;
  Task<Status> task = Collect(replies, texts, 100);
  task.Start([](void*) {}, nullptr);
  for (int turn = 0; turn < 20 && !task.done(); ++turn) {
    outer.Run();
    channel_.Run();
  }
  ASSERT_TRUE(task.done());
  EXPECT_EQ(texts, (std::vector<std::string>{"re: a", "re: b"}));
}

}  // namespace
}  // namespace prism::testing
