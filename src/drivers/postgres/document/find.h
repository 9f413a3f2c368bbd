#pragma once

#include <string>
#include <vector>

#include "drivers/contract/document/query.h"
#include "drivers/postgres/document/at.h"
#include "drivers/postgres/document/catalog.h"

namespace prism::postgres {

inline constexpr int64_t kDocumentPageRows = 1000;
inline constexpr int64_t kDocumentPageBytes = 1024 * 1024;

// What a page of documents, and the result of a function that checks the generation, tells of each
// row: its first column.
enum DocumentRow : int64_t { kDocument, kLookedAt, kEnd, kStaleIndexes, kTooManyGroups };

inline bool IsStale(const Rows& rows) { return !rows.empty() && rows.Int(0, 0) == kStaleIndexes; }

// Where a stream of documents is: behind this document.
struct DocumentPlace {
  std::string sorted;  // by what it is sorted; empty without
  std::string id;      // empty: ahead of all

  std::string Encoded() const;
  // INVALID_ARGUMENT if it is none.
  static Result<DocumentPlace> Decoded(std::string_view text);
};

// The documents that a query finds, page by page. Used by one call.
class DocumentPages {
 public:
  // The predicate is that of the query's filter, empty if it has none.
  DocumentPages(const Space& space, DocumentCatalog& catalog, const FindQuery& query,
                std::string predicate, DocumentPlace after);

  // The next page, of at most so many documents; empty at the end. Rows of kind kDocument come
  // first, with id, version and json as below.
  Task<Status> Next(RequestContext& ctx, uint64_t most);
  // Of the last page.
  int count() const { return count_; }
  std::string Id(int row) const { return IdIn(rows_, row, 1, 2); }
  uint64_t Version(int row) const { return static_cast<uint64_t>(rows_.Int(row, 3)); }
  std::string_view Text(int row) const { return rows_.Text(row, 4); }
  DocumentPlace At(int row) const;
  // Lets go of it.
  void Drop() { rows_ = Rows(), count_ = 0; }
  // Nothing is behind the last page.
  bool ended() const { return ended_; }

 private:
  Task<Result<Rows>> Ask(RequestContext& ctx, const CollectionIndexes& indexes, int64_t most);
  Task<Result<Rows>> Scan(RequestContext& ctx, const CollectionIndexes& indexes,
                          const DocumentPlan& plan, int64_t most);
  Task<Result<Rows>> Sort(RequestContext& ctx, const CollectionIndexes& indexes,
                          const DocumentPlan& plan, int64_t most);
  void Take(Rows rows, int64_t most);

  const Space& space_;
  DocumentCatalog& catalog_;
  const FindQuery& query_;
  const std::string predicate_;
  std::vector<std::string> sort_paths_;
  std::string sort_down_;
  DocumentPlace after_;
  Rows rows_;
  int count_ = 0;
  bool sorted_ = false;  // the last page came by place
  bool wide_ = false;    // more than a page is in the range of the index
  bool ended_ = false;
};

}  // namespace prism::postgres
