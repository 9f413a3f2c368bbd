#include "drivers/postgres/document/catalog.h"

#include "drivers/postgres/document/at.h"
#include "drivers/postgres/document/statements.h"

namespace prism::postgres {
namespace {

// Of collections. Who forgets one asks the server again.
constexpr size_t kMostKnown = 1000;

Result<std::shared_ptr<const IndexSpec>> SpecOf(const document::v1::Index& index) {
  Result<std::shared_ptr<const IndexSpec>> spec = ReadIndexSpec(index);
  if (spec.ok()) return spec;
  return InternalError("Postgres has an index that is none: " +
                       std::string(spec.status().message()));
}

// A row for each field, those of an index together.
Result<CollectionIndexesPtr> IndexesIn(const Rows& rows) {
  auto indexes = std::make_shared<CollectionIndexes>();
  if (!rows.empty()) indexes->generation = rows.Int(0, 0);
  document::v1::Index index;
  for (int row = 0; row < rows.count() && !rows.IsNull(row, 1); ++row) {
    const int64_t number = rows.Int(row, 1);
    index.set_name(std::string(rows.Text(row, 2)));
    index.set_unique(rows.Bool(row, 3));
    index.add_fields(std::string(rows.Text(row, 6)));
    if (row + 1 < rows.count() && rows.Int(row + 1, 1) == number) continue;
    Result<std::shared_ptr<const IndexSpec>> spec = SpecOf(index);
    if (!spec.ok()) return std::move(spec).status();
    indexes->all.push_back({number, *std::move(spec), rows.Bool(row, 4), rows.Bool(row, 5)});
    index.Clear();
  }
  return CollectionIndexesPtr(std::move(indexes));
}

}  // namespace

const CollectionIndexes::One* CollectionIndexes::Find(int64_t number) const {
  for (const One& one : all) {
    if (one.number == number) return &one;
  }
  return nullptr;
}

std::vector<UsableIndex> CollectionIndexes::Usable() const {
  std::vector<UsableIndex> usable;
  for (const One& one : all) {
    if (one.ready) usable.push_back({one.spec, one.multiple});
  }
  return usable;
}

int64_t CollectionIndexes::NumberOf(const IndexSpec& spec) const {
  for (const One& one : all) {
    if (one.spec.get() == &spec) return one.number;
  }
  return 0;
}

CollectionIndexesPtr DocumentCatalog::Known(std::string_view collection) const {
  static const auto kNone = std::make_shared<const CollectionIndexes>();
  const auto found = known_.find(collection);
  return found == known_.end() ? kNone : found->second;
}

Task<Result<CollectionIndexesPtr>> DocumentCatalog::Look(RequestContext& ctx,
                                                         std::string_view collection) {
  Arguments arguments;
  At(arguments, space_, collection);
  const Result<Rows> rows = co_await space_.Run(ctx, kDocumentIndexes, arguments);
  if (!rows.ok()) co_return rows.status();
  Result<CollectionIndexesPtr> indexes = IndexesIn(*rows);
  if (!indexes.ok()) co_return std::move(indexes).status();
  if (known_.size() >= kMostKnown) known_.clear();
  // What is not known counts as this.
  if ((*indexes)->generation > 0) known_[std::string(collection)] = *indexes;
  co_return *std::move(indexes);
}

}  // namespace prism::postgres
