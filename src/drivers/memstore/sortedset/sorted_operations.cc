#include <algorithm>
#include <cmath>
#include <deque>

#include "drivers/memstore/sortedset/sorted_sets.h"

namespace prism::memstore {
namespace {

struct Input {
  const SortedSet* set;
  double weight;
};
using Inputs = std::vector<Input>;

// Members gathered from several sorted sets.
struct Gathered {
  std::string_view key() const { return value.view(); }
  Value value;
  uint64_t hash;
  double score;
  Gathered* next_in_bucket = nullptr;
};

class Gathering {
 public:
  Gathered* Find(const RankedMember& member) const {
    return table_.Find(member.key(), member.hash);
  }
  void Add(const RankedMember& member, double score) {
    members_.push_back({member.value, member.hash, score});
    table_.Insert(&members_.back());
  }
  std::deque<Gathered>& members() { return members_; }

 private:
  std::deque<Gathered> members_;  // whose elements stay where they are
  HashTable<Gathered> table_;
};

double OrZero(double score) { return std::isnan(score) ? 0 : score + 0.0; }

double Weighed(const RankedMember& member, double weight) { return OrZero(member.score * weight); }

double Join(ScoreJoin aggregate, double a, double b) {
  if (aggregate == ScoreJoin::kMin) return std::min(a, b);
  if (aggregate == ScoreJoin::kMax) return std::max(a, b);
  return OrZero(a + b);
}

uint64_t SumOfSizes(const Inputs& inputs) {
  uint64_t sum = 0;
  for (const Input& input : inputs) sum += input.set->size();
  return sum;
}

Status CheckWork(uint64_t members) {
  if (members <= SortedSets::kMaxOperationMembers) return OkStatus();
  return ResourceExhaustedError("the operation would work through " + std::to_string(members) +
                                " members; at most " +
                                std::to_string(SortedSets::kMaxOperationMembers) + " are allowed");
}

Status Union(const Inputs& inputs, ScoreJoin aggregate, std::vector<Scored>& result) {
  PRISM_RETURN_IF_ERROR(CheckWork(SumOfSizes(inputs)));
  Gathering gathering;
  for (const auto& [set, weight] : inputs) {
    for (RankedMember* member = set->first(); member; member = member->next()) {
      const double score = Weighed(*member, weight);
      if (Gathered* found = gathering.Find(*member)) {
        found->score = Join(aggregate, found->score, score);
      } else {
        gathering.Add(*member, score);
      }
    }
  }
  for (Gathered& member : gathering.members()) {
    result.push_back({std::move(member.value), member.score});
  }
  return OkStatus();
}

// The joined score of a member that all inputs have.
std::optional<double> JoinAll(const Inputs& inputs, ScoreJoin aggregate,
                              const RankedMember& member) {
  std::optional<double> joined;
  for (const auto& [set, weight] : inputs) {
    const RankedMember* found = set->Find(member.key(), member.hash);
    if (!found) return std::nullopt;
    const double score = Weighed(*found, weight);
    joined = joined ? Join(aggregate, *joined, score) : score;
  }
  return joined;
}

// Never more lookups than the inputs have members, as the smallest is the one walked.
Status Intersection(const Inputs& inputs, ScoreJoin aggregate, std::vector<Scored>& result) {
  const SortedSet& smallest =
      *std::min_element(inputs.begin(), inputs.end(), [](const Input& a, const Input& b) {
         return a.set->size() < b.set->size();
       })->set;
  PRISM_RETURN_IF_ERROR(CheckWork(smallest.size()));
  for (RankedMember* member = smallest.first(); member; member = member->next()) {
    const std::optional<double> score = JoinAll(inputs, aggregate, *member);
    if (score) result.push_back({member->value, *score});
  }
  return OkStatus();
}

// Looks the members of the first up in each of the others or, where that is less work, in the union
// of the others.
Status Difference(const Inputs& inputs, std::vector<Scored>& result) {
  const SortedSet& first = *inputs.front().set;
  Inputs others(inputs.begin() + 1, inputs.end());
  std::erase_if(others, [](const Input& other) { return other.set->empty(); });
  const bool join = SumOfSizes(others) < first.size() * others.size();
  PRISM_RETURN_IF_ERROR(
      CheckWork(join ? SumOfSizes(inputs) : first.size() * std::max<size_t>(others.size(), 1)));
  Gathering joined;
  for (size_t i = 0; join && i < others.size(); ++i) {
    for (RankedMember* member = others[i].set->first(); member; member = member->next()) {
      if (!joined.Find(*member)) joined.Add(*member, 0);
    }
  }
  for (RankedMember* member = first.first(); member; member = member->next()) {
    const auto has = [&](const Input& other) {
      return other.set->Find(member->key(), member->hash) != nullptr;
    };
    const bool elsewhere =
        join ? joined.Find(*member) != nullptr : std::any_of(others.begin(), others.end(), has);
    if (!elsewhere) result.push_back({member->value, member->score});
  }
  return OkStatus();
}

Status Compute(SortedOperation operation, Named<SortedSet>::Locked& locked,
               std::span<const SortedSets::Source> sources, ScoreJoin aggregate,
               std::vector<Scored>& result) {
  static const SortedSet absent;
  Inputs inputs;
  for (const auto& [name, weight] : sources) {
    const SortedSet* set = locked.Find(name);
    inputs.push_back({set ? set : &absent, weight});
  }
  if (operation == SortedOperation::kUnion) return Union(inputs, aggregate, result);
  if (operation == SortedOperation::kIntersection) return Intersection(inputs, aggregate, result);
  return Difference(inputs, result);
}

std::vector<std::string_view> NamesOf(std::span<const SortedSets::Source> sources) {
  std::vector<std::string_view> names;
  for (const SortedSets::Source& source : sources) names.push_back(source.name);
  return names;
}

}  // namespace

Result<SortedSets::Combined> SortedSets::Combine(SortedOperation operation,
                                                 std::span<const Source> sources,
                                                 ScoreJoin aggregate) {
  const std::vector<std::string_view> names = NamesOf(sources);
  Combined result;
  {
    Locked locked(sets_, names);
    PRISM_RETURN_IF_ERROR(Compute(operation, locked, sources, aggregate, result.entries));
  }
  result.charged = Charged(budget_);
  PRISM_RETURN_IF_ERROR(
      result.charged.Grow(static_cast<int64_t>(result.entries.capacity() * sizeof(Scored))));
  std::sort(result.entries.begin(), result.entries.end(), [](const Scored& a, const Scored& b) {
    return a.score < b.score || (a.score == b.score && a.member.view() < b.member.view());
  });
  return result;
}

Result<uint64_t> SortedSets::Store(SortedOperation operation, std::string_view destination,
                                   std::span<const Source> sources, ScoreJoin aggregate) {
  std::vector<std::string_view> names = NamesOf(sources);
  names.push_back(destination);
  std::vector<Scored> entries;
  SortedSet stored;  // in the end what the destination held, freed when no lock is held any more
  stored.charged = Charged(budget_);
  Locked locked(sets_, names);
  PRISM_RETURN_IF_ERROR(Compute(operation, locked, sources, aggregate, entries));
  int64_t cost = 0;
  for (const Scored& entry : entries) cost += SortedSet::CostOf(entry.member.view());
  PRISM_RETURN_IF_ERROR(stored.charged.Grow(cost));
  SortedSet* set = locked.Make(destination);
  if (!set) {
    return budget_->Exceeded(Named<SortedSet>::kOverheadBytes +
                             static_cast<int64_t>(destination.size()));
  }
  for (const auto& [member, score] : entries) {
    stored.Add(member, SortedSet::HashOf(member.view()), score);
  }
  std::swap(stored, *set);
  locked.DropIfEmpty(destination);
  return entries.size();
}

}  // namespace prism::memstore
