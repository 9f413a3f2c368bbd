#include "drivers/memstore/document/index.h"

#include <algorithm>

namespace prism::memstore {
namespace {

// A node of the tree and the key's own piece of memory.
constexpr int64_t kEntryBytes = 32 + sizeof(DocumentIndex::Entry) + 32;

}  // namespace

int64_t DocumentIndex::CostOf(std::string_view key) {
  return kEntryBytes + static_cast<int64_t>(key.size());
}

int64_t DocumentIndex::CostOf(const IndexKeys& keys) {
  int64_t bytes = 0;
  for (const std::string& key : keys.keys) bytes += CostOf(key);
  return bytes;
}

Status DocumentIndex::CheckUnique(const IndexKeys& keys, std::string_view id) const {
  if (!spec_->unique || !keys.complete) return OkStatus();
  for (const std::string& key : keys.keys) {
    for (auto at = entries_.lower_bound(Place{key, {}}); at != entries_.end() && at->key == key;
         ++at) {
      const std::string& other = at->slot->document->id;
      if (other == id) continue;
      return AlreadyExistsError("unique index '" + spec_->name + "': document '" + other +
                                "' has the same values as '" + std::string(id) + "'");
    }
  }
  return OkStatus();
}

int64_t DocumentIndex::Insert(const IndexKeys& keys, const Slot& slot) {
  int64_t bytes = 0;
  bool fresh = false;
  for (const std::string& key : keys.keys) {
    if (!entries_.insert({key, &slot}).second) continue;
    fresh = true;
    bytes += CostOf(key);
  }
  if (fresh && keys.keys.size() > 1) ++multiple_;
  bytes_ += bytes;
  return bytes;
}

int64_t DocumentIndex::Remove(const IndexKeys& keys, const Slot& slot) {
  int64_t bytes = 0;
  bool removed = false;
  for (const std::string& key : keys.keys) {
    const auto found = entries_.find(Place{key, slot.document->id});
    if (found == entries_.end()) continue;
    removed = true;
    bytes += CostOf(key);
    entries_.erase(found);
  }
  if (removed && keys.keys.size() > 1) --multiple_;
  bytes_ -= bytes;
  return bytes;
}

bool DocumentIndex::Shrink(int max) {
  for (; max > 0 && !entries_.empty(); --max) {
    const int64_t bytes = CostOf(entries_.begin()->key);
    entries_.erase(entries_.begin());
    bytes_ -= bytes;
    budget_->Release(bytes);
  }
  return !entries_.empty();
}

}  // namespace prism::memstore
