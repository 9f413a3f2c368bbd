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
constexpr int kRoundsPerTurn = 8;

thread_local Worker* current_worker = nullptr;

}  // namespace

struct Worker::Impl {
  int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  int wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  std::array<epoll_event, kEventsPerTurn> events;
  int event_count = 0;
  std::vector<Timer*> heap;  // binary min-heap by time
  internal::DeferredList soon;
  internal::DeferredList deferred;
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
  while (impl_->soon.head) impl_->soon.head->Unlink();
  while (impl_->deferred.head) impl_->deferred.head->Unlink();
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

void Worker::Append(internal::DeferredList& list, Deferred& node) {
  if (node.list_) return;
  node.list_ = &list;
  node.next_ = nullptr;
  node.prev_ = list.tail;
  (list.tail ? list.tail->next_ : list.head) = &node;
  list.tail = &node;
}

void Worker::Soon(Deferred& soon) { Append(impl_->soon, soon); }
void Worker::Defer(Deferred& deferred) { Append(impl_->deferred, deferred); }

void Worker::RunList(internal::DeferredList& list) {
  while (Deferred* node = list.head) {
    node->Unlink();
    node->callback_(node->self_);
  }
}

void Deferred::Unlink() {
  (prev_ ? prev_->next_ : list_->head) = next_;
  (next_ ? next_->prev_ : list_->tail) = prev_;
  list_ = nullptr;
}

Deferred::~Deferred() {
  if (list_) Unlink();
}

void Resumption::Schedule(Worker& worker) {
  if (handle_) worker.Soon(node_);
}

void Worker::Turn() {
  impl_->event_count =
      epoll_wait(impl_->epoll_fd, impl_->events.data(), kEventsPerTurn, PollTimeoutMs());
  RunEvents();
  RunTimers();
  // What runs here may make more of both kinds. A sender and a fast peer could go on like that for
  // as long as there is something to send, so the rest is left to the next turn.
  for (int round = 0; round < kRoundsPerTurn; ++round) {
    RunList(impl_->soon);
    RunList(impl_->deferred);
    if (!impl_->soon.head) return;
  }
}

int Worker::PollTimeoutMs() const {
  if (impl_->soon.head) return 0;
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
  if (fd_ >= 0) epoll_ctl(worker_.impl_->epoll_fd, EPOLL_CTL_DEL, fd_, nullptr);
  for (int i = 0; i < worker_.impl_->event_count; ++i) {
    epoll_event& event = worker_.impl_->events[i];
    if (event.data.ptr == this) event.events = 0;
  }
}

FdWatch::Awaiter FdWatch::Readable() { return {*this, reader_, EPOLLIN}; }
FdWatch::Awaiter FdWatch::Writable() { return {*this, writer_, EPOLLOUT}; }

void FdWatch::AddInterest(uint32_t events) {
  if ((interest_ & events) == 0) SetInterest(interest_ | events);
}

void FdWatch::SetInterest(uint32_t events) {
  interest_ = events;
  if (fd_ < 0) return;
  epoll_event event{};
  event.events = events;
  event.data.ptr = this;
  epoll_ctl(worker_.impl_->epoll_fd, EPOLL_CTL_MOD, fd_, &event);
}

// Interest is level-triggered and kept while somebody waits again and again, so the common
// read-process-write turn needs no epoll_ctl; it is dropped when an event finds nobody waiting.
void FdWatch::OnEvents(uint32_t events) {
  const bool failed = events & (EPOLLERR | EPOLLHUP);
  const bool reader = ((events & EPOLLIN) || failed) && reader_.waiting();
  const bool writer = ((events & EPOLLOUT) || failed) && writer_.waiting();
  if (!reader && !writer && failed) {
    // Cannot be masked: an error on a descriptor that nobody reads would spin the loop.
    if (fd_ >= 0) epoll_ctl(worker_.impl_->epoll_fd, EPOLL_CTL_DEL, fd_, nullptr);
    woken_ = true;
    return;
  }
  uint32_t keep = interest_;
  if ((events & EPOLLIN) && !reader) keep &= ~static_cast<uint32_t>(EPOLLIN);
  if (events & EPOLLOUT) keep &= ~static_cast<uint32_t>(EPOLLOUT);
  if (keep != interest_) SetInterest(keep);
  // Not both at once: the first one resumed may destroy this watch.
  if (reader && writer) writer_.Schedule(worker_);
  if (reader) {
    reader_.Resume();
  } else if (writer) {
    writer_.Resume();
  }
}

void FdWatch::Wake() {
  woken_ = true;
  reader_.Schedule(worker_);
  writer_.Schedule(worker_);
}

void FdWatch::Detach() {
  if (fd_ >= 0) epoll_ctl(worker_.impl_->epoll_fd, EPOLL_CTL_DEL, fd_, nullptr);
  fd_ = -1;
  Wake();
}

void FdWatch::WakeReader() { reader_.Schedule(worker_); }

}  // namespace prism
