#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace prism::memstore {

// Immutable counted bytes of exactly the size they need. Readers take a reference under the
// shard's lock and copy large values after it. Any thread may drop the last reference.
class Value {
 public:
  Value() = default;
  static Value Copy(std::string_view bytes) {
    void* memory = ::operator new(sizeof(Rep) + bytes.size());
    Rep* rep = new (memory) Rep{{1}, bytes.size()};
    if (!bytes.empty()) std::memcpy(static_cast<void*>(rep + 1), bytes.data(), bytes.size());
    return Value(rep);
  }
  Value(const Value& other) : rep_(other.rep_) {
    if (rep_) rep_->refs.fetch_add(1, std::memory_order_relaxed);
  }
  Value(Value&& other) noexcept : rep_(std::exchange(other.rep_, nullptr)) {}
  Value& operator=(Value other) noexcept {
    std::swap(rep_, other.rep_);
    return *this;
  }
  ~Value() {
    if (rep_ && rep_->refs.fetch_sub(1, std::memory_order_acq_rel) == 1) ::operator delete(rep_);
  }

  std::string_view view() const {
    if (!rep_) return {};
    return {reinterpret_cast<const char*>(rep_ + 1), rep_->size};
  }
  size_t size() const { return rep_ ? rep_->size : 0; }

 private:
  struct Rep {
    std::atomic<uint32_t> refs;
    size_t size;
  };
  explicit Value(Rep* rep) : rep_(rep) {}

  Rep* rep_ = nullptr;
};

}  // namespace prism::memstore
