#pragma once

#include <cstddef>

namespace prism {

// Memory for coroutine frames, recycled per thread by size; a frame may die on another thread.
void* AllocateFrame(size_t bytes);
void FreeFrame(void* frame, size_t bytes) noexcept;

}  // namespace prism
