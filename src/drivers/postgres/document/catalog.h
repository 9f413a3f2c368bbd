#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/contract/document/plan.h"
#include "drivers/postgres/space.h"

namespace prism::postgres {

// The indexes of a collection, as of a generation.
struct CollectionIndexes {
  struct One {
    int64_t number;
    std::shared_ptr<const IndexSpec> spec;
    bool ready;
    bool multiple;
  };
  int64_t generation = 0;
  std::vector<One> all;  // by name

  const One* Find(int64_t number) const;
  // Those that queries may use.
  std::vector<UsableIndex> Usable() const;
  int64_t NumberOf(const IndexSpec& spec) const;
};
using CollectionIndexesPtr = std::shared_ptr<const CollectionIndexes>;

// What one worker knows of the indexes of a namespace.
class DocumentCatalog {
 public:
  explicit DocumentCatalog(const Space& space) : space_(space) {}

  // Perhaps others have changed them since; statements tell by the generation.
  CollectionIndexesPtr Known(std::string_view collection) const;
  // Those that there are.
  Task<Result<CollectionIndexesPtr>> Look(RequestContext& ctx, std::string_view collection);

 private:
  const Space& space_;
  std::map<std::string, CollectionIndexesPtr, std::less<>> known_;
};

}  // namespace prism::postgres
