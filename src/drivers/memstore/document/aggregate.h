#pragma once

#include <map>

#include "base/request_context.h"
#include "drivers/contract/document/query.h"
#include "drivers/memstore/document/source.h"
#include "drivers/memstore/turns.h"
#include "loop/task.h"

namespace prism::memstore {

// A scalar that keeps its own text.
class OwnedScalar {
 public:
  OwnedScalar() = default;
  explicit OwnedScalar(const Scalar& scalar) : scalar_(scalar), text_(scalar.text) {}
  Scalar scalar() const {
    Scalar copy = scalar_;
    copy.text = text_;
    return copy;
  }

 private:
  Scalar scalar_;
  std::string text_;
};

// Computes one DocumentAggregate. Used by one call.
class DocumentAggregation {
 public:
  struct Tally {
    uint64_t count = 0;     // of documents or of numbers
    __int128 integers = 0;  // their sum; 2^64 of them fit
    double doubles = 0;     // the sum of those that are doubles
    bool has_doubles = false;
    OwnedScalar extreme;
  };
  struct Group {
    std::vector<OwnedScalar> values;
    std::vector<Tally> results;
  };

  DocumentAggregation(Documents& documents, const DocumentAggregate& query)
      : documents_(documents), query_(query) {}

  // RESOURCE_EXHAUSTED for more groups than are allowed. Works in turns.
  Task<Status> Run(RequestContext& ctx);
  // In their order.
  const std::map<std::string, Group>& groups() const { return groups_; }
  Scalar ResultOf(const Group& group, size_t index) const;

 private:
  Status Add(const Json& document);
  static void AddTo(const DocumentAggregate::Part& part, const Json& document, Tally& tally);

  Documents& documents_;
  const DocumentAggregate& query_;
  std::map<std::string, Group> groups_;
  size_t bytes_ = 0;
};

}  // namespace prism::memstore
