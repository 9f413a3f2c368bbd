#include <algorithm>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_set.h"
#include "conformance/testing/pause.h"

namespace prism::conformance::testing {
namespace {

using namespace set::v1;  // NOLINT

// A group is visible while it is only half there, and two clients are told that they were first.
class AddsOneByOne final : public ForwardSetBasic {
 public:
  using ForwardSetBasic::ForwardSetBasic;
  Task<Status> Add(RequestContext& ctx, const AddRequest& request, AddResponse& response) override {
    AddRequest half;
    half.set_set(request.set());
    for (int i = 0; i < request.members_size() / 2; ++i) half.add_members(request.members(i));
    if (half.members_size() > 0) {
      Task<Status> first = real_.Add(ctx, half, response);
      Status status = co_await first;
      if (!status.ok()) co_return status;
      co_await Pause();
    }
    const uint64_t before = response.added();
    Task<Status> all = real_.Add(ctx, request, response);
    Status status = co_await all;
    response.set_added(before + response.added());
    co_return status;
  }
};

class LooksBeforeItAdds final : public ForwardSetBasic {
 public:
  using ForwardSetBasic::ForwardSetBasic;
  Task<Status> Add(RequestContext& ctx, const AddRequest& request, AddResponse& response) override {
    ContainsRequest look;
    look.set_set(request.set());
    *look.mutable_members() = request.members();
    ContainsResponse there;
    {
      Task<Status> contains = real_.Contains(ctx, look, there);
      Status status = co_await contains;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    Task<Status> add = real_.Add(ctx, request, response);
    Status status = co_await add;
    const auto fresh = std::count(there.contained().begin(), there.contained().end(), false);
    response.set_added(static_cast<uint64_t>(fresh));
    co_return status;
  }
};

class CountsAllAsRemoved final : public ForwardSetBasic {
 public:
  using ForwardSetBasic::ForwardSetBasic;
  Task<Status> Remove(RequestContext& ctx, const RemoveRequest& request,
                      RemoveResponse& response) override {
    Task<Status> remove = real_.Remove(ctx, request, response);
    Status status = co_await remove;
    response.set_removed(static_cast<uint64_t>(request.members_size()));
    co_return status;
  }
};

class IgnoresTheLimit final : public ForwardSetBasic {
 public:
  using ForwardSetBasic::ForwardSetBasic;
  Stream<GetMembersResponse> GetMembers(RequestContext& ctx,
                                        const GetMembersRequest& request) override {
    GetMembersRequest changed = request;
    changed.set_limit(0);
    Stream<GetMembersResponse> pages = real_.GetMembers(ctx, changed);
    while (GetMembersResponse* page = co_await pages.Next()) co_yield *page;
    co_return pages.status();
  }
};

class IgnoresTheCursor final : public ForwardSetBasic {
 public:
  using ForwardSetBasic::ForwardSetBasic;
  Stream<GetMembersResponse> GetMembers(RequestContext& ctx,
                                        const GetMembersRequest& request) override {
    GetMembersRequest changed = request;
    changed.clear_cursor();
    Stream<GetMembersResponse> pages = real_.GetMembers(ctx, changed);
    while (GetMembersResponse* page = co_await pages.Next()) co_yield *page;
    co_return pages.status();
  }
};

class DropsMembers final : public ForwardSetBasic {
 public:
  using ForwardSetBasic::ForwardSetBasic;
  Stream<GetMembersResponse> GetMembers(RequestContext& ctx,
                                        const GetMembersRequest& request) override {
    Stream<GetMembersResponse> pages = real_.GetMembers(ctx, request);
    while (GetMembersResponse* page = co_await pages.Next()) {
      if (page->members_size() > 1) page->mutable_members()->RemoveLast();
      co_yield *page;
    }
    co_return pages.status();
  }
};

// Adds the result to what was there.
class KeepsTheDestination final : public ForwardSetOperations {
 public:
  using ForwardSetOperations::ForwardSetOperations;
  Task<Status> UnionStore(RequestContext& ctx, const StoreRequest& request,
                          StoreResponse& response) override {
    StoreRequest changed = request;
    if (request.sets_size() > 0 && request.sets_size() < 128) {
      changed.add_sets(request.destination());
    }
    Task<Status> store = real_.UnionStore(ctx, changed, response);
    co_return co_await store;
  }
};

// Reads set by set, each at a moment of its own.
class ReadsOneAfterAnother final : public ForwardSetOperations {
 public:
  using ForwardSetOperations::ForwardSetOperations;
  Stream<OperationResponse> Union(RequestContext& ctx, const OperationRequest& request) override {
    std::vector<std::string> members;
    for (const std::string& set : request.sets()) {
      OperationRequest one;
      one.add_sets(set);
      Stream<OperationResponse> pages = real_.Union(ctx, one);
      while (OperationResponse* page = co_await pages.Next()) {
        members.insert(members.end(), page->members().begin(), page->members().end());
      }
      if (!pages.status().ok()) co_return pages.status();
      co_await Pause();
    }
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    OperationResponse all;
    all.mutable_members()->Add(members.begin(), members.end());
    if (!members.empty()) co_yield all;
    co_return OkStatus();
  }
};

class TurnsTheDifference final : public ForwardSetOperations {
 public:
  using ForwardSetOperations::ForwardSetOperations;
  Stream<OperationResponse> Difference(RequestContext& ctx,
                                       const OperationRequest& request) override {
    OperationRequest changed = request;
    std::reverse(changed.mutable_sets()->begin(), changed.mutable_sets()->end());
    Stream<OperationResponse> pages = real_.Difference(ctx, changed);
    while (OperationResponse* page = co_await pages.Next()) co_yield *page;
    co_return pages.status();
  }
};

class CountsBeyondTheLimit final : public ForwardSetCardinality {
 public:
  using ForwardSetCardinality::ForwardSetCardinality;
  Task<Status> IntersectionSize(RequestContext& ctx, const IntersectionSizeRequest& request,
                                SizeResponse& response) override {
    IntersectionSizeRequest changed = request;
    changed.clear_limit();
    Task<Status> size = real_.IntersectionSize(ctx, changed, response);
    co_return co_await size;
  }
};

// The size of the first set alone.
class CountsTheFirstSet final : public ForwardSetCardinality {
 public:
  using ForwardSetCardinality::ForwardSetCardinality;
  Task<Status> IntersectionSize(RequestContext& ctx, const IntersectionSizeRequest& request,
                                SizeResponse& response) override {
    IntersectionSizeRequest changed = request;
    while (changed.sets_size() > 1) changed.mutable_sets()->RemoveLast();
    Task<Status> size = real_.IntersectionSize(ctx, changed, response);
    co_return co_await size;
  }
};

// Reads first and removes later, so two may read the same.
class PopsTwice final : public SetRandom {
 public:
  explicit PopsTwice(Backend& real)
      : real_(*FindAs<SetRandom>(real)), basic_(*FindAs<SetBasic>(real)) {}
  Task<Status> GetRandom(RequestContext& ctx, const GetRandomRequest& request,
                         GetRandomResponse& response) override {
    return real_.GetRandom(ctx, request, response);
  }
  Task<Status> Pop(RequestContext& ctx, const PopRequest& request, PopResponse& response) override {
    GetRandomRequest pick;
    pick.set_set(request.set());
    pick.set_count(request.count());
    GetRandomResponse picked;
    {
      Task<Status> get = real_.GetRandom(ctx, pick, picked);
      Status status = co_await get;
      if (!status.ok() || picked.members().empty()) co_return status;
    }
    co_await Pause();
    *response.mutable_members() = picked.members();
    RemoveRequest remove;
    remove.set_set(request.set());
    *remove.mutable_members() = picked.members();
    RemoveResponse removed;
    Task<Status> gone = basic_.Remove(ctx, remove, removed);
    co_return co_await gone;
  }

 private:
  SetRandom& real_;
  SetBasic& basic_;
};

class PicksWithRepeats final : public ForwardSetRandom {
 public:
  using ForwardSetRandom::ForwardSetRandom;
  Task<Status> GetRandom(RequestContext& ctx, const GetRandomRequest& request,
                         GetRandomResponse& response) override {
    GetRandomRequest changed = request;
    changed.set_repeats(true);
    Task<Status> get = real_.GetRandom(ctx, changed, response);
    co_return co_await get;
  }
};

// Draws one member and returns it again and again.
class PicksTheSameAgain final : public ForwardSetRandom {
 public:
  using ForwardSetRandom::ForwardSetRandom;
  Task<Status> GetRandom(RequestContext& ctx, const GetRandomRequest& request,
                         GetRandomResponse& response) override {
    Task<Status> get = real_.GetRandom(ctx, request, response);
    Status status = co_await get;
    if (!status.ok() || !request.repeats()) co_return status;
    for (std::string& member : *response.mutable_members()) member = response.members(0);
    co_return status;
  }
};

constexpr Fault kFaults[] = {
    {"adds_one_by_one", "set_basic", "groups_are_added_at_once", &Replace<AddsOneByOne, SetBasic>},
    {"looks_before_it_adds", "set_basic", "each_member_is_added_once",
     &Replace<LooksBeforeItAdds, SetBasic>},
    {"counts_doubles_as_added", "set_basic", "add_counts_what_is_new",
     &Replace<LooksBeforeItAdds, SetBasic>},
    {"counts_all_as_removed", "set_basic", "remove_counts_what_was_there",
     &Replace<CountsAllAsRemoved, SetBasic>},
    {"removes_for_many", "set_basic", "each_member_is_removed_once",
     &Replace<CountsAllAsRemoved, SetBasic>},
    {"lists_beyond_the_limit", "set_basic", "limit_ends_the_stream",
     &Replace<IgnoresTheLimit, SetBasic>},
    {"lists_from_the_start", "set_basic", "cursors_resume", &Replace<IgnoresTheCursor, SetBasic>},
    {"lists_with_foreign_cursors", "set_basic", "foreign_cursors_are_refused",
     &Replace<IgnoresTheCursor, SetBasic>},
    {"lists_with_damaged_cursors", "set_basic", "damaged_cursors_are_refused",
     &Replace<IgnoresTheCursor, SetBasic>},
    {"drops_members", "set_basic", "pages_hold_a_thousand_members",
     &Replace<DropsMembers, SetBasic>},
    {"drops_members_under_writes", "set_basic", "listing_is_weakly_consistent",
     &Replace<DropsMembers, SetBasic>},
    {"keeps_the_destination", "set_operations", "store_replaces_the_destination",
     &Replace<KeepsTheDestination, SetOperations>},
    {"reads_one_after_another", "set_operations", "streams_are_of_one_moment",
     &Replace<ReadsOneAfterAnother, SetOperations>},
    {"unions_on_one_page", "set_operations", "results_come_in_pages",
     &Replace<ReadsOneAfterAnother, SetOperations>},
    {"turns_the_difference", "set_operations", "difference_is_in_the_first_alone",
     &Replace<TurnsTheDifference, SetOperations>},
    {"counts_beyond_the_limit", "set_cardinality", "limit_stops_the_count",
     &Replace<CountsBeyondTheLimit, SetCardinality>},
    {"counts_the_first_set", "set_cardinality", "intersection_size_counts_shared_members",
     &Replace<CountsTheFirstSet, SetCardinality>},
    {"pops_twice", "set_random", "no_member_is_popped_twice", &Replace<PopsTwice, SetRandom>},
    {"picks_with_repeats", "set_random", "small_sets_return_all",
     &Replace<PicksWithRepeats, SetRandom>},
    {"picks_the_same_again", "set_random", "every_member_has_its_chance",
     &Replace<PicksTheSameAgain, SetRandom>},
};

}  // namespace

std::span<const Fault> SetFaults() { return kFaults; }

}  // namespace prism::conformance::testing
