#include "wire/http2/memory.h"

#include <algorithm>
#include <cstring>

#include "base/small_pool.h"

namespace prism::http2 {
namespace {

// nghttp2 frees without telling the size, so it is kept in front; 16 bytes for the alignment.
constexpr size_t kHeaderBytes = 16;

size_t& SizeOf(void* memory) {
  return *reinterpret_cast<size_t*>(static_cast<char*>(memory) - kHeaderBytes);
}

void* Allocate(size_t size, void*) {
  char* memory = static_cast<char*>(AllocateSmall(size + kHeaderBytes)) + kHeaderBytes;
  SizeOf(memory) = size;
  return memory;
}

void Free(void* memory, void*) {
  if (!memory) return;
  const size_t size = SizeOf(memory);
  FreeSmall(static_cast<char*>(memory) - kHeaderBytes, size + kHeaderBytes);
}

void* AllocateZeroed(size_t count, size_t size, void*) {
  void* memory = Allocate(count * size, nullptr);
  std::memset(memory, 0, count * size);
  return memory;
}

void* Reallocate(void* memory, size_t size, void*) {
  void* moved = Allocate(size, nullptr);
  if (!memory) return moved;
  std::memcpy(moved, memory, std::min(size, SizeOf(memory)));
  Free(memory, nullptr);
  return moved;
}

}  // namespace

nghttp2_mem* PooledMemory() {
  static nghttp2_mem memory = {nullptr, &Allocate, &Free, &AllocateZeroed, &Reallocate};
  return &memory;
}

}  // namespace prism::http2
