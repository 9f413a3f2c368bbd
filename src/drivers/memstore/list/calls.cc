#include "drivers/memstore/list/calls.h"

#include <algorithm>

#include "drivers/contract/list.h"
#include "drivers/memstore/data.h"

namespace prism::memstore {

using namespace list::v1;  // NOLINT

ListCalls::ListCalls(std::shared_ptr<NamespaceData> data)
    : data_(std::move(data)), lists_(data_->lists) {}

Status ListCalls::Push(End end, const PushRequest& request, PushResponse& response) {
  PRISM_RETURN_IF_ERROR(Check(request));
  std::vector<Value> values;
  values.reserve(request.values_size());
  for (const std::string& value : request.values()) values.push_back(Value::Copy(value));
  Result<uint64_t> length = lists_.Push(request.list(), end, values);
  if (!length.ok()) return std::move(length).status();
  response.set_length(*length);
  return OkStatus();
}

Status ListCalls::Pop(End end, const PopRequest& request, PopResponse& response) {
  PRISM_RETURN_IF_ERROR(Check(request));
  const uint64_t count = std::max<uint64_t>(request.count(), 1);
  for (const Value& value : lists_.Pop(request.list(), end, count)) {
    response.add_values(value.view().data(), value.size());
  }
  return OkStatus();
}

Task<Status> ListCalls::PushLeft(RequestContext&, const PushRequest& request,
                                 PushResponse& response) {
  co_return Push(End::kLeft, request, response);
}

Task<Status> ListCalls::PushRight(RequestContext&, const PushRequest& request,
                                  PushResponse& response) {
  co_return Push(End::kRight, request, response);
}

Task<Status> ListCalls::PopLeft(RequestContext&, const PopRequest& request, PopResponse& response) {
  co_return Pop(End::kLeft, request, response);
}

Task<Status> ListCalls::PopRight(RequestContext&, const PopRequest& request,
                                 PopResponse& response) {
  co_return Pop(End::kRight, request, response);
}

Task<Status> ListCalls::Length(RequestContext&, const LengthRequest& request,
                               LengthResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_length(lists_.Length(request.list()));
  co_return OkStatus();
}

Task<Status> ListCalls::Clear(RequestContext&, const ClearRequest& request,
                              ClearResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_removed(lists_.Clear(request.list()));
  co_return OkStatus();
}

}  // namespace prism::memstore
