#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "drivers/redis/keyspace.h"
#include "interfaces/backend.h"
#include "interfaces/list_basic.prism.h"
#include "interfaces/list_blocking.prism.h"
#include "interfaces/list_indexing.prism.h"
#include "interfaces/list_range.prism.h"

namespace prism::redis {

// The list contracts on one worker. A list is a Redis list, "l:" and its name.
class ListCalls final : public Provides<ListBasic, ListIndexing, ListRange, ListBlocking> {
 public:
  explicit ListCalls(std::shared_ptr<Keyspace> keyspace)
      : keyspace_(std::move(keyspace)), prefix_(keyspace_->Prefix("l")) {}

  Task<Status> PushLeft(RequestContext& ctx, const list::v1::PushRequest& request,
                        list::v1::PushResponse& response) override;
  Task<Status> PushRight(RequestContext& ctx, const list::v1::PushRequest& request,
                         list::v1::PushResponse& response) override;
  Task<Status> PopLeft(RequestContext& ctx, const list::v1::PopRequest& request,
                       list::v1::PopResponse& response) override;
  Task<Status> PopRight(RequestContext& ctx, const list::v1::PopRequest& request,
                        list::v1::PopResponse& response) override;
  Task<Status> Length(RequestContext& ctx, const list::v1::LengthRequest& request,
                      list::v1::LengthResponse& response) override;
  Task<Status> Clear(RequestContext& ctx, const list::v1::ClearRequest& request,
                     list::v1::ClearResponse& response) override;

  Task<Status> Get(RequestContext& ctx, const list::v1::GetRequest& request,
                   list::v1::GetResponse& response) override;
  Task<Status> Set(RequestContext& ctx, const list::v1::SetRequest& request,
                   list::v1::SetResponse& response) override;
  Task<Status> Insert(RequestContext& ctx, const list::v1::InsertRequest& request,
                      list::v1::InsertResponse& response) override;
  Task<Status> Remove(RequestContext& ctx, const list::v1::RemoveRequest& request,
                      list::v1::RemoveResponse& response) override;

  Task<Status> GetRange(RequestContext& ctx, const list::v1::GetRangeRequest& request,
                        list::v1::GetRangeResponse& response) override;
  Task<Status> Trim(RequestContext& ctx, const list::v1::TrimRequest& request,
                    list::v1::TrimResponse& response) override;

  Task<Status> BlockingPopLeft(RequestContext& ctx, const list::v1::BlockingPopRequest& request,
                               list::v1::BlockingPopResponse& response) override;
  Task<Status> BlockingPopRight(RequestContext& ctx, const list::v1::BlockingPopRequest& request,
                                list::v1::BlockingPopResponse& response) override;
  Task<Status> BlockingMove(RequestContext& ctx, const list::v1::BlockingMoveRequest& request,
                            list::v1::BlockingMoveResponse& response) override;

 private:
  resp::Joined KeyOf(std::string_view list) const { return {prefix_, list}; }
  Task<Status> Push(RequestContext& ctx, std::string_view verb,
                    const list::v1::PushRequest& request, list::v1::PushResponse& response);
  Task<Status> Pop(RequestContext& ctx, std::string_view verb, const list::v1::PopRequest& request,
                   list::v1::PopResponse& response);
  Task<Status> BlockingPop(RequestContext& ctx, std::string_view side,
                           const list::v1::BlockingPopRequest& request,
                           list::v1::BlockingPopResponse& response);
  void Answer(resp::Reply& reply, list::v1::BlockingPopResponse& response) const;

  const std::shared_ptr<Keyspace> keyspace_;
  const std::string prefix_;
};

}  // namespace prism::redis
