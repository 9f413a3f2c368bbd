#include "drivers/memstore/sortedset/calls.h"

#include <cmath>

#include "drivers/contract/checks.h"
#include "drivers/memstore/data.h"
#include "prism/interfaces/sortedset_basic.pb.h"
#include "prism/interfaces/sortedset_rank.pb.h"

namespace prism::memstore {

using namespace sortedset::v1;  // NOLINT

Status CheckScore(std::string_view field, double score) {
  if (!std::isnan(score)) return OkStatus();
  return InvalidArgumentError(std::string(field) + " is NaN; a score is a number or infinite");
}

SortedSetCalls::SortedSetCalls(std::shared_ptr<NamespaceData> data)
    : data_(std::move(data)), sets_(data_->sorted_sets) {}

namespace {

Status CheckAdd(const AddRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("set", request.set()));
  PRISM_RETURN_IF_ERROR(
      CheckRange("the number of entries", request.entries_size(), 1, kMaxAnswerRows));
  PRISM_RETURN_IF_ERROR(CheckRange("mode", request.mode(), ALWAYS, IF_LESS));
  for (int i = 0; i < request.entries_size(); ++i) {
    PRISM_RETURN_IF_ERROR(AtEntry(CheckMember(request.entries(i).member()), i));
    PRISM_RETURN_IF_ERROR(AtEntry(CheckScore("score", request.entries(i).score()), i));
  }
  return OkStatus();
}

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
  PRISM_CO_RETURN_IF_ERROR(CheckAdd(request));
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
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("set", request.set()));
  PRISM_CO_RETURN_IF_ERROR(
      CheckRange("the number of members", request.members_size(), 1, kMaxAnswerRows));
  for (const std::string& member : request.members()) {
    PRISM_CO_RETURN_IF_ERROR(CheckMember(member));
  }
  const std::vector<std::string_view> members(request.members().begin(), request.members().end());
  response.set_removed(sets_.Remove(request.set(), members));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::GetScore(RequestContext&, const GetScoreRequest& request,
                                      GetScoreResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("set", request.set()));
  PRISM_CO_RETURN_IF_ERROR(CheckMember(request.member()));
  const std::optional<double> score = sets_.Score(request.set(), request.member());
  response.set_found(score.has_value());
  response.set_score(score.value_or(0));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::Increment(RequestContext&, const IncrementRequest& request,
                                       IncrementResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("set", request.set()));
  PRISM_CO_RETURN_IF_ERROR(CheckMember(request.member()));
  PRISM_CO_RETURN_IF_ERROR(CheckScore("delta", request.delta()));
  const Value member = Value::Copy(request.member());
  Result<double> score = sets_.Increment(request.set(), member, request.delta() + 0.0);
  if (!score.ok()) co_return std::move(score).status();
  response.set_score(*score);
  co_return OkStatus();
}

Task<Status> SortedSetCalls::Size(RequestContext&, const SizeRequest& request,
                                  SizeResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("set", request.set()));
  response.set_size(sets_.Size(request.set()));
  co_return OkStatus();
}

Task<Status> SortedSetCalls::Clear(RequestContext&, const ClearRequest& request,
                                   ClearResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckCollectionName("set", request.set()));
  response.set_removed(sets_.Clear(request.set()));
  co_return OkStatus();
}

Status SortedSetCalls::RankOf(const RankRequest& request, bool reverse, RankResponse& response) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("set", request.set()));
  PRISM_RETURN_IF_ERROR(CheckMember(request.member()));
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
