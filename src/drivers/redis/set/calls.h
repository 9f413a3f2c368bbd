#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "drivers/redis/keyspace.h"
#include "interfaces/backend.h"
#include "interfaces/set_basic.prism.h"
#include "interfaces/set_cardinality.prism.h"
#include "interfaces/set_operations.prism.h"
#include "interfaces/set_random.prism.h"

namespace prism::redis {

// The set contracts on one worker. A set is a Redis set, "s:" and its name.
class SetCalls final : public Provides<SetBasic, SetOperations, SetCardinality, SetRandom> {
 public:
  explicit SetCalls(std::shared_ptr<Keyspace> keyspace)
      : keyspace_(std::move(keyspace)), prefix_(keyspace_->Prefix("s")) {}

  Task<Status> Add(RequestContext& ctx, const set::v1::AddRequest& request,
                   set::v1::AddResponse& response) override;
  Task<Status> Remove(RequestContext& ctx, const set::v1::RemoveRequest& request,
                      set::v1::RemoveResponse& response) override;
  Task<Status> Contains(RequestContext& ctx, const set::v1::ContainsRequest& request,
                        set::v1::ContainsResponse& response) override;
  Stream<set::v1::GetMembersResponse> GetMembers(
      RequestContext& ctx, const set::v1::GetMembersRequest& request) override;
  Task<Status> Clear(RequestContext& ctx, const set::v1::ClearRequest& request,
                     set::v1::ClearResponse& response) override;

  Stream<set::v1::OperationResponse> Union(RequestContext& ctx,
                                           const set::v1::OperationRequest& request) override;
  Stream<set::v1::OperationResponse> Intersection(
      RequestContext& ctx, const set::v1::OperationRequest& request) override;
  Stream<set::v1::OperationResponse> Difference(RequestContext& ctx,
                                                const set::v1::OperationRequest& request) override;
  Task<Status> UnionStore(RequestContext& ctx, const set::v1::StoreRequest& request,
                          set::v1::StoreResponse& response) override;
  Task<Status> IntersectionStore(RequestContext& ctx, const set::v1::StoreRequest& request,
                                 set::v1::StoreResponse& response) override;
  Task<Status> DifferenceStore(RequestContext& ctx, const set::v1::StoreRequest& request,
                               set::v1::StoreResponse& response) override;

  Task<Status> Size(RequestContext& ctx, const set::v1::SizeRequest& request,
                    set::v1::SizeResponse& response) override;
  Task<Status> IntersectionSize(RequestContext& ctx,
                                const set::v1::IntersectionSizeRequest& request,
                                set::v1::SizeResponse& response) override;

  Task<Status> GetRandom(RequestContext& ctx, const set::v1::GetRandomRequest& request,
                         set::v1::GetRandomResponse& response) override;
  Task<Status> Pop(RequestContext& ctx, const set::v1::PopRequest& request,
                   set::v1::PopResponse& response) override;

 private:
  resp::Joined KeyOf(std::string_view set) const { return {prefix_, set}; }
  Stream<set::v1::OperationResponse> Combine(std::string_view verb, RequestContext& ctx,
                                             const set::v1::OperationRequest& request);
  Task<Status> Store(std::string_view verb, RequestContext& ctx,
                     const set::v1::StoreRequest& request, set::v1::StoreResponse& response);

  const std::shared_ptr<Keyspace> keyspace_;
  const std::string prefix_;
};

}  // namespace prism::redis
