#pragma once

#include <cstddef>

#include "base/small_pool.h"

namespace prism {

// Lets a standard container take its memory from the pool of small objects.
template <class T>
struct SmallAllocator {
  using value_type = T;
  SmallAllocator() = default;
  template <class U>
  SmallAllocator(const SmallAllocator<U>&) {}  // NOLINT: containers convert it

  T* allocate(size_t count) { return static_cast<T*>(AllocateSmall(count * sizeof(T))); }
  void deallocate(T* memory, size_t count) { FreeSmall(memory, count * sizeof(T)); }
  bool operator==(const SmallAllocator&) const { return true; }
};

}  // namespace prism
