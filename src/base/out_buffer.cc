#include "base/out_buffer.h"

#include <algorithm>
#include <cstring>

namespace prism {

void OutBuffer::Copy(std::string_view bytes) {
  size_ += bytes.size();
  while (!bytes.empty()) {
    if (open_ && open_end_ == open_->capacity()) DropOpen();
    if (!open_) {
      open_ = Block::Allocate(Block::kPooledBytes);
      open_begin_ = open_end_ = 0;
    }
    const size_t n = std::min(bytes.size(), open_->capacity() - open_end_);
    std::memcpy(open_->data() + open_end_, bytes.data(), n);
    open_end_ += n;
    bytes.remove_prefix(n);
  }
}

void OutBuffer::Append(Slice slice) {
  if (slice.size() < kCopyBelowBytes) return Copy(slice.view());
  CloseOpen();
  size_ += slice.size();
  slices_.push_back(std::move(slice));
}

int OutBuffer::Gather(iovec* pieces, int max_pieces) const {
  int count = 0;
  for (const Slice& slice : slices_) {
    if (count == max_pieces) return count;
    pieces[count++] = {const_cast<char*>(slice.data()), slice.size()};
  }
  if (open_ && open_end_ > open_begin_ && count < max_pieces) {
    pieces[count++] = {open_->data() + open_begin_, open_end_ - open_begin_};
  }
  return count;
}

void OutBuffer::Consume(size_t n) {
  size_ -= n;
  while (n > 0 && !slices_.empty()) {
    const size_t take = std::min(n, slices_.front().size());
    n -= take;
    if (take == slices_.front().size()) {
      slices_.pop_front();
    } else {
      slices_.front().RemovePrefix(take);
    }
  }
  open_begin_ += n;
  if (size_ == 0) DropOpen();
}

// Moves the copied bytes into the queue, so that a slice can go behind them.
void OutBuffer::CloseOpen() {
  if (!open_ || open_begin_ == open_end_) return;
  slices_.emplace_back(open_, open_->data() + open_begin_, open_end_ - open_begin_);
  open_begin_ = open_end_;
}

void OutBuffer::DropOpen() {
  CloseOpen();
  if (open_) open_->Unref();
  open_ = nullptr;
}

}  // namespace prism
