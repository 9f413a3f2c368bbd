#include "drivers/contract/sortedset.h"
#include "drivers/memstore/sortedset/calls.h"

namespace prism::memstore {
namespace {

using namespace sortedset::v1;  // NOLINT

// The range of a request with bounds of scores or of members; INVALID_ARGUMENT if one is none.
template <class Request>
Result<ResolveRange> ScoresOf(const Request& request) {
  if (Status status = Check(request); !status.ok()) return status;
  OptionalBound<double> min, max;
  if (request.has_min()) {
    min = {request.min().score(), request.min().exclusive()};
  }
  if (request.has_max()) {
    max = {request.max().score(), request.max().exclusive()};
  }
  return ByScore(min, max);
}

template <class Request>
Result<ResolveRange> MembersOf(const Request& request) {
  if (Status status = Check(request); !status.ok()) return status;
  OptionalBound<std::string> min, max;
  if (request.has_min()) {
    min = {request.min().member(), request.min().exclusive()};
  }
  if (request.has_max()) {
    max = {request.max().member(), request.max().exclusive()};
  }
  return ByLex(std::move(min), std::move(max));
}

void Fill(const SortedSets::Part& part, GetRangeResponse& response) {
  for (const auto& [member, score] : part.entries) {
    sortedset::v1::Entry& entry = *response.add_entries();
    entry.set_member(member.view().data(), member.size());
    entry.set_score(score);
  }
  response.set_more(part.more);
}

}  // namespace

Task<Status> SortedSetCalls::GetRangeByIndex(RequestContext&, const GetRangeByIndexRequest& request,
                                             GetRangeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const ResolveRange range = ByIndex(request.start(), StopOf(request), request.reverse());
  Fill(sets_.Read(request.set(), range, request.reverse(), 0, 0), response);
  co_return OkStatus();
}

Task<Status> SortedSetCalls::GetRangeByScore(RequestContext&, const GetRangeByScoreRequest& request,
                                             GetRangeResponse& response) {
  const Result<ResolveRange> range = ScoresOf(request);
  if (!range.ok()) co_return range.status();
  Fill(sets_.Read(request.set(), *range, request.reverse(), request.offset(), request.limit()),
       response);
  co_return OkStatus();
}

Task<Status> SortedSetCalls::CountByScore(RequestContext&, const CountByScoreRequest& request,
                                          CountResponse& response) {
  const Result<ResolveRange> range = ScoresOf(request);
  if (!range.ok()) co_return range.status();
  response.set_count(sets_.Count(request.set(), *range));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::RemoveRangeByIndex(RequestContext&,
                                                const RemoveRangeByIndexRequest& request,
                                                RemoveRangeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const ResolveRange range = ByIndex(request.start(), StopOf(request), false);
  response.set_removed(sets_.RemoveRange(request.set(), range));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::RemoveRangeByScore(RequestContext&,
                                                const RemoveRangeByScoreRequest& request,
                                                RemoveRangeResponse& response) {
  const Result<ResolveRange> range = ScoresOf(request);
  if (!range.ok()) co_return range.status();
  response.set_removed(sets_.RemoveRange(request.set(), *range));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::GetRangeByLex(RequestContext&, const GetRangeByLexRequest& request,
                                           GetRangeByLexResponse& response) {
  const Result<ResolveRange> range = MembersOf(request);
  if (!range.ok()) co_return range.status();
  const SortedSets::Part part =
      sets_.Read(request.set(), *range, request.reverse(), request.offset(), request.limit());
  for (const Scored& entry : part.entries) {
    response.add_members(entry.member.view().data(), entry.member.size());
  }
  response.set_more(part.more);
  co_return OkStatus();
}

Task<Status> SortedSetCalls::CountByLex(RequestContext&, const CountByLexRequest& request,
                                        CountByLexResponse& response) {
  const Result<ResolveRange> range = MembersOf(request);
  if (!range.ok()) co_return range.status();
  response.set_count(sets_.Count(request.set(), *range));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::RemoveRangeByLex(RequestContext&,
                                              const RemoveRangeByLexRequest& request,
                                              RemoveRangeByLexResponse& response) {
  const Result<ResolveRange> range = MembersOf(request);
  if (!range.ok()) co_return range.status();
  response.set_removed(sets_.RemoveRange(request.set(), *range));
  co_return OkStatus();
}

}  // namespace prism::memstore
