#pragma once

#include <atomic>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
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

// A view into a block that keeps the block alive. An empty slice has no block.
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

// A chain of slices: the only payload type. Copying shares the bytes.
class Buffer {
 public:
  using Slices = boost::container::small_vector<Slice, 2>;

  Buffer() = default;
  explicit Buffer(Slice slice) { Append(std::move(slice)); }
  Buffer(const Buffer&) = default;
  Buffer& operator=(const Buffer&) = default;
  // Leaves `other` empty.
  Buffer(Buffer&& other) noexcept
      : slices_(std::move(other.slices_)), size_(std::exchange(other.size_, 0)) {
    other.slices_.clear();
  }
  Buffer& operator=(Buffer&& other) noexcept {
    slices_ = std::move(other.slices_);
    other.slices_.clear();
    size_ = std::exchange(other.size_, 0);
    return *this;
  }
  static Buffer Copy(std::string_view bytes) { return Buffer(Slice::Copy(bytes)); }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const Slices& slices() const { return slices_; }

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
  Slices slices_;
  size_t size_ = 0;
};

}  // namespace prism
