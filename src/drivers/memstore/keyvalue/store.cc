#include "drivers/memstore/keyvalue/store.h"

#include <algorithm>

#include "base/hash.h"

namespace prism::memstore {
namespace {

// Larger values are copied outside the lock, at the price of counting a reference.
constexpr size_t kCopyUnderLockBytes = 1024;
// Expired keys a write clears away in its shard: more than it can add.
constexpr int kCollectPerWrite = 2;
// What a write that finds no memory collects before it gives up, and how much at a time under a
// lock.
constexpr int kCollectForMemory = 4096;
constexpr int kCollectPerLock = 64;

uint64_t Hash(std::string_view key) { return KeyHasher::Process()(key); }

}  // namespace

// Locks the shards of some keys in ascending order, so that two of them never wait in a circle.
class Store::ShardLocks {
 public:
  explicit ShardLocks(const Store& store) : store_(store) {}
  ShardLocks(const ShardLocks&) = delete;
  ~ShardLocks() {
    for (int i = 0; i < kShards; ++i) {
      if (wanted_ >> i & 1) store_.shards_[i].mutex().unlock();
    }
  }
  void Add(std::string_view key) { wanted_ |= uint64_t{1} << (Hash(key) >> (64 - kShardBits)); }
  void Lock() {
    for (int i = 0; i < kShards; ++i) {
      if (wanted_ >> i & 1) store_.shards_[i].mutex().lock();
    }
  }

 private:
  const Store& store_;
  uint64_t wanted_ = 0;
};

Store::Store(std::shared_ptr<Budget> budget, NowFunction now)
    : budget_(std::move(budget)), now_(std::move(now)), shards_(new Shard[kShards]) {}

bool Store::Get(std::string_view key, std::string* value, uint64_t* version,
                TimePoint* expires_at) const {
  const uint64_t hash = Hash(key);
  const Shard& shard = ShardOf(hash);
  std::unique_lock lock(shard.mutex());
  const Entry* entry = shard.Find(key, hash);
  if (!Live(entry)) return false;
  if (version) *version = entry->version;
  if (expires_at) *expires_at = entry->expires_at;
  if (!value) return true;
  if (entry->value.size() <= kCopyUnderLockBytes) {
    value->assign(entry->value.view());
    return true;
  }
  const Value shared = entry->value;
  lock.unlock();
  value->assign(shared.view());
  return true;
}

Status Store::Set(std::string_view key, std::string_view value, TimePoint expires_at) {
  const Value copy = Value::Copy(value);
  return Update(key, [&](const Current&) { return Change{Change::kPut, copy, expires_at}; });
}

bool Store::Delete(std::string_view key) {
  bool existed = false;
  // Erasing never needs memory.
  (void)Update(key, [&](const Current& current) {
    existed = current.found();
    return Change{Change::kErase, {}, kNever};
  });
  return existed;
}

Status Store::UpdateWith(std::string_view key, DecideFunction decide, void* self) {
  int64_t missing = TryUpdate(key, decide, self);
  if (missing > 0 && CollectExpired(kCollectForMemory) > 0) missing = TryUpdate(key, decide, self);
  return missing > 0 ? budget_->Exceeded(missing) : OkStatus();
}

// Returns the bytes that did not fit, in which case nothing was changed, or 0.
int64_t Store::TryUpdate(std::string_view key, DecideFunction decide, void* self) {
  const uint64_t hash = Hash(key);
  Shard& shard = ShardOf(hash);
  Value replaced;  // declared before the lock: dropped after it
  Change change;
  std::lock_guard lock(shard.mutex());
  Entry* entry = shard.Find(key, hash);
  Current current;
  if (Live(entry)) current = {&entry->value, entry->expires_at};
  change = decide(self, current);
  switch (change.kind) {
    case Change::kKeep:
      return 0;
    case Change::kPut: {
      const int64_t before = entry ? CostBytes(key.size(), entry->value.size()) : 0;
      const int64_t growth = CostBytes(key.size(), change.value.size()) - before;
      if (!budget_->Charge(growth)) return growth;
      replaced = shard.Put(entry, key, hash, std::move(change.value), change.expires_at);
      break;
    }
    case Change::kErase:
      if (entry) budget_->Release(shard.Erase(entry));
      break;
    case Change::kSetExpiry:
      if (current.found()) shard.SetExpiry(entry, change.expires_at);
      break;
  }
  CollectSome(shard);
  return 0;
}

void Store::CollectSome(Shard& shard) {
  if (shard.next_expiry() == kNever) return;
  int64_t freed_bytes = 0;
  shard.CollectExpired(now_(), kCollectPerWrite, freed_bytes);
  budget_->Release(freed_bytes);
}

Status Store::Apply(std::span<const ReadCheck> reads, std::span<Write> writes) {
  int64_t missing = 0;
  Status status = TryApply(reads, writes, missing);
  if (missing > 0 && CollectExpired(kCollectForMemory) > 0) {
    missing = 0;
    status = TryApply(reads, writes, missing);
  }
  return missing > 0 ? budget_->Exceeded(missing) : status;
}

Status Store::TryApply(std::span<const ReadCheck> reads, std::span<Write> writes,
                       int64_t& missing) {
  ShardLocks locks(*this);
  for (const ReadCheck& read : reads) locks.Add(read.key);
  for (const Write& write : writes) locks.Add(write.key);
  locks.Lock();
  for (const ReadCheck& read : reads) {
    const uint64_t hash = Hash(read.key);
    const Entry* entry = ShardOf(hash).Find(read.key, hash);
    if ((Live(entry) ? entry->version : 0) == read.version) continue;
    return AbortedError("a key that the transaction read has been changed since")
        .WithHint("run the transaction again")
        .WithRetryable();
  }
  const int64_t reserved = Growth(writes);
  if (!budget_->Charge(reserved)) {
    missing = reserved;
    return OkStatus();
  }
  int64_t grown = 0;
  for (Write& write : writes) grown += Perform(write);
  budget_->Release(reserved - grown);
  return OkStatus();
}

// At least what the writes will add: a key that appears twice may count twice.
int64_t Store::Growth(std::span<const Write> writes) const {
  int64_t growth = 0;
  for (const Write& write : writes) {
    if (write.erase) continue;
    const uint64_t hash = Hash(write.key);
    const Entry* entry = ShardOf(hash).Find(write.key, hash);
    const int64_t before = entry ? CostBytes(write.key.size(), entry->value.size()) : 0;
    growth += std::max<int64_t>(0, CostBytes(write.key.size(), write.value.size()) - before);
  }
  return growth;
}

// Returns by how many bytes the store has grown.
int64_t Store::Perform(Write& write) {
  const uint64_t hash = Hash(write.key);
  Shard& shard = ShardOf(hash);
  Entry* entry = shard.Find(write.key, hash);
  write.existed = Live(entry);
  if (write.erase) return entry ? -shard.Erase(entry) : 0;
  const int64_t before = entry ? CostBytes(write.key.size(), entry->value.size()) : 0;
  const int64_t after = CostBytes(write.key.size(), write.value.size());
  // The write keeps what it replaced, to be dropped when the locks are gone.
  write.value = shard.Put(entry, write.key, hash, std::move(write.value), write.expires_at);
  return after - before;
}

int Store::CollectExpired(int max_keys) {
  const TimePoint now = now_();
  int collected = 0;
  for (int visited = 0; visited < kShards && collected < max_keys; ++visited) {
    Shard& shard = shards_[next_collected_.fetch_add(1, std::memory_order_relaxed) % kShards];
    for (int got = kCollectPerLock; got == kCollectPerLock && collected < max_keys;) {
      int64_t freed_bytes = 0;
      std::lock_guard lock(shard.mutex());
      got = shard.CollectExpired(now, std::min(kCollectPerLock, max_keys - collected), freed_bytes);
      budget_->Release(freed_bytes);
      collected += got;
    }
  }
  return collected;
}

TimePoint Store::next_expiry() const {
  TimePoint next = kNever;
  for (int i = 0; i < kShards; ++i) {
    std::lock_guard lock(shards_[i].mutex());
    next = std::min(next, shards_[i].next_expiry());
  }
  return next;
}

size_t Store::size() const {
  size_t size = 0;
  for (int i = 0; i < kShards; ++i) {
    std::lock_guard lock(shards_[i].mutex());
    size += shards_[i].size();
  }
  return size;
}

}  // namespace prism::memstore
