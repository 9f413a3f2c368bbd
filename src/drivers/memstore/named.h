#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/hash.h"
#include "base/status.h"
#include "drivers/memstore/budget.h"

namespace prism::memstore {

// The lists, or sets, or topics of one namespace by their names, spread over shards with a mutex
// each. A T comes into being when something is put into it and goes when T::empty(). T is default
// constructible; what it holds it charges to the budget itself, Named charges its name, the T and
// T::kHeapBytes, if it has that: what an empty T keeps on the heap.
template <class T>
class Named {
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view name) const { return KeyHasher::Process()(name); }
  };
  using Map = std::unordered_map<std::string, T, Hash, std::equal_to<>>;
  struct alignas(64) Shard {
    std::mutex mutex;
    Map map;
  };

 public:
  static constexpr int kShards = 16;
  static constexpr int64_t kOverheadBytes = [] {
    int64_t bytes = sizeof(typename Map::value_type) + 64;
    if constexpr (requires { T::kHeapBytes; }) bytes += T::kHeapBytes;
    return bytes;
  }();

  explicit Named(std::shared_ptr<Budget> budget)
      : budget_(std::move(budget)), shards_(new Shard[kShards]) {}
  Named(const Named&) = delete;
  ~Named() {
    for (int i = 0; i < kShards; ++i) {
      for (const auto& [name, thing] : shards_[i].map) budget_->Release(CostOf(name));
    }
  }

  // Calls fn(T*) under the lock, null if there is none of that name, and returns what it returns.
  template <class Fn>
  auto Look(std::string_view name, Fn&& fn) {
    Shard& shard = ShardOf(name);
    std::lock_guard lock(shard.mutex);
    const auto found = shard.map.find(name);
    T* thing = found == shard.map.end() ? nullptr : &found->second;
    if constexpr (std::is_void_v<decltype(fn(thing))>) {
      fn(thing);
      EraseIfEmpty(shard, found);
    } else {
      auto result = fn(thing);
      EraseIfEmpty(shard, found);
      return result;
    }
  }

  // Calls fn(T&) -> Status under the lock with the thing, made if need be. RESOURCE_EXHAUSTED when
  // the budget has no room for one more name.
  template <class Fn>
  Status Make(std::string_view name, Fn&& fn) {
    Shard& shard = ShardOf(name);
    std::lock_guard lock(shard.mutex);
    auto found = shard.map.find(name);
    if (found == shard.map.end()) {
      const int64_t cost = CostOf(name);
      if (!budget_->Charge(cost)) return budget_->Exceeded(cost);
      found = shard.map.try_emplace(std::string(name)).first;
    }
    Status status = fn(found->second);
    EraseIfEmpty(shard, found);
    return status;
  }

  // Several names under their locks at once, for what reads some and writes others as one step.
  class Locked {
   public:
    Locked(Named& named, std::span<const std::string_view> names) : named_(named) {
      for (const std::string_view name : names) wanted_ |= 1u << named.IndexOf(name);
      LockWanted();
    }
    // All names there are.
    explicit Locked(Named& named) : named_(named), wanted_((1u << kShards) - 1) { LockWanted(); }
    Locked(const Locked&) = delete;
    ~Locked() {
      for (int i = 0; i < kShards; ++i) {
        if (wanted_ >> i & 1) named_.shards_[i].mutex.unlock();
      }
    }
    // One of the names given; null if there is no such thing.
    T* Find(std::string_view name) {
      Map& map = named_.ShardOf(name).map;
      const auto found = map.find(name);
      return found == map.end() ? nullptr : &found->second;
    }
    // The same, made if need be; null if the budget has no room. Drop it again if it stays empty.
    T* Make(std::string_view name) {
      if (T* found = Find(name)) return found;
      if (!named_.budget_->Charge(CostOf(name))) return nullptr;
      return &named_.ShardOf(name).map.try_emplace(std::string(name)).first->second;
    }
    void DropIfEmpty(std::string_view name) {
      Shard& shard = named_.ShardOf(name);
      named_.EraseIfEmpty(shard, shard.map.find(name));
    }

   private:
    void LockWanted() {
      for (int i = 0; i < kShards; ++i) {
        if (wanted_ >> i & 1) named_.shards_[i].mutex.lock();
      }
    }
    Named& named_;
    unsigned wanted_ = 0;
  };

  // Calls fn(name, T&) for each, one shard after the other under its lock; those that are empty
  // then go. For sweeps, not for calls.
  template <class Fn>
  void ForEach(Fn&& fn) {
    for (int i = 0; i < kShards; ++i) {
      std::lock_guard lock(shards_[i].mutex);
      for (auto at = shards_[i].map.begin(); at != shards_[i].map.end();) {
        fn(std::string_view(at->first), at->second);
        const auto next = std::next(at);
        EraseIfEmpty(shards_[i], at);
        at = next;
      }
    }
  }

 private:
  static int64_t CostOf(std::string_view name) {
    return kOverheadBytes + static_cast<int64_t>(name.size());
  }
  static int IndexOf(std::string_view name) {
    return static_cast<int>(Hash()(name) >> 60);  // the high bits: the map uses the low ones
  }
  Shard& ShardOf(std::string_view name) const { return shards_[IndexOf(name)]; }

  void EraseIfEmpty(Shard& shard, typename Map::iterator at) {
    if (at == shard.map.end() || !at->second.empty()) return;
    budget_->Release(CostOf(at->first));
    shard.map.erase(at);
  }

  const std::shared_ptr<Budget> budget_;
  const std::unique_ptr<Shard[]> shards_;
};

}  // namespace prism::memstore
