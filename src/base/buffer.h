#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/slice.h"
#include "base/slice_list.h"

namespace prism {

// A chain of slices: the only payload type. Copying shares the bytes.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(Slice slice) { Append(std::move(slice)); }
  Buffer(const Buffer&) = default;
  Buffer& operator=(const Buffer&) = default;
  // Leaves `other` empty.
  Buffer(Buffer&& other) noexcept
      : slices_(std::move(other.slices_)), size_(std::exchange(other.size_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    slices_ = std::move(other.slices_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }
  static Buffer Copy(std::string_view bytes) { return Buffer(Slice::Copy(bytes)); }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const SliceList& slices() const { return slices_; }

  void Append(Slice slice);
  void Append(Buffer other);
  void Prepend(std::string_view bytes);
  void Clear();
  // Drops the first `n` bytes (n <= size()).
  void RemovePrefix(size_t n);
  // The first `n` bytes (n <= size()) as a buffer of their own; this keeps the rest.
  Buffer SplitPrefix(size_t n);
  // Copies the first `n` bytes (n <= size()) to `out`.
  void CopyPrefix(char* out, size_t n) const;
  std::string ToString() const;

 private:
  SliceList slices_;
  size_t size_ = 0;
};

}  // namespace prism
