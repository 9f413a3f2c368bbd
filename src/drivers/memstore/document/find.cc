#include "drivers/memstore/document/find.h"

#include <algorithm>

namespace prism::memstore {
namespace {

// What a sorted query keeps at once. A result that is larger is read in several passes.
constexpr size_t kMaxKept = 10'000;
constexpr int64_t kMaxKeptBytes = 16 * 1024 * 1024;

// The first documents in the order of their places, of those that are offered.
class Kept {
 public:
  explicit Kept(size_t max) : max_(std::min(max, kMaxKept)) {}

  void Offer(std::string place, const DocumentPtr& document) {
    if (cut_ && place > documents_.rbegin()->first) return;
    const int64_t bytes = CostOf(place, *document);
    if (!documents_.try_emplace(std::move(place), document).second) return;
    bytes_ += bytes;
    while (documents_.size() > 1 && (documents_.size() > max_ || bytes_ > kMaxKeptBytes)) {
      const auto last = std::prev(documents_.end());
      bytes_ -= CostOf(last->first, *last->second);
      documents_.erase(last);
      cut_ = true;
    }
  }
  // There are more than these.
  bool cut() const { return cut_; }
  std::map<std::string, DocumentPtr>& documents() { return documents_; }

 private:
  static int64_t CostOf(const std::string& place, const StoredDocument& document) {
    return static_cast<int64_t>(place.size()) + document.reservation.bytes();
  }

  const size_t max_;
  std::map<std::string, DocumentPtr> documents_;
  int64_t bytes_ = 0;
  bool cut_ = false;
};

}  // namespace

std::string DocumentFinder::PlaceOf(const StoredDocument& document) const {
  std::string place;
  for (const SortPath& sort : query_.sort) {
    const size_t begin = place.size();
    AppendOrdered(document.json.First(sort.path), kMaxSortedTextBytes, place);
    if (!sort.descending) continue;
    for (size_t i = begin; i < place.size(); ++i) place[i] = static_cast<char>(~place[i]);
  }
  return place += document.id;
}

Task<Status> DocumentFinder::Next(RequestContext& ctx, size_t max, std::vector<Match>& matches) {
  matches.clear();
  if (ended_) co_return OkStatus();
  const auto indexes = documents_.UsableIndexes(query_.collection);
  const DocumentPlan plan = PlanFor(query_.filter, indexes);
  const bool by_id = query_.sort.empty() && plan.by_id;
  Status status;
  if (by_id) {
    status = co_await NextById(ctx, plan, max, matches);
  } else {
    status = co_await NextSorted(ctx, plan, max, matches);
  }
  if (!matches.empty()) after_ = matches.back().place;
  co_return status;
}

Task<Status> DocumentFinder::NextById(RequestContext& ctx, const DocumentPlan& plan, size_t max,
                                      std::vector<Match>& matches) {
  DocumentSource source(documents_, query_.collection, plan, after_.empty() ? nullptr : &after_);
  while (true) {
    const std::vector<DocumentPtr> slice = source.Next();
    ended_ = slice.empty();
    for (const DocumentPtr& document : slice) {
      if (!query_.filter.Matches(document->json)) continue;
      matches.push_back({document->id, document});
      if (matches.size() == max) co_return OkStatus();
    }
    // What one slice holds is enough for a page or is soon there.
    if (ended_ || matches.size() >= Documents::kSlice) co_return OkStatus();
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    if (turns_.Over()) PRISM_CO_RETURN_IF_ERROR(co_await turns_.Next(ctx.cancellation));
  }
}

Task<Status> DocumentFinder::NextSorted(RequestContext& ctx, const DocumentPlan& plan, size_t max,
                                        std::vector<Match>& matches) {
  DocumentSource source(documents_, query_.collection, plan, nullptr);
  Kept kept(max);
  while (true) {
    const std::vector<DocumentPtr> slice = source.Next();
    if (slice.empty()) break;
    for (const DocumentPtr& document : slice) {
      if (!query_.filter.Matches(document->json)) continue;
      std::string place = PlaceOf(*document);
      if (after_.empty() || place > after_) kept.Offer(std::move(place), document);
    }
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    if (turns_.Over()) PRISM_CO_RETURN_IF_ERROR(co_await turns_.Next(ctx.cancellation));
  }
  ended_ = !kept.cut();
  for (auto& [place, document] : kept.documents()) {
    matches.push_back({place, std::move(document)});
  }
  co_return OkStatus();
}

}  // namespace prism::memstore
