#include <gtest/gtest.h>

#include <functional>

#include "drivers/memstore/list/list_fixture.h"
#include "loop/worker.h"
#include "prism/interfaces/list_blocking.pb.h"

namespace prism::memstore {
namespace {

using namespace list::v1;  // NOLINT
using B = ListCalls;
using Texts = std::vector<std::string>;

constexpr int64_t kLong = 600'000;

// A blocking pop or move that runs beside the test's body, on the same worker.
template <class Request, class Response>
class Waiting {
 public:
  using Rpc = Task<Status> (ListCalls::*)(RequestContext&, const Request&, Response&);
  Waiting(ListCalls& calls, Rpc rpc, Request request)
      : request_(std::move(request)), task_((calls.*rpc)(context_, request_, response_)) {
    task_.Start([](void* done) { static_cast<Event*>(done)->Set(); }, &done_);
  }
  bool done() const { return task_.done(); }
  void Cancel() { context_.cancellation.Cancel(CancelledError("gone")); }
  // How it ended: the value, "(none)", or the name of the error.
  Task<std::string> Result() {
    (void)co_await done_.Wait();
    const Status status = task_.TakeValue();
    if (!status.ok()) co_return std::string(CodeName(status.code()));
    if (!response_.found()) co_return std::string("(none)");
    co_return response_.value();
  }
  const Response& response() const { return response_; }

 private:
  RequestContext context_;
  const Request request_;
  Response response_;
  Event done_;
  Task<Status> task_;
};
using WaitingPop = Waiting<BlockingPopRequest, BlockingPopResponse>;
using WaitingMove = Waiting<BlockingMoveRequest, BlockingMoveResponse>;

class MemStoreListBlockingTest : public ListFixture {
 protected:
  static BlockingPopRequest PopOf(const Texts& lists, int64_t timeout_ms = kLong) {
    BlockingPopRequest request;
    for (const std::string& list : lists) request.add_lists(list);
    request.set_timeout_ms(timeout_ms);
    return request;
  }
  static BlockingMoveRequest MoveOf(const std::string& source, const std::string& destination,
                                    list::v1::End from = LEFT, list::v1::End to = RIGHT,
                                    int64_t timeout_ms = kLong) {
    BlockingMoveRequest request;
    request.set_source(source);
    request.set_destination(destination);
    request.set_from(from);
    request.set_to(to);
    request.set_timeout_ms(timeout_ms);
    return request;
  }
  std::unique_ptr<WaitingPop> Pop(const Texts& lists, int64_t timeout_ms = kLong) {
    return std::make_unique<WaitingPop>(backend_, &B::BlockingPopLeft, PopOf(lists, timeout_ms));
  }
  std::unique_ptr<WaitingPop> PopFromRight(const Texts& lists) {
    return std::make_unique<WaitingPop>(backend_, &B::BlockingPopRight, PopOf(lists));
  }
  std::unique_ptr<WaitingMove> Move(const std::string& source, const std::string& destination,
                                    list::v1::End from = LEFT, list::v1::End to = RIGHT) {
    return std::make_unique<WaitingMove>(backend_, &B::BlockingMove,
                                         MoveOf(source, destination, from, to));
  }

  void OnWorker(const std::function<Task<void>()>& body) {
    Worker worker(0);
    worker.Post([&] { Spawn(RunThenStop(worker, body)); });
    worker.Run();
    EXPECT_EQ(budget_->used_bytes(), 0) << "no bytes, names or waiting calls may be left";
  }

 private:
  static Task<void> RunThenStop(Worker& worker, const std::function<Task<void>()>& body) {
    co_await body();
    worker.Stop();
  }
};

TEST_F(MemStoreListBlockingTest, TakesWhatIsThereFromTheFirstListThatHasSome) {
  PushRight("b", {"1", "2", "3"});
  PushRight("c", {"4"});
  const BlockingPopResponse left = Ok(&B::BlockingPopLeft, PopOf({"a", "b", "c"}));
  EXPECT_TRUE(left.found());
  EXPECT_EQ(left.list(), "b");
  EXPECT_EQ(left.value(), "1");
  EXPECT_EQ(Ok(&B::BlockingPopRight, PopOf({"a", "b", "c"})).value(), "3");
  EXPECT_EQ(Ok(&B::BlockingPopRight, PopOf({"c", "b"})).value(), "4");
}

TEST_F(MemStoreListBlockingTest, WithoutTimeItDoesNotWait) {
  EXPECT_FALSE(Ok(&B::BlockingPopLeft, PopOf({"a"}, 0)).found());
  EXPECT_FALSE(Ok(&B::BlockingMove, MoveOf("a", "b", LEFT, LEFT, 0)).found());
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(MemStoreListBlockingTest, MovesFromEndToEnd) {
  PushRight("a", {"1", "2", "3", "4"});
  PushRight("b", {"x"});
  EXPECT_EQ(Ok(&B::BlockingMove, MoveOf("a", "b", LEFT, LEFT, 0)).value(), "1");
  EXPECT_EQ(Ok(&B::BlockingMove, MoveOf("a", "b", RIGHT, RIGHT)).value(), "4");
  EXPECT_EQ(All("a"), (Texts{"2", "3"}));
  EXPECT_EQ(All("b"), (Texts{"1", "x", "4"}));
  Ok(&B::BlockingMove, MoveOf("b", "b", LEFT, RIGHT));
  EXPECT_EQ(All("b"), (Texts{"x", "4", "1"}));
  Ok(&B::BlockingMove, MoveOf("a", "new", LEFT, RIGHT));
  Ok(&B::BlockingMove, MoveOf("a", "new", LEFT, RIGHT));
  EXPECT_EQ(Length("a"), 0u);
  EXPECT_EQ(All("new"), (Texts{"2", "3"}));
  PopLeft("b", 3);
  PopLeft("new", 2);
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(MemStoreListBlockingTest, ServesWhoWaitedLongestFirst) {
  OnWorker([this]() -> Task<void> {
    auto first = Pop({"l"});
    auto second = PopFromRight({"other", "l"});
    auto third = Pop({"l"});
    EXPECT_FALSE(first->done());
    EXPECT_EQ(PopLeft("l"), Texts{}) << "waiting calls leave nothing behind";
    EXPECT_EQ(PushRight("l", {"1", "2"}), 2u) << "the length counts what goes to them";
    EXPECT_EQ(co_await first->Result(), "1");
    EXPECT_EQ(co_await second->Result(), "2");
    EXPECT_EQ(second->response().list(), "l");
    EXPECT_FALSE(third->done());
    PushLeft("l", {"3", "4"});
    EXPECT_EQ(co_await third->Result(), "4") << "served behind the whole push";
    EXPECT_EQ(PopLeft("l", 9), Texts{"3"});
  });
}

TEST_F(MemStoreListBlockingTest, AListMayBeNamedTwice) {
  OnWorker([this]() -> Task<void> {
    auto call = Pop({"l", "l"});
    PushRight("l", {"1", "2"});
    EXPECT_EQ(co_await call->Result(), "1");
    EXPECT_EQ(PopLeft("l", 9), Texts{"2"});
  });
}

TEST_F(MemStoreListBlockingTest, TimePassesWithoutAnElement) {
  OnWorker([this]() -> Task<void> {
    const TimePoint start = Clock::now();
    auto call = Pop({"a", "b"}, 20);
    EXPECT_EQ(co_await call->Result(), "(none)");
    EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(20));
    PushRight("a", {"1"});
    EXPECT_EQ(PopLeft("a"), Texts{"1"}) << "nobody waits any more";
  });
}

TEST_F(MemStoreListBlockingTest, ACancelledCallRemovesNothing) {
  OnWorker([this]() -> Task<void> {
    auto gone = Pop({"l"});
    auto stays = Pop({"l"});
    gone->Cancel();
    EXPECT_EQ(co_await gone->Result(), "CANCELLED");
    PushRight("l", {"1"});
    EXPECT_EQ(co_await stays->Result(), "1");
  });
}

TEST_F(MemStoreListBlockingTest, WhatWasMeantForACancelledCallGoesToTheNext) {
  OnWorker([this]() -> Task<void> {
    auto gone = Pop({"l"});
    PushRight("l", {"1"});
    auto next = PopFromRight({"l"});
    gone->Cancel();
    EXPECT_EQ(co_await gone->Result(), "CANCELLED");
    EXPECT_EQ(co_await next->Result(), "1");
    auto again = Pop({"l"});
    PushRight("l", {"2"});
    PushRight("l", {"3"});
    again.reset();  // its coroutine goes as it does when its connection breaks
    EXPECT_EQ(PopLeft("l", 9), (Texts{"2", "3"}));
  });
}

TEST_F(MemStoreListBlockingTest, ClearLeavesAloneWhatWasHandedOver) {
  OnWorker([this]() -> Task<void> {
    auto call = Pop({"l"});
    PushRight("l", {"1", "2"});
    ClearRequest request;
    request.set_list("l");
    EXPECT_EQ(Ok(&B::Clear, request).removed(), 1u);
    EXPECT_EQ(co_await call->Result(), "1");
  });
}

TEST_F(MemStoreListBlockingTest, AMoveWaitsAndServesWhoWaitsForItsDestination) {
  OnWorker([this]() -> Task<void> {
    auto move = Move("a", "b", RIGHT, LEFT);
    auto pop = Pop({"b"});
    auto second = Move("a", "b", LEFT, LEFT);
    PushRight("a", {"1", "2", "3"});
    EXPECT_EQ(Length("b"), 1u) << "moved before anybody runs";
    EXPECT_EQ(co_await move->Result(), "3");
    EXPECT_EQ(co_await pop->Result(), "3");
    EXPECT_EQ(co_await second->Result(), "1");
    EXPECT_EQ(PopLeft("a", 9), Texts{"2"});
    EXPECT_EQ(PopLeft("b", 9), Texts{"1"});
  });
}

TEST_F(MemStoreListBlockingTest, MovesMayFormChainsAndCircles) {
  OnWorker([this]() -> Task<void> {
    auto ab = Move("a", "b");
    auto bc = Move("b", "c");
    auto ca = Move("c", "a");
    auto rotate = Move("a", "a");
    PushRight("a", {"1"});
    EXPECT_EQ(co_await ab->Result(), "1");
    EXPECT_EQ(co_await bc->Result(), "1");
    EXPECT_EQ(co_await ca->Result(), "1");
    EXPECT_EQ(co_await rotate->Result(), "1");
    EXPECT_EQ(PopLeft("a", 9), Texts{"1"});
    EXPECT_EQ(Length("b") + Length("c"), 0u);
  });
}

TEST_F(MemStoreListBlockingTest, ACancelledMoveLosesNothing) {
  OnWorker([this]() -> Task<void> {
    auto early = Move("a", "b");
    early->Cancel();
    EXPECT_EQ(co_await early->Result(), "CANCELLED");
    auto late = Move("a", "b");
    PushRight("a", {"1"});
    late->Cancel();
    EXPECT_EQ(co_await late->Result(), "CANCELLED");
    EXPECT_EQ(PopLeft("a", 9), Texts{});
    EXPECT_EQ(PopLeft("b", 9), Texts{"1"});
  });
}

TEST_F(MemStoreListBlockingTest, MisuseIsRefused) {
  ExpectRefused(&B::BlockingPopLeft, PopOf({}), "lists");
  ExpectRefused(&B::BlockingPopRight, PopOf(Texts(129, "l")), "128");
  ExpectRefused(&B::BlockingPopLeft, PopOf({"l", ""}), "lists");
  ExpectRefused(&B::BlockingPopLeft, PopOf({"l"}, -1), "timeout_ms");
  ExpectRefused(&B::BlockingPopLeft, PopOf({"l"}, 3'600'001), "3600000");
  ExpectRefused(&B::BlockingMove, MoveOf("", "b"), "source");
  ExpectRefused(&B::BlockingMove, MoveOf("a", std::string(4097, 'n')), "destination");
  ExpectRefused(&B::BlockingMove, MoveOf("a", "b", LEFT, LEFT, -1), "timeout_ms");
  ExpectRefused(&B::BlockingMove, MoveOf("a", "b", static_cast<list::v1::End>(2)), "from");
}

TEST_F(MemStoreListBlockingTest, WithoutRoomForItsNameACallDoesNotWait) {
  ASSERT_TRUE(budget_->Charge(budget_->max_bytes() - 100));
  Worker worker(0);
  worker.Post([&] {
    EXPECT_EQ(Try(&B::BlockingPopLeft, PopOf({"a", "b"})).code(), Code::kResourceExhausted);
    worker.Stop();
  });
  worker.Run();
  EXPECT_EQ(budget_->used_bytes(), budget_->max_bytes() - 100);
}

}  // namespace
}  // namespace prism::memstore
