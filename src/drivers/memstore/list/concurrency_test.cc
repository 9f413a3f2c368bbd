#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "drivers/memstore/list/list_fixture.h"
#include "drivers/memstore/list/list_waiter.h"
#include "prism/interfaces/list_blocking.pb.h"

namespace prism::memstore {
namespace {

using namespace list::v1;  // NOLINT
using std::chrono::milliseconds;

constexpr int kWorkers = 3;
constexpr int kConsumersEach = 6;
constexpr int kProducers = 2;
constexpr int kPerProducer = 20'000;  // at least; on until the storm was strong
constexpr int kStrong = 100;          // calls that were cancelled, and calls that had to wait

uint32_t Next(uint32_t& random) { return random = random * 1664525 + 1013904223; }

// Consumers on several workers that wait for three lists, move between them and are cancelled at
// any moment, while threads push.
class Storm {
 public:
  void Run() {
    std::vector<std::thread> threads;
    for (int i = 0; i < kWorkers; ++i) threads.emplace_back([this, i] { RunWorker(i); });
    std::vector<std::thread> producers;
    for (int i = 0; i < kProducers; ++i) producers.emplace_back([this, i] { Produce(i); });
    for (std::thread& thread : producers) thread.join();
    produced_ = true;
    for (std::thread& thread : threads) thread.join();
  }

  const std::map<std::string, int>& received() const { return received_; }
  uint64_t left() const {
    uint64_t left = 0;
    for (const char* name : kNames) left += data_->lists.Length(name);
    return left;
  }
  int64_t used_bytes() const { return budget_->used_bytes(); }
  bool strong() const { return cancelled_ > kStrong && waited_ > kStrong; }
  size_t pushed() const { return pushed_; }

 private:
  static constexpr const char* kNames[] = {"a", "b", "c"};

  void Produce(int producer) {
    uint32_t random = 77 + producer;
    for (int i = 0; i < kPerProducer || (i < 50 * kPerProducer && !strong()); ++i) {
      const Value value = Value::Copy(std::to_string(producer) + ":" + std::to_string(i));
      const char* name = kNames[Next(random) >> 16 & 1];
      const End end = Next(random) >> 16 & 1 ? End::kLeft : End::kRight;
      ASSERT_TRUE(data_->lists.Push(name, end, {&value, 1}).ok());
      ++pushed_;
      if (i % 64 > 0) continue;
      while (left() > 0) std::this_thread::yield();
      std::this_thread::sleep_for(milliseconds(1));  // so that the consumers come to wait
    }
  }

  void RunWorker(int index) {
    Worker worker(index);
    ListCalls calls(data_);
    int running = kConsumersEach;
    worker.Post([&] {
      for (int i = 0; i < kConsumersEach; ++i) {
        Spawn(Consume(worker, calls, static_cast<uint32_t>(index * 100 + i), running));
      }
    });
    worker.Run();
  }

  Task<void> Consume(Worker& worker, ListCalls& calls, uint32_t random, int& running) {
    while (true) {
      const bool last = produced_;
      const bool found = co_await Once(calls, random);
      if (last && !found && left() == 0) break;
    }
    if (--running == 0) worker.Stop();
  }

  // One call, perhaps cancelled; whether it got something.
  Task<bool> Once(ListCalls& calls, uint32_t& random) {
    RequestContext context;
    Timer cancel([](void* c) { static_cast<Cancellation*>(c)->Cancel(CancelledError("gone")); },
                 &context.cancellation);
    if ((Next(random) >> 16) % 3 == 0 && !produced_) cancel.Arm(Clock::now());
    if ((Next(random) >> 16) % 4 == 0) {
      BlockingMoveRequest request;
      BlockingMoveResponse response;
      request.set_source(kNames[Next(random) >> 16 & 1]);
      request.set_destination(kNames[(Next(random) >> 16) % 3]);
      request.set_timeout_ms(3);
      const Status status = co_await calls.BlockingMove(context, request, response);
      cancelled_ += !status.ok();
      co_return response.found();
    }
    BlockingPopRequest request;
    BlockingPopResponse response;
    const uint32_t first = Next(random) >> 16;
    for (uint32_t i = 0; i < 3; ++i) request.add_lists(kNames[(first + i) % 3]);
    request.set_timeout_ms(3);
    const TimePoint start = Clock::now();
    const Status status = co_await calls.BlockingPopLeft(context, request, response);
    cancelled_ += !status.ok();
    if (!response.found()) co_return false;
    waited_ += Clock::now() - start > std::chrono::microseconds(500);
    std::lock_guard lock(mutex_);
    ++received_[response.value()];
    co_return true;
  }

  const std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", int64_t{1} << 28);
  const std::shared_ptr<NamespaceData> data_ =
      std::make_shared<NamespaceData>(budget_, &Clock::now);
  std::atomic<bool> produced_ = false;
  std::atomic<size_t> pushed_ = 0;
  std::atomic<int> cancelled_ = 0;
  std::atomic<int> waited_ = 0;
  std::mutex mutex_;
  std::map<std::string, int> received_;
};

TEST(MemStoreListConcurrency, NothingIsLostOrComesTwice) {
  Storm storm;
  storm.Run();
  EXPECT_EQ(storm.left(), 0u);
  EXPECT_EQ(storm.received().size(), storm.pushed());
  for (const auto& [value, times] : storm.received()) EXPECT_EQ(times, 1) << value;
  EXPECT_EQ(storm.used_bytes(), 0);
  EXPECT_TRUE(storm.strong()) << "the storm was too weak to mean anything";
}

// One producer and consumers in line: what each gets is in order, and so is it over all.
TEST(MemStoreListConcurrency, PushAndPopKeepTheOrder) {
  const auto budget = std::make_shared<Budget>("mem", int64_t{1} << 28);
  Lists lists(budget);
  constexpr int kTotal = 50'000;
  std::thread producer([&] {
    for (int i = 0; i < kTotal; ++i) {
      const Value value = Value::Copy(std::to_string(i));
      ASSERT_TRUE(lists.Push("l", End::kRight, {&value, 1}).ok());
    }
  });
  std::atomic<int> total = 0;
  const auto consume = [&] {
    int last = -1;
    while (total < kTotal) {
      for (const Value& value : lists.Pop("l", End::kLeft, 10)) {
        const int number = std::stoi(std::string(value.view()));
        if (number <= last) ADD_FAILURE() << number << " after " << last;
        last = number;
        ++total;
      }
    }
  };
  std::thread one(consume), two(consume);
  producer.join();
  one.join();
  two.join();
  EXPECT_EQ(total, kTotal);
  EXPECT_EQ(budget->used_bytes(), 0);
}

// Rotations and moves beside each other: at no moment is an element in both lists or in neither.
TEST(MemStoreListConcurrency, AMoveIsOneStep) {
  const auto budget = std::make_shared<Budget>("mem", int64_t{1} << 28);
  Lists lists(budget);
  const std::vector<Value> values(10, Value::Copy("v"));
  ASSERT_TRUE(lists.Push("a", End::kRight, values).ok());
  const auto move = [&](const char* from, const char* to) {
    Want want;
    want.lists.push_back(from);
    want.move.emplace();
    want.move->list = to;
    for (int i = 0; i < 20'000; ++i) {
      Taken taken;
      if (!lists.TryTake(want, taken).ok()) ADD_FAILURE();
      if (lists.Length(from) > 10 || lists.Length(to) > 10) ADD_FAILURE();
    }
  };
  std::thread one(move, "a", "b"), two(move, "b", "a"), three(move, "a", "a");
  one.join();
  two.join();
  three.join();
  EXPECT_EQ(lists.Length("a") + lists.Length("b"), 10u);
  lists.Clear("a");
  lists.Clear("b");
  EXPECT_EQ(budget->used_bytes(), 0);
}

}  // namespace
}  // namespace prism::memstore
