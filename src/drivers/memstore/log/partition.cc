#include "drivers/memstore/log/partition.h"

#include <algorithm>
#include <utility>

namespace prism::memstore {

uint64_t LogPartition::Append(std::shared_ptr<LogRecord> record, TimePoint now, uint64_t least) {
  last_timestamp_ = std::max(last_timestamp_, UnixMs(now));
  record->timestamp_unix_ms = last_timestamp_;
  record->appended_at = now;
  bytes_ += record->bytes();
  last_ = std::max(next_, least);
  next_ = last_ + 1;
  records_.emplace_hint(records_.end(), last_, std::move(record));
  return last_;
}

int64_t LogPartition::Erase(uint64_t sequence) {
  const auto found = records_.find(sequence);
  if (found == records_.end()) return 0;
  const int64_t cost = found->second->cost();
  bytes_ -= found->second->bytes();
  records_.erase(found);
  return cost;
}

bool LogPartition::Beyond(const LogBounds& bounds, TimePoint now) const {
  if (records_.empty()) return false;
  if (now - records_.begin()->second->appended_at >= bounds.max_age) return true;
  return records_.size() > 1 &&
         (static_cast<int64_t>(records_.size()) > bounds.max_records || bytes_ > bounds.max_bytes);
}

TimePoint LogPartition::BeyondAt(const LogBounds& bounds, TimePoint now) const {
  if (Beyond(bounds, now)) return now;
  if (records_.empty() || bounds.max_age == Duration::max()) return kNever;
  return records_.begin()->second->appended_at + bounds.max_age;
}

RecordPtr LogPartition::Find(uint64_t sequence) const {
  const auto found = records_.find(sequence);
  return found == records_.end() ? nullptr : found->second;
}

uint64_t LogPartition::FromTime(int64_t unix_ms) const {
  if (records_.empty()) return next_;
  uint64_t low = records_.begin()->first;
  uint64_t high = next_;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    const auto at = From(middle);
    if (at == records_.end() || at->second->timestamp_unix_ms >= unix_ms) {
      high = middle;
    } else {
      low = at->first + 1;
    }
  }
  return low;
}

uint64_t LogPartition::CountFrom(uint64_t sequence) const {
  const auto at = From(sequence);
  if (at == records_.end()) return 0;
  return std::min<uint64_t>(records_.size(), records_.rbegin()->first - at->first + 1);
}

}  // namespace prism::memstore
