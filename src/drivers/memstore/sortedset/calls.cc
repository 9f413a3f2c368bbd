#include "drivers/memstore/sortedset/calls.h"

#include "drivers/contract/sortedset.h"
#include "drivers/memstore/data.h"

namespace prism::memstore {

using namespace sortedset::v1;  // NOLINT

SortedSetCalls::SortedSetCalls(std::shared_ptr<NamespaceData> data)
    : data_(std::move(data)), sets_(data_->sorted_sets) {}

namespace {

memstore::AddMode ModeOf(sortedset::v1::AddMode mode) {
  switch (mode) {
    case ONLY_NEW:
      return memstore::AddMode::kOnlyNew;
    case ONLY_EXISTING:
      return memstore::AddMode::kOnlyExisting;
    case IF_GREATER:
      return memstore::AddMode::kIfGreater;
    case IF_LESS:
      return memstore::AddMode::kIfLess;
    default:
      return memstore::AddMode::kAlways;
  }
}

}  // namespace

Task<Status> SortedSetCalls::Add(RequestContext&, const AddRequest& request,
                                 AddResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  std::vector<Scored> entries;
  entries.reserve(request.entries_size());
  for (const auto& entry : request.entries()) {
    // The sum makes 0 of -0.
    entries.push_back({Value::Copy(entry.member()), entry.score() + 0.0});
  }
  Result<SortedSets::Added> counts = sets_.Add(request.set(), entries, ModeOf(request.mode()));
  if (!counts.ok()) co_return std::move(counts).status();
  response.set_added(counts->added);
  response.set_updated(counts->updated);
  co_return OkStatus();
}

Task<Status> SortedSetCalls::Remove(RequestContext&, const RemoveRequest& request,
                                    RemoveResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::vector<std::string_view> members(request.members().begin(), request.members().end());
  response.set_removed(sets_.Remove(request.set(), members));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::GetScore(RequestContext&, const GetScoreRequest& request,
                                      GetScoreResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::optional<double> score = sets_.Score(request.set(), request.member());
  response.set_found(score.has_value());
  response.set_score(score.value_or(0));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::Increment(RequestContext&, const IncrementRequest& request,
                                       IncrementResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Value member = Value::Copy(request.member());
  Result<double> score = sets_.Increment(request.set(), member, request.delta() + 0.0);
  if (!score.ok()) co_return std::move(score).status();
  response.set_score(*score);
  co_return OkStatus();
}

Task<Status> SortedSetCalls::Size(RequestContext&, const SizeRequest& request,
                                  SizeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_size(sets_.Size(request.set()));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::Clear(RequestContext&, const ClearRequest& request,
                                   ClearResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_removed(sets_.Clear(request.set()));
  co_return OkStatus();
}

Status SortedSetCalls::RankOf(const RankRequest& request, bool reverse, RankResponse& response) {
  PRISM_RETURN_IF_ERROR(Check(request));
  const auto place = sets_.Rank(request.set(), request.member(), reverse);
  response.set_found(place.has_value());
  if (!place) return OkStatus();
  response.set_rank(place->rank);
  response.set_score(place->score);
  return OkStatus();
}

Task<Status> SortedSetCalls::Rank(RequestContext&, const RankRequest& request,
                                  RankResponse& response) {
  co_return RankOf(request, false, response);
}

Task<Status> SortedSetCalls::ReverseRank(RequestContext&, const RankRequest& request,
                                         RankResponse& response) {
  co_return RankOf(request, true, response);
}

}  // namespace prism::memstore
