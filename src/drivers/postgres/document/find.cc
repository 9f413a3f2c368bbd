#include "drivers/postgres/document/find.h"

#include <algorithm>

#include "drivers/postgres/document/path_text.h"
#include "drivers/postgres/document/statements.h"

namespace prism::postgres {
namespace {

constexpr size_t kLengthBytes = 4;
// Of the generation, that it does not matter.
constexpr int64_t kAny = -1;

std::string PlaceLength(size_t bytes) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(bytes >> shift & 0xff);
  return text;
}

}  // namespace

std::string DocumentPlace::Encoded() const { return PlaceLength(sorted.size()) + sorted + id; }

Result<DocumentPlace> DocumentPlace::Decoded(std::string_view text) {
  size_t length = 0;
  for (const char byte : text.substr(0, kLengthBytes)) {
    length = length << 8 | static_cast<unsigned char>(byte);
  }
  if (text.size() <= kLengthBytes || length >= text.size() - kLengthBytes) {
    return InvalidArgumentError("the cursor is damaged");
  }
  text.remove_prefix(kLengthBytes);
  return DocumentPlace{std::string(text.substr(0, length)), std::string(text.substr(length))};
}

DocumentPages::DocumentPages(const Space& space, DocumentCatalog& catalog, const FindQuery& query,
                             std::string predicate, DocumentPlace after)
    : space_(space),
      catalog_(catalog),
      query_(query),
      predicate_(std::move(predicate)),
      after_(std::move(after)) {
  sort_down_ = "{";
  for (const SortPath& sort : query.sort) {
    sort_paths_.push_back(ScalarsAt(sort.path));
    if (sort_down_.size() > 1) sort_down_ += ',';
    sort_down_ += TextOf(sort.descending);
  }
  sort_down_ += '}';
}

Task<Result<Rows>> DocumentPages::Scan(RequestContext& ctx, const CollectionIndexes& indexes,
                                       const DocumentPlan& plan, int64_t most) {
  const DocumentId after(after_.id);
  Arguments arguments;
  prism::postgres::At(arguments, space_, query_.collection);
  if (predicate_.empty()) {
    arguments.Int(kAny).Null();
  } else {
    arguments.Int(indexes.generation).Text(predicate_);
  }
  arguments.Text(after.head).Text(after.more);
  if (plan.index) {
    arguments.Int(indexes.NumberOf(*plan.index)).Text(plan.low);
  } else {
    arguments.Null().Null();
  }
  arguments.Int(most).Int(kDocumentPageBytes);
  Result<Rows> rows = co_await space_.Run(ctx, kDocumentScan, arguments);
  co_return std::move(rows);
}

Task<Result<Rows>> DocumentPages::Sort(RequestContext& ctx, const CollectionIndexes& indexes,
                                       const DocumentPlan& plan, int64_t most) {
  const DocumentId after(after_.id);
  Arguments arguments;
  prism::postgres::At(arguments, space_, query_.collection);
  if (predicate_.empty()) {
    arguments.Int(kAny).Null();
  } else {
    arguments.Int(indexes.generation).Text(predicate_);
  }
  arguments.Array(PointersTo(sort_paths_)).Text(sort_down_);
  arguments.Text(after_.sorted).Text(after.head).Text(after.more);
  if (plan.index) {
    arguments.Int(indexes.NumberOf(*plan.index)).Text(plan.low).Text(plan.high);
  } else {
    arguments.Null().Null().Null();
  }
  arguments.Int(most).Int(kDocumentPageBytes);
  Result<Rows> rows = co_await space_.Run(ctx, kDocumentSorted, arguments);
  co_return std::move(rows);
}

Task<Result<Rows>> DocumentPages::Ask(RequestContext& ctx, const CollectionIndexes& indexes,
                                      int64_t most) {
  const std::vector<UsableIndex> usable = indexes.Usable();
  DocumentPlan plan = PlanFor(query_.filter, usable);
  // What does not come by id is gathered anew for each page. If there are many, one pass over all
  // documents is less.
  if (query_.sort.empty() && !plan.by_id && wide_) plan = DocumentPlan();
  sorted_ = !query_.sort.empty() || !plan.by_id;
  Task<Result<Rows>> asking =
      sorted_ ? Sort(ctx, indexes, plan, most) : Scan(ctx, indexes, plan, most);
  Result<Rows> rows = co_await std::move(asking);
  co_return std::move(rows);
}

DocumentPlace DocumentPages::At(int row) const {
  DocumentPlace place;
  if (sorted_) place.sorted = rows_.Text(row, 5);
  place.id = Id(row);
  return place;
}

void DocumentPages::Take(Rows rows, int64_t most) {
  rows_ = std::move(rows);
  count_ = rows_.count();
  if (sorted_) {
    ended_ = count_ == 0 || (rows_.Int(0, 6) < most && rows_.Int(0, 6) == count_);
    wide_ = !ended_;
    if (count_ > 0) after_ = At(count_ - 1);
    return;
  }
  --count_;  // the last row tells how far it went
  ended_ = rows_.Int(count_, 0) == kEnd;
  after_ = At(count_);
}

Task<Status> DocumentPages::Next(RequestContext& ctx, uint64_t most) {
  const auto rows_wanted =
      static_cast<int64_t>(std::min(most, static_cast<uint64_t>(kDocumentPageRows)));
  CollectionIndexesPtr indexes = catalog_.Known(query_.collection);
  count_ = 0;
  while (count_ == 0 && !ended_) {
    Result<Rows> rows = co_await Ask(ctx, *indexes, rows_wanted);
    if (!rows.ok()) co_return std::move(rows).status();
    if (!IsStale(*rows)) {
      Take(*std::move(rows), rows_wanted);
      continue;
    }
    Result<CollectionIndexesPtr> now = co_await catalog_.Look(ctx, query_.collection);
    if (!now.ok()) co_return std::move(now).status();
    indexes = *std::move(now);
  }
  co_return OkStatus();
}

}  // namespace prism::postgres
