#pragma once

#include "drivers/contract/document/filter.h"
#include "prism/interfaces/document_query.pb.h"

namespace prism {

struct SortPath {
  FieldPath path;
  bool descending = false;
};

// What Find and FindOne ask for. Views into the request.
struct FindQuery {
  std::string_view collection;
  DocumentFilter filter;
  std::vector<SortPath> sort;     // none: by id
  std::vector<FieldPath> fields;  // to return; none: all
};

// What Aggregate asks for. Views into the request.
struct DocumentAggregate {
  // The numbers are the contract's.
  enum Function { kCount = 1, kSum = 2, kMinimum = 3, kMaximum = 4, kAverage = 5 };
  struct Part {
    Function function = kCount;
    FieldPath path;  // may be empty for kCount
  };
  std::string_view collection;
  DocumentFilter filter;
  std::vector<FieldPath> group_by;
  std::vector<Part> compute;
};

// INVALID_ARGUMENT where the contract says so.
Status ReadQuery(const document::v1::FindRequest& request, FindQuery& query);
Status ReadQuery(const document::v1::FindOneRequest& request, FindQuery& query);
Status ReadAggregate(const document::v1::AggregateRequest& request, DocumentAggregate& query);
Result<DocumentFilter> ReadFilter(const document::v1::Filter& filter);
// What a cursor belongs to.
std::string ScopeOf(const document::v1::FindRequest& request);
void WriteValue(const Scalar& scalar, document::v1::Value& value);

}  // namespace prism
