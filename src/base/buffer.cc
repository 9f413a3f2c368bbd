#include "base/buffer.h"

#include <algorithm>
#include <new>
#include <vector>

#include "base/small_pool.h"

namespace prism {
namespace {

// Bounds what an idle thread keeps: 64 blocks are 1 MiB.
constexpr size_t kPoolBlocks = 64;

struct Pool {
  std::vector<void*> blocks;
  ~Pool() {
    for (void* block : blocks) ::operator delete(block);
  }
};

// Null once the thread's pool is gone: a slice may outlive it during thread exit.
thread_local bool pool_gone = false;
Pool* ThreadPool() {
  struct Owner {
    Pool pool;
    ~Owner() { pool_gone = true; }
  };
  thread_local Owner owner;
  return pool_gone ? nullptr : &owner.pool;
}

}  // namespace

Block* Block::Allocate(size_t bytes) {
  const size_t capacity = std::max(bytes, size_t{1});
  if (capacity > kPooledBytes || capacity < kPooledBytes / 4) {
    return new (AllocateSmall(sizeof(Block) + capacity)) Block(capacity);
  }
  Pool* pool = ThreadPool();
  if (pool && !pool->blocks.empty()) {
    void* memory = pool->blocks.back();
    pool->blocks.pop_back();
    return new (memory) Block(kPooledBytes);
  }
  return new (::operator new(sizeof(Block) + kPooledBytes)) Block(kPooledBytes);
}

void Block::Free() {
  const size_t capacity = capacity_;
  this->~Block();
  if (capacity != kPooledBytes) return FreeSmall(this, sizeof(Block) + capacity);
  Pool* pool = ThreadPool();
  if (kRecycleMemory && pool && pool->blocks.size() < kPoolBlocks) {
    pool->blocks.push_back(this);
  } else {
    ::operator delete(this);
  }
}

Slice Slice::Adopt(Block* block, size_t size) {
  Slice slice;
  slice.block_ = block;
  slice.data_ = block->data();
  slice.size_ = size;
  return slice;
}

Slice Slice::Copy(std::string_view bytes) {
  if (bytes.empty()) return {};
  Block* block = Block::Allocate(bytes.size());
  std::memcpy(block->data(), bytes.data(), bytes.size());
  return Adopt(block, bytes.size());
}

bool Slice::PrependInPlace(std::string_view bytes) {
  if (!block_ || !block_->Unshared()) return false;
  if (static_cast<size_t>(data_ - block_->data()) < bytes.size()) return false;
  data_ -= bytes.size();
  size_ += bytes.size();
  std::memcpy(const_cast<char*>(data_), bytes.data(), bytes.size());
  return true;
}

Slice Slice::SplitPrefix(size_t n) {
  Slice prefix(block_, data_, n);
  RemovePrefix(n);
  return prefix;
}

void Buffer::Append(Slice slice) {
  if (slice.size() == 0) return;
  size_ += slice.size();
  if (!slices_.empty() && slice.Continues(slices_.back())) {
    slices_.back().Extend(slice.size());
  } else {
    slices_.push_back(std::move(slice));
  }
}

void Buffer::Append(Buffer other) {
  if (slices_.empty()) {
    *this = std::move(other);
    return;
  }
  for (Slice& slice : other.slices_) Append(std::move(slice));
}

void Buffer::Prepend(std::string_view bytes) {
  size_ += bytes.size();
  if (!slices_.empty() && slices_.front().PrependInPlace(bytes)) return;
  slices_.push_front(Slice::Copy(bytes));
}

void Buffer::Clear() {
  slices_.clear();
  size_ = 0;
}

void Buffer::RemovePrefix(size_t n) {
  size_ -= n;
  while (n > 0 && slices_.front().size() <= n) {
    n -= slices_.front().size();
    slices_.pop_front();
  }
  if (n > 0) slices_.front().RemovePrefix(n);
}

Buffer Buffer::SplitPrefix(size_t n) {
  Buffer prefix;
  size_ -= n;
  while (n > 0 && slices_.front().size() <= n) {
    n -= slices_.front().size();
    prefix.Append(std::move(slices_.front()));
    slices_.pop_front();
  }
  if (n > 0) prefix.Append(slices_.front().SplitPrefix(n));
  return prefix;
}

void Buffer::CopyPrefix(char* out, size_t n) const {
  for (const Slice& slice : slices_) {
    const size_t take = std::min(n, slice.size());
    std::memcpy(out, slice.data(), take);
    out += take;
    n -= take;
    if (n == 0) return;
  }
}

std::string Buffer::ToString() const {
  std::string text(size_, '\0');
  CopyPrefix(text.data(), size_);
  return text;
}

}  // namespace prism
