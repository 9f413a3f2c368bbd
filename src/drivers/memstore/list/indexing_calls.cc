#include "drivers/contract/list.h"
#include "drivers/memstore/list/calls.h"

namespace prism::memstore {

using namespace list::v1;  // NOLINT

Task<Status> ListCalls::Get(RequestContext&, const GetRequest& request, GetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Value value;
  response.set_found(lists_.Get(request.list(), request.index(), value));
  response.set_value(value.view().data(), value.size());
  co_return OkStatus();
}

Task<Status> ListCalls::Set(RequestContext&, const SetRequest& request, SetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Value value = Value::Copy(request.value());
  Result<bool> found = lists_.Set(request.list(), request.index(), value);
  if (!found.ok()) co_return std::move(found).status();
  response.set_found(*found);
  co_return OkStatus();
}

Task<Status> ListCalls::Insert(RequestContext&, const InsertRequest& request,
                               InsertResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Value value = Value::Copy(request.value());
  Result<uint64_t> length =
      lists_.Insert(request.list(), request.position() == AFTER, request.pivot(), value);
  if (!length.ok()) co_return std::move(length).status();
  response.set_found(*length > 0);
  response.set_length(*length);
  co_return OkStatus();
}

Task<Status> ListCalls::Remove(RequestContext&, const RemoveRequest& request,
                               RemoveResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_removed(lists_.Remove(request.list(), request.value(), request.count()));
  co_return OkStatus();
}

Task<Status> ListCalls::GetRange(RequestContext&, const GetRangeRequest& request,
                                 GetRangeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const int64_t stop = StopOf(request);
  const Lists::Part part = lists_.GetRange(request.list(), request.start(), stop);
  for (const Value& value : part.values) response.add_values(value.view().data(), value.size());
  response.set_more(part.more);
  response.set_next_start(part.next);
  co_return OkStatus();
}

Task<Status> ListCalls::Trim(RequestContext&, const TrimRequest& request, TrimResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const int64_t stop = StopOf(request);
  response.set_length(lists_.Trim(request.list(), request.start(), stop));
  co_return OkStatus();
}

}  // namespace prism::memstore
