#pragma once

#include <cstddef>

namespace prism {

// Sanitizers see a use after free only if memory is really freed.
#ifdef PRISM_SANITIZED
inline constexpr bool kRecycleMemory = false;
#else
inline constexpr bool kRecycleMemory = true;
#endif

// Memory for small objects that come and go with requests: coroutine frames, calls, blocks, the
// HTTP/2 library's own. Recycled per thread and size class, because the general allocator's own
// caches are too short for a batch of requests. Memory may be freed on another thread than it came
// from. What a thread keeps is bounded, per class, by 256 KiB.
void* AllocateSmall(size_t bytes);
// `bytes` as given to AllocateSmall.
void FreeSmall(void* memory, size_t bytes) noexcept;

}  // namespace prism
