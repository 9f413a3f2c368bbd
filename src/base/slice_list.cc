#include "base/slice_list.h"

namespace prism {
namespace {

void MoveBytes(Slice* to, const Slice* from, size_t count) {
  std::memmove(static_cast<void*>(to), static_cast<const void*>(from), count * sizeof(Slice));
}

}  // namespace

void SliceList::MakeRoom() {
  if (first_ > 0 && first_ >= size_) {
    MoveBytes(room(), begin(), size_);
    first_ = 0;
    return;
  }
  const uint32_t capacity = capacity_ * 2;
  auto* memory = static_cast<Slice*>(AllocateSmall(capacity * sizeof(Slice)));
  MoveBytes(memory, begin(), size_);
  if (capacity_ != kInline) FreeSmall(heap_, capacity_ * sizeof(Slice));
  heap_ = memory;
  capacity_ = capacity;
  first_ = 0;
}

void SliceList::push_front(Slice slice) {
  if (first_ == 0) {
    if (size_ == capacity_) MakeRoom();
    MoveBytes(room() + 1, begin(), size_);
    first_ = 1;
  }
  --first_;
  new (begin()) Slice(std::move(slice));
  ++size_;
}

}  // namespace prism
