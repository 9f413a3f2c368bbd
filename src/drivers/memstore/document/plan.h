#pragma once

#include <memory>
#include <span>

#include "drivers/memstore/document/documents.h"
#include "drivers/memstore/document/filter.h"

namespace prism::memstore {

// What a query looks through: a range of an index, or the whole collection. Every document that
// matches is there, and perhaps others.
struct DocumentPlan {
  std::shared_ptr<const IndexSpec> index;  // null: the whole collection
  std::string low, high;                   // of the keys: from low on, below high
  bool by_id = true;                       // documents come in the order of their ids
  bool once = true;                        // no document comes twice
};

DocumentPlan PlanFor(const DocumentFilter& filter, std::span<const Documents::UsableIndex> indexes);

// The documents of a plan, slice by slice. When the index goes while it is read, the whole
// collection takes its place: from where it was if the plan is by id, else from the start.
class DocumentSource {
 public:
  // `after_id` is for plans by id: null, from the first.
  DocumentSource(Documents& documents, std::string_view collection, const DocumentPlan& plan,
                 const std::string* after_id);

  // None at the end.
  std::vector<DocumentPtr> Next();
  // Since the last call, it began anew.
  bool TakeRestarted() { return std::exchange(restarted_, false); }

 private:
  Documents& documents_;
  const std::string collection_;
  DocumentPlan plan_;
  Documents::IndexPlace place_;
  std::optional<std::string> last_id_;
  bool restarted_ = false;
};

}  // namespace prism::memstore
