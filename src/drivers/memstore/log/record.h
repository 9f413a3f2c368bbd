#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "drivers/contract/attributes.h"

namespace prism::memstore {

// A message or a record of a stream; not changed once it is shared.
struct LogRecord {
  std::string payload;
  std::string key;
  Attributes attributes;
  int64_t timestamp_unix_ms = 0;  // set by Log::Append, as is the next
  TimePoint appended_at{};

  // What limits of pages and retention count.
  int64_t bytes() const {
    size_t bytes = payload.size() + key.size();
    for (const auto& [name, value] : attributes) bytes += name.size() + value.size();
    return static_cast<int64_t>(bytes);
  }
  // What keeping it takes: with its own memory, the shared count and the tree node that leads to
  // it.
  int64_t cost() const {
    return bytes() + static_cast<int64_t>(sizeof(LogRecord) + 128 +
                                          attributes.size() * sizeof(Attributes::value_type));
  }
};
using RecordPtr = std::shared_ptr<const LogRecord>;

// Where a record lies in its log. Sequence numbers are not used again, also not by a later log of
// the same name.
struct Place {
  uint32_t partition = 0;
  uint64_t sequence = 0;
  auto operator<=>(const Place&) const = default;
};

struct Placed {
  Place place;
  RecordPtr record;
};

// The wall clock's time at `when`, a time of the data's own clock.
inline int64_t UnixMs(TimePoint when) {
  using std::chrono::system_clock;
  const auto at =
      system_clock::now() + std::chrono::duration_cast<system_clock::duration>(when - Clock::now());
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

inline constexpr size_t kPageRecords = 1000;
inline constexpr int64_t kRecordPageBytes = 1024 * 1024;

// Whether one more record fits in a page.
class PageRoom {
 public:
  explicit PageRoom(size_t max_records) : left_(std::min(max_records, kPageRecords)) {}
  bool Fits(const LogRecord& record) const {
    return left_ > 0 && (empty_ || record.bytes() <= bytes_left_);
  }
  void Add(const LogRecord& record) {
    --left_;
    bytes_left_ -= record.bytes();
    empty_ = false;
  }

 private:
  size_t left_;
  int64_t bytes_left_ = kRecordPageBytes;
  bool empty_ = true;
};

}  // namespace prism::memstore
