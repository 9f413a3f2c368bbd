#include "drivers/memstore/document/documents.h"

#include <algorithm>

namespace prism::memstore {
namespace {

// The tree's node, the document's own pieces of memory and what shares it.
constexpr int64_t kDocumentBytes = 32 + sizeof(DocumentIndex::Slot) + sizeof(StoredDocument) + 64;

}  // namespace

DocumentPtr Documents::Collection::Find(std::string_view id) const {
  const auto found = documents.find(id);
  return found == documents.end() ? nullptr : found->document;
}

DocumentIndex* Documents::Collection::FindIndex(const IndexSpec& spec) const {
  for (const auto& index : indexes) {
    if (index->spec().get() == &spec) return index.get();
  }
  return nullptr;
}

DocumentPtr Documents::Get(std::string_view collection, std::string_view id) {
  return collections_.Look(
      collection, [&](Collection* found) { return found ? found->Find(id) : DocumentPtr(); });
}

Result<DocumentPtr> Documents::Write(std::string_view collection, std::string_view id,
                                     const Decide& decide) {
  while (true) {
    Prepared write = Begin(collection, id);
    Result<DocumentChange> change = decide(write.before.get());
    if (!change.ok()) return std::move(change).status();
    if (change->kind == DocumentChange::kKeep) return write.before;
    PRISM_RETURN_IF_ERROR(Prepare(id, *std::move(change), write));
    const Result<bool> done = Commit(collection, id, write);
    if (!done.ok()) return done.status();
    if (*done) return write.after;
  }
}

Documents::Prepared Documents::Begin(std::string_view collection, std::string_view id) {
  Prepared write;
  collections_.Look(collection, [&](Collection* found) {
    if (!found) return;
    write.before = found->Find(id);
    for (const auto& index : found->indexes) write.specs.push_back(index->spec());
  });
  return write;
}

Status Documents::Prepare(std::string_view id, DocumentChange change, Prepared& write) {
  if (change.kind == DocumentChange::kPut) {
    Reservation reservation(budget_);
    PRISM_RETURN_IF_ERROR(
        reservation.Add(kDocumentBytes + static_cast<int64_t>(id.size()) + change.json->bytes()));
    const uint64_t version = last_version_.fetch_add(1, std::memory_order_relaxed) + 1;
    write.after = std::make_shared<StoredDocument>(
        StoredDocument{std::string(id), *std::move(change.json), version, std::move(reservation)});
  }
  for (const auto& spec : write.specs) {
    write.keys_before.emplace_back();
    write.keys_after.emplace_back();
    if (write.before) {
      Result<IndexKeys> keys = KeysOf(*spec, write.before->json);
      // A document that an index which is being built will refuse is not in it.
      if (keys.ok()) write.keys_before.back() = *std::move(keys);
    }
    if (write.after) {
      Result<IndexKeys> keys = KeysOf(*spec, write.after->json);
      if (!keys.ok()) return std::move(keys).status();
      write.keys_after.back() = *std::move(keys);
    }
  }
  return OkStatus();
}

bool Documents::StillHolds(const Collection& collection, std::string_view id,
                           const Prepared& write) {
  return collection.Find(id) == write.before &&
         std::equal(collection.indexes.begin(), collection.indexes.end(), write.specs.begin(),
                    write.specs.end(),
                    [](const auto& index, const auto& spec) { return index->spec() == spec; });
}

Result<bool> Documents::Commit(std::string_view collection, std::string_view id,
                               const Prepared& write) {
  bool done = false;
  const Status status = collections_.Make(collection, [&](Collection& found) {
    if (!StillHolds(found, id, write)) return OkStatus();
    done = true;
    return Apply(found, id, write);
  });
  if (!status.ok()) return status;
  return done;
}

Status Documents::Apply(Collection& collection, std::string_view id, const Prepared& write) {
  int64_t cost = 0;
  for (size_t i = 0; write.after && i < write.specs.size(); ++i) {
    PRISM_RETURN_IF_ERROR(collection.indexes[i]->CheckUnique(write.keys_after[i], id));
    cost += DocumentIndex::CostOf(write.keys_after[i]);
  }
  if (!budget_->Charge(cost)) return budget_->Exceeded(cost);
  auto slot = collection.documents.find(id);
  if (slot == collection.documents.end()) {
    if (!write.after) return OkStatus();
    slot = collection.documents.insert({write.after}).first;
  }
  // The last use of the id in the old document is before it goes.
  for (size_t i = 0; i < write.specs.size(); ++i) {
    cost += collection.indexes[i]->Remove(write.keys_before[i], *slot);
  }
  if (write.after) slot->document = write.after;
  for (size_t i = 0; i < write.specs.size(); ++i) {
    cost -= collection.indexes[i]->Insert(write.keys_after[i], *slot);
  }
  budget_->Release(cost);
  if (!write.after) collection.documents.erase(slot);
  return OkStatus();
}

std::vector<DocumentPtr> Documents::ScanById(std::string_view collection,
                                             const std::string* after) {
  std::vector<DocumentPtr> documents;
  collections_.Look(collection, [&](Collection* found) {
    if (!found) return;
    auto at =
        after ? found->documents.upper_bound(std::string_view(*after)) : found->documents.begin();
    for (; at != found->documents.end() && documents.size() < kSlice; ++at) {
      documents.push_back(at->document);
    }
  });
  return documents;
}

bool Documents::ScanIndex(std::string_view collection, const IndexSpec& spec, IndexPlace& place,
                          std::vector<DocumentPtr>& documents) {
  documents.clear();
  return collections_.Look(collection, [&](Collection* found) {
    const DocumentIndex* index = found ? found->FindIndex(spec) : nullptr;
    if (!index) return false;
    const auto& entries = index->entries();
    auto at = entries.upper_bound(DocumentIndex::Place{place.key, place.id});
    for (; at != entries.end() && at->key < place.end && documents.size() < kSlice; ++at) {
      documents.push_back(at->slot->document);
      place.key = at->key;
      place.id = at->slot->document->id;
    }
    return true;
  });
}

}  // namespace prism::memstore
