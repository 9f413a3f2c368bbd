#include "conformance/sortedset/range_client.h"

#include <algorithm>
#include <cstdlib>

namespace prism::conformance::sorted {
namespace {

template <class Request>
void SetBounds(Request& request, const std::string& bounds) {
  const size_t comma = bounds.find(',');
  const std::string min = bounds.substr(1, comma - 1);
  const std::string max = bounds.substr(comma + 1, bounds.size() - comma - 2);
  if (!min.empty()) {
    request.mutable_min()->set_score(std::strtod(min.c_str(), nullptr));
    request.mutable_min()->set_exclusive(bounds.front() == '(');
  }
  if (!max.empty()) {
    request.mutable_max()->set_score(std::strtod(max.c_str(), nullptr));
    request.mutable_max()->set_exclusive(bounds.back() == ')');
  }
}

}  // namespace

GetRangeByIndexRequest ByIndexOf(std::string set, IndexRange range) {
  GetRangeByIndexRequest request = Of<GetRangeByIndexRequest>(std::move(set));
  request.set_start(range.start);
  if (range.stop) request.set_stop(*range.stop);
  request.set_reverse(range.reverse);
  return request;
}

RemoveRangeByIndexRequest RemoveByIndexOf(std::string set, IndexRange range) {
  RemoveRangeByIndexRequest request = Of<RemoveRangeByIndexRequest>(std::move(set));
  request.set_start(range.start);
  if (range.stop) request.set_stop(*range.stop);
  return request;
}

GetRangeByScoreRequest ByScoreOf(std::string set, const ScoreRange& range) {
  GetRangeByScoreRequest request = Of<GetRangeByScoreRequest>(std::move(set));
  SetBounds(request, range.bounds);
  request.set_reverse(range.reverse);
  request.set_offset(range.offset);
  request.set_limit(range.limit);
  return request;
}

CountByScoreRequest CountOf(std::string set, const std::string& bounds) {
  CountByScoreRequest request = Of<CountByScoreRequest>(std::move(set));
  SetBounds(request, bounds);
  return request;
}

RemoveRangeByScoreRequest RemoveByScoreOf(std::string set, const std::string& bounds) {
  RemoveRangeByScoreRequest request = Of<RemoveRangeByScoreRequest>(std::move(set));
  SetBounds(request, bounds);
  return request;
}

Task<GetRangeResponse> Ranges::Read(IndexRange range, Where where) {
  return caller_.Call(&SortedSetRangeStub::GetRangeByIndex, ByIndexOf(name_, range), where);
}

Task<GetRangeResponse> Ranges::Read(ScoreRange range, Where where) {
  return caller_.Call(&SortedSetRangeStub::GetRangeByScore, ByScoreOf(name_, range), where);
}

Task<uint64_t> Ranges::Count(std::string bounds, Where where) {
  const CountResponse answer =
      co_await caller_.Call(&SortedSetRangeStub::CountByScore, CountOf(name_, bounds), where);
  co_return answer.count();
}

Task<uint64_t> Ranges::Remove(IndexRange range, Where where) {
  const RemoveRangeResponse answer = co_await caller_.Call(&SortedSetRangeStub::RemoveRangeByIndex,
                                                           RemoveByIndexOf(name_, range), where);
  co_return answer.removed();
}

Task<uint64_t> Ranges::Remove(std::string bounds, Where where) {
  const RemoveRangeResponse answer = co_await caller_.Call(&SortedSetRangeStub::RemoveRangeByScore,
                                                           RemoveByScoreOf(name_, bounds), where);
  co_return answer.removed();
}

Task<void> Ranges::ExpectIs(CaseContext& c, std::string bounds, Entries expected, Where where) {
  for (const bool reverse : {false, true}) {
    const ScoreRange range = {bounds, reverse};
    const GetRangeResponse answer = co_await Read(range, where);
    const Entries entries = EntriesOf(answer);
    if (entries != expected) c.Fail(bounds + ": " + ShowDifference(entries, expected), where);
    c.Expect(!answer.more(), "all of " + bounds + " is on one answer", where);
    std::reverse(expected.begin(), expected.end());
  }
  const uint64_t count = co_await Count(bounds, where);
  c.Expect(count == expected.size(), bounds + " has " + Show(expected.size()), where);
}

void ExpectFits(CaseContext& c, const GetRangeResponse& answer, Where where) {
  const Entries entries = EntriesOf(answer);
  c.ExpectLe(entries.size(), size_t{kMaxEntries}, "the entries of an answer", where);
  c.ExpectLe(BytesOf(entries), kMaxAnswerBytes, "the bytes of its members", where);
  c.Expect(!entries.empty(), "what has entries is no empty answer", where);
}

}  // namespace prism::conformance::sorted
