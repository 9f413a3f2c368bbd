#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/slice.h"
#include "base/small_pool.h"

namespace prism {

// Slices in a row, the first few without allocating. Cheaper to move than a general vector, because
// a slice may be moved by its bytes, and to shorten from the front, which is how input is consumed.
class SliceList {
 public:
  SliceList() = default;
  SliceList(const SliceList& other) {
    for (const Slice& slice : other) push_back(slice);
  }
  SliceList(SliceList&& other) noexcept { Take(other); }
  SliceList& operator=(const SliceList& other) {
    if (this != &other) *this = SliceList(other);
    return *this;
  }
  SliceList& operator=(SliceList&& other) noexcept {
    if (this == &other) return *this;
    Destroy();
    Take(other);
    return *this;
  }
  ~SliceList() { Destroy(); }

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  Slice* begin() { return room() + first_; }
  Slice* end() { return begin() + size_; }
  const Slice* begin() const { return const_cast<SliceList*>(this)->begin(); }
  const Slice* end() const { return begin() + size_; }
  Slice& operator[](size_t i) { return begin()[i]; }
  const Slice& operator[](size_t i) const { return begin()[i]; }
  Slice& front() { return *begin(); }
  const Slice& front() const { return *begin(); }
  Slice& back() { return end()[-1]; }

  void push_back(Slice slice) {
    if (first_ + size_ == capacity_) MakeRoom();
    new (end()) Slice(std::move(slice));
    ++size_;
  }
  void push_front(Slice slice);
  void pop_front() {
    front().~Slice();
    ++first_;
    if (--size_ == 0) first_ = 0;
  }
  void clear() {
    for (Slice& slice : *this) slice.~Slice();
    first_ = size_ = 0;
  }

 private:
  static constexpr uint32_t kInline = 2;

  Slice* room() { return capacity_ == kInline ? reinterpret_cast<Slice*>(inline_) : heap_; }
  // At the end: moves the slices to the front if much is free there, else to twice the memory.
  void MakeRoom();
  void Destroy() {
    for (Slice& slice : *this) slice.~Slice();
    if (capacity_ != kInline) FreeSmall(heap_, capacity_ * sizeof(Slice));
  }
  // Only after Destroy or in a constructor.
  void Take(SliceList& other) {
    first_ = other.first_;
    size_ = other.size_;
    capacity_ = other.capacity_;
    std::memcpy(inline_, other.inline_, sizeof(inline_));
    other.first_ = other.size_ = 0;
    other.capacity_ = kInline;
  }

  uint32_t first_ = 0;  // free places before the first slice
  uint32_t size_ = 0;
  uint32_t capacity_ = kInline;
  union {
    alignas(Slice) unsigned char inline_[kInline * sizeof(Slice)];
    Slice* heap_;
  };
};

}  // namespace prism
