#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "drivers/redis/keyspace.h"
#include "interfaces/backend.h"
#include "interfaces/sortedset_basic.prism.h"
#include "interfaces/sortedset_lex.prism.h"
#include "interfaces/sortedset_operations.prism.h"
#include "interfaces/sortedset_range.prism.h"
#include "interfaces/sortedset_rank.prism.h"

namespace prism::redis {

// The sortedset contracts on one worker. A sorted set is a Redis sorted set, "z:" and its name.
class SortedSetCalls final : public Provides<SortedSetBasic, SortedSetRange, SortedSetRank,
                                             SortedSetOperations, SortedSetLex> {
 public:
  explicit SortedSetCalls(std::shared_ptr<Keyspace> keyspace)
      : keyspace_(std::move(keyspace)), prefix_(keyspace_->Prefix("z")) {}

  Task<Status> Add(RequestContext& ctx, const sortedset::v1::AddRequest& request,
                   sortedset::v1::AddResponse& response) override;
  Task<Status> Remove(RequestContext& ctx, const sortedset::v1::RemoveRequest& request,
                      sortedset::v1::RemoveResponse& response) override;
  Task<Status> GetScore(RequestContext& ctx, const sortedset::v1::GetScoreRequest& request,
                        sortedset::v1::GetScoreResponse& response) override;
  Task<Status> Increment(RequestContext& ctx, const sortedset::v1::IncrementRequest& request,
                         sortedset::v1::IncrementResponse& response) override;
  Task<Status> Size(RequestContext& ctx, const sortedset::v1::SizeRequest& request,
                    sortedset::v1::SizeResponse& response) override;
  Task<Status> Clear(RequestContext& ctx, const sortedset::v1::ClearRequest& request,
                     sortedset::v1::ClearResponse& response) override;

  Task<Status> GetRangeByIndex(RequestContext& ctx,
                               const sortedset::v1::GetRangeByIndexRequest& request,
                               sortedset::v1::GetRangeResponse& response) override;
  Task<Status> GetRangeByScore(RequestContext& ctx,
                               const sortedset::v1::GetRangeByScoreRequest& request,
                               sortedset::v1::GetRangeResponse& response) override;
  Task<Status> CountByScore(RequestContext& ctx, const sortedset::v1::CountByScoreRequest& request,
                            sortedset::v1::CountResponse& response) override;
  Task<Status> RemoveRangeByIndex(RequestContext& ctx,
                                  const sortedset::v1::RemoveRangeByIndexRequest& request,
                                  sortedset::v1::RemoveRangeResponse& response) override;
  Task<Status> RemoveRangeByScore(RequestContext& ctx,
                                  const sortedset::v1::RemoveRangeByScoreRequest& request,
                                  sortedset::v1::RemoveRangeResponse& response) override;

  Task<Status> Rank(RequestContext& ctx, const sortedset::v1::RankRequest& request,
                    sortedset::v1::RankResponse& response) override;
  Task<Status> ReverseRank(RequestContext& ctx, const sortedset::v1::RankRequest& request,
                           sortedset::v1::RankResponse& response) override;

  Stream<sortedset::v1::OperationResponse> Union(
      RequestContext& ctx, const sortedset::v1::OperationRequest& request) override;
  Stream<sortedset::v1::OperationResponse> Intersection(
      RequestContext& ctx, const sortedset::v1::OperationRequest& request) override;
  Stream<sortedset::v1::OperationResponse> Difference(
      RequestContext& ctx, const sortedset::v1::OperationRequest& request) override;
  Task<Status> UnionStore(RequestContext& ctx, const sortedset::v1::StoreRequest& request,
                          sortedset::v1::StoreResponse& response) override;
  Task<Status> IntersectionStore(RequestContext& ctx, const sortedset::v1::StoreRequest& request,
                                 sortedset::v1::StoreResponse& response) override;
  Task<Status> DifferenceStore(RequestContext& ctx, const sortedset::v1::StoreRequest& request,
                               sortedset::v1::StoreResponse& response) override;

  Task<Status> GetRangeByLex(RequestContext& ctx,
                             const sortedset::v1::GetRangeByLexRequest& request,
                             sortedset::v1::GetRangeByLexResponse& response) override;
  Task<Status> CountByLex(RequestContext& ctx, const sortedset::v1::CountByLexRequest& request,
                          sortedset::v1::CountByLexResponse& response) override;
  Task<Status> RemoveRangeByLex(RequestContext& ctx,
                                const sortedset::v1::RemoveRangeByLexRequest& request,
                                sortedset::v1::RemoveRangeByLexResponse& response) override;

 private:
  resp::Joined KeyOf(std::string_view set) const { return {prefix_, set}; }
  Task<Status> Count(RequestContext& ctx, const resp::Command& command, uint64_t& count);
  Task<Status> RankOf(RequestContext& ctx, std::string_view verb,
                      const sortedset::v1::RankRequest& request,
                      sortedset::v1::RankResponse& response);
  Stream<sortedset::v1::OperationResponse> Combine(std::string_view verb, RequestContext& ctx,
                                                   const sortedset::v1::OperationRequest& request);
  Task<Status> Store(std::string_view verb, RequestContext& ctx,
                     const sortedset::v1::StoreRequest& request,
                     sortedset::v1::StoreResponse& response);

  const std::shared_ptr<Keyspace> keyspace_;
  const std::string prefix_;
};

}  // namespace prism::redis
