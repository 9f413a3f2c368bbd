#pragma once

#include "interfaces/backend.h"
#include "interfaces/set_basic.prism.h"
#include "interfaces/set_cardinality.prism.h"
#include "interfaces/set_operations.prism.h"
#include "interfaces/set_random.prism.h"
#include "loop/stream.h"
#include "loop/task.h"
#include "prism/interfaces/set_basic.pb.h"
#include "prism/interfaces/set_cardinality.pb.h"
#include "prism/interfaces/set_operations.pb.h"
#include "prism/interfaces/set_random.pb.h"

// As forwarding.h, for sets.
namespace prism::conformance::testing {

class ForwardSetBasic : public SetBasic {
 public:
  explicit ForwardSetBasic(Backend& real) : real_(*FindAs<SetBasic>(real)) {}

  Task<Status> Add(RequestContext& ctx, const set::v1::AddRequest& request,
                   set::v1::AddResponse& response) override {
    return real_.Add(ctx, request, response);
  }
  Task<Status> Remove(RequestContext& ctx, const set::v1::RemoveRequest& request,
                      set::v1::RemoveResponse& response) override {
    return real_.Remove(ctx, request, response);
  }
  Task<Status> Contains(RequestContext& ctx, const set::v1::ContainsRequest& request,
                        set::v1::ContainsResponse& response) override {
    return real_.Contains(ctx, request, response);
  }
  Stream<set::v1::GetMembersResponse> GetMembers(
      RequestContext& ctx, const set::v1::GetMembersRequest& request) override {
    return real_.GetMembers(ctx, request);
  }
  Task<Status> Clear(RequestContext& ctx, const set::v1::ClearRequest& request,
                     set::v1::ClearResponse& response) override {
    return real_.Clear(ctx, request, response);
  }

 protected:
  SetBasic& real_;
};

class ForwardSetOperations : public SetOperations {
 public:
  explicit ForwardSetOperations(Backend& real) : real_(*FindAs<SetOperations>(real)) {}

  Stream<set::v1::OperationResponse> Union(RequestContext& ctx,
                                           const set::v1::OperationRequest& request) override {
    return real_.Union(ctx, request);
  }
  Stream<set::v1::OperationResponse> Intersection(
      RequestContext& ctx, const set::v1::OperationRequest& request) override {
    return real_.Intersection(ctx, request);
  }
  Stream<set::v1::OperationResponse> Difference(RequestContext& ctx,
                                                const set::v1::OperationRequest& request) override {
    return real_.Difference(ctx, request);
  }
  Task<Status> UnionStore(RequestContext& ctx, const set::v1::StoreRequest& request,
                          set::v1::StoreResponse& response) override {
    return real_.UnionStore(ctx, request, response);
  }
  Task<Status> IntersectionStore(RequestContext& ctx, const set::v1::StoreRequest& request,
                                 set::v1::StoreResponse& response) override {
    return real_.IntersectionStore(ctx, request, response);
  }
  Task<Status> DifferenceStore(RequestContext& ctx, const set::v1::StoreRequest& request,
                               set::v1::StoreResponse& response) override {
    return real_.DifferenceStore(ctx, request, response);
  }

 protected:
  SetOperations& real_;
};

class ForwardSetCardinality : public SetCardinality {
 public:
  explicit ForwardSetCardinality(Backend& real) : real_(*FindAs<SetCardinality>(real)) {}

  Task<Status> Size(RequestContext& ctx, const set::v1::SizeRequest& request,
                    set::v1::SizeResponse& response) override {
    return real_.Size(ctx, request, response);
  }
  Task<Status> IntersectionSize(RequestContext& ctx,
                                const set::v1::IntersectionSizeRequest& request,
                                set::v1::SizeResponse& response) override {
    return real_.IntersectionSize(ctx, request, response);
  }

 protected:
  SetCardinality& real_;
};

class ForwardSetRandom : public SetRandom {
 public:
  explicit ForwardSetRandom(Backend& real) : real_(*FindAs<SetRandom>(real)) {}

  Task<Status> GetRandom(RequestContext& ctx, const set::v1::GetRandomRequest& request,
                         set::v1::GetRandomResponse& response) override {
    return real_.GetRandom(ctx, request, response);
  }
  Task<Status> Pop(RequestContext& ctx, const set::v1::PopRequest& request,
                   set::v1::PopResponse& response) override {
    return real_.Pop(ctx, request, response);
  }

 protected:
  SetRandom& real_;
};

}  // namespace prism::conformance::testing
