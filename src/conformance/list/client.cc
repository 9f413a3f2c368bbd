#include "conformance/list/client.h"

#include <set>

namespace prism::conformance::lists {

Values Letters(std::string_view letters) {
  Values values;
  for (const char letter : letters) values.emplace_back(1, letter);
  return values;
}

Values Numbers(int n, int first) {
  Values values;
  for (int i = 0; i < n; ++i) values.push_back(std::to_string(first + i));
  return values;
}

std::map<std::string, int> Occurrences(const Values& values) {
  std::map<std::string, int> times;
  for (const std::string& value : values) ++times[value];
  return times;
}

PushRequest PushOf(std::string list, const Values& values) {
  PushRequest request = Of<PushRequest>(std::move(list));
  for (const std::string& value : values) request.add_values(value);
  return request;
}

PopRequest PopOf(std::string list, uint64_t count) {
  PopRequest request = Of<PopRequest>(std::move(list));
  request.set_count(count);
  return request;
}

Values BadNames() {
  Values names = {""};
  names.emplace_back(kMaxNameBytes + 1, 'n');
  names.emplace_back(3 * kMaxNameBytes, 'n');
  return names;
}

Task<int64_t> Lists::PushLeft(std::string list, Values values, Where where) {
  caller_.Note(list);
  const auto pushed =
      co_await caller_.Call(&ListBasicStub::PushLeft, PushOf(std::move(list), values), where);
  co_return pushed.length();
}

Task<int64_t> Lists::PushRight(std::string list, Values values, Where where) {
  caller_.Note(list);
  const auto pushed =
      co_await caller_.Call(&ListBasicStub::PushRight, PushOf(std::move(list), values), where);
  co_return pushed.length();
}

Task<Values> Lists::PopLeft(std::string list, uint64_t count, Where where) {
  const auto popped =
      co_await caller_.Call(&ListBasicStub::PopLeft, PopOf(std::move(list), count), where);
  co_return Values(popped.values().begin(), popped.values().end());
}

Task<Values> Lists::PopRight(std::string list, uint64_t count, Where where) {
  const auto popped =
      co_await caller_.Call(&ListBasicStub::PopRight, PopOf(std::move(list), count), where);
  co_return Values(popped.values().begin(), popped.values().end());
}

Task<int64_t> Lists::Length(std::string list, Where where) {
  const auto answer =
      co_await caller_.Call(&ListBasicStub::Length, Of<LengthRequest>(std::move(list)), where);
  co_return answer.length();
}

Task<int64_t> Lists::Clear(std::string list, Where where) {
  const auto cleared =
      co_await caller_.Call(&ListBasicStub::Clear, Of<ClearRequest>(std::move(list)), where);
  co_return cleared.removed();
}

Task<Values> Lists::Drain(std::string list, Where where) {
  Values all;
  for (;;) {
    Values popped = co_await PopLeft(list, kMaxAnswerElements, where);
    if (popped.empty()) co_return all;
    for (std::string& value : popped) all.push_back(std::move(value));
  }
}

// Whether it succeeds is no promise of the contract that is under test.
Task<void> ClearNotedLists(CaseContext& c) {
  if (!c.claims(ListBasic::Info())) co_return;
  const std::set<Noted> lists(c.noted().begin(), c.noted().end());
  for (const Noted& list : lists) {
    Caller caller = c.In(list.name_space);
    (void)co_await caller.Try(&ListBasicStub::Clear, Of<ClearRequest>(list.name));
  }
}

}  // namespace prism::conformance::lists
