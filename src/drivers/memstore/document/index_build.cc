#include <algorithm>

#include "drivers/memstore/document/documents.h"

namespace prism::memstore {
namespace {

int64_t CostOf(const IndexSpec& spec) {
  int64_t bytes = sizeof(IndexSpec) + sizeof(DocumentIndex) + 128;
  bytes += static_cast<int64_t>(spec.name.size());
  for (const std::string& field : spec.fields) {
    bytes += 2 * static_cast<int64_t>(field.size() + sizeof(std::string) + sizeof(FieldPath)) + 128;
  }
  return bytes;
}

}  // namespace

std::vector<UsableIndex> Documents::UsableIndexes(std::string_view collection) {
  std::vector<UsableIndex> usable;
  collections_.Look(collection, [&](Collection* found) {
    if (!found) return;
    for (const auto& index : found->indexes) {
      if (index->ready()) usable.push_back({index->spec(), index->multiple()});
    }
  });
  std::sort(usable.begin(), usable.end(),
            [](const auto& a, const auto& b) { return a.spec->name < b.spec->name; });
  return usable;
}

Result<bool> Documents::BeginIndex(std::string_view collection,
                                   std::shared_ptr<const IndexSpec> spec) {
  bool begun = false;
  const Status status = collections_.Make(collection, [&](Collection& found) -> Status {
    for (const auto& index : found.indexes) {
      if (index->spec()->name != spec->name) continue;
      if (!index->spec()->SameAs(*spec)) {
        return AlreadyExistsError("index '" + spec->name + "' exists with other fields");
      }
      if (index->ready()) return OkStatus();
      return AbortedError("index '" + spec->name + "' is being built by another call");
    }
    if (found.indexes.size() >= kMaxDocumentIndexes) {
      return ResourceExhaustedError("the collection has " + std::to_string(kMaxDocumentIndexes) +
                                    " indexes; more are not allowed");
    }
    if (!budget_->Charge(CostOf(*spec))) return budget_->Exceeded(CostOf(*spec));
    found.indexes.push_back(std::make_unique<DocumentIndex>(spec, budget_));
    begun = true;
    return OkStatus();
  });
  if (!status.ok()) return status;
  return begun;
}

Status Documents::AddToIndex(std::string_view collection, const IndexSpec& spec,
                             std::span<const DocumentPtr> documents) {
  std::vector<IndexKeys> keys;
  int64_t cost = 0;
  for (const DocumentPtr& document : documents) {
    Result<IndexKeys> found = KeysOf(spec, document->json);
    if (!found.ok()) return std::move(found).status();
    cost += DocumentIndex::CostOf(*found);
    keys.push_back(*std::move(found));
  }
  if (!budget_->Charge(cost)) return budget_->Exceeded(cost);
  const Status status = collections_.Look(collection, [&](Collection* found) -> Status {
    DocumentIndex* index = found ? found->FindIndex(spec) : nullptr;
    if (!index) return AbortedError("index '" + spec.name + "' was dropped while it was built");
    for (size_t i = 0; i < documents.size(); ++i) {
      const auto slot = found->documents.find(std::string_view(documents[i]->id));
      if (slot == found->documents.end() || slot->document != documents[i]) continue;
      PRISM_RETURN_IF_ERROR(index->CheckUnique(keys[i], documents[i]->id));
      cost -= index->Insert(keys[i], *slot);
    }
    return OkStatus();
  });
  budget_->Release(cost);
  return status;
}

void Documents::FinishIndex(std::string_view collection, const IndexSpec& spec) {
  collections_.Look(collection, [&](Collection* found) {
    DocumentIndex* index = found ? found->FindIndex(spec) : nullptr;
    if (index) index->set_ready();
  });
}

std::unique_ptr<DocumentIndex> Documents::DropIndex(std::string_view collection,
                                                    std::string_view name) {
  return Drop(collection, [name](const DocumentIndex& index) {
    return index.ready() && index.spec()->name == name;
  });
}

std::unique_ptr<DocumentIndex> Documents::DropIndex(std::string_view collection,
                                                    const IndexSpec& spec) {
  return Drop(collection,
              [&spec](const DocumentIndex& index) { return index.spec().get() == &spec; });
}

std::unique_ptr<DocumentIndex> Documents::Drop(
    std::string_view collection, const std::function<bool(const DocumentIndex&)>& is_wanted) {
  std::unique_ptr<DocumentIndex> dropped;
  collections_.Look(collection, [&](Collection* found) {
    if (!found) return;
    const auto at = std::find_if(found->indexes.begin(), found->indexes.end(),
                                 [&](const auto& index) { return is_wanted(*index); });
    if (at == found->indexes.end()) return;
    dropped = std::move(*at);
    found->indexes.erase(at);
  });
  if (dropped) budget_->Release(CostOf(*dropped->spec()));
  return dropped;
}

}  // namespace prism::memstore
