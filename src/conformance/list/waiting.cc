#include "conformance/list/waiting.h"

namespace prism::conformance::lists {

BlockingPopRequest WaitFor(const Values& lists, int64_t timeout_ms) {
  BlockingPopRequest request;
  for (const std::string& list : lists) request.add_lists(list);
  request.set_timeout_ms(timeout_ms);
  return request;
}

BlockingPopRequest WaitFor(std::string list, int64_t timeout_ms) {
  BlockingPopRequest request;
  request.add_lists(std::move(list));
  request.set_timeout_ms(timeout_ms);
  return request;
}

BlockingMoveRequest MoveOf(std::string source, list::v1::End from, std::string destination,
                           list::v1::End to, int64_t timeout_ms) {
  BlockingMoveRequest request;
  request.set_source(std::move(source));
  request.set_destination(std::move(destination));
  request.set_from(from);
  request.set_to(to);
  request.set_timeout_ms(timeout_ms);
  return request;
}

BlockingMoveRequest MoveOf(std::string source, std::string destination, int64_t timeout_ms) {
  return MoveOf(std::move(source), LEFT, std::move(destination), RIGHT, timeout_ms);
}

std::string NewList(CaseContext& c, std::string_view hint) {
  std::string name = c.Unique(hint);
  c.Note(name);
  return name;
}

void Blocking::CheckPopped(const BlockingPopResponse& popped, Where where) {
  if (popped.found() || (popped.list().empty() && popped.value().empty())) return;
  caller_.Fail("what was not found has a list or a value", where);
}

Task<BlockingPopResponse> Blocking::PopLeft(BlockingPopRequest request, Where where) {
  BlockingPopResponse popped =
      co_await caller_.Call(&ListBlockingStub::BlockingPopLeft, std::move(request), where);
  CheckPopped(popped, where);
  co_return popped;
}

Task<BlockingPopResponse> Blocking::PopRight(BlockingPopRequest request, Where where) {
  BlockingPopResponse popped =
      co_await caller_.Call(&ListBlockingStub::BlockingPopRight, std::move(request), where);
  CheckPopped(popped, where);
  co_return popped;
}

Task<std::optional<std::string>> Blocking::Move(BlockingMoveRequest request, Where where) {
  const BlockingMoveResponse moved =
      co_await caller_.Call(&ListBlockingStub::BlockingMove, std::move(request), where);
  std::optional<std::string> value;
  if (moved.found()) value = moved.value();
  if (!moved.found() && !moved.value().empty()) caller_.Fail("nothing has a value", where);
  co_return value;
}

}  // namespace prism::conformance::lists
