#pragma once

#include "interfaces/backend.h"
#include "interfaces/list_basic.prism.h"
#include "interfaces/list_blocking.prism.h"
#include "interfaces/list_indexing.prism.h"
#include "interfaces/list_range.prism.h"
#include "loop/task.h"
#include "prism/interfaces/list_basic.pb.h"
#include "prism/interfaces/list_blocking.pb.h"
#include "prism/interfaces/list_indexing.pb.h"
#include "prism/interfaces/list_range.pb.h"

// As forwarding.h, for the list interfaces.
namespace prism::conformance::testing {

using namespace list::v1;  // NOLINT: only tests include this, for its many messages

class ForwardListBasic : public ListBasic {
 public:
  explicit ForwardListBasic(Backend& real) : real_(*FindAs<ListBasic>(real)) {}

  Task<Status> PushLeft(RequestContext& ctx, const PushRequest& request,
                        PushResponse& response) override {
    return real_.PushLeft(ctx, request, response);
  }
  Task<Status> PushRight(RequestContext& ctx, const PushRequest& request,
                         PushResponse& response) override {
    return real_.PushRight(ctx, request, response);
  }
  Task<Status> PopLeft(RequestContext& ctx, const PopRequest& request,
                       PopResponse& response) override {
    return real_.PopLeft(ctx, request, response);
  }
  Task<Status> PopRight(RequestContext& ctx, const PopRequest& request,
                        PopResponse& response) override {
    return real_.PopRight(ctx, request, response);
  }
  Task<Status> Length(RequestContext& ctx, const LengthRequest& request,
                      LengthResponse& response) override {
    return real_.Length(ctx, request, response);
  }
  Task<Status> Clear(RequestContext& ctx, const ClearRequest& request,
                     ClearResponse& response) override {
    return real_.Clear(ctx, request, response);
  }

 protected:
  ListBasic& real_;
};

class ForwardListIndexing : public ListIndexing {
 public:
  explicit ForwardListIndexing(Backend& real) : real_(*FindAs<ListIndexing>(real)) {}

  Task<Status> Get(RequestContext& ctx, const GetRequest& request, GetResponse& response) override {
    return real_.Get(ctx, request, response);
  }
  Task<Status> Set(RequestContext& ctx, const SetRequest& request, SetResponse& response) override {
    return real_.Set(ctx, request, response);
  }
  Task<Status> Insert(RequestContext& ctx, const InsertRequest& request,
                      InsertResponse& response) override {
    return real_.Insert(ctx, request, response);
  }
  Task<Status> Remove(RequestContext& ctx, const RemoveRequest& request,
                      RemoveResponse& response) override {
    return real_.Remove(ctx, request, response);
  }

 protected:
  ListIndexing& real_;
};

class ForwardListRange : public ListRange {
 public:
  explicit ForwardListRange(Backend& real) : real_(*FindAs<ListRange>(real)) {}

  Task<Status> GetRange(RequestContext& ctx, const GetRangeRequest& request,
                        GetRangeResponse& response) override {
    return real_.GetRange(ctx, request, response);
  }
  Task<Status> Trim(RequestContext& ctx, const TrimRequest& request,
                    TrimResponse& response) override {
    return real_.Trim(ctx, request, response);
  }

 protected:
  ListRange& real_;
};

class ForwardListBlocking : public ListBlocking {
 public:
  explicit ForwardListBlocking(Backend& real) : real_(*FindAs<ListBlocking>(real)) {}

  Task<Status> BlockingPopLeft(RequestContext& ctx, const BlockingPopRequest& request,
                               BlockingPopResponse& response) override {
    return real_.BlockingPopLeft(ctx, request, response);
  }
  Task<Status> BlockingPopRight(RequestContext& ctx, const BlockingPopRequest& request,
                                BlockingPopResponse& response) override {
    return real_.BlockingPopRight(ctx, request, response);
  }
  Task<Status> BlockingMove(RequestContext& ctx, const BlockingMoveRequest& request,
                            BlockingMoveResponse& response) override {
    return real_.BlockingMove(ctx, request, response);
  }

 protected:
  ListBlocking& real_;
};

}  // namespace prism::conformance::testing
