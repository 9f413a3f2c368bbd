#include "drivers/contract/document/plan.h"

#include <algorithm>

namespace prism {
namespace {

using Kind = DocumentFilter::Kind;
using Conditions = std::vector<const DocumentFilter*>;

// The conditions that all must hold.
void Gather(const DocumentFilter& filter, Conditions& conditions) {
  if (filter.kind == Kind::kAllOf) {
    for (const DocumentFilter& part : filter.parts) Gather(part, conditions);
  } else if (filter.kind < Kind::kIn || filter.kind == Kind::kStartsWith) {
    conditions.push_back(&filter);
  }
}

const DocumentFilter* FindEqual(const Conditions& conditions, const FieldPath& path) {
  for (const DocumentFilter* condition : conditions) {
    if (condition->kind == Kind::kEqual && condition->path == path) return condition;
  }
  return nullptr;
}

// The keys that begin with `prefix` and go on with a scalar that meets the condition.
struct Bounds {
  std::string low, high;
};
Bounds BoundsOf(const DocumentFilter& condition, const std::string& prefix) {
  const Scalar& value = condition.values.front();
  Bounds bounds{prefix, prefix};
  if (condition.kind == Kind::kStartsWith) {
    AppendOrderedPrefix(value.text.substr(0, kMaxIndexedTextBytes), bounds.low);
    bounds.high = bounds.low + '\xff';
    return bounds;
  }
  std::string at = prefix;
  AppendOrdered(value, kMaxIndexedTextBytes, at);
  bounds.low += OrderedTag(value);
  bounds.high += static_cast<char>(OrderedTag(value) + 1);
  // No key goes on with 0xff.
  if (condition.kind == Kind::kGreater) bounds.low = at + '\xff';
  if (condition.kind == Kind::kGreaterOrEqual) bounds.low = at;
  if (condition.kind == Kind::kLess) bounds.high = at;
  if (condition.kind == Kind::kLessOrEqual) bounds.high = at + '\xff';
  return bounds;
}

// A longer string than any that is indexed is cut, and then no longer what the condition means.
bool Fits(const DocumentFilter& condition) {
  return condition.values.front().text.size() <= kMaxIndexedTextBytes;
}

// How well the index serves, 0 not at all, and what is to be read of it.
int Try(const Conditions& conditions, const UsableIndex& index, DocumentPlan& plan) {
  std::string prefix;
  size_t equal = 0;
  const auto& paths = index.spec->paths;
  for (; equal < paths.size(); ++equal) {
    const DocumentFilter* condition = FindEqual(conditions, paths[equal]);
    if (!condition || !Fits(*condition)) break;
    AppendOrdered(condition->values.front(), kMaxIndexedTextBytes, prefix);
  }
  plan = {index.spec, prefix, prefix + '\xff', equal == paths.size(), true};
  int score = 2 * static_cast<int>(equal);
  if (equal == paths.size()) return score + 1;
  plan.once = !index.multiple;
  for (const DocumentFilter* condition : conditions) {
    if (condition->path != paths[equal] || condition->kind == Kind::kEqual) continue;
    if (!Fits(*condition)) continue;
    const Bounds bounds = BoundsOf(*condition, prefix);
    const bool first = score % 2 == 0;
    // Different elements of an array may meet the lower and the upper bound.
    if (!first && index.multiple) break;
    plan.low = first ? bounds.low : std::max(plan.low, bounds.low);
    plan.high = first ? bounds.high : std::min(plan.high, bounds.high);
    if (first) ++score;
  }
  return score;
}

}  // namespace

DocumentPlan PlanFor(const DocumentFilter& filter, std::span<const UsableIndex> indexes) {
  Conditions conditions;
  Gather(filter, conditions);
  DocumentPlan best;
  int best_score = 0;
  for (const UsableIndex& index : indexes) {
    DocumentPlan plan;
    const int score = Try(conditions, index, plan);
    if (score <= best_score) continue;
    best_score = score;
    best = std::move(plan);
  }
  return best;
}

}  // namespace prism
