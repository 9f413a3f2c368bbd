#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <deque>
#include <string_view>

#include "base/buffer.h"

namespace prism {

// Bytes on their way to a socket. Small pieces are copied side by side into blocks, large slices
// are referenced, so a message is never copied together and a burst of small frames is one write.
class OutBuffer {
 public:
  // Below this a copy is cheaper than one more piece for the kernel.
  static constexpr size_t kCopyBelowBytes = 1024;

  OutBuffer() = default;
  OutBuffer(const OutBuffer&) = delete;
  OutBuffer& operator=(const OutBuffer&) = delete;
  ~OutBuffer() { DropOpen(); }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  void Copy(std::string_view bytes);
  void Append(Slice slice);
  // Describes the first bytes for a gathering write; returns the number of pieces used.
  int Gather(iovec* pieces, int max_pieces) const;
  // Drops the first `n` bytes. An empty buffer holds no memory.
  void Consume(size_t n);

 private:
  void CloseOpen();
  void DropOpen();

  std::deque<Slice> slices_;
  Block* open_ = nullptr;  // the block that Copy fills
  size_t open_begin_ = 0;  // of the bytes in it that are not in slices_ yet
  size_t open_end_ = 0;
  size_t size_ = 0;
};

}  // namespace prism
