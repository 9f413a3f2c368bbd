#include "drivers/memstore/graph/cypher_eval.h"

#include <cmath>

namespace prism::memstore::cypher {
namespace {

using Kind = Expression::Kind;

const char* TypeOf(const CypherValue& value) {
  static constexpr const char* kNames[] = {"null",     "a boolean", "an integer", "a float",
                                           "a string", "a node",    "an edge",    "a list"};
  return kNames[value.content.index()];
}

Status Misfit(const Expression& expression, const CypherValue& value) {
  return ErrorAt(expression.position, std::string("this cannot be done with ") + TypeOf(value));
}

double RealOf(const CypherValue& value) {
  const int64_t* integer = value.If<int64_t>();
  return integer ? static_cast<double>(*integer) : *value.If<double>();
}

// AND, OR and XOR know three values.
CypherValue Connect(Kind kind, const CypherValue& a, const CypherValue& b) {
  if (kind == Kind::kXor) {
    if (a.is_null() || b.is_null()) return {};
    return a.is_true() != b.is_true();
  }
  const bool decisive = kind == Kind::kOr;
  if (!a.is_null() && a.is_true() == decisive) return decisive;
  if (!b.is_null() && b.is_true() == decisive) return decisive;
  if (a.is_null() || b.is_null()) return {};
  return !decisive;
}

Result<CypherValue> Logic(const Expression& expression, const CypherValue& a,
                          const CypherValue& b) {
  for (const CypherValue* value : {&a, &b}) {
    if (!value->is_null() && !value->If<bool>()) return Misfit(expression, *value);
  }
  return Connect(expression.kind, a, b);
}

// Null where the two have no order: different types, nodes, edges, NaN.
CypherValue Relate(Kind kind, const CypherValue& a, const CypherValue& b) {
  const bool numbers = a.is_number() && b.is_number();
  const bool same = (a.If<std::string>() && b.If<std::string>()) || (a.If<bool>() && b.If<bool>());
  if (!numbers && !same) return {};
  if (numbers && (std::isnan(RealOf(a)) || std::isnan(RealOf(b)))) return false;
  const int order = CompareAll(a, b);
  switch (kind) {
    case Kind::kLess:
      return order < 0;
    case Kind::kLessOrEqual:
      return order <= 0;
    case Kind::kGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

CypherValue MatchText(Kind kind, const CypherValue& a, const CypherValue& b) {
  const auto* text = a.If<std::string>();
  const auto* part = b.If<std::string>();
  if (!text || !part) return {};
  if (kind == Kind::kStartsWith) return text->starts_with(*part);
  if (kind == Kind::kEndsWith) return text->ends_with(*part);
  return text->find(*part) != std::string::npos;
}

Result<CypherValue> IsIn(const Expression& expression, const CypherValue& a, const CypherValue& b) {
  if (b.is_null()) return CypherValue();
  const CypherList* list = b.If<CypherList>();
  if (!list) return Misfit(expression, b);
  bool unknown = false;
  for (const CypherValue& element : **list) {
    const CypherValue equal = Equals(a, element);
    if (equal.is_true()) return CypherValue(true);
    unknown |= equal.is_null();
  }
  if (unknown) return CypherValue();
  return CypherValue(false);
}

Result<CypherValue> CalculateIntegers(const Expression& expression, int64_t a, int64_t b) {
  int64_t result = 0;
  bool overflow = false;
  switch (expression.kind) {
    case Kind::kAdd:
      overflow = __builtin_add_overflow(a, b, &result);
      break;
    case Kind::kSubtract:
      overflow = __builtin_sub_overflow(a, b, &result);
      break;
    case Kind::kMultiply:
      overflow = __builtin_mul_overflow(a, b, &result);
      break;
    default:
      if (b == 0) return ErrorAt(expression.position, "division by zero");
      // The least integer has no positive counterpart.
      if (b == -1) {
        overflow =
            expression.kind == Kind::kDivide && __builtin_sub_overflow(int64_t{0}, a, &result);
      } else {
        result = expression.kind == Kind::kDivide ? a / b : a % b;
      }
  }
  if (overflow) return ErrorAt(expression.position, "integer overflow");
  return CypherValue(result);
}

Result<CypherValue> Calculate(const Expression& expression, const CypherValue& a,
                              const CypherValue& b) {
  if (a.is_null() || b.is_null()) return CypherValue();
  const auto* text = a.If<std::string>();
  if (expression.kind == Kind::kAdd && text && b.If<std::string>()) {
    return CypherValue(*text + *b.If<std::string>());
  }
  if (!a.is_number()) return Misfit(expression, a);
  if (!b.is_number()) return Misfit(expression, b);
  if (a.If<int64_t>() && b.If<int64_t>()) {
    return CalculateIntegers(expression, *a.If<int64_t>(), *b.If<int64_t>());
  }
  const double left = RealOf(a), right = RealOf(b);
  switch (expression.kind) {
    case Kind::kAdd:
      return CypherValue(left + right);
    case Kind::kSubtract:
      return CypherValue(left - right);
    case Kind::kMultiply:
      return CypherValue(left * right);
    case Kind::kDivide:
      return CypherValue(left / right);
    default:
      return CypherValue(std::fmod(left, right));
  }
}

Result<CypherValue> GetProperty(const Expression& expression, const CypherValue& of) {
  if (of.is_null()) return CypherValue();
  const GraphProperties* properties = nullptr;
  if (const auto* node = of.If<GraphNodePtr>()) properties = &(*node)->properties;
  if (const auto* edge = of.If<GraphEdgePtr>()) properties = &(*edge)->properties;
  if (!properties) return Misfit(expression, of);
  const auto found = properties->find(expression.name);
  return found == properties->end() ? CypherValue() : ValueOf(found->second);
}

Result<CypherValue> HasLabels(const Expression& expression, const CypherValue& of) {
  if (of.is_null()) return CypherValue();
  if (const auto* edge = of.If<GraphEdgePtr>()) {
    return CypherValue((*edge)->label == expression.names.front());
  }
  const auto* node = of.If<GraphNodePtr>();
  if (!node) return Misfit(expression, of);
  return CypherValue((*node)->HasLabel(expression.names.front()));
}

Result<CypherValue> Call(const Expression& expression, const CypherValue& argument) {
  if (argument.is_null()) return CypherValue();
  const auto* node = argument.If<GraphNodePtr>();
  const auto* edge = argument.If<GraphEdgePtr>();
  if (expression.name == "id" && node) return CypherValue((*node)->id);
  if (expression.name == "id" && edge) return CypherValue((*edge)->id);
  if (expression.name == "type" && edge) return CypherValue((*edge)->label);
  if (expression.name == "labels" && node) {
    return ListOf(std::vector<CypherValue>((*node)->labels.begin(), (*node)->labels.end()));
  }
  if (expression.name == "size") {
    if (const auto* list = argument.If<CypherList>()) {
      return CypherValue(static_cast<int64_t>((*list)->size()));
    }
    if (const auto* text = argument.If<std::string>()) {
      int64_t characters = 0;
      for (const char c : *text) characters += (c & 0xc0) != 0x80;
      return CypherValue(characters);
    }
  }
  return Misfit(expression, argument);
}

Result<CypherValue> EvaluateUnary(const Expression& expression, const CypherValue& value) {
  switch (expression.kind) {
    case Kind::kProperty:
      return GetProperty(expression, value);
    case Kind::kHasLabels:
      return HasLabels(expression, value);
    case Kind::kFunction:
      return Call(expression, value);
    case Kind::kIsNull:
      return CypherValue(value.is_null());
    case Kind::kIsNotNull:
      return CypherValue(!value.is_null());
    case Kind::kNot:
      if (value.is_null()) return CypherValue();
      if (!value.If<bool>()) return Misfit(expression, value);
      return CypherValue(!value.is_true());
    default:
      if (value.is_null()) return CypherValue();
      if (const double* real = value.If<double>()) return CypherValue(-*real);
      if (!value.If<int64_t>()) return Misfit(expression, value);
      int64_t result = 0;
      if (__builtin_sub_overflow(int64_t{0}, *value.If<int64_t>(), &result)) {
        return ErrorAt(expression.position, "integer overflow");
      }
      return CypherValue(result);
  }
}

Result<CypherValue> EvaluateBinary(const Expression& expression, const CypherValue& a,
                                   const CypherValue& b) {
  switch (expression.kind) {
    case Kind::kOr:
    case Kind::kXor:
    case Kind::kAnd:
      return Logic(expression, a, b);
    case Kind::kEqual:
      return Equals(a, b);
    case Kind::kNotEqual: {
      const CypherValue equal = Equals(a, b);
      if (equal.is_null()) return CypherValue();
      return CypherValue(!equal.is_true());
    }
    case Kind::kLess:
    case Kind::kLessOrEqual:
    case Kind::kGreater:
    case Kind::kGreaterOrEqual:
      return Relate(expression.kind, a, b);
    case Kind::kIn:
      return IsIn(expression, a, b);
    case Kind::kStartsWith:
    case Kind::kEndsWith:
    case Kind::kContains:
      return MatchText(expression.kind, a, b);
    default:
      return Calculate(expression, a, b);
  }
}

Result<CypherValue> EvaluateList(const Expression& expression, const Bindings& bindings) {
  std::vector<CypherValue> values;
  for (const ExpressionPtr& argument : expression.arguments) {
    Result<CypherValue> value = Evaluate(*argument, bindings);
    if (!value.ok()) return value;
    values.push_back(*std::move(value));
  }
  return ListOf(std::move(values));
}

}  // namespace

Result<CypherValue> Evaluate(const Expression& expression, const Bindings& bindings) {
  if (expression.kind == Kind::kLiteral) return expression.value;
  if (expression.kind == Kind::kVariable) return bindings[expression.slot];
  if (expression.kind == Kind::kList) return EvaluateList(expression, bindings);
  const Result<CypherValue> first = Evaluate(*expression.arguments[0], bindings);
  if (!first.ok() || expression.arguments.size() == 1) {
    return first.ok() ? EvaluateUnary(expression, *first) : first;
  }
  // What is decided already need not be computed.
  const bool is_or = expression.kind == Kind::kOr, is_and = expression.kind == Kind::kAnd;
  if ((is_or || is_and) && first->If<bool>() && first->is_true() == is_or) return first;
  const Result<CypherValue> second = Evaluate(*expression.arguments[1], bindings);
  return second.ok() ? EvaluateBinary(expression, *first, *second) : second;
}

void CollectSlots(const Expression& expression, std::vector<int>& slots) {
  if (expression.kind == Kind::kVariable) slots.push_back(expression.slot);
  for (const ExpressionPtr& argument : expression.arguments) CollectSlots(*argument, slots);
}

}  // namespace prism::memstore::cypher
