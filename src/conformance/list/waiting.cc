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

}  // namespace prism::conformance::lists
