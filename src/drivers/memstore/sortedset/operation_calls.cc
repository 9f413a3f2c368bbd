#include "base/request_context.h"
#include "drivers/contract/sortedset.h"
#include "drivers/memstore/sortedset/calls.h"

namespace prism::memstore {
namespace {

using namespace sortedset::v1;  // NOLINT

template <class Request>
std::vector<SortedSets::Source> SourcesOf(const Request& request) {
  std::vector<SortedSets::Source> sources;
  for (const auto& source : request.sources()) {
    sources.push_back({source.set(), source.has_weight() ? source.weight() : 1});
  }
  return sources;
}

ScoreJoin AggregateOf(sortedset::v1::Aggregate aggregate) {
  if (aggregate == MIN) return ScoreJoin::kMin;
  return aggregate == MAX ? ScoreJoin::kMax : ScoreJoin::kSum;
}

}  // namespace

Stream<OperationResponse> SortedSetCalls::Combine(SortedOperation operation, RequestContext& ctx,
                                                  const OperationRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request, operation == SortedOperation::kDifference));
  const auto result =
      sets_.Combine(operation, SourcesOf(request), AggregateOf(request.aggregate()));
  if (!result.ok()) co_return result.status();
  OperationResponse response;
  for (size_t at = 0; at < result->entries.size();) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    response.Clear();
    AnswerRoom room;
    for (size_t rows = 0; rows < kMaxAnswerRows && at < result->entries.size(); ++rows, ++at) {
      const Scored& scored = result->entries[at];
      if (!room.Take(scored.member.size())) break;
      sortedset::v1::Entry& entry = *response.add_entries();
      entry.set_member(scored.member.view().data(), scored.member.size());
      entry.set_score(scored.score);
    }
    co_yield response;
  }
  co_return OkStatus();
}

Status SortedSetCalls::Store(SortedOperation operation, const StoreRequest& request,
                             StoreResponse& response) {
  PRISM_RETURN_IF_ERROR(Check(request, operation == SortedOperation::kDifference));
  Result<uint64_t> size = sets_.Store(operation, request.destination(), SourcesOf(request),
                                      AggregateOf(request.aggregate()));
  if (!size.ok()) return std::move(size).status();
  response.set_size(*size);
  return OkStatus();
}

Stream<OperationResponse> SortedSetCalls::Union(RequestContext& ctx,
                                                const OperationRequest& request) {
  return Combine(SortedOperation::kUnion, ctx, request);
}

Stream<OperationResponse> SortedSetCalls::Intersection(RequestContext& ctx,
                                                       const OperationRequest& request) {
  return Combine(SortedOperation::kIntersection, ctx, request);
}

Stream<OperationResponse> SortedSetCalls::Difference(RequestContext& ctx,
                                                     const OperationRequest& request) {
  return Combine(SortedOperation::kDifference, ctx, request);
}

Task<Status> SortedSetCalls::UnionStore(RequestContext&, const StoreRequest& request,
                                        StoreResponse& response) {
  co_return Store(SortedOperation::kUnion, request, response);
}

Task<Status> SortedSetCalls::IntersectionStore(RequestContext&, const StoreRequest& request,
                                               StoreResponse& response) {
  co_return Store(SortedOperation::kIntersection, request, response);
}

Task<Status> SortedSetCalls::DifferenceStore(RequestContext&, const StoreRequest& request,
                                             StoreResponse& response) {
  co_return Store(SortedOperation::kDifference, request, response);
}

}  // namespace prism::memstore
