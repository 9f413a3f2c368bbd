#include "conformance/sortedset/lex_client.h"

#include <algorithm>

namespace prism::conformance::sorted {
namespace {

template <class Request>
Request InRange(std::string set, const LexRange& range) {
  Request request = Of<Request>(std::move(set));
  if (range.min) *request.mutable_min() = *range.min;
  if (range.max) *request.mutable_max() = *range.max;
  return request;
}

}  // namespace

LexBound BoundOf(std::string member, bool exclusive) {
  LexBound bound;
  bound.set_member(std::move(member));
  bound.set_exclusive(exclusive);
  return bound;
}

LexRange Between(std::string_view bounds) {
  const size_t comma = bounds.find(',');
  const std::string min(bounds.substr(1, comma - 1));
  const std::string max(bounds.substr(comma + 1, bounds.size() - comma - 2));
  LexRange range;
  if (!min.empty()) range.min = BoundOf(min, bounds.front() == '(');
  if (!max.empty()) range.max = BoundOf(max, bounds.back() == ')');
  return range;
}

LexRange Part(LexRange range, bool reverse, uint64_t offset, uint64_t limit) {
  range.reverse = reverse;
  range.offset = offset;
  range.limit = limit;
  return range;
}

GetRangeByLexRequest ByLexOf(std::string set, const LexRange& range) {
  auto request = InRange<GetRangeByLexRequest>(std::move(set), range);
  request.set_reverse(range.reverse);
  request.set_offset(range.offset);
  request.set_limit(range.limit);
  return request;
}

CountByLexRequest CountByLexOf(std::string set, const LexRange& range) {
  return InRange<CountByLexRequest>(std::move(set), range);
}

RemoveRangeByLexRequest RemoveByLexOf(std::string set, const LexRange& range) {
  return InRange<RemoveRangeByLexRequest>(std::move(set), range);
}

Members MembersOf(const GetRangeByLexResponse& answer) {
  return Members(answer.members().begin(), answer.members().end());
}

Entries WithScore(const Members& members, double score) {
  Entries entries;
  for (const std::string& member : members) entries.emplace_back(member, score);
  return entries;
}

Task<GetRangeByLexResponse> Lex::Read(LexRange range, Where where) {
  return caller_.Call(&SortedSetLexStub::GetRangeByLex, ByLexOf(name_, range), where);
}

Task<uint64_t> Lex::Count(LexRange range, Where where) {
  const CountByLexResponse answer =
      co_await caller_.Call(&SortedSetLexStub::CountByLex, CountByLexOf(name_, range), where);
  co_return answer.count();
}

Task<uint64_t> Lex::Remove(LexRange range, Where where) {
  const RemoveRangeByLexResponse answer = co_await caller_.Call(&SortedSetLexStub::RemoveRangeByLex,
                                                                RemoveByLexOf(name_, range), where);
  co_return answer.removed();
}

Task<Members> Lex::ReadOn(CaseContext& c, LexRange range, Where where) {
  Members all;
  for (bool more = true; more && c.ok();) {
    range.offset = all.size();
    const GetRangeByLexResponse part = co_await Read(range, where);
    size_t bytes = 0;
    for (const std::string& member : part.members()) bytes += member.size();
    c.Expect(part.members_size() > 0, "what has members is no empty answer", where);
    c.ExpectLe(part.members_size(), kMaxEntries, "the members of an answer", where);
    c.ExpectLe(bytes, kMaxAnswerBytes, "their bytes", where);
    all.insert(all.end(), part.members().begin(), part.members().end());
    more = part.more();
  }
  co_return all;
}

Task<void> Lex::ExpectIs(CaseContext& c, LexRange range, Members expected, Where where) {
  const std::string bounds = ByLexOf("", range).ShortDebugString();
  const uint64_t count = co_await Count(range, where);
  c.Expect(count == expected.size(), bounds + " has " + Show(expected.size()), where);
  for (const bool reverse : {false, true}) {
    range.reverse = reverse;
    const GetRangeByLexResponse answer = co_await Read(range, where);
    const Members members = MembersOf(answer);
    if (members != expected) c.Fail(bounds + ": " + ShowDifference(members, expected), where);
    c.Expect(!answer.more(), "all of " + bounds + " is on one answer", where);
    std::reverse(expected.begin(), expected.end());
  }
}

}  // namespace prism::conformance::sorted
