#pragma once

#include <map>

#include "base/request_context.h"
#include "drivers/contract/document/query.h"
#include "drivers/memstore/document/source.h"
#include "drivers/memstore/turns.h"
#include "loop/task.h"

namespace prism::memstore {

// One query for documents in an order, resumable behind any of them. Used by one call.
class DocumentFinder {
 public:
  static constexpr size_t kMaxSortedTextBytes = 1024;

  // `after` is the place of a match; empty: from the first.
  DocumentFinder(Documents& documents, const FindQuery& query, std::string after)
      : documents_(documents), query_(query), after_(std::move(after)) {}

  struct Match {
    std::string place;
    DocumentPtr document;
  };
  // At least one and at most `max` of the next matches, in order; none at the end. Works in turns.
  Task<Status> Next(RequestContext& ctx, size_t max, std::vector<Match>& matches);
  // No match is behind those that Next returned.
  bool ended() const { return ended_; }

 private:
  Task<Status> NextById(RequestContext& ctx, const DocumentPlan& plan, size_t max,
                        std::vector<Match>& matches);
  Task<Status> NextSorted(RequestContext& ctx, const DocumentPlan& plan, size_t max,
                          std::vector<Match>& matches);
  std::string PlaceOf(const StoredDocument& document) const;

  Documents& documents_;
  const FindQuery& query_;
  std::string after_;
  bool ended_ = false;
  Turns turns_;
};

}  // namespace prism::memstore
