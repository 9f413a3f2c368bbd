#include "base/small_pool.h"

#include <array>
#include <new>

namespace prism {
namespace {

constexpr size_t kStep = 64;     // bytes between size classes
constexpr size_t kClasses = 48;  // above 3 KiB the heap serves
constexpr size_t kKeepBytesPerClass = 256 * 1024;

struct FreeNode {
  FreeNode* next;
};

struct SizeClass {
  FreeNode* head = nullptr;
  size_t room =
      0;  // how many more may be kept; 0 also before the thread's first use and at its end
};

// Without a destructor, so that access costs no check whether it has been constructed.
struct Pool {
  std::array<SizeClass, kClasses> classes;
  bool opened = false;
};
constinit thread_local Pool pool;

constexpr size_t ClassOf(size_t bytes) { return (bytes - 1) / kStep; }
constexpr size_t BytesOf(size_t index) { return (index + 1) * kStep; }

struct Cleaner {
  ~Cleaner() {
    for (SizeClass& size_class : pool.classes) {
      size_class.room = 0;
      while (FreeNode* node = size_class.head) {
        size_class.head = node->next;
        ::operator delete(node);
      }
    }
  }
};

// Off the fast path: the class is full, or the pool is not open or open no more.
bool MakeRoom(SizeClass& size_class) {
  if (!kRecycleMemory || pool.opened) return size_class.room > 0;
  thread_local Cleaner cleaner;
  (void)&cleaner;
  pool.opened = true;
  for (size_t i = 0; i < kClasses; ++i) pool.classes[i].room = kKeepBytesPerClass / BytesOf(i);
  return true;
}

}  // namespace

void* AllocateSmall(size_t bytes) {
  const size_t index = ClassOf(bytes);
  if (index >= kClasses) return ::operator new(bytes);
  SizeClass& size_class = pool.classes[index];
  FreeNode* node = size_class.head;
  if (!node) return ::operator new(BytesOf(index));
  size_class.head = node->next;
  ++size_class.room;
  return node;
}

void FreeSmall(void* memory, size_t bytes) noexcept {
  const size_t index = ClassOf(bytes);
  if (index >= kClasses) return ::operator delete(memory);
  SizeClass& size_class = pool.classes[index];
  if (size_class.room == 0 && !MakeRoom(size_class)) return ::operator delete(memory);
  auto* node = static_cast<FreeNode*>(memory);
  node->next = size_class.head;
  size_class.head = node;
  --size_class.room;
}

}  // namespace prism
