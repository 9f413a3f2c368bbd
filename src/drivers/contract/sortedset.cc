#include "drivers/contract/sortedset.h"

#include <cmath>

namespace prism {
namespace {

using namespace sortedset::v1;  // NOLINT

template <class Request>
Status CheckName(const Request& request) {
  return CheckCollectionName("set", request.set());
}

template <class Request>
Status CheckOne(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckName(request));
  return CheckMember(request.member());
}

template <class Request>
Status CheckScores(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckName(request));
  PRISM_RETURN_IF_ERROR(CheckScore("min", request.min().score()));
  return CheckScore("max", request.max().score());
}

template <class Request>
Status CheckLex(const Request& request) {
  PRISM_RETURN_IF_ERROR(CheckName(request));
  PRISM_RETURN_IF_ERROR(CheckMember(request.min().member()));
  return CheckMember(request.max().member());
}

Status CheckSource(const Source& source, bool difference) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("sources", source.set()));
  if (source.has_weight() && !std::isfinite(source.weight())) {
    return InvalidArgumentError("weight must be finite");
  }
  if (source.has_weight() && difference) {
    return InvalidArgumentError("weight: a difference keeps the scores of its first source");
  }
  return OkStatus();
}

template <class Request>
Status CheckSources(const Request& request, bool difference) {
  PRISM_RETURN_IF_ERROR(
      CheckRange("the number of sources", request.sources_size(), 1, kMaxOperationSources));
  PRISM_RETURN_IF_ERROR(CheckRange("aggregate", request.aggregate(), SUM, MAX));
  if (difference && request.aggregate() != SUM) {
    return InvalidArgumentError("aggregate: a difference keeps the scores of its first source");
  }
  for (const Source& source : request.sources()) {
    PRISM_RETURN_IF_ERROR(CheckSource(source, difference));
  }
  return OkStatus();
}

}  // namespace

Status CheckScore(std::string_view field, double score) {
  if (!std::isnan(score)) return OkStatus();
  return InvalidArgumentError(std::string(field) + " is NaN; a score is a number or infinite");
}

Status Check(const AddRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckName(request));
  PRISM_RETURN_IF_ERROR(
      CheckRange("the number of entries", request.entries_size(), 1, kMaxAnswerRows));
  PRISM_RETURN_IF_ERROR(CheckRange("mode", request.mode(), ALWAYS, IF_LESS));
  for (int i = 0; i < request.entries_size(); ++i) {
    PRISM_RETURN_IF_ERROR(AtEntry(CheckMember(request.entries(i).member()), i));
    PRISM_RETURN_IF_ERROR(AtEntry(CheckScore("score", request.entries(i).score()), i));
  }
  return OkStatus();
}

Status Check(const RemoveRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckName(request));
  PRISM_RETURN_IF_ERROR(
      CheckRange("the number of members", request.members_size(), 1, kMaxAnswerRows));
  for (const std::string& member : request.members()) PRISM_RETURN_IF_ERROR(CheckMember(member));
  return OkStatus();
}

Status Check(const IncrementRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckOne(request));
  return CheckScore("delta", request.delta());
}

Status Check(const GetScoreRequest& request) { return CheckOne(request); }
Status Check(const RankRequest& request) { return CheckOne(request); }
Status Check(const SizeRequest& request) { return CheckName(request); }
Status Check(const ClearRequest& request) { return CheckName(request); }
Status Check(const GetRangeByIndexRequest& request) { return CheckName(request); }
Status Check(const RemoveRangeByIndexRequest& request) { return CheckName(request); }
Status Check(const GetRangeByScoreRequest& request) { return CheckScores(request); }
Status Check(const CountByScoreRequest& request) { return CheckScores(request); }
Status Check(const RemoveRangeByScoreRequest& request) { return CheckScores(request); }
Status Check(const GetRangeByLexRequest& request) { return CheckLex(request); }
Status Check(const CountByLexRequest& request) { return CheckLex(request); }
Status Check(const RemoveRangeByLexRequest& request) { return CheckLex(request); }

Status Check(const OperationRequest& request, bool difference) {
  return CheckSources(request, difference);
}

Status Check(const StoreRequest& request, bool difference) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("destination", request.destination()));
  return CheckSources(request, difference);
}

}  // namespace prism
