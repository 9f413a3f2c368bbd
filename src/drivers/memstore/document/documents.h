#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/contract/document/plan.h"
#include "drivers/memstore/clock.h"
#include "drivers/memstore/document/index.h"
#include "drivers/memstore/named.h"

namespace prism::memstore {

// What a write wants done with its document.
struct DocumentChange {
  enum Kind { kKeep, kPut, kErase };
  Kind kind = kKeep;
  std::optional<Json> json;  // kPut
};

// The documents of one namespace. Thread-safe. Parsing, merging and what goes into indexes is
// computed without a lock and tried again if somebody else wrote meanwhile, so that large documents
// keep nobody waiting.
class Documents {
 public:
  static constexpr int kSlice = 256;  // documents or entries per lock

  Documents(std::shared_ptr<Budget> budget, NowFunction)
      : budget_(std::move(budget)), collections_(budget_) {}

  DocumentPtr Get(std::string_view collection, std::string_view id);

  // Calls `decide` with the document, null if absent, and does what it says as one step; perhaps
  // again with a newer one. Returns the document as it is then, null if absent.
  // RESOURCE_EXHAUSTED; ALREADY_EXISTS for a unique index; INVALID_ARGUMENT for an index.
  using Decide = std::function<Result<DocumentChange>(const StoredDocument*)>;
  Result<DocumentPtr> Write(std::string_view collection, std::string_view id, const Decide& decide);

  // At most kSlice documents by ascending id behind `after`; none at the end. Null: from the first.
  std::vector<DocumentPtr> ScanById(std::string_view collection, const std::string* after);
  // Where a scan of an index goes on: behind the entry of this key and id, below `end`.
  struct IndexPlace {
    std::string key;
    std::string id;
    std::string end;
  };
  // At most kSlice documents by ascending key and id; moves the place. False if the index is gone.
  bool ScanIndex(std::string_view collection, const IndexSpec& spec, IndexPlace& place,
                 std::vector<DocumentPtr>& documents);

  // The indexes that queries may use, by name.
  std::vector<UsableIndex> UsableIndexes(std::string_view collection);

  // Begins an index, which writes maintain from now on. False if there is the same already.
  // ALREADY_EXISTS, RESOURCE_EXHAUSTED; ABORTED while another call builds it.
  Result<bool> BeginIndex(std::string_view collection, std::shared_ptr<const IndexSpec> spec);
  // Adds documents of a scan that are still as they were found; those that changed are in it.
  Status AddToIndex(std::string_view collection, const IndexSpec& spec,
                    std::span<const DocumentPtr> documents);
  void FinishIndex(std::string_view collection, const IndexSpec& spec);
  // Takes an index out of use; null if there is none. The first by its name if it is ready; the
  // second that one, ready or not, if it is still there.
  std::unique_ptr<DocumentIndex> DropIndex(std::string_view collection, std::string_view name);
  std::unique_ptr<DocumentIndex> DropIndex(std::string_view collection, const IndexSpec& spec);

 private:
  using Slot = DocumentIndex::Slot;
  using Specs = std::vector<std::shared_ptr<const IndexSpec>>;
  struct ById {
    using is_transparent = void;
    static std::string_view Of(const Slot& slot) { return slot.document->id; }
    static std::string_view Of(std::string_view id) { return id; }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return Of(a) < Of(b);
    }
  };
  struct Collection {
    std::set<Slot, ById> documents;
    std::vector<std::unique_ptr<DocumentIndex>> indexes;
    bool empty() const { return documents.empty() && indexes.empty(); }
    DocumentPtr Find(std::string_view id) const;
    DocumentIndex* FindIndex(const IndexSpec& spec) const;
  };
  // A write that is ready to happen if the document and the indexes are still those it was made
  // for.
  struct Prepared {
    DocumentPtr before, after;  // null: absent
    Specs specs;
    std::vector<IndexKeys> keys_before, keys_after;  // per index
  };

  std::unique_ptr<DocumentIndex> Drop(std::string_view collection,
                                      const std::function<bool(const DocumentIndex&)>& is_wanted);
  Prepared Begin(std::string_view collection, std::string_view id);
  Status Prepare(std::string_view id, DocumentChange change, Prepared& write);
  static bool StillHolds(const Collection& collection, std::string_view id, const Prepared& write);
  Status Apply(Collection& collection, std::string_view id, const Prepared& write);
  // False: somebody else was faster.
  Result<bool> Commit(std::string_view collection, std::string_view id, const Prepared& write);

  const std::shared_ptr<Budget> budget_;
  std::atomic<uint64_t> last_version_{0};
  Named<Collection> collections_;
};

}  // namespace prism::memstore
