#include "conformance/list/range_cases.h"

namespace prism::conformance::lists {

GetRangeRequest RangeOf(std::string list, Range range) {
  GetRangeRequest request = Of<GetRangeRequest>(std::move(list));
  request.set_start(range.start);
  if (range.stop) request.set_stop(*range.stop);
  return request;
}

TrimRequest TrimOf(std::string list, Range range) {
  TrimRequest request = Of<TrimRequest>(std::move(list));
  request.set_start(range.start);
  if (range.stop) request.set_stop(*range.stop);
  return request;
}

Task<GetRangeResponse> Ranges::Page(std::string list, Range range, Where where) {
  GetRangeResponse page =
      co_await caller_.Call(&ListRangeStub::GetRange, RangeOf(std::move(list), range), where);
  size_t bytes = 0;
  for (const std::string& value : page.values()) bytes += value.size();
  if (page.values_size() > kMaxAnswerElements) caller_.Fail("too many elements", where);
  if (page.values_size() > 1 && bytes > kMaxAnswerBytes) caller_.Fail("too many bytes", where);
  if (page.more() && page.values().empty()) caller_.Fail("there is more, but nothing yet", where);
  if (!page.more() && page.next_start() != 0) caller_.Fail("no more has a next start", where);
  co_return page;
}

Task<Values> Ranges::Get(std::string list, Range range, Where where) {
  Values all;
  for (;;) {
    const GetRangeResponse page = co_await Page(list, range, where);
    all.insert(all.end(), page.values().begin(), page.values().end());
    if (!page.more() || page.values().empty()) co_return all;
    const auto next = static_cast<int64_t>(page.next_start());
    if (next <= range.start) {
      caller_.Fail("the next start is not behind the last one", where);
      co_return all;
    }
    range.start = next;
  }
}

Task<Values> Ranges::All(std::string list, Where where) {
  return Get(std::move(list), Range(), where);
}

Task<int64_t> Ranges::Trim(std::string list, Range range, Where where) {
  const auto trimmed =
      co_await caller_.Call(&ListRangeStub::Trim, TrimOf(std::move(list), range), where);
  co_return trimmed.length();
}

}  // namespace prism::conformance::lists
