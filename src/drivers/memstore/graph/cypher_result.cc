#include "drivers/memstore/graph/cypher_result.h"

#include <algorithm>
#include <limits>

namespace prism::memstore::cypher {
namespace {

using Kind = Expression::Kind;

Status TooMuch() {
  return ResourceExhaustedError("the result has more than " + std::to_string(kMaxRows) +
                                " rows or " + std::to_string(kMaxResultBytes) + " bytes")
      .WithHint("add a LIMIT, narrow the pattern or aggregate");
}

int64_t BytesOfRow(const Row& row) {
  int64_t bytes = sizeof(Row);
  for (const CypherValue& value : row) bytes += BytesOf(value);
  return bytes;
}

}  // namespace

Status Accumulator::AddNumber(const Expression& aggregate, const CypherValue& value) {
  const int64_t* integer = value.If<int64_t>();
  if (!value.is_number()) {
    return ErrorAt(aggregate.position, "'" + aggregate.name + "' takes numbers only");
  }
  if (!integer) {
    is_real_ = true;
    real_ += *value.If<double>();
  } else if (aggregate.name == "avg") {
    real_ += static_cast<double>(*integer);
  } else if (__builtin_add_overflow(integers_, *integer, &integers_)) {
    return ErrorAt(aggregate.position, "integer overflow");
  }
  return OkStatus();
}

Status Accumulator::Add(const Expression& aggregate, const CypherValue& value, int64_t& bytes) {
  if (value.is_null()) return OkStatus();
  if (aggregate.distinct) {
    if (!seen_.insert(value).second) return OkStatus();
    bytes += BytesOf(value);
  }
  ++count_;
  if (aggregate.name == "sum" || aggregate.name == "avg") return AddNumber(aggregate, value);
  if (aggregate.name == "collect") {
    bytes += BytesOf(value);
    list_.push_back(value);
  } else if (aggregate.name == "min" || aggregate.name == "max") {
    const int order = CompareAll(value, extreme_);
    if (count_ == 1 || (aggregate.name == "min" ? order < 0 : order > 0)) extreme_ = value;
  }
  return OkStatus();
}

CypherValue Accumulator::Finish(const Expression& aggregate) const {
  if (aggregate.name == "count") return count_;
  if (aggregate.name == "collect") return ListOf(list_);
  if (aggregate.name == "sum") {
    return is_real_ ? CypherValue(real_ + static_cast<double>(integers_)) : CypherValue(integers_);
  }
  if (aggregate.name == "avg") {
    return count_ == 0 ? CypherValue() : CypherValue(real_ / static_cast<double>(count_));
  }
  return extreme_;
}

uint64_t ResultBuilder::wanted() const {
  if (!query_.has_limit) return std::numeric_limits<uint64_t>::max();
  const uint64_t sum = query_.skip + query_.limit;
  return sum < query_.skip ? std::numeric_limits<uint64_t>::max() : sum;
}

Result<bool> ResultBuilder::Add(const Bindings& bindings) {
  if (query_.has_limit && query_.limit == 0) return false;
  if (query_.aggregates) {
    PRISM_RETURN_IF_ERROR(AddToGroup(bindings));
    return true;
  }
  Row row, keys;
  for (const Item& item : query_.items) {
    Result<CypherValue> value = Evaluate(*item.expression, bindings);
    if (!value.ok()) return std::move(value).status();
    row.push_back(*std::move(value));
  }
  if (query_.distinct) {
    if (!seen_.insert(row).second) return true;
    bytes_ += BytesOfRow(row);
    if (seen_.size() > kMaxRows) return TooMuch();
  }
  for (const Order& order : query_.order) {
    if (!order.expression) {
      keys.push_back(row[order.column]);
      continue;
    }
    Result<CypherValue> value = Evaluate(*order.expression, bindings);
    if (!value.ok()) return std::move(value).status();
    keys.push_back(*std::move(value));
  }
  return AddRow(std::move(row), std::move(keys));
}

Result<bool> ResultBuilder::AddRow(Row row, Row keys) {
  const bool ordered = !query_.order.empty();
  // Without an order, what is to be skipped need not be kept.
  if (!ordered && skipped_ < query_.skip) {
    ++skipped_;
    return true;
  }
  bytes_ += BytesOfRow(row) + BytesOfRow(keys);
  rows_.push_back({std::move(keys), std::move(row), added_++});
  if (!ordered) {
    if (query_.has_limit && rows_.size() == query_.limit) return false;
  } else if (wanted() <= kMaxRows && rows_.size() >= 2 * wanted() + 64) {
    Prune();
  }
  const bool pruned_later = ordered && wanted() <= kMaxRows;
  const size_t most = pruned_later ? 2 * kMaxRows + 64 : kMaxRows;
  if (rows_.size() <= most && bytes_ <= kMaxResultBytes) return true;
  if (!pruned_later) return TooMuch();
  Prune();
  return bytes_ <= kMaxResultBytes ? Result<bool>(true) : Result<bool>(TooMuch());
}

bool ResultBuilder::Before(const Keyed& a, const Keyed& b) const {
  for (size_t i = 0; i < query_.order.size(); ++i) {
    const int order = CompareAll(a.keys[i], b.keys[i]);
    if (order != 0) return query_.order[i].descending ? order > 0 : order < 0;
  }
  return a.order < b.order;
}

// Keeps the first of those that are wanted.
void ResultBuilder::Prune() {
  if (rows_.size() <= wanted()) return;
  const auto end = rows_.begin() + static_cast<int64_t>(wanted());
  std::nth_element(rows_.begin(), end, rows_.end(),
                   [this](const Keyed& a, const Keyed& b) { return Before(a, b); });
  for (auto at = end; at != rows_.end(); ++at) bytes_ -= BytesOfRow(at->row) + BytesOfRow(at->keys);
  rows_.erase(end, rows_.end());
}

Status ResultBuilder::AddToGroup(const Bindings& bindings) {
  Row key;
  for (const Item& item : query_.items) {
    if (item.expression->kind == Kind::kAggregate) continue;
    Result<CypherValue> value = Evaluate(*item.expression, bindings);
    if (!value.ok()) return std::move(value).status();
    key.push_back(*std::move(value));
  }
  const int64_t key_bytes = BytesOfRow(key);
  const auto [group, fresh] = groups_.try_emplace(std::move(key));
  if (fresh) bytes_ += key_bytes;
  std::vector<Accumulator>& accumulators = group->second;
  accumulators.resize(query_.items.size());
  for (size_t i = 0; i < query_.items.size(); ++i) {
    const Expression& aggregate = *query_.items[i].expression;
    if (aggregate.kind != Kind::kAggregate) continue;
    CypherValue value = true;  // count(*) counts all
    if (!aggregate.arguments.empty()) {
      Result<CypherValue> argument = Evaluate(*aggregate.arguments[0], bindings);
      if (!argument.ok()) return std::move(argument).status();
      value = *std::move(argument);
    }
    PRISM_RETURN_IF_ERROR(accumulators[i].Add(aggregate, value, bytes_));
  }
  return groups_.size() > kMaxRows || bytes_ > kMaxResultBytes ? TooMuch() : OkStatus();
}

Status ResultBuilder::FinishGroups() {
  const bool grouped = std::any_of(query_.items.begin(), query_.items.end(), [](const Item& item) {
    return item.expression->kind != Kind::kAggregate;
  });
  if (!grouped) groups_[{}].resize(query_.items.size());
  for (const auto& [key, accumulators] : groups_) {
    Row row, keys;
    size_t next_key = 0;
    for (size_t i = 0; i < query_.items.size(); ++i) {
      const Expression& expression = *query_.items[i].expression;
      const bool aggregate = expression.kind == Kind::kAggregate;
      row.push_back(aggregate ? accumulators[i].Finish(expression) : key[next_key++]);
    }
    if (query_.distinct && !seen_.insert(row).second) continue;
    for (const Order& order : query_.order) keys.push_back(row[order.column]);
    rows_.push_back({std::move(keys), std::move(row), added_++});
  }
  return OkStatus();
}

Result<std::vector<Row>> ResultBuilder::Finish() {
  const bool skip_now = query_.aggregates || !query_.order.empty();
  if (query_.aggregates) PRISM_RETURN_IF_ERROR(FinishGroups());
  std::sort(rows_.begin(), rows_.end(),
            [this](const Keyed& a, const Keyed& b) { return Before(a, b); });
  std::vector<Row> rows;
  for (size_t i = skip_now ? query_.skip : 0; i < rows_.size(); ++i) {
    if (query_.has_limit && rows.size() == query_.limit) break;
    rows.push_back(std::move(rows_[i].row));
  }
  if (rows.size() > kMaxRows) return TooMuch();
  return rows;
}

}  // namespace prism::memstore::cypher
