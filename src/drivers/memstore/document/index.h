#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "drivers/contract/document/index_keys.h"
#include "drivers/memstore/reservation.h"

namespace prism::memstore {

// A document as it was stored once: immutable, shared with readers, and charged until the last of
// them lets go of it.
struct StoredDocument {
  std::string id;
  Json json;
  uint64_t version;
  Reservation reservation;
};
using DocumentPtr = std::shared_ptr<const StoredDocument>;

// Where documents are by their keys. Guarded by the lock of its collection.
class DocumentIndex {
 public:
  // Where a document is in its collection; its address stays when another version takes its place.
  struct Slot {
    mutable DocumentPtr document;
  };
  struct Entry {
    std::string key;
    const Slot* slot;
  };
  struct Place {
    std::string_view key;
    std::string_view id;
  };
  struct ByPlace {
    using is_transparent = void;
    static Place Of(const Entry& entry) { return {entry.key, entry.slot->document->id}; }
    static Place Of(const Place& place) { return place; }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      const Place left = Of(a), right = Of(b);
      const int order = left.key.compare(right.key);
      return order != 0 ? order < 0 : left.id < right.id;
    }
  };
  using Entries = std::set<Entry, ByPlace>;

  DocumentIndex(std::shared_ptr<const IndexSpec> spec, std::shared_ptr<Budget> budget)
      : spec_(std::move(spec)), budget_(std::move(budget)) {}
  DocumentIndex(const DocumentIndex&) = delete;
  ~DocumentIndex() { budget_->Release(bytes_); }

  const std::shared_ptr<const IndexSpec>& spec() const { return spec_; }
  const Entries& entries() const { return entries_; }
  // Queries may use it: all documents are in it.
  bool ready() const { return ready_; }
  void set_ready() { ready_ = true; }
  // Some document is in it with several keys.
  bool multiple() const { return multiple_ > 0; }

  // ALREADY_EXISTS, naming the index, if another document than that of `id` has one of the keys.
  Status CheckUnique(const IndexKeys& keys, std::string_view id) const;
  // What the caller must have charged before Insert.
  static int64_t CostOf(const IndexKeys& keys);
  // Twice is once. Returns the bytes that it took of those charged; it releases them when it goes.
  int64_t Insert(const IndexKeys& keys, const Slot& slot);
  // Returns the bytes that it gave up, for the caller to release or to use.
  int64_t Remove(const IndexKeys& keys, const Slot& slot);
  // Releases at most `max` entries of an index that is out of use; false when it has none.
  bool Shrink(int max);

 private:
  static int64_t CostOf(std::string_view key);

  const std::shared_ptr<const IndexSpec> spec_;
  const std::shared_ptr<Budget> budget_;
  int64_t bytes_ = 0;
  Entries entries_;
  int64_t multiple_ = 0;  // documents with several keys
  bool ready_ = false;
};

}  // namespace prism::memstore
