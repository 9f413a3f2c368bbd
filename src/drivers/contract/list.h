#pragma once

#include "base/result.h"
#include "drivers/contract/checks.h"
#include "drivers/contract/index_range.h"
#include "prism/interfaces/list_basic.pb.h"
#include "prism/interfaces/list_blocking.pb.h"
#include "prism/interfaces/list_indexing.pb.h"
#include "prism/interfaces/list_range.pb.h"

namespace prism {

// Whether a request of a list interface keeps the contract, whatever the backend: OK or
// INVALID_ARGUMENT naming the field and its limit.
template <class Request>
concept ListRequest = requires(const Request& request) {
  { request.list() } -> std::convertible_to<std::string_view>;
};
template <ListRequest Request>
Status Check(const Request& request) {
  return CheckCollectionName("list", request.list());
}
Status Check(const list::v1::PushRequest& request);
Status Check(const list::v1::PopRequest& request);
Status Check(const list::v1::InsertRequest& request);
Status Check(const list::v1::BlockingPopRequest& request);
Status Check(const list::v1::BlockingMoveRequest& request);

}  // namespace prism
