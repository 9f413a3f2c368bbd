#include "drivers/memstore/document/aggregate.h"

#include <limits>

namespace prism::memstore {
namespace {

constexpr size_t kMaxGroups = 10'000;
constexpr size_t kMaxGroupBytes = 16 * 1024 * 1024;
constexpr size_t kAnyLength = std::numeric_limits<size_t>::max();

Status TooManyGroups() {
  return ResourceExhaustedError("more than " + std::to_string(kMaxGroups) +
                                " groups, or more than " + std::to_string(kMaxGroupBytes) +
                                " bytes of group values")
      .WithHint("group by less, or narrow the filter");
}

}  // namespace

Task<Status> DocumentAggregation::Run(RequestContext& ctx) {
  DocumentPlan plan = PlanFor(query_.filter, documents_.UsableIndexes(query_.collection));
  if (!plan.once) plan = {};
  DocumentSource source(documents_, query_.collection, plan, nullptr);
  Turns turns;
  while (true) {
    const std::vector<DocumentPtr> slice = source.Next();
    if (source.TakeRestarted()) groups_.clear(), bytes_ = 0;
    if (slice.empty()) break;
    for (const DocumentPtr& document : slice) {
      if (!query_.filter.Matches(document->json)) continue;
      PRISM_CO_RETURN_IF_ERROR(Add(document->json));
    }
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    if (turns.Over()) PRISM_CO_RETURN_IF_ERROR(co_await turns.Next(ctx.cancellation));
  }
  if (query_.group_by.empty()) groups_[""].results.resize(query_.compute.size());
  co_return OkStatus();
}

Status DocumentAggregation::Add(const Json& document) {
  std::string key;
  for (const FieldPath& path : query_.group_by)
    AppendOrdered(document.First(path), kAnyLength, key);
  auto found = groups_.find(key);
  if (found == groups_.end()) {
    bytes_ += 2 * key.size();
    if (groups_.size() == kMaxGroups || bytes_ > kMaxGroupBytes) return TooManyGroups();
    found = groups_.try_emplace(std::move(key)).first;
    for (const FieldPath& path : query_.group_by) {
      found->second.values.emplace_back(document.First(path));
    }
    found->second.results.resize(query_.compute.size());
  }
  for (size_t i = 0; i < query_.compute.size(); ++i) {
    AddTo(query_.compute[i], document, found->second.results[i]);
  }
  return OkStatus();
}

void DocumentAggregation::AddTo(const DocumentAggregate::Part& part, const Json& document,
                                Tally& tally) {
  if (part.path.empty()) {
    ++tally.count;
    return;
  }
  const Json::Visitor add = [&](const Scalar& scalar) {
    if (part.function == DocumentAggregate::kCount) {
      ++tally.count;
      return false;
    }
    if (part.function == DocumentAggregate::kMinimum ||
        part.function == DocumentAggregate::kMaximum) {
      if (!scalar.is_scalar() || scalar.type == Scalar::Type::kNull) return true;
      const int order = Compare(scalar, tally.extreme.scalar());
      const bool first = tally.extreme.scalar().type == Scalar::Type::kMissing;
      const bool better = part.function == DocumentAggregate::kMinimum ? order < 0 : order > 0;
      if (first || better) tally.extreme = OwnedScalar(scalar);
      return true;
    }
    if (!scalar.is_number()) return true;
    ++tally.count;
    tally.integers += scalar.integer;
    tally.doubles += scalar.real;
    tally.has_doubles |= scalar.type == Scalar::Type::kDouble;
    return true;
  };
  document.Visit(part.path, add);
}

Scalar DocumentAggregation::ResultOf(const Group& group, size_t index) const {
  const Tally& tally = group.results[index];
  const double sum = static_cast<double>(tally.integers) + tally.doubles;
  switch (query_.compute[index].function) {
    case DocumentAggregate::kCount:
      return Scalar::Integer(static_cast<int64_t>(tally.count));
    case DocumentAggregate::kSum: {
      const bool fits = tally.integers <= std::numeric_limits<int64_t>::max() &&
                        tally.integers >= std::numeric_limits<int64_t>::min();
      if (tally.has_doubles || !fits) return Scalar::Double(sum);
      return Scalar::Integer(static_cast<int64_t>(tally.integers));
    }
    case DocumentAggregate::kAverage:
      return tally.count == 0 ? Scalar() : Scalar::Double(sum / static_cast<double>(tally.count));
    default:
      return tally.extreme.scalar();
  }
}

}  // namespace prism::memstore
