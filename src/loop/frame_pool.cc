#include "loop/frame_pool.h"

#include <array>
#include <new>

namespace prism {
namespace {

constexpr size_t kStep = 64;          // bytes between size classes
constexpr size_t kClasses = 32;       // frames above 2 KiB go to the heap
constexpr size_t kKeepPerClass = 256;

struct FreeFrameNode {
  FreeFrameNode* next;
};

struct SizeClass {
  FreeFrameNode* head = nullptr;
  size_t count = 0;
};

struct FramePool {
  std::array<SizeClass, kClasses> classes;
  ~FramePool();
};

thread_local bool pool_gone = false;

FramePool::~FramePool() {
  pool_gone = true;
  for (SizeClass& size_class : classes) {
    while (FreeFrameNode* node = size_class.head) {
      size_class.head = node->next;
      ::operator delete(node);
    }
  }
}

thread_local FramePool pool;

size_t ClassOf(size_t bytes) { return (bytes - 1) / kStep; }

}  // namespace

void* AllocateFrame(size_t bytes) {
  const size_t index = ClassOf(bytes);
  if (index >= kClasses || pool_gone) return ::operator new(bytes);
  SizeClass& size_class = pool.classes[index];
  if (FreeFrameNode* node = size_class.head) {
    size_class.head = node->next;
    --size_class.count;
    return node;
  }
  return ::operator new((index + 1) * kStep);
}

void FreeFrame(void* frame, size_t bytes) noexcept {
  const size_t index = ClassOf(bytes);
  if (index >= kClasses || pool_gone || pool.classes[index].count >= kKeepPerClass) {
    ::operator delete(frame);
    return;
  }
  SizeClass& size_class = pool.classes[index];
  auto* node = static_cast<FreeFrameNode*>(frame);
  node->next = size_class.head;
  size_class.head = node;
  ++size_class.count;
}

}  // namespace prism
