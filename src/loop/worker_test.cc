#include "loop/worker.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "loop/stream.h"
#include "loop/task.h"

namespace prism {
namespace {

using std::chrono::milliseconds;

// Runs `task` on a worker of its own until it ends.
void RunOn(Worker& worker, Task<void> task) {
  const auto then_stop = [](Worker& on, Task<void> inner) -> Task<void> {
    co_await std::move(inner);
    on.Stop();
  };
  Task<void> whole = then_stop(worker, std::move(task));
  worker.Post([&] { whole.Start([](void*) {}, nullptr); });
  worker.Run();
}

Task<int> Plus(int a, int b) { co_return a + b; }

Stream<int> CountTo(int n, Status end) {
  for (int i = 1; i <= n; ++i) co_yield i;
  co_return end;
}

TEST(TaskAndStream, AMillionSynchronousStepsNeedNoStack) {
  Worker worker(0);
  int64_t sum = 0;
  const auto add = [](int64_t& total) -> Task<void> {
    Stream<int> numbers = CountTo(1'000'000, NotFoundError("end"));
    while (int* number = co_await numbers.Next()) {
      const int one_more = co_await Plus(*number, 1);
      total += one_more;
    }
    EXPECT_EQ(numbers.status().code(), Code::kNotFound);
  };
  RunOn(worker, add(sum));
  EXPECT_EQ(sum, int64_t{1'000'001} * 1'000'000 / 2 + 1'000'000);
}

Stream<int> Slowly(Cancellation& cancellation) {
  for (int i = 0; i < 3; ++i) {
    PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(Clock::now() + milliseconds(1), cancellation));
    co_yield i;
  }
  co_return OkStatus();
}

TEST(TaskAndStream, SuspendInTheMiddle) {
  Worker worker(0);
  Cancellation cancellation;
  std::vector<int> seen;
  const auto collect = [](Cancellation& c, std::vector<int>& out) -> Task<void> {
    Stream<int> slow = Slowly(c);
    while (int* number = co_await slow.Next()) out.push_back(*number);
    EXPECT_TRUE(slow.status().ok());
  };
  RunOn(worker, collect(cancellation, seen));
  EXPECT_EQ(seen, (std::vector<int>{0, 1, 2}));
}

Task<void> WaitThenSet(Event& event, bool& done) {
  (void)co_await event.Wait();
  done = true;
}

TEST(Event, ATaskThatDiesBeforeItsTurnIsNotResumed) {
  Worker worker(0);
  Event event;
  bool done = false;
  Task<void> waiting = WaitThenSet(event, done);
  worker.Post([&] {
    waiting.Start([](void*) {}, nullptr);
    event.Set();
    waiting = Task<void>();
    worker.Stop();
  });
  worker.Run();
  EXPECT_FALSE(done);
}

Task<void> AwaitCancelled(Event& event, Cancellation& cancellation, Status& status) {
  status = co_await event.Wait(cancellation);
}

TEST(Event, CancellationEndsTheWaitWithItsReason) {
  Worker worker(0);
  Event event;
  Cancellation cancellation;
  Status status;
  Timer timer(
      [](void* self) { static_cast<Cancellation*>(self)->Cancel(DeadlineExceededError("late")); },
      &cancellation);
  worker.Post([&] { timer.Arm(Clock::now() + milliseconds(1)); });
  RunOn(worker, AwaitCancelled(event, cancellation, status));
  EXPECT_EQ(status.code(), Code::kDeadlineExceeded);
}

struct Mark {
  std::vector<int>* order;
  int number;
  Timer timer{[](void* self) {
                auto* mark = static_cast<Mark*>(self);
                mark->order->push_back(mark->number);
              },
              this};
};

TEST(Timer, FireInTheOrderOfTheirTimesWhateverTheOrderOfArming) {
  Worker worker(0);
  std::vector<int> order;
  std::vector<std::unique_ptr<Mark>> marks;
  for (int i = 0; i < 50; ++i) marks.push_back(std::make_unique<Mark>(&order, i));
  const auto arm_all = [](std::vector<std::unique_ptr<Mark>>& all) -> Task<void> {
    const TimePoint start = Clock::now();
    for (size_t i = 0; i < all.size(); ++i) {
      const size_t shuffled = i * 37 % all.size();
      all[shuffled]->timer.Arm(start + milliseconds(shuffled));
    }
    for (size_t i = 0; i < all.size(); i += 3) all[i]->timer.Cancel();
    Cancellation never;
    (void)co_await SleepUntil(start + milliseconds(60), never);
  };
  RunOn(worker, arm_all(marks));
  std::vector<int> expected;
  for (int i = 0; i < 50; ++i) {
    if (i % 3 != 0) expected.push_back(i);
  }
  EXPECT_EQ(order, expected);
}

TEST(Worker, PostsFromManyThreadsAllArrive) {
  Worker worker(0);
  constexpr int kThreads = 4;
  constexpr int kEach = 5000;
  int arrived = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        worker.Post([&] {
          if (++arrived == kThreads * kEach) worker.Stop();
        });
      }
    });
  }
  worker.Run();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(arrived, kThreads * kEach);
}

TEST(Worker, DeferredRunsOnceAfterAllThatIsSoon) {
  Worker worker(0);
  std::string order;
  struct Note {
    std::string* order;
    char letter;
  };
  Note soon_note{&order, 's'};
  Note late_note{&order, 'd'};
  const auto write = [](void* self) {
    auto* note = static_cast<Note*>(self);
    note->order->push_back(note->letter);
  };
  Deferred late(write, &late_note);
  Deferred soon(write, &soon_note);
  worker.Post([&] {
    worker.Defer(late);
    worker.Defer(late);
    worker.Soon(soon);
    worker.Stop();
  });
  worker.Run();
  EXPECT_EQ(order, "sd");
}

}  // namespace
}  // namespace prism
