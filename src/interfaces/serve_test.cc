#include "interfaces/serve.h"

#include <gtest/gtest.h>

#include "interfaces/testing/echo_service.h"
#include "interfaces/testing/scripted_call.h"

namespace prism::testing {
namespace {

constexpr int kOnce = 0, kRepeat = 1, kJoin = 2, kChat = 3;

class ServeTest : public ::testing::Test {
 protected:
  static const MethodInfo& Method(int index) { return Echo::Info().methods[index]; }
  void* implementation() { return static_cast<Echo*>(&service_); }
  static EchoRequest Request(const std::string& text, int count = 0) {
    EchoRequest request;
    request.set_text(text);
    request.set_count(count);
    return request;
  }
  static std::string Text(const std::string& bytes) {
    EchoReply reply;
    EXPECT_TRUE(reply.ParseFromString(bytes));
    return reply.text();
  }
  // Serves a call whose requests are all there.
  Status Serve(int index, ScriptedCall& call) {
    Serving serving(Method(index), implementation(), call);
    EXPECT_TRUE(serving.done());
    return serving.done() ? serving.status() : InternalError("still running");
  }
  void ExpectInvalid(int index, ScriptedCall& call, const std::string& part) {
    const Status status = Serve(index, call);
    EXPECT_EQ(status.code(), Code::kInvalidArgument) << status.ToString();
    EXPECT_NE(status.message().find(part), std::string_view::npos) << status.ToString();
    EXPECT_NE(status.message().find("prism.testing.EchoInterface/"), std::string_view::npos);
    EXPECT_EQ(call.pending(), 0u);
  }

  EchoService service_;
  ScriptedCall call_;
};

TEST_F(ServeTest, UnaryAnswers) {
  call_.Receive(Request("hello"));
  call_.ReceiveEnd();
  EXPECT_TRUE(Serve(kOnce, call_).ok());
  const auto sent = call_.TakeSent();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(Text(sent[0]), "hello");
}

TEST_F(ServeTest, UnaryAnswersWithMoreThanTheArenasFirstBlock) {
  EchoRequest request = Request(std::string(100'000, 'y'));
  for (int i = 0; i < 500; ++i) request.add_children()->set_text("a child with a longer text");
  call_.Receive(request);
  call_.ReceiveEnd();
  EXPECT_TRUE(Serve(kOnce, call_).ok());
  EXPECT_EQ(Text(call_.TakeSent().at(0)).size(), 100'000u);
}

TEST_F(ServeTest, UnaryErrorSendsNoMessage) {
  call_.Receive(Request("missing"));
  call_.ReceiveEnd();
  EXPECT_EQ(Serve(kOnce, call_).code(), Code::kNotFound);
  EXPECT_EQ(call_.pending(), 0u);
}

TEST_F(ServeTest, UnaryWaitsForTheEndOfTheRequests) {
  Serving serving(Method(kOnce), implementation(), call_);
  EXPECT_FALSE(serving.done());
  call_.Receive(Request("hello"));
  EXPECT_FALSE(serving.done());
  EXPECT_EQ(call_.pending(), 0u);
  call_.ReceiveEnd();
  ASSERT_TRUE(serving.done());
  EXPECT_TRUE(serving.status().ok());
}

TEST_F(ServeTest, UndecodableRequestIsInvalid) {
  for (const int index : {kOnce, kRepeat, kJoin, kChat}) {
    ScriptedCall call;
    call.Receive(Buffer::Copy("\x0a\xff"));
    call.ReceiveEnd();
    ExpectInvalid(index, call, "not a valid prism.testing.EchoRequest");
  }
}

TEST_F(ServeTest, MissingRequestIsInvalid) {
  call_.ReceiveEnd();
  ExpectInvalid(kOnce, call_, "ended without");
  call_.ReceiveEnd();
  ExpectInvalid(kRepeat, call_, "ended without");
}

TEST_F(ServeTest, SecondRequestIsInvalid) {
  for (const int index : {kOnce, kRepeat}) {
    call_.Receive(Request("a"));
    call_.Receive(Request("b"));
    ExpectInvalid(index, call_, "takes one request");
  }
}

TEST_F(ServeTest, FailureToReadIsTheStatus) {
  for (const int index : {kOnce, kRepeat, kJoin, kChat}) {
    call_.ReceiveError(ResourceExhaustedError("too large"));
    EXPECT_EQ(Serve(index, call_).code(), Code::kResourceExhausted) << index;
  }
}

TEST_F(ServeTest, ServerStreamSendsEachReply) {
  call_.Receive(Request("n", 3));
  call_.ReceiveEnd();
  EXPECT_TRUE(Serve(kRepeat, call_).ok());
  const auto sent = call_.TakeSent();
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_EQ(Text(sent[2]), "n2");
  EXPECT_EQ(service_.producers(), 0);
}

TEST_F(ServeTest, SlowReaderStopsTheProducer) {
  call_.set_send_limit(2);
  call_.Receive(Request("n", 8));
  call_.ReceiveEnd();
  Serving serving(Method(kRepeat), implementation(), call_);
  size_t received = 0;
  while (!serving.done()) {
    EXPECT_EQ(call_.pending(), 3u);
    received += call_.TakeSent().size();
  }
  received += call_.TakeSent().size();
  EXPECT_EQ(received, 8u);
  EXPECT_TRUE(serving.status().ok());
}

TEST_F(ServeTest, CancelledServerStreamStopsTheProducer) {
  call_.set_send_limit(0);
  call_.Receive(Request("n", 1'000'000));
  call_.ReceiveEnd();
  Serving serving(Method(kRepeat), implementation(), call_);
  EXPECT_FALSE(serving.done());
  EXPECT_EQ(service_.producers(), 1);
  call_.Cancel(DeadlineExceededError("too late"));
  ASSERT_TRUE(serving.done());
  EXPECT_EQ(serving.status().code(), Code::kDeadlineExceeded);
  EXPECT_EQ(service_.producers(), 0);
}

TEST_F(ServeTest, CancelledWhileWaitingForRequests) {
  for (const int index : {kOnce, kRepeat, kJoin, kChat}) {
    ScriptedCall call;
    Serving serving(Method(index), implementation(), call);
    EXPECT_FALSE(serving.done());
    call.Cancel(CancelledError("gone"));
    ASSERT_TRUE(serving.done());
    EXPECT_EQ(serving.status().code(), Code::kCancelled);
    EXPECT_EQ(service_.producers(), 0);
  }
}

TEST_F(ServeTest, ClientStreamJoinsRequests) {
  Serving serving(Method(kJoin), implementation(), call_);
  call_.Receive(Request("a"));
  call_.Receive(Request("b"));
  EXPECT_FALSE(serving.done());
  call_.ReceiveEnd();
  ASSERT_TRUE(serving.done());
  EXPECT_TRUE(serving.status().ok());
  EXPECT_EQ(Text(call_.TakeSent().at(0)), "ab");
}

TEST_F(ServeTest, ClientStreamMayBeEmpty) {
  call_.ReceiveEnd();
  EXPECT_TRUE(Serve(kJoin, call_).ok());
  EXPECT_EQ(Text(call_.TakeSent().at(0)), "");
}

TEST_F(ServeTest, BidiAnswersAsRequestsCome) {
  Serving serving(Method(kChat), implementation(), call_);
  call_.Receive(Request("one"));
  EXPECT_EQ(Text(call_.TakeSent().at(0)), "re: one");
  EXPECT_FALSE(serving.done());
  call_.ReceiveEnd();
  ASSERT_TRUE(serving.done());
  EXPECT_TRUE(serving.status().ok());
}

TEST_F(ServeTest, BidiMayEndBeforeTheRequestsDo) {
  Serving serving(Method(kChat), implementation(), call_);
  call_.Receive(Request("bye"));
  ASSERT_TRUE(serving.done());
  EXPECT_TRUE(serving.status().ok());
}

TEST_F(ServeTest, WhatMayBeRepeatedIsRetryableWhenTheBackendIsAway) {
  for (const int index : {kOnce, kRepeat, kJoin, kChat}) {
    ScriptedCall call;
    call.Receive(Request("away"));
    call.ReceiveEnd();
    const Status status = Serve(index, call);
    EXPECT_EQ(status.code(), Code::kUnavailable) << index;
    EXPECT_EQ(status.retryable(), Method(index).idempotent) << index;
  }
}

TEST(EchoTable, CarriesTheContract) {
  const InterfaceInfo& info = Echo::Info();
  EXPECT_EQ(info.name, "echo");
  EXPECT_EQ(info.index, -1);
  ASSERT_EQ(info.methods.size(), 4u);
  const MethodInfo& once = info.methods[kOnce];
  EXPECT_EQ(once.path, "/prism.testing.EchoInterface/Once");
  EXPECT_EQ(once.permission, Permission::kRead);
  EXPECT_TRUE(once.idempotent);
  EXPECT_EQ(once.http_path, "/echo/{text}");
  EXPECT_EQ(once.interface, &info);
  EXPECT_EQ(info.methods[kRepeat].kind, MethodInfo::Kind::kServerStream);
  EXPECT_EQ(info.methods[kJoin].kind, MethodInfo::Kind::kClientStream);
  EXPECT_EQ(info.methods[kChat].kind, MethodInfo::Kind::kBidi);
  EXPECT_EQ(info.methods[kChat].permission, Permission::kAdmin);
  EXPECT_EQ(info.methods[kChat].index, kChat);
}

}  // namespace
}  // namespace prism::testing
