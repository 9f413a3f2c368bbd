#pragma once

#include <optional>
#include <string>

#include "conformance/sortedset/client.h"

namespace prism::conformance::sorted {

struct IndexRange {
  int64_t start = 0;
  std::optional<int64_t> stop = {};
  bool reverse = false;
};

// Bounds as mathematicians write them: "[1,3]", "(1,3)", "[-inf,5)"; an empty place is no bound:
// "[,5]".
struct ScoreRange {
  std::string bounds;
  bool reverse = false;
  uint64_t offset = 0;
  uint64_t limit = 0;
};

GetRangeByIndexRequest ByIndexOf(std::string set, IndexRange range);
RemoveRangeByIndexRequest RemoveByIndexOf(std::string set, IndexRange range);
GetRangeByScoreRequest ByScoreOf(std::string set, const ScoreRange& range);
CountByScoreRequest CountOf(std::string set, const std::string& bounds);
RemoveRangeByScoreRequest RemoveByScoreOf(std::string set, const std::string& bounds);

// sortedset_range of one sorted set as plain functions: all must succeed.
class Ranges {
 public:
  Ranges(Caller& caller, const SortedSet& set) : caller_(caller), name_(set.name()) {}

  Task<GetRangeResponse> Read(IndexRange range, Where where = Where::current());
  Task<GetRangeResponse> Read(ScoreRange range, Where where = Where::current());
  Task<uint64_t> Count(std::string bounds, Where where = Where::current());
  Task<uint64_t> Remove(IndexRange range, Where where = Where::current());
  Task<uint64_t> Remove(std::string bounds, Where where = Where::current());

  // What is read, counted and, back and forth, all of it: must be these entries.
  Task<void> ExpectIs(CaseContext& c, std::string bounds, Entries expected,
                      Where where = Where::current());

 private:
  Caller& caller_;
  const std::string name_;
};

// Whether an answer has no more than is allowed.
void ExpectFits(CaseContext& c, const GetRangeResponse& answer, Where where = Where::current());

}  // namespace prism::conformance::sorted
