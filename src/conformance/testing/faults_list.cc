#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_list.h"
#include "conformance/testing/pause.h"

namespace prism::conformance::testing {
namespace {

class PushesOneByOne final : public ForwardListBasic {
 public:
  using ForwardListBasic::ForwardListBasic;
  Task<Status> PushLeft(RequestContext& ctx, const PushRequest& request,
                        PushResponse& response) override {
    return Push(&ListBasic::PushLeft, ctx, request, response);
  }
  Task<Status> PushRight(RequestContext& ctx, const PushRequest& request,
                         PushResponse& response) override {
    return Push(&ListBasic::PushRight, ctx, request, response);
  }

 private:
  using Method = Task<Status> (ListBasic::*)(RequestContext&, const PushRequest&, PushResponse&);
  Task<Status> Push(Method push, RequestContext& ctx, const PushRequest& request,
                    PushResponse& response) {
    for (const std::string& value : request.values()) {
      PushRequest one;
      one.set_list(request.list());
      one.add_values(value);
      Task<Status> call = (real_.*push)(ctx, one, response);
      Status status = co_await call;
      if (!status.ok()) co_return status;
      co_await Pause();
    }
    co_return OkStatus();
  }
};

// Reads first and removes later.
class PopsTheSameTwice final : public ForwardListBasic {
 public:
  explicit PopsTheSameTwice(Backend& real)
      : ForwardListBasic(real), range_(*FindAs<ListRange>(real)) {}
  Task<Status> PopLeft(RequestContext& ctx, const PopRequest& request,
                       PopResponse& response) override {
    GetRangeRequest get;
    get.set_list(request.list());
    get.set_stop(static_cast<int64_t>(std::max<uint64_t>(request.count(), 1)) - 1);
    GetRangeResponse seen;
    {
      Task<Status> read = range_.GetRange(ctx, get, seen);
      Status status = co_await read;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    PopResponse removed;
    Task<Status> remove = real_.PopLeft(ctx, request, removed);
    Status status = co_await remove;
    *response.mutable_values() = seen.values();
    co_return status;
  }

 private:
  ListRange& range_;
};

class PopsRightInListOrder final : public ForwardListBasic {
 public:
  using ForwardListBasic::ForwardListBasic;
  Task<Status> PopRight(RequestContext& ctx, const PopRequest& request,
                        PopResponse& response) override {
    Task<Status> pop = real_.PopRight(ctx, request, response);
    Status status = co_await pop;
    std::reverse(response.mutable_values()->begin(), response.mutable_values()->end());
    co_return status;
  }
};

class SetGrowsTheList final : public ForwardListIndexing {
 public:
  explicit SetGrowsTheList(Backend& real)
      : ForwardListIndexing(real), basic_(*FindAs<ListBasic>(real)) {}
  Task<Status> Set(RequestContext& ctx, const SetRequest& request, SetResponse& response) override {
    {
      Task<Status> set = real_.Set(ctx, request, response);
      Status status = co_await set;
      if (!status.ok() || response.found()) co_return status;
    }
    PushRequest push;
    push.set_list(request.list());
    push.add_values(request.value());
    PushResponse pushed;
    Task<Status> grow = basic_.PushRight(ctx, push, pushed);
    co_return co_await grow;
  }

 private:
  ListBasic& basic_;
};

class RemovesFromTheLeft final : public ForwardListIndexing {
 public:
  using ForwardListIndexing::ForwardListIndexing;
  Task<Status> Remove(RequestContext& ctx, const RemoveRequest& request,
                      RemoveResponse& response) override {
    RemoveRequest changed = request;
    changed.set_count(std::abs(std::max(request.count(), -INT64_MAX)));
    Task<Status> remove = real_.Remove(ctx, changed, response);
    co_return co_await remove;
  }
};

class InsertsAlwaysBefore final : public ForwardListIndexing {
 public:
  using ForwardListIndexing::ForwardListIndexing;
  Task<Status> Insert(RequestContext& ctx, const InsertRequest& request,
                      InsertResponse& response) override {
    InsertRequest changed = request;
    changed.set_position(BEFORE);
    Task<Status> insert = real_.Insert(ctx, changed, response);
    co_return co_await insert;
  }
};

class LeavesTheStopOut final : public ForwardListRange {
 public:
  using ForwardListRange::ForwardListRange;
  Task<Status> GetRange(RequestContext& ctx, const GetRangeRequest& request,
                        GetRangeResponse& response) override {
    GetRangeRequest changed = request;
    if (request.has_stop() && request.stop() > 0) changed.set_stop(request.stop() - 1);
    Task<Status> get = real_.GetRange(ctx, changed, response);
    co_return co_await get;
  }
};

class NextStartIsTheNumberOfElements final : public ForwardListRange {
 public:
  using ForwardListRange::ForwardListRange;
  Task<Status> GetRange(RequestContext& ctx, const GetRangeRequest& request,
                        GetRangeResponse& response) override {
    Task<Status> get = real_.GetRange(ctx, request, response);
    Status status = co_await get;
    if (response.more()) response.set_next_start(response.values_size());
    co_return status;
  }
};

class TrimsEndByEnd final : public ForwardListRange {
 public:
  using ForwardListRange::ForwardListRange;
  Task<Status> Trim(RequestContext& ctx, const TrimRequest& request,
                    TrimResponse& response) override {
    {
      TrimRequest right = request;
      right.set_start(0);
      Task<Status> trim = real_.Trim(ctx, right, response);
      Status status = co_await trim;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    TrimRequest left = request;
    left.clear_stop();
    Task<Status> trim = real_.Trim(ctx, left, response);
    co_return co_await trim;
  }
};

// Looks now and then instead of waiting in a queue.
class Polls final : public ForwardListBlocking {
 public:
  using ForwardListBlocking::ForwardListBlocking;
  Task<Status> BlockingPopLeft(RequestContext& ctx, const BlockingPopRequest& request,
                               BlockingPopResponse& response) override {
    BlockingPopRequest now = request;
    now.set_timeout_ms(0);
    while (!ctx.cancelled()) {
      Task<Status> pop = real_.BlockingPopLeft(ctx, now, response);
      Status status = co_await pop;
      if (!status.ok() || response.found()) co_return status;
      co_await Pause();
    }
    co_return ctx.cancellation.reason();
  }
};

class WaitsOnWhenCancelled final : public ForwardListBlocking {
 public:
  using ForwardListBlocking::ForwardListBlocking;
  Task<Status> BlockingPopLeft(RequestContext& ctx, const BlockingPopRequest& request,
                               BlockingPopResponse& response) override {
    RequestContext own;
    own.name_space = ctx.name_space;
    Task<Status> pop = real_.BlockingPopLeft(own, request, response);
    co_return co_await pop;
  }
};

class MovesInTwoSteps final : public ForwardListBlocking {
 public:
  explicit MovesInTwoSteps(Backend& real)
      : ForwardListBlocking(real), basic_(*FindAs<ListBasic>(real)) {}
  Task<Status> BlockingMove(RequestContext& ctx, const BlockingMoveRequest& request,
                            BlockingMoveResponse& response) override {
    BlockingPopRequest from;
    from.add_lists(request.source());
    from.set_timeout_ms(request.timeout_ms());
    BlockingPopResponse popped;
    {
      Task<Status> pop = real_.BlockingPopLeft(ctx, from, popped);
      Status status = co_await pop;
      if (!status.ok() || !popped.found()) co_return status;
    }
    co_await Pause();
    response.set_found(true);
    response.set_value(popped.value());
    PushRequest to;
    to.set_list(request.destination());
    to.add_values(popped.value());
    PushResponse pushed;
    Task<Status> push = basic_.PushRight(ctx, to, pushed);
    co_return co_await push;
  }

 private:
  ListBasic& basic_;
};

class TakesListsInAnyOrder final : public ForwardListBlocking {
 public:
  using ForwardListBlocking::ForwardListBlocking;
  Task<Status> BlockingPopLeft(RequestContext& ctx, const BlockingPopRequest& request,
                               BlockingPopResponse& response) override {
    BlockingPopRequest changed = request;
    std::sort(changed.mutable_lists()->begin(), changed.mutable_lists()->end());
    Task<Status> pop = real_.BlockingPopLeft(ctx, changed, response);
    co_return co_await pop;
  }
};

constexpr Fault kFaults[] = {
    {"list_pushes_one_by_one", "list_basic", "batches_stay_whole",
     &Replace<PushesOneByOne, ListBasic>},
    {"list_serves_amid_a_push", "list_basic", "pushes_serve_who_waits",
     &Replace<PushesOneByOne, ListBasic>},
    {"list_pops_the_same_twice", "list_basic", "nothing_is_lost_or_doubled",
     &Replace<PopsTheSameTwice, ListBasic>},
    {"list_pops_right_in_list_order", "list_basic", "pops_at_both_ends",
     &Replace<PopsRightInListOrder, ListBasic>},
    {"list_set_grows", "list_indexing", "set_never_grows_a_list",
     &Replace<SetGrowsTheList, ListIndexing>},
    {"list_removes_from_the_left", "list_indexing", "remove_counts_from_either_end",
     &Replace<RemovesFromTheLeft, ListIndexing>},
    {"list_inserts_always_before", "list_indexing", "inserts_before_and_after",
     &Replace<InsertsAlwaysBefore, ListIndexing>},
    {"list_leaves_the_stop_out", "list_range", "both_ends_are_included",
     &Replace<LeavesTheStopOut, ListRange>},
    {"list_next_start_is_relative", "list_range", "pages_hold_a_thousand",
     &Replace<NextStartIsTheNumberOfElements, ListRange>},
    {"list_trims_end_by_end", "list_range", "trim_is_one_step", &Replace<TrimsEndByEnd, ListRange>},
    {"list_polls", "list_blocking", "plain_pops_find_nothing", &Replace<Polls, ListBlocking>},
    {"list_serves_by_chance", "list_blocking", "first_come_first_served",
     &Replace<Polls, ListBlocking>},
    {"list_waits_on_when_cancelled", "list_blocking", "cancelled_wait_removes_nothing",
     &Replace<WaitsOnWhenCancelled, ListBlocking>},
    {"list_moves_in_two_steps", "list_blocking", "move_is_one_step",
     &Replace<MovesInTwoSteps, ListBlocking>},
    {"list_moved_element_is_missed", "list_blocking", "moved_element_is_always_found",
     &Replace<MovesInTwoSteps, ListBlocking>},
    {"list_takes_lists_in_any_order", "list_blocking", "pops_from_the_first_list_that_has_one",
     &Replace<TakesListsInAnyOrder, ListBlocking>},
};

}  // namespace

std::span<const Fault> ListFaults() { return kFaults; }

}  // namespace prism::conformance::testing
