#include "drivers/memstore/document/index.h"

#include <algorithm>

namespace prism::memstore {
namespace {

// A node of the tree and the key's own piece of memory.
constexpr int64_t kEntryBytes = 32 + sizeof(DocumentIndex::Entry) + 32;

// The different scalars that the path leads to, as parts of keys; kMissing if there are none.
Result<std::vector<std::string>> PartsOf(const IndexSpec& spec, const FieldPath& path,
                                         const Json& document) {
  std::set<std::string> parts;
  bool too_long = false;
  const Json::Visitor add = [&](const Scalar& scalar) {
    if (!scalar.is_scalar()) return true;
    too_long |= scalar.text.size() > kMaxIndexedTextBytes;
    std::string part;
    AppendOrdered(scalar, kMaxIndexedTextBytes, part);
    parts.insert(std::move(part));
    return !too_long && parts.size() <= kMaxKeysPerDocument;
  };
  document.Visit(path, add);
  if (too_long) {
    return InvalidArgumentError("index '" + spec.name + "': a string has more than " +
                                std::to_string(kMaxIndexedTextBytes) + " bytes");
  }
  if (parts.empty()) {
    std::string missing;
    AppendOrdered(Scalar(), 0, missing);
    parts.insert(missing);
  }
  return std::vector<std::string>(parts.begin(), parts.end());
}

}  // namespace

Result<IndexKeys> KeysOf(const IndexSpec& spec, const Json& document) {
  IndexKeys found;
  found.keys.emplace_back();
  for (const FieldPath& path : spec.paths) {
    Result<std::vector<std::string>> parts = PartsOf(spec, path, document);
    if (!parts.ok()) return std::move(parts).status();
    if (parts->front().front() == OrderedTag(Scalar())) found.complete = false;
    if (found.keys.size() * parts->size() > kMaxKeysPerDocument) {
      return InvalidArgumentError("index '" + spec.name + "': the document has more than " +
                                  std::to_string(kMaxKeysPerDocument) +
                                  " combinations of indexed values");
    }
    std::vector<std::string> longer;
    for (const std::string& key : found.keys) {
      for (const std::string& part : *parts) longer.push_back(key + part);
    }
    found.keys = std::move(longer);
  }
  return found;
}

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
