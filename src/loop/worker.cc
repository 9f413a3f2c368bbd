#include "loop/worker.h"

#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <utility>
#include <vector>

namespace prism {
namespace {

constexpr int kEventsPerTurn = 256;

thread_local Worker* current_worker = nullptr;

}  // namespace

struct Worker::Impl {
  int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  int wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  std::array<epoll_event, kEventsPerTurn> events;
  int event_count = 0;
  std::vector<Timer*> heap;  // binary min-heap by time
  std::vector<std::coroutine_handle<>> ready;
  std::vector<std::coroutine_handle<>> running;
  Deferred* deferred_head = nullptr;
  Deferred* deferred_tail = nullptr;
  std::atomic<bool> stop{false};
  std::atomic<bool> woken{false};
  std::mutex posted_mutex;
  std::vector<std::function<void()>> posted;
};

Worker::Worker(int index) : index_(index), impl_(std::make_unique<Impl>()) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  epoll_ctl(impl_->epoll_fd, EPOLL_CTL_ADD, impl_->wake_fd, &event);
}

Worker::~Worker() {
  for (Timer* timer : impl_->heap) timer->index_ = -1;
  while (Deferred* deferred = impl_->deferred_head) {
    impl_->deferred_head = deferred->next_;
    deferred->worker_ = nullptr;
  }
  close(impl_->wake_fd);
  close(impl_->epoll_fd);
}

Worker* Worker::Current() { return current_worker; }

void Worker::Run(int cpu) {
  if (cpu >= 0) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    pthread_setaffinity_np(pthread_self(), sizeof(set), &set);  // best effort: containers refuse
  }
  current_worker = this;
  while (!impl_->stop.load(std::memory_order_acquire)) Turn();
  impl_->stop.store(false, std::memory_order_release);
  current_worker = nullptr;
}

void Worker::Stop() {
  impl_->stop.store(true, std::memory_order_release);
  Post([] {});
}

void Worker::Post(std::function<void()> fn) {
  {
    std::lock_guard lock(impl_->posted_mutex);
    impl_->posted.push_back(std::move(fn));
  }
  if (!impl_->woken.exchange(true)) {
    const uint64_t one = 1;
    [[maybe_unused]] ssize_t n = write(impl_->wake_fd, &one, sizeof(one));
  }
}

void Worker::Ready(std::coroutine_handle<> handle) { impl_->ready.push_back(handle); }

void Worker::Defer(Deferred& deferred) {
  if (deferred.worker_) return;
  deferred.worker_ = this;
  deferred.next_ = nullptr;
  deferred.prev_ = impl_->deferred_tail;
  (impl_->deferred_tail ? impl_->deferred_tail->next_ : impl_->deferred_head) = &deferred;
  impl_->deferred_tail = &deferred;
}

Deferred::~Deferred() {
  if (!worker_) return;
  Worker::Impl& impl = *worker_->impl_;
  (prev_ ? prev_->next_ : impl.deferred_head) = next_;
  (next_ ? next_->prev_ : impl.deferred_tail) = prev_;
}

void Worker::Turn() {
  impl_->event_count = epoll_wait(impl_->epoll_fd, impl_->events.data(), kEventsPerTurn,
                                  PollTimeoutMs());
  RunEvents();
  RunTimers();
  // What runs here may make more of both kinds; all of it belongs to this turn.
  do {
    RunReady();
    RunDeferred();
  } while (!impl_->ready.empty() || impl_->deferred_head);
}

int Worker::PollTimeoutMs() const {
  if (impl_->heap.empty()) return -1;
  const TimePoint now = Clock::now();
  const TimePoint first = impl_->heap.front()->when_;
  if (first <= now) return 0;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(first - now).count();
  return static_cast<int>(std::min<int64_t>(wait, 60'000));
}

void Worker::RunEvents() {
  for (int i = 0; i < impl_->event_count; ++i) {
    const epoll_event event = impl_->events[i];
    if (event.events == 0) continue;  // its watch died during this turn
    if (event.data.ptr) {
      static_cast<FdWatch*>(event.data.ptr)->OnEvents(event.events);
    } else {
      RunPosted();
    }
  }
  impl_->event_count = 0;
}

void Worker::RunPosted() {
  uint64_t count;
  [[maybe_unused]] ssize_t n = read(impl_->wake_fd, &count, sizeof(count));
  impl_->woken.store(false);
  std::vector<std::function<void()>> posted;
  {
    std::lock_guard lock(impl_->posted_mutex);
    posted.swap(impl_->posted);
  }
  for (auto& fn : posted) fn();
}

void Worker::RunReady() {
  while (!impl_->ready.empty()) {
    std::swap(impl_->ready, impl_->running);
    for (std::coroutine_handle<> handle : impl_->running) handle.resume();
    impl_->running.clear();
  }
}

void Worker::RunDeferred() {
  while (Deferred* deferred = impl_->deferred_head) {
    impl_->deferred_head = deferred->next_;
    (deferred->next_ ? deferred->next_->prev_ : impl_->deferred_tail) = nullptr;
    deferred->worker_ = nullptr;
    deferred->callback_(deferred->self_);
  }
}

void Worker::RunTimers() {
  if (impl_->heap.empty()) return;
  const TimePoint now = Clock::now();
  while (!impl_->heap.empty() && impl_->heap.front()->when_ <= now) {
    Timer* timer = impl_->heap.front();
    timer->Cancel();
    timer->callback_(timer->self_);
  }
}

void Worker::HeapPlace(int index, Timer* timer) {
  impl_->heap[index] = timer;
  timer->index_ = index;
}

void Worker::HeapUp(int index) {
  Timer* timer = impl_->heap[index];
  while (index > 0) {
    const int parent = (index - 1) / 2;
    if (impl_->heap[parent]->when_ <= timer->when_) break;
    HeapPlace(index, impl_->heap[parent]);
    index = parent;
  }
  HeapPlace(index, timer);
}

void Worker::HeapDown(int index) {
  Timer* timer = impl_->heap[index];
  const int size = static_cast<int>(impl_->heap.size());
  for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
    if (child + 1 < size && impl_->heap[child + 1]->when_ < impl_->heap[child]->when_) ++child;
    if (timer->when_ <= impl_->heap[child]->when_) break;
    HeapPlace(index, impl_->heap[child]);
    index = child;
  }
  HeapPlace(index, timer);
}

void Timer::Arm(TimePoint when) {
  Cancel();
  if (when == kNever) return;
  worker_ = Worker::Current();
  when_ = when;
  auto& heap = worker_->impl_->heap;
  heap.push_back(this);
  worker_->HeapUp(static_cast<int>(heap.size()) - 1);
}

void Timer::Cancel() {
  if (index_ < 0) return;
  auto& heap = worker_->impl_->heap;
  const int hole = std::exchange(index_, -1);
  Timer* last = heap.back();
  heap.pop_back();
  if (last == this) return;
  worker_->HeapPlace(hole, last);
  worker_->HeapDown(hole);
  worker_->HeapUp(last->index_);
}

FdWatch::FdWatch(Worker& worker, int fd) : worker_(worker), fd_(fd) {
  epoll_event event{};
  event.data.ptr = this;
  epoll_ctl(worker_.impl_->epoll_fd, EPOLL_CTL_ADD, fd_, &event);
}

FdWatch::~FdWatch() {
  epoll_ctl(worker_.impl_->epoll_fd, EPOLL_CTL_DEL, fd_, nullptr);
  for (int i = 0; i < worker_.impl_->event_count; ++i) {
    epoll_event& event = worker_.impl_->events[i];
    if (event.data.ptr == this) event.events = 0;
  }
}

FdWatch::Awaiter FdWatch::Readable() { return {*this, &FdWatch::reader_, EPOLLIN}; }
FdWatch::Awaiter FdWatch::Writable() { return {*this, &FdWatch::writer_, EPOLLOUT}; }

void FdWatch::Wait(std::coroutine_handle<> FdWatch::* waiter, uint32_t events,
                   std::coroutine_handle<> handle) {
  this->*waiter = handle;
  if ((interest_ & events) == 0) SetInterest(interest_ | events);
}

void FdWatch::SetInterest(uint32_t events) {
  interest_ = events;
  epoll_event event{};
  event.events = events;
  event.data.ptr = this;
  epoll_ctl(worker_.impl_->epoll_fd, EPOLL_CTL_MOD, fd_, &event);
}

// Interest is level-triggered and kept while somebody waits again and again, so the common
// read-process-write turn needs no epoll_ctl; it is dropped when an event finds nobody waiting.
void FdWatch::OnEvents(uint32_t events) {
  const bool failed = events & (EPOLLERR | EPOLLHUP);
  const auto reader = (events & EPOLLIN) || failed ? std::exchange(reader_, nullptr) : nullptr;
  const auto writer = (events & EPOLLOUT) || failed ? std::exchange(writer_, nullptr) : nullptr;
  if (!reader && !writer && failed) {
    // Cannot be masked: an error on a descriptor that nobody reads would spin the loop.
    epoll_ctl(worker_.impl_->epoll_fd, EPOLL_CTL_DEL, fd_, nullptr);
    woken_ = true;
    return;
  }
  uint32_t keep = interest_;
  if ((events & EPOLLIN) && !reader) keep &= ~static_cast<uint32_t>(EPOLLIN);
  if (events & EPOLLOUT) keep &= ~static_cast<uint32_t>(EPOLLOUT);
  if (keep != interest_) SetInterest(keep);
  // Through the queue: the first one resumed may destroy this watch.
  if (reader && writer) worker_.Ready(writer);
  if (auto next = reader ? reader : writer) next.resume();
}

void FdWatch::Wake() {
  woken_ = true;
  WakeReader();
  if (writer_) worker_.Ready(std::exchange(writer_, nullptr));
}

void FdWatch::WakeReader() {
  if (reader_) worker_.Ready(std::exchange(reader_, nullptr));
}

}  // namespace prism
