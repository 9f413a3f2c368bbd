#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "drivers/contract/index_range.h"
#include "drivers/memstore/named.h"
#include "drivers/memstore/set/member_set.h"

namespace prism::memstore {

enum class SetOperation : uint8_t { kUnion, kIntersection, kDifference };

// The sets of one namespace; any thread. An absent set is one without members. Errors are
// RESOURCE_EXHAUSTED, with nothing changed.
class Sets {
 public:
  // What an operation works through under the sets' locks: well below 0.1 s.
  static constexpr uint64_t kMaxOperationMembers = 250'000;

  explicit Sets(std::shared_ptr<Budget> budget) : budget_(std::move(budget)), sets_(budget_) {}

  // How many of the members were new.
  Result<uint64_t> Add(std::string_view name, std::span<const Value> members);
  uint64_t Remove(std::string_view name, std::span<const std::string_view> members);
  std::vector<bool> Contains(std::string_view name, std::span<const std::string_view> members);
  uint64_t Size(std::string_view name);
  uint64_t Clear(std::string_view name);

  // A walk from kStart to 0, which passes each member that stays in the set at least once, and
  // just once if nothing is removed meanwhile.
  static constexpr uint64_t kStart = UINT64_MAX;
  struct Page {
    std::vector<Value> members;
    uint64_t next = 0;
  };
  Page Walk(std::string_view name, uint64_t from, uint64_t max_members);

  // Each as many as fit in an answer. Distinct members unless `repeats`.
  std::vector<Value> Draw(std::string_view name, uint64_t count, bool repeats);
  std::vector<Value> Pop(std::string_view name, uint64_t count);

  // The result as of one moment, charged to the budget while it exists.
  Result<MemberSet> Combine(SetOperation operation, std::span<const std::string_view> names);
  // Puts the result in place of `destination` and returns its size.
  Result<uint64_t> Store(SetOperation operation, std::string_view destination,
                         std::span<const std::string_view> names);
  // 0 as `limit` means none.
  Result<uint64_t> IntersectionSize(std::span<const std::string_view> names, uint64_t limit);

 private:
  using Locked = Named<MemberSet>::Locked;

  Result<uint64_t> Replace(Locked& locked, std::string_view destination, const MemberSet& by);

  const std::shared_ptr<Budget> budget_;
  Named<MemberSet> sets_;
};

}  // namespace prism::memstore
