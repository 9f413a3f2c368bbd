#include "drivers/contract/document/query.h"

#include <cmath>

#include "drivers/contract/checks.h"

namespace prism {
namespace {

namespace api = document::v1;

constexpr int kMaxDepth = 16;
constexpr int kMaxParts = 1000;
constexpr int kMaxSortPaths = 8;
constexpr int kMaxFields = 100;
constexpr int kMaxGroupPaths = 8;
constexpr int kMaxComputations = 16;

Result<Scalar> ReadValue(const api::Value& value) {
  switch (value.kind_case()) {
    case api::Value::kNullValue:
      return Scalar::Null();
    case api::Value::kBoolValue:
      return Scalar::Bool(value.bool_value());
    case api::Value::kInt64Value:
      return Scalar::Integer(value.int64_value());
    case api::Value::kDoubleValue:
      if (std::isfinite(value.double_value())) return Scalar::Double(value.double_value());
      return InvalidArgumentError("filter: a double must be finite");
    case api::Value::kStringValue:
      return Scalar::String(value.string_value());
    default:
      return InvalidArgumentError("filter: a value has no kind");
  }
}

DocumentFilter Not(DocumentFilter filter) {
  DocumentFilter negation;
  negation.kind = DocumentFilter::Kind::kNot;
  negation.parts.push_back(std::move(filter));
  return negation;
}

// kNot stands for what no operator is.
DocumentFilter::Kind KindOf(api::Condition::Operator op) {
  switch (op) {
    case api::Condition::EQUAL:
    case api::Condition::NOT_EQUAL:
      return DocumentFilter::Kind::kEqual;
    case api::Condition::GREATER:
      return DocumentFilter::Kind::kGreater;
    case api::Condition::GREATER_OR_EQUAL:
      return DocumentFilter::Kind::kGreaterOrEqual;
    case api::Condition::LESS:
      return DocumentFilter::Kind::kLess;
    case api::Condition::LESS_OR_EQUAL:
      return DocumentFilter::Kind::kLessOrEqual;
    case api::Condition::IN:
      return DocumentFilter::Kind::kIn;
    case api::Condition::CONTAINS:
      return DocumentFilter::Kind::kContains;
    case api::Condition::STARTS_WITH:
      return DocumentFilter::Kind::kStartsWith;
    case api::Condition::EXISTS:
      return DocumentFilter::Kind::kExists;
    default:
      return DocumentFilter::Kind::kNot;
  }
}

class FilterReader {
 public:
  Result<DocumentFilter> Read(const api::Filter& filter, int depth) {
    if (depth > kMaxDepth) {
      return InvalidArgumentError("filter: more than " + std::to_string(kMaxDepth) + " levels");
    }
    switch (filter.kind_case()) {
      case api::Filter::kCondition:
        return ReadCondition(filter.condition());
      case api::Filter::kAllOf:
        return ReadList(DocumentFilter::Kind::kAllOf, filter.all_of(), depth);
      case api::Filter::kAnyOf:
        return ReadList(DocumentFilter::Kind::kAnyOf, filter.any_of(), depth);
      case api::Filter::kNegation: {
        Result<DocumentFilter> inner = Read(filter.negation(), depth + 1);
        if (!inner.ok()) return inner;
        return Not(*std::move(inner));
      }
      default:
        return InvalidArgumentError("filter: a part of it has no kind");
    }
  }

 private:
  Status Count(int parts) {
    parts_ += parts;
    if (parts_ <= kMaxParts) return OkStatus();
    return InvalidArgumentError("filter: more than " + std::to_string(kMaxParts) +
                                " conditions and values");
  }

  Result<DocumentFilter> ReadList(DocumentFilter::Kind kind, const api::Filters& list, int depth) {
    DocumentFilter read;
    read.kind = kind;
    PRISM_RETURN_IF_ERROR(Count(list.filters_size()));
    for (const api::Filter& part : list.filters()) {
      Result<DocumentFilter> inner = Read(part, depth + 1);
      if (!inner.ok()) return inner;
      read.parts.push_back(*std::move(inner));
    }
    return read;
  }

  Result<DocumentFilter> ReadCondition(const api::Condition& condition) {
    DocumentFilter read;
    read.kind = KindOf(condition.operator_());
    if (read.kind == DocumentFilter::Kind::kNot) {
      return InvalidArgumentError("filter: a condition has no operator");
    }
    Result<FieldPath> path = ParsePath("filter", condition.path());
    if (!path.ok()) return std::move(path).status();
    read.path = *std::move(path);
    PRISM_RETURN_IF_ERROR(CheckOperands(condition, read.kind));
    PRISM_RETURN_IF_ERROR(ReadOperands(condition, read));
    return condition.operator_() == api::Condition::NOT_EQUAL ? Not(std::move(read)) : read;
  }

  Status CheckOperands(const api::Condition& condition, DocumentFilter::Kind kind) {
    const bool takes_value =
        kind != DocumentFilter::Kind::kIn && kind != DocumentFilter::Kind::kExists;
    if (takes_value != condition.has_value()) {
      return InvalidArgumentError("filter: the condition on '" + condition.path() +
                                  (takes_value ? "' needs a value" : "' does not take a value"));
    }
    if (kind != DocumentFilter::Kind::kIn && condition.values_size() > 0) {
      return InvalidArgumentError("filter: only IN takes values");
    }
    return Count(1 + condition.values_size());
  }

  Status ReadOperands(const api::Condition& condition, DocumentFilter& read) {
    if (condition.has_value()) PRISM_RETURN_IF_ERROR(AddValue(condition.value(), read));
    for (const api::Value& value : condition.values()) {
      PRISM_RETURN_IF_ERROR(AddValue(value, read));
    }
    const bool of_strings = read.kind == DocumentFilter::Kind::kContains ||
                            read.kind == DocumentFilter::Kind::kStartsWith;
    if (of_strings && read.values.front().type != Scalar::Type::kString) {
      return InvalidArgumentError("filter: CONTAINS and STARTS_WITH take a string");
    }
    return OkStatus();
  }

  static Status AddValue(const api::Value& value, DocumentFilter& read) {
    const Result<Scalar> scalar = ReadValue(value);
    if (!scalar.ok()) return scalar.status();
    read.values.push_back(*scalar);
    return OkStatus();
  }

  int parts_ = 0;
};

Result<std::vector<SortPath>> ReadSort(
    const google::protobuf::RepeatedPtrField<api::SortField>& sort) {
  PRISM_RETURN_IF_ERROR(CheckRange("sort", sort.size(), 0, kMaxSortPaths));
  std::vector<SortPath> read;
  for (const api::SortField& field : sort) {
    Result<FieldPath> path = ParsePath("sort", field.path());
    if (!path.ok()) return std::move(path).status();
    read.push_back({*std::move(path), field.descending()});
  }
  return read;
}

Result<std::vector<FieldPath>> ReadPaths(
    std::string_view field, int max, const google::protobuf::RepeatedPtrField<std::string>& paths) {
  PRISM_RETURN_IF_ERROR(CheckRange(field, paths.size(), 0, max));
  std::vector<FieldPath> read;
  for (const std::string& text : paths) {
    Result<FieldPath> path = ParsePath(field, text);
    if (!path.ok()) return std::move(path).status();
    read.push_back(*std::move(path));
  }
  return read;
}

template <class Request>
Status Read(const Request& request, FindQuery& query) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("collection", request.collection()));
  query.collection = request.collection();
  if (request.has_filter()) {
    Result<DocumentFilter> filter = ReadFilter(request.filter());
    if (!filter.ok()) return std::move(filter).status();
    query.filter = *std::move(filter);
  }
  Result<std::vector<SortPath>> sort = ReadSort(request.sort());
  if (!sort.ok()) return std::move(sort).status();
  query.sort = *std::move(sort);
  Result<std::vector<FieldPath>> paths = ReadPaths("fields", kMaxFields, request.fields());
  if (!paths.ok()) return std::move(paths).status();
  query.fields = *std::move(paths);
  return OkStatus();
}

}  // namespace

Result<DocumentFilter> ReadFilter(const api::Filter& filter) {
  return FilterReader().Read(filter, 1);
}

Status ReadQuery(const api::FindRequest& request, FindQuery& query) { return Read(request, query); }
Status ReadQuery(const api::FindOneRequest& request, FindQuery& query) {
  return Read(request, query);
}

Status ReadAggregate(const api::AggregateRequest& request, DocumentAggregate& query) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("collection", request.collection()));
  query.collection = request.collection();
  if (request.has_filter()) {
    Result<DocumentFilter> filter = ReadFilter(request.filter());
    if (!filter.ok()) return std::move(filter).status();
    query.filter = *std::move(filter);
  }
  Result<std::vector<FieldPath>> paths = ReadPaths("group_by", kMaxGroupPaths, request.group_by());
  if (!paths.ok()) return std::move(paths).status();
  query.group_by = *std::move(paths);
  PRISM_RETURN_IF_ERROR(CheckRange("compute", request.compute_size(), 1, kMaxComputations));
  for (const api::Computation& computation : request.compute()) {
    const auto function = computation.function();
    if (function < api::Computation::COUNT || function > api::Computation::AVERAGE) {
      return InvalidArgumentError("compute: a computation has no function");
    }
    DocumentAggregate::Part part;
    part.function = static_cast<DocumentAggregate::Function>(function);
    if (!computation.path().empty() || function != api::Computation::COUNT) {
      Result<FieldPath> path = ParsePath("compute", computation.path());
      if (!path.ok()) return std::move(path).status();
      part.path = *std::move(path);
    }
    query.compute.push_back(std::move(part));
  }
  return OkStatus();
}

// Without maps in it, a message is always written the same way.
std::string ScopeOf(const api::FindRequest& request) {
  api::FindRequest about;
  about.set_collection(request.collection());
  if (request.has_filter()) *about.mutable_filter() = request.filter();
  *about.mutable_sort() = request.sort();
  return about.SerializeAsString();
}

void WriteValue(const Scalar& scalar, api::Value& value) {
  switch (scalar.type) {
    case Scalar::Type::kNull:
      value.set_null_value(api::Value::NULL_VALUE);
      break;
    case Scalar::Type::kBool:
      value.set_bool_value(scalar.integer != 0);
      break;
    case Scalar::Type::kInteger:
      value.set_int64_value(scalar.integer);
      break;
    case Scalar::Type::kDouble:
      value.set_double_value(scalar.real);
      break;
    case Scalar::Type::kString:
      value.set_string_value(std::string(scalar.text));
      break;
    default:
      break;
  }
}

}  // namespace prism
