#include "conformance/list/indexing_cases.h"

namespace prism::conformance::lists {

GetRequest GetOf(std::string list, int64_t index) {
  GetRequest request = Of<GetRequest>(std::move(list));
  request.set_index(index);
  return request;
}

SetRequest SetOf(std::string list, int64_t index, std::string value) {
  SetRequest request = Of<SetRequest>(std::move(list));
  request.set_index(index);
  request.set_value(std::move(value));
  return request;
}

InsertRequest InsertOf(std::string list, list::v1::Position position, std::string pivot,
                       std::string value) {
  InsertRequest request = Of<InsertRequest>(std::move(list));
  request.set_position(position);
  request.set_pivot(std::move(pivot));
  request.set_value(std::move(value));
  return request;
}

RemoveRequest RemoveOf(std::string list, std::string value, int64_t count) {
  RemoveRequest request = Of<RemoveRequest>(std::move(list));
  request.set_value(std::move(value));
  request.set_count(count);
  return request;
}

Task<std::optional<std::string>> Elements::Get(std::string list, int64_t index, Where where) {
  const auto got =
      co_await caller_.Call(&ListIndexingStub::Get, GetOf(std::move(list), index), where);
  std::optional<std::string> value;
  if (got.found()) value = got.value();
  if (!got.found() && !got.value().empty()) caller_.Fail("what is not found has a value", where);
  co_return value;
}

Task<bool> Elements::Set(std::string list, int64_t index, std::string value, Where where) {
  const auto set = co_await caller_.Call(&ListIndexingStub::Set,
                                         SetOf(std::move(list), index, std::move(value)), where);
  co_return set.found();
}

Task<int64_t> Elements::Insert(InsertRequest request, Where where) {
  const auto inserted = co_await caller_.Call(&ListIndexingStub::Insert, std::move(request), where);
  if (inserted.found() != (inserted.length() > 0)) {
    caller_.Fail("a length is told just when the pivot is found", where);
  }
  co_return inserted.length();
}

Task<int64_t> Elements::InsertBefore(std::string list, std::string pivot, std::string value,
                                     Where where) {
  return Insert(InsertOf(std::move(list), BEFORE, std::move(pivot), std::move(value)), where);
}

Task<int64_t> Elements::InsertAfter(std::string list, std::string pivot, std::string value,
                                    Where where) {
  return Insert(InsertOf(std::move(list), AFTER, std::move(pivot), std::move(value)), where);
}

Task<int64_t> Elements::Remove(std::string list, std::string value, int64_t count, Where where) {
  const auto removed = co_await caller_.Call(
      &ListIndexingStub::Remove, RemoveOf(std::move(list), std::move(value), count), where);
  co_return removed.removed();
}

}  // namespace prism::conformance::lists
