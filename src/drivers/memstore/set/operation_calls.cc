#include "base/request_context.h"
#include "drivers/contract/set.h"
#include "drivers/memstore/set/calls.h"

namespace prism::memstore {
namespace {

using namespace set::v1;  // NOLINT

template <class Request>
std::vector<std::string_view> SetsOf(const Request& request) {
  return {request.sets().begin(), request.sets().end()};
}

}  // namespace

Stream<OperationResponse> SetCalls::Combine(SetOperation operation, RequestContext& ctx,
                                            const OperationRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<MemberSet> result = sets_.Combine(operation, SetsOf(request));
  if (!result.ok()) co_return result.status();
  OperationResponse response;
  for (size_t at = 0; at < result->size();) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    response.Clear();
    AnswerRoom room;
    for (size_t rows = 0; rows < kMaxAnswerRows && at < result->size(); ++rows, ++at) {
      const Value& member = (*result)[at].value;
      if (!room.Take(member.size())) break;
      response.add_members(member.view().data(), member.size());
    }
    co_yield response;
  }
  co_return OkStatus();
}

Status SetCalls::Store(SetOperation operation, const StoreRequest& request,
                       StoreResponse& response) {
  PRISM_RETURN_IF_ERROR(Check(request));
  Result<uint64_t> size = sets_.Store(operation, request.destination(), SetsOf(request));
  if (!size.ok()) return std::move(size).status();
  response.set_size(*size);
  return OkStatus();
}

Stream<OperationResponse> SetCalls::Union(RequestContext& ctx, const OperationRequest& request) {
  return Combine(SetOperation::kUnion, ctx, request);
}

Stream<OperationResponse> SetCalls::Intersection(RequestContext& ctx,
                                                 const OperationRequest& request) {
  return Combine(SetOperation::kIntersection, ctx, request);
}

Stream<OperationResponse> SetCalls::Difference(RequestContext& ctx,
                                               const OperationRequest& request) {
  return Combine(SetOperation::kDifference, ctx, request);
}

Task<Status> SetCalls::UnionStore(RequestContext&, const StoreRequest& request,
                                  StoreResponse& response) {
  co_return Store(SetOperation::kUnion, request, response);
}

Task<Status> SetCalls::IntersectionStore(RequestContext&, const StoreRequest& request,
                                         StoreResponse& response) {
  co_return Store(SetOperation::kIntersection, request, response);
}

Task<Status> SetCalls::DifferenceStore(RequestContext&, const StoreRequest& request,
                                       StoreResponse& response) {
  co_return Store(SetOperation::kDifference, request, response);
}

Task<Status> SetCalls::IntersectionSize(RequestContext&, const IntersectionSizeRequest& request,
                                        SizeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Result<uint64_t> size = sets_.IntersectionSize(SetsOf(request), request.limit());
  if (!size.ok()) co_return std::move(size).status();
  response.set_size(*size);
  co_return OkStatus();
}

}  // namespace prism::memstore
