#pragma once

#include "drivers/contract/document/plan.h"
#include "drivers/memstore/document/documents.h"

namespace prism::memstore {

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
