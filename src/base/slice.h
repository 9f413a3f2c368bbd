#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace prism {

// A counted piece of memory that slices point into. Blocks of kPooledBytes are recycled per
// thread; any thread may drop the last reference.
class Block {
 public:
  static constexpr size_t kPooledBytes = 16 * 1024;

  // A block with at least `bytes` of room and one reference, owned by the caller.
  static Block* Allocate(size_t bytes);

  void Ref() { refs_.fetch_add(1, std::memory_order_relaxed); }
  void Unref() {
    if (refs_.load(std::memory_order_acquire) == 1 ||
        refs_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      Free();
    }
  }
  // True when the caller holds the only reference, so the memory may be written again.
  bool Unshared() const { return refs_.load(std::memory_order_acquire) == 1; }

  char* data() { return reinterpret_cast<char*>(this + 1); }
  size_t capacity() const { return capacity_; }

 private:
  explicit Block(size_t capacity) : capacity_(capacity) {}
  void Free();

  std::atomic<uint32_t> refs_{1};
  size_t capacity_;
};

// A view into a block that keeps the block alive. An empty slice has no block. May be moved by
// copying its bytes and forgetting the original.
class Slice {
 public:
  Slice() = default;
  // Shares `block`: takes a reference of its own.
  Slice(Block* block, const char* data, size_t size) : block_(block), data_(data), size_(size) {
    if (block_) block_->Ref();
  }
  Slice(const Slice& other) : Slice(other.block_, other.data_, other.size_) {}
  Slice(Slice&& other) noexcept
      : block_(std::exchange(other.block_, nullptr)),
        data_(other.data_),
        size_(std::exchange(other.size_, 0)) {}
  Slice& operator=(Slice other) noexcept {
    std::swap(block_, other.block_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Slice() {
    if (block_) block_->Unref();
  }
  static Slice Copy(std::string_view bytes);
  // Takes over the caller's reference to `block`.
  static Slice Adopt(Block* block, size_t size);

  const char* data() const { return data_; }
  size_t size() const { return size_; }
  std::string_view view() const { return {data_, size_}; }
  void RemovePrefix(size_t n) { data_ += n, size_ -= n; }
  // Puts `bytes` before the slice without moving it, if the block has room there that no other
  // slice can see.
  bool PrependInPlace(std::string_view bytes);
  // The first `n` bytes, sharing the block; this keeps the rest.
  Slice SplitPrefix(size_t n);
  bool Continues(const Slice& before) const {
    return block_ == before.block_ && before.data_ + before.size_ == data_;
  }
  void Extend(size_t n) { size_ += n; }

 private:
  Block* block_ = nullptr;
  const char* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace prism
