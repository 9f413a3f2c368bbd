#pragma once

#include <limits>
#include <map>
#include <vector>

#include "drivers/memstore/log/record.h"

namespace prism::memstore {

// What a partition keeps at most; the newest record stays whatever its size.
struct LogBounds {
  static constexpr int64_t kNone = std::numeric_limits<int64_t>::max();
  Duration max_age = Duration::max();
  int64_t max_bytes = kNone;
  int64_t max_records = kNone;
};

// Records in the order of their sequence numbers. Guarded by its owner.
class LogPartition {
 public:
  using Map = std::map<uint64_t, RecordPtr>;

  // The first record gets a number of at least `first`.
  explicit LogPartition(uint64_t first) : next_(first) {}

  // Stamps the record and appends it with the least number that is free and at least `least`.
  uint64_t Append(std::shared_ptr<LogRecord> record, TimePoint now, uint64_t least);
  // Returns the cost of what was removed; 0 if there is no such record.
  int64_t Erase(uint64_t sequence);
  // The oldest record is beyond the bounds.
  bool Beyond(const LogBounds& bounds, TimePoint now) const;
  // When the oldest record is or will be beyond the bounds.
  TimePoint BeyondAt(const LogBounds& bounds, TimePoint now) const;

  RecordPtr Find(uint64_t sequence) const;
  // The first record at or behind `sequence`.
  Map::const_iterator From(uint64_t sequence) const { return records_.lower_bound(sequence); }
  const Map& records() const { return records_; }
  // The first record stamped at `unix_ms` or later, else next().
  uint64_t FromTime(int64_t unix_ms) const;
  // How many records lie at or behind `sequence`; too high where some were removed in between.
  uint64_t CountFrom(uint64_t sequence) const;

  uint64_t next() const { return next_; }  // above all that were ever appended
  uint64_t last() const { return last_; }  // the newest that was ever appended; 0: none

 private:
  Map records_;
  uint64_t next_;
  uint64_t last_ = 0;
  int64_t bytes_ = 0;
  int64_t last_timestamp_ = 0;
};

}  // namespace prism::memstore
