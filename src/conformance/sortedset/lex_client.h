#pragma once

#include <string>
#include <vector>

#include "conformance/sortedset/client.h"
#include "interfaces/sortedset_lex.prism.h"
#include "prism/interfaces/sortedset_lex.pb.h"

namespace prism::conformance::sorted {

struct LexRange {
  std::optional<LexBound> min = {};
  std::optional<LexBound> max = {};
  bool reverse = false;
  uint64_t offset = 0;
  uint64_t limit = 0;
};

LexBound BoundOf(std::string member, bool exclusive = false);
// As mathematicians write it: "[a,c]", "(a,c)"; an empty place is no bound: "[,c]".
LexRange Between(std::string_view bounds);
LexRange Part(LexRange range, bool reverse, uint64_t offset, uint64_t limit);

GetRangeByLexRequest ByLexOf(std::string set, const LexRange& range);
CountByLexRequest CountByLexOf(std::string set, const LexRange& range);
RemoveRangeByLexRequest RemoveByLexOf(std::string set, const LexRange& range);

// sortedset_lex of one sorted set as plain functions: all must succeed.
class Lex {
 public:
  Lex(Caller& caller, const SortedSet& set) : caller_(caller), name_(set.name()) {}

  Task<GetRangeByLexResponse> Read(LexRange range, Where where = Where::current());
  Task<uint64_t> Count(LexRange range, Where where = Where::current());
  Task<uint64_t> Remove(LexRange range, Where where = Where::current());
  // Part by part, each of which must fit.
  Task<Members> ReadOn(CaseContext& c, LexRange range, Where where = Where::current());

  // What is read, back and forth, and counted, all of it: must be these members.
  Task<void> ExpectIs(CaseContext& c, LexRange range, Members expected,
                      Where where = Where::current());

 private:
  Caller& caller_;
  const std::string name_;
};

Members MembersOf(const GetRangeByLexResponse& answer);
// Entries that all have the same score.
Entries WithScore(const Members& members, double score);

}  // namespace prism::conformance::sorted
