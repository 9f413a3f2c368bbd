#pragma once

#include <memory>
#include <span>

#include "drivers/contract/document/filter.h"
#include "drivers/contract/document/index_keys.h"

namespace prism {

// What a query looks through: a range of an index, or the whole collection. Every document that
// matches is there, and perhaps others.
struct DocumentPlan {
  std::shared_ptr<const IndexSpec> index;  // null: the whole collection
  std::string low, high;                   // of the keys: from low on, below high
  bool by_id = true;                       // documents come in the order of their ids
  bool once = true;                        // no document comes twice
};

// An index that queries may use, and whether a document may be several times in it.
struct UsableIndex {
  std::shared_ptr<const IndexSpec> spec;
  bool multiple;
};

DocumentPlan PlanFor(const DocumentFilter& filter, std::span<const UsableIndex> indexes);

}  // namespace prism
