#pragma once

#include "interfaces/backend.h"
#include "interfaces/sortedset_basic.prism.h"
#include "interfaces/sortedset_lex.prism.h"
#include "interfaces/sortedset_operations.prism.h"
#include "interfaces/sortedset_range.prism.h"
#include "interfaces/sortedset_rank.prism.h"
#include "loop/stream.h"
#include "loop/task.h"
#include "prism/interfaces/sortedset_basic.pb.h"
#include "prism/interfaces/sortedset_lex.pb.h"
#include "prism/interfaces/sortedset_operations.pb.h"
#include "prism/interfaces/sortedset_range.pb.h"
#include "prism/interfaces/sortedset_rank.pb.h"

// Each passes its calls on to the real one: the base of fakes that spoil a single method.
namespace prism::conformance::testing::sorted {

using namespace sortedset::v1;  // NOLINT: only tests include this, for its many messages

class ForwardBasic : public SortedSetBasic {
 public:
  explicit ForwardBasic(Backend& real) : real_(*FindAs<SortedSetBasic>(real)) {}

  Task<Status> Add(RequestContext& ctx, const AddRequest& request, AddResponse& response) override {
    return real_.Add(ctx, request, response);
  }
  Task<Status> Remove(RequestContext& ctx, const RemoveRequest& request,
                      RemoveResponse& response) override {
    return real_.Remove(ctx, request, response);
  }
  Task<Status> GetScore(RequestContext& ctx, const GetScoreRequest& request,
                        GetScoreResponse& response) override {
    return real_.GetScore(ctx, request, response);
  }
  Task<Status> Increment(RequestContext& ctx, const IncrementRequest& request,
                         IncrementResponse& response) override {
    return real_.Increment(ctx, request, response);
  }
  Task<Status> Size(RequestContext& ctx, const SizeRequest& request,
                    SizeResponse& response) override {
    return real_.Size(ctx, request, response);
  }
  Task<Status> Clear(RequestContext& ctx, const ClearRequest& request,
                     ClearResponse& response) override {
    return real_.Clear(ctx, request, response);
  }

 protected:
  SortedSetBasic& real_;
};

class ForwardRange : public SortedSetRange {
 public:
  explicit ForwardRange(Backend& real) : real_(*FindAs<SortedSetRange>(real)) {}

  Task<Status> GetRangeByIndex(RequestContext& ctx, const GetRangeByIndexRequest& request,
                               GetRangeResponse& response) override {
    return real_.GetRangeByIndex(ctx, request, response);
  }
  Task<Status> GetRangeByScore(RequestContext& ctx, const GetRangeByScoreRequest& request,
                               GetRangeResponse& response) override {
    return real_.GetRangeByScore(ctx, request, response);
  }
  Task<Status> CountByScore(RequestContext& ctx, const CountByScoreRequest& request,
                            CountResponse& response) override {
    return real_.CountByScore(ctx, request, response);
  }
  Task<Status> RemoveRangeByIndex(RequestContext& ctx, const RemoveRangeByIndexRequest& request,
                                  RemoveRangeResponse& response) override {
    return real_.RemoveRangeByIndex(ctx, request, response);
  }
  Task<Status> RemoveRangeByScore(RequestContext& ctx, const RemoveRangeByScoreRequest& request,
                                  RemoveRangeResponse& response) override {
    return real_.RemoveRangeByScore(ctx, request, response);
  }

 protected:
  SortedSetRange& real_;
};

class ForwardRank : public SortedSetRank {
 public:
  explicit ForwardRank(Backend& real) : real_(*FindAs<SortedSetRank>(real)) {}

  Task<Status> Rank(RequestContext& ctx, const RankRequest& request,
                    RankResponse& response) override {
    return real_.Rank(ctx, request, response);
  }
  Task<Status> ReverseRank(RequestContext& ctx, const RankRequest& request,
                           RankResponse& response) override {
    return real_.ReverseRank(ctx, request, response);
  }

 protected:
  SortedSetRank& real_;
};

class ForwardOperations : public SortedSetOperations {
 public:
  explicit ForwardOperations(Backend& real) : real_(*FindAs<SortedSetOperations>(real)) {}

  Stream<OperationResponse> Union(RequestContext& ctx, const OperationRequest& request) override {
    return real_.Union(ctx, request);
  }
  Stream<OperationResponse> Intersection(RequestContext& ctx,
                                         const OperationRequest& request) override {
    return real_.Intersection(ctx, request);
  }
  Stream<OperationResponse> Difference(RequestContext& ctx,
                                       const OperationRequest& request) override {
    return real_.Difference(ctx, request);
  }
  Task<Status> UnionStore(RequestContext& ctx, const StoreRequest& request,
                          StoreResponse& response) override {
    return real_.UnionStore(ctx, request, response);
  }
  Task<Status> IntersectionStore(RequestContext& ctx, const StoreRequest& request,
                                 StoreResponse& response) override {
    return real_.IntersectionStore(ctx, request, response);
  }
  Task<Status> DifferenceStore(RequestContext& ctx, const StoreRequest& request,
                               StoreResponse& response) override {
    return real_.DifferenceStore(ctx, request, response);
  }

 protected:
  SortedSetOperations& real_;
};

class ForwardLex : public SortedSetLex {
 public:
  explicit ForwardLex(Backend& real) : real_(*FindAs<SortedSetLex>(real)) {}

  Task<Status> GetRangeByLex(RequestContext& ctx, const GetRangeByLexRequest& request,
                             GetRangeByLexResponse& response) override {
    return real_.GetRangeByLex(ctx, request, response);
  }
  Task<Status> CountByLex(RequestContext& ctx, const CountByLexRequest& request,
                          CountByLexResponse& response) override {
    return real_.CountByLex(ctx, request, response);
  }
  Task<Status> RemoveRangeByLex(RequestContext& ctx, const RemoveRangeByLexRequest& request,
                                RemoveRangeByLexResponse& response) override {
    return real_.RemoveRangeByLex(ctx, request, response);
  }

 protected:
  SortedSetLex& real_;
};

}  // namespace prism::conformance::testing::sorted
