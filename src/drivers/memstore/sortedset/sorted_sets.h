#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "drivers/memstore/named.h"
#include "drivers/memstore/sortedset/range.h"

namespace prism::memstore {

struct Scored {
  Value member;
  double score = 0;
};

enum class AddMode : uint8_t { kAlways, kOnlyNew, kOnlyExisting, kIfGreater, kIfLess };
enum class SortedOperation : uint8_t { kUnion, kIntersection, kDifference };
enum class ScoreJoin : uint8_t { kSum, kMin, kMax };

// The sorted sets of one namespace; any thread. An absent one is one without members. Scores are
// never NaN nor -0. Errors are RESOURCE_EXHAUSTED unless stated, with nothing changed.
class SortedSets {
 public:
  // What an operation works through under the locks of its sets: some 0.1 s.
  static constexpr uint64_t kMaxOperationMembers = 100'000;

  explicit SortedSets(std::shared_ptr<Budget> budget)
      : budget_(std::move(budget)), sets_(budget_) {}

  struct Added {
    uint64_t added = 0;
    uint64_t updated = 0;
  };
  Result<Added> Add(std::string_view name, std::span<const Scored> entries, AddMode mode);
  uint64_t Remove(std::string_view name, std::span<const std::string_view> members);
  std::optional<double> Score(std::string_view name, std::string_view member);
  // INVALID_ARGUMENT if the sum is NaN.
  Result<double> Increment(std::string_view name, const Value& member, double delta);
  uint64_t Size(std::string_view name);
  uint64_t Clear(std::string_view name);

  struct Part {
    std::vector<Scored> entries;
    bool more = false;
  };
  // As many as fit in an answer, and no more than `limit` unless that is 0.
  Part Read(std::string_view name, const ResolveRange& range, bool reverse, uint64_t offset,
            uint64_t limit);
  uint64_t Count(std::string_view name, const ResolveRange& range);
  uint64_t RemoveRange(std::string_view name, const ResolveRange& range);

  struct Place {
    uint64_t rank = 0;
    double score = 0;
  };
  std::optional<Place> Rank(std::string_view name, std::string_view member, bool reverse);

  struct Source {
    std::string_view name;
    double weight = 1;
  };
  // In order, as of one moment, and charged to the budget while it exists.
  struct Combined {
    std::vector<Scored> entries;
    Charged charged;
  };
  Result<Combined> Combine(SortedOperation operation, std::span<const Source> sources,
                           ScoreJoin aggregate);
  // Puts the result in place of `destination` and returns its size.
  Result<uint64_t> Store(SortedOperation operation, std::string_view destination,
                         std::span<const Source> sources, ScoreJoin aggregate);

 private:
  using Locked = Named<SortedSet>::Locked;

  const std::shared_ptr<Budget> budget_;
  Named<SortedSet> sets_;
};

}  // namespace prism::memstore
