#include "loop/stream.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "loop/task.h"
#include "loop/testing/run_on.h"

namespace prism {
namespace {

using testing::RunOn;
using testing::Turns;

// Tells when a coroutine's frame has let go of its locals.
struct Alive {
  explicit Alive(int& count) : count(count) { ++count; }
  Alive(const Alive&) = delete;
  ~Alive() { --count; }
  int& count;
};

Stream<int> Gated(Event& gate, int& alive, int elements) {
  const Alive here(alive);
  for (int i = 0; i < elements; ++i) {
    (void)co_await gate.Wait();
    gate.Reset();
    co_yield i;
  }
  co_return OkStatus();
}

Task<void> PullAll(Stream<int>& numbers, std::vector<int>& seen, int& alive) {
  const Alive here(alive);
  while (int* number = co_await numbers.Next()) seen.push_back(*number);
}

TEST(Stream, AConsumerThatDiesWaitingIsNotResumedByTheNextElement) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Event gate;
    int alive = 0;
    std::vector<int> seen;
    Stream<int> numbers = Gated(gate, alive, 2);
    {
      Task<void> consumer = PullAll(numbers, seen, alive);
      consumer.Start([](void*) {}, nullptr);
      EXPECT_EQ(alive, 2);
    }
    EXPECT_EQ(alive, 1);
    gate.Set();
    co_await Turns(on, 1);
    EXPECT_TRUE(seen.empty());
    // The producer yielded meanwhile; the next pull gets what follows.
    gate.Set();
    int* number = co_await numbers.Next();
    EXPECT_TRUE(number && *number == 1);
  };
  RunOn(worker, body(worker));
}

TEST(Stream, AProducerThatDiesWaitingLetsGoOfItsLocals) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Event gate;
    int alive = 0;
    std::vector<int> seen;
    auto numbers = std::make_unique<Stream<int>>(Gated(gate, alive, 2));
    {
      Task<void> consumer = PullAll(*numbers, seen, alive);
      consumer.Start([](void*) {}, nullptr);
      gate.Set();  // its turn is queued when both go
    }
    numbers.reset();
    EXPECT_EQ(alive, 0);
    co_await Turns(on, 1);
    EXPECT_TRUE(seen.empty());
  };
  RunOn(worker, body(worker));
}

TEST(Stream, StaysAtItsEnd) {
  Worker worker(0);
  const auto body = []() -> Task<void> {
    Event gate;
    int alive = 0;
    Stream<int> none = Gated(gate, alive, 0);
    for (int i = 0; i < 3; ++i) {
      const int* number = co_await none.Next();
      EXPECT_EQ(number, nullptr);
    }
    EXPECT_TRUE(none.status().ok());
    EXPECT_EQ(alive, 0);
  };
  RunOn(worker, body());
}

Stream<std::string> Texts() {
  std::string text = "a text that is long enough to live on the heap";
  co_yield text;
  EXPECT_TRUE(text.empty());
  co_yield std::string("a temporary that is long enough to live on the heap");
  co_return CancelledError("enough");
}

TEST(Stream, ElementsMayBeMovedFrom) {
  Worker worker(0);
  const auto body = []() -> Task<void> {
    Stream<std::string> texts = Texts();
    std::string* text = co_await texts.Next();
    const std::string first = std::move(*text);
    text = co_await texts.Next();
    EXPECT_EQ(*text, "a temporary that is long enough to live on the heap");
    text = co_await texts.Next();
    EXPECT_EQ(text, nullptr);
    EXPECT_EQ(texts.status().code(), Code::kCancelled);
    EXPECT_EQ(first.size(), 46U);
  };
  RunOn(worker, body());
}

Task<int> AfterEvent(Event& event, int& alive, int value) {
  const Alive here(alive);
  (void)co_await event.Wait();
  co_return value;
}

Task<int> Nested(Event& event, int& alive, int depth) {
  const Alive here(alive);
  if (depth == 0) co_return co_await AfterEvent(event, alive, 1);
  const int below = co_await Nested(event, alive, depth - 1);
  co_return below + 1;
}

TEST(Task, DestroyingTheOutermostDestroysTheWholeChain) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Event event;
    int alive = 0;
    {
      Task<int> chain = Nested(event, alive, 10);
      chain.Start([](void*) {}, nullptr);
      EXPECT_EQ(alive, 12);
      EXPECT_FALSE(chain.done());
    }
    EXPECT_EQ(alive, 0);
    event.Set();
    co_await Turns(on, 1);
  };
  RunOn(worker, body(worker));
}

TEST(Task, AnUnstartedOneIsDroppedWithoutRunning) {
  Event event;
  int alive = 0;
  { const Task<int> never = Nested(event, alive, 3); }
  EXPECT_EQ(alive, 0);
}

TEST(Task, CompletionMayDestroyIt) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Event event;
    int alive = 0;
    auto task = std::make_unique<Task<int>>(AfterEvent(event, alive, 7));
    (*task).Start([](void* self) { static_cast<std::unique_ptr<Task<int>>*>(self)->reset(); },
                  &task);
    EXPECT_TRUE(task);
    event.Set();
    co_await Turns(on, 1);
    EXPECT_FALSE(task);
    EXPECT_EQ(alive, 0);
  };
  RunOn(worker, body(worker));
}

TEST(Task, MovesKeepItsValue) {
  Worker worker(0);
  const auto body = []() -> Task<void> {
    Event event;
    int alive = 0;
    event.Set();
    Task<int> task = AfterEvent(event, alive, 7);
    Task<int> moved = std::move(task);
    EXPECT_FALSE(task.valid());
    const int value = co_await moved;
    EXPECT_EQ(value, 7);
  };
  RunOn(worker, body());
}

Task<void> Append(Event& event, std::string& order, char letter) {
  (void)co_await event.Wait();
  order += letter;
}

TEST(Event, WakesWaitersInTheirOrderAndSkipsTheDead) {
  Worker worker(0);
  const auto body = [](Worker& on) -> Task<void> {
    Event event;
    std::string order;
    std::vector<Task<void>> waiting;
    for (char letter : {'a', 'b', 'c', 'd'}) {
      waiting.push_back(Append(event, order, letter));
      waiting.back().Start([](void*) {}, nullptr);
    }
    waiting[1] = Task<void>();
    event.Set();
    waiting[2] = Task<void>();
    event.Reset();
    co_await Turns(on, 1);
    EXPECT_EQ(order, "ad");
  };
  RunOn(worker, body(worker));
}

TEST(Event, AlreadyCancelledDoesNotWait) {
  Worker worker(0);
  const auto body = []() -> Task<void> {
    Event event;
    Cancellation cancellation;
    cancellation.Cancel(CancelledError("before"));
    const Status status = co_await event.Wait(cancellation);
    EXPECT_EQ(status.message(), "before");
    event.Set();
    const Status set = co_await event.Wait(cancellation);
    EXPECT_TRUE(set.ok());
    const Status slept = co_await SleepUntil(kNever, cancellation);
    EXPECT_EQ(slept.message(), "before");
  };
  RunOn(worker, body());
}

TEST(Sleep, EndsWhenCancelledAndLeavesNothingBehind) {
  Worker worker(0);
  const auto sleep = [](Cancellation& cancellation, Status& status) -> Task<void> {
    status = co_await SleepUntil(kNever, cancellation);
  };
  const auto body = [](Worker& on, auto& nap) -> Task<void> {
    Cancellation cancellation;
    Status first;
    Status second;
    Task<void> one = nap(cancellation, first);
    Task<void> two = nap(cancellation, second);
    one.Start([](void*) {}, nullptr);
    two.Start([](void*) {}, nullptr);
    two = Task<void>();
    cancellation.Cancel(CancelledError("wake up"));
    co_await Turns(on, 1);
    EXPECT_TRUE(one.done());
    EXPECT_EQ(first.message(), "wake up");
    EXPECT_TRUE(second.ok());
  };
  RunOn(worker, body(worker, sleep));
}

}  // namespace
}  // namespace prism
