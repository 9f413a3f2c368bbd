#include "drivers/memstore/collector.h"

#include <algorithm>
#include <utility>

namespace prism::memstore {
namespace {

using std::chrono::milliseconds;

constexpr Duration kPause = milliseconds(100);
constexpr Duration kPauseWhenBehind = milliseconds(2);

}  // namespace

Collector::Collector(NowFunction now, Source source)
    : now_(std::move(now)),
      source_(std::move(source)),
      timer_([](void* self) { static_cast<Collector*>(self)->Collect(); }, this) {
  // Data that an earlier configuration left may have times to live.
  After(source_.next_expiry());
}

void Collector::After(TimePoint when) {
  // Opened ahead of the loop there is no timer to arm, and nothing to collect.
  if (when == kNever || !Worker::Current()) return;
  const TimePoint due = Clock::now() + std::max(when - now_(), kPause);
  if (!timer_.armed() || due < timer_.when()) timer_.Arm(due);
}

void Collector::Collect() {
  if (source_.collect(kPerTurn) >= kPerTurn) {
    timer_.Arm(Clock::now() + kPauseWhenBehind);
  } else {
    After(source_.next_expiry());
  }
}

}  // namespace prism::memstore
