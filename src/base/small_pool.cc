#include "base/small_pool.h"

#include <array>
#include <new>

namespace prism {
namespace {

constexpr size_t kStep = 64;      // bytes between size classes
constexpr size_t kClasses = 48;   // above 3 KiB the heap serves
constexpr size_t kKeepBytesPerClass = 256 * 1024;

struct FreeNode {
  FreeNode* next;
};

struct SizeClass {
  FreeNode* head = nullptr;
  size_t count = 0;
};

// Without a destructor, so that access costs no check whether it has been constructed.
struct Pool {
  std::array<SizeClass, kClasses> classes;
  bool cleaned_up = false;
  bool has_cleaner = false;
};
constinit thread_local Pool pool;

struct Cleaner {
  ~Cleaner() {
    pool.cleaned_up = true;
    for (SizeClass& size_class : pool.classes) {
      while (FreeNode* node = size_class.head) {
        size_class.head = node->next;
        ::operator delete(node);
      }
    }
  }
};

void RegisterCleaner() {
  thread_local Cleaner cleaner;
  (void)&cleaner;
  pool.has_cleaner = true;
}

constexpr size_t ClassOf(size_t bytes) { return (bytes - 1) / kStep; }
constexpr size_t BytesOf(size_t index) { return (index + 1) * kStep; }

}  // namespace

void* AllocateSmall(size_t bytes) {
  const size_t index = ClassOf(bytes);
  if (!kRecycleMemory || index >= kClasses) return ::operator new(bytes);
  SizeClass& size_class = pool.classes[index];
  if (FreeNode* node = size_class.head) {
    size_class.head = node->next;
    --size_class.count;
    return node;
  }
  return ::operator new(BytesOf(index));
}

void FreeSmall(void* memory, size_t bytes) noexcept {
  const size_t index = ClassOf(bytes);
  if (!kRecycleMemory || index >= kClasses || pool.cleaned_up ||
      pool.classes[index].count * BytesOf(index) >= kKeepBytesPerClass) {
    ::operator delete(memory);
    return;
  }
  if (!pool.has_cleaner) RegisterCleaner();
  SizeClass& size_class = pool.classes[index];
  auto* node = static_cast<FreeNode*>(memory);
  node->next = size_class.head;
  size_class.head = node;
  ++size_class.count;
}

}  // namespace prism
