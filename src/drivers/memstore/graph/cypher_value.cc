#include "drivers/memstore/graph/cypher_value.h"

#include <algorithm>
#include <cmath>

namespace prism::memstore::cypher {
namespace {

int RankOf(const CypherValue& value) {
  if (value.If<GraphNodePtr>()) return 0;
  if (value.If<GraphEdgePtr>()) return 1;
  if (value.If<CypherList>()) return 2;
  if (value.If<std::string>()) return 3;
  if (value.If<bool>()) return 4;
  return value.is_number() ? 5 : 6;
}

Scalar NumberOf(const CypherValue& value) {
  if (const int64_t* integer = value.If<int64_t>()) return Scalar::Integer(*integer);
  return Scalar::Double(*value.If<double>());
}

// No number is above a NaN, so that all have a place.
int CompareNumbers(const CypherValue& a, const CypherValue& b) {
  const bool a_nan = a.If<double>() && std::isnan(*a.If<double>());
  const bool b_nan = b.If<double>() && std::isnan(*b.If<double>());
  if (a_nan || b_nan) return static_cast<int>(a_nan) - static_cast<int>(b_nan);
  return Compare(NumberOf(a), NumberOf(b));
}

int CompareLists(const std::vector<CypherValue>& a, const std::vector<CypherValue>& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (const int order = CompareAll(a[i], b[i])) return order;
  }
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

CypherValue EqualLists(const std::vector<CypherValue>& a, const std::vector<CypherValue>& b) {
  if (a.size() != b.size()) return false;
  bool unknown = false;
  for (size_t i = 0; i < a.size(); ++i) {
    const CypherValue equal = Equals(a[i], b[i]);
    if (equal.is_null()) {
      unknown = true;
    } else if (!equal.is_true()) {
      return false;
    }
  }
  return unknown ? CypherValue() : CypherValue(true);
}

}  // namespace

CypherValue ValueOf(const PropertyValue& value) {
  return std::visit([](const auto& held) { return CypherValue(held); }, value);
}

CypherValue ListOf(std::vector<CypherValue> values) {
  return CypherList(std::make_shared<const std::vector<CypherValue>>(std::move(values)));
}

int CompareAll(const CypherValue& a, const CypherValue& b) {
  if (const int order = RankOf(a) - RankOf(b)) return order;
  switch (RankOf(a)) {
    case 0:
      return (*a.If<GraphNodePtr>())->id.compare((*b.If<GraphNodePtr>())->id);
    case 1:
      return (*a.If<GraphEdgePtr>())->id.compare((*b.If<GraphEdgePtr>())->id);
    case 2:
      return CompareLists(**a.If<CypherList>(), **b.If<CypherList>());
    case 3:
      return a.If<std::string>()->compare(*b.If<std::string>());
    case 4:
      return static_cast<int>(*a.If<bool>()) - static_cast<int>(*b.If<bool>());
    case 5:
      return CompareNumbers(a, b);
    default:
      return 0;
  }
}

int64_t BytesOf(const CypherValue& value) {
  int64_t bytes = sizeof(CypherValue);
  if (const auto* text = value.If<std::string>()) bytes += static_cast<int64_t>(text->size());
  if (const auto* node = value.If<GraphNodePtr>()) bytes += (*node)->reservation.bytes();
  if (const auto* edge = value.If<GraphEdgePtr>()) bytes += (*edge)->reservation.bytes();
  if (const auto* list = value.If<CypherList>()) {
    for (const CypherValue& element : **list) bytes += BytesOf(element);
  }
  return bytes;
}

CypherValue Equals(const CypherValue& a, const CypherValue& b) {
  if (a.is_null() || b.is_null()) return {};
  if (RankOf(a) != RankOf(b)) return false;
  if (a.If<CypherList>()) return EqualLists(**a.If<CypherList>(), **b.If<CypherList>());
  const bool nan = (a.If<double>() && std::isnan(*a.If<double>())) ||
                   (b.If<double>() && std::isnan(*b.If<double>()));
  return !nan && CompareAll(a, b) == 0;
}

bool LessThan::operator()(const std::vector<CypherValue>& a,
                          const std::vector<CypherValue>& b) const {
  return CompareLists(a, b) < 0;
}

}  // namespace prism::memstore::cypher
