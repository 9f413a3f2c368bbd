#include "drivers/memstore/document/source.h"

namespace prism::memstore {

DocumentSource::DocumentSource(Documents& documents, std::string_view collection,
                               const DocumentPlan& plan, const std::string* after_id)
    : documents_(documents), collection_(collection), plan_(plan) {
  place_ = {plan_.low, after_id ? *after_id : "", plan_.high};
  if (after_id) last_id_ = *after_id;
}

std::vector<DocumentPtr> DocumentSource::Next() {
  std::vector<DocumentPtr> documents;
  if (plan_.index && !documents_.ScanIndex(collection_, *plan_.index, place_, documents)) {
    if (!plan_.by_id) last_id_.reset();
    restarted_ = !plan_.by_id;
    plan_ = {};
  }
  if (!plan_.index) {
    documents = documents_.ScanById(collection_, last_id_ ? &*last_id_ : nullptr);
  }
  if (!documents.empty()) last_id_ = documents.back()->id;
  return documents;
}

}  // namespace prism::memstore
