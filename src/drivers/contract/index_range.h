#pragma once

#include <algorithm>
#include <cstdint>

namespace prism {

// What one answer may carry, of lists, sets and sorted sets alike.
inline constexpr size_t kMaxAnswerRows = 1000;
inline constexpr size_t kMaxAnswerBytes = 1024 * 1024;

// The last index of a range; one that is not set is the last element.
template <class Request>
int64_t StopOf(const Request& request) {
  return request.has_stop() ? request.stop() : -1;
}

// The part from `begin` to before `end` of something that has `end` elements or more.
struct IndexRange {
  uint64_t begin = 0;
  uint64_t end = 0;
  uint64_t size() const { return end - begin; }
};

// Resolves indexes that are both included and count from the end when negative.
inline IndexRange Resolve(int64_t start, int64_t stop, uint64_t size) {
  const auto count = static_cast<int64_t>(size);
  if (start < 0) start = std::max<int64_t>(start + count, 0);
  if (stop < 0) stop += count;
  stop = std::min(stop, count - 1);
  if (start > stop) return {};
  return {static_cast<uint64_t>(start), static_cast<uint64_t>(stop) + 1};
}

// The bytes that an answer can still take. Its first element always fits.
class AnswerRoom {
 public:
  bool Take(size_t bytes) {
    if (any_ && used_ + bytes > kMaxAnswerBytes) return false;
    any_ = true;
    used_ += bytes;
    return true;
  }

 private:
  bool any_ = false;
  size_t used_ = 0;
};

}  // namespace prism
