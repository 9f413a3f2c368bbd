#include <algorithm>
#include <cmath>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_sortedset.h"
#include "conformance/testing/pause.h"

namespace prism::conformance::testing {
namespace sorted {
namespace {

// Applies the entries with a mode of its own.
template <AddMode kMode, AddMode kInstead>
class AddsInstead final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Add(RequestContext& ctx, const AddRequest& request, AddResponse& response) override {
    AddRequest changed = request;
    if (request.mode() == kMode) changed.set_mode(kInstead);
    Task<Status> add = real_.Add(ctx, changed, response);
    co_return co_await add;
  }
};

class CountsUnchangedScores final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Add(RequestContext& ctx, const AddRequest& request, AddResponse& response) override {
    Task<Status> add = real_.Add(ctx, request, response);
    Status status = co_await add;
    response.set_updated(request.entries_size() - response.added());
    co_return status;
  }
};

// The last entry first.
class AddsBackwards final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Add(RequestContext& ctx, const AddRequest& request, AddResponse& response) override {
    AddRequest changed = request;
    std::reverse(changed.mutable_entries()->begin(), changed.mutable_entries()->end());
    Task<Status> add = real_.Add(ctx, changed, response);
    co_return co_await add;
  }
};

class AddsInTwoSteps final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Add(RequestContext& ctx, const AddRequest& request, AddResponse& response) override {
    if (request.entries_size() > 1) {
      AddRequest first = request;
      first.mutable_entries()->RemoveLast();
      AddResponse unused;
      {
        Task<Status> add = real_.Add(ctx, first, unused);
        Status status = co_await add;
        if (!status.ok()) co_return status;
      }
      co_await Pause();
    }
    Task<Status> add = real_.Add(ctx, request, response);
    co_return co_await add;
  }
};

class DropsNaN final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Add(RequestContext& ctx, const AddRequest& request, AddResponse& response) override {
    AddRequest changed = request;
    for (Entry& entry : *changed.mutable_entries()) {
      if (std::isnan(entry.score())) entry.set_score(0);
    }
    Task<Status> add = real_.Add(ctx, changed, response);
    co_return co_await add;
  }
};

class CutsMembersAtNul final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Add(RequestContext& ctx, const AddRequest& request, AddResponse& response) override {
    AddRequest changed = request;
    for (Entry& entry : *changed.mutable_entries()) {
      entry.set_member(std::string(entry.member().c_str()));
    }
    Task<Status> add = real_.Add(ctx, changed, response);
    co_return co_await add;
  }
};

// Removes as many as one call may name.
class ClearsAThousand final : public ForwardBasic {
 public:
  explicit ClearsAThousand(Backend& real)
      : ForwardBasic(real), range_(*FindAs<SortedSetRange>(real)) {}
  Task<Status> Clear(RequestContext& ctx, const ClearRequest& request,
                     ClearResponse& response) override {
    RemoveRangeByIndexRequest first;
    first.set_set(request.set());
    first.set_stop(999);
    RemoveRangeResponse removed;
    Task<Status> remove = range_.RemoveRangeByIndex(ctx, first, removed);
    Status status = co_await remove;
    response.set_removed(removed.removed());
    co_return status;
  }

 private:
  SortedSetRange& range_;
};

class ShowsMinusZero final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> GetScore(RequestContext& ctx, const GetScoreRequest& request,
                        GetScoreResponse& response) override {
    Task<Status> get = real_.GetScore(ctx, request, response);
    Status status = co_await get;
    if (response.found() && response.score() == 0) response.set_score(-0.0);
    co_return status;
  }
};

// As a backend does that keeps scores with fewer digits.
class RoundsScores final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> GetScore(RequestContext& ctx, const GetScoreRequest& request,
                        GetScoreResponse& response) override {
    Task<Status> get = real_.GetScore(ctx, request, response);
    Status status = co_await get;
    char text[64];
    std::snprintf(text, sizeof text, "%.15g", response.score());
    response.set_score(std::strtod(text, nullptr));
    co_return status;
  }
};

// Reads first and writes later.
class IncrementsInTwoSteps final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Increment(RequestContext& ctx, const IncrementRequest& request,
                         IncrementResponse& response) override {
    GetScoreRequest get;
    get.set_set(request.set());
    get.set_member(request.member());
    GetScoreResponse before;
    {
      Task<Status> read = real_.GetScore(ctx, get, before);
      Status status = co_await read;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    response.set_score(before.score() + request.delta());
    AddRequest add;
    add.set_set(request.set());
    Entry& entry = *add.add_entries();
    entry.set_member(request.member());
    entry.set_score(response.score());
    AddResponse unused;
    Task<Status> write = real_.Add(ctx, add, unused);
    co_return co_await write;
  }
};

class EqualScoresShareARank final : public ForwardRank {
 public:
  explicit EqualScoresShareARank(Backend& real)
      : ForwardRank(real), range_(*FindAs<SortedSetRange>(real)) {}
  Task<Status> Rank(RequestContext& ctx, const RankRequest& request,
                    RankResponse& response) override {
    {
      Task<Status> rank = real_.Rank(ctx, request, response);
      Status status = co_await rank;
      if (!status.ok() || !response.found()) co_return status;
    }
    CountByScoreRequest below;
    below.set_set(request.set());
    below.mutable_max()->set_score(response.score());
    below.mutable_max()->set_exclusive(true);
    CountResponse count;
    Task<Status> counting = range_.CountByScore(ctx, below, count);
    Status status = co_await counting;
    response.set_rank(count.count());
    co_return status;
  }

 private:
  SortedSetRange& range_;
};

class ReverseRankIsRank final : public ForwardRank {
 public:
  using ForwardRank::ForwardRank;
  Task<Status> ReverseRank(RequestContext& ctx, const RankRequest& request,
                           RankResponse& response) override {
    return real_.Rank(ctx, request, response);
  }
};

class RankBeforeScore final : public ForwardRank {
 public:
  using ForwardRank::ForwardRank;
  Task<Status> Rank(RequestContext& ctx, const RankRequest& request,
                    RankResponse& response) override {
    {
      Task<Status> rank = real_.Rank(ctx, request, response);
      Status status = co_await rank;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    RankResponse later;
    Task<Status> score = real_.Rank(ctx, request, later);
    Status status = co_await score;
    response.set_score(later.score());
    co_return status;
  }
};

class AbsentMembersAreFirst final : public ForwardRank {
 public:
  using ForwardRank::ForwardRank;
  Task<Status> Rank(RequestContext& ctx, const RankRequest& request,
                    RankResponse& response) override {
    Task<Status> rank = real_.Rank(ctx, request, response);
    Status status = co_await rank;
    response.set_found(true);
    co_return status;
  }
};

template <class Fake>
constexpr Fault Basic(std::string_view name, std::string_view caught_by) {
  return {name, "sortedset_basic", caught_by, &Replace<Fake, SortedSetBasic>};
}
template <class Fake>
constexpr Fault Ranking(std::string_view name, std::string_view caught_by) {
  return {name, "sortedset_rank", caught_by, &Replace<Fake, SortedSetRank>};
}

constexpr Fault kFaults[] = {
    Basic<AddsInstead<ONLY_NEW, ALWAYS>>("sorted_new_replaces", "only_new_leaves_the_others"),
    Basic<AddsInstead<ONLY_EXISTING, ALWAYS>>("sorted_existing_adds", "only_existing_adds_nothing"),
    Basic<AddsInstead<IF_GREATER, ALWAYS>>("sorted_greater_lowers", "if_greater_only_raises"),
    Basic<AddsInstead<IF_GREATER, ALWAYS>>("sorted_last_one_stays", "greatest_of_many_stays"),
    Basic<AddsInstead<IF_LESS, ONLY_NEW>>("sorted_less_keeps", "if_less_only_lowers"),
    Basic<AddsInstead<ALWAYS, IF_GREATER>>("sorted_always_raises", "always_adds_or_replaces"),
    Basic<CountsUnchangedScores>("sorted_counts_unchanged", "repeated_adds_count_less"),
    Basic<AddsBackwards>("sorted_adds_backwards", "entries_apply_in_their_order"),
    Basic<AddsInTwoSteps>("sorted_adds_in_two_steps", "reads_see_whole_adds"),
    Basic<AddsInTwoSteps>("sorted_loses_count", "adds_and_clears_balance"),
    Basic<DropsNaN>("sorted_drops_nan", "nan_is_refused"),
    Basic<CutsMembersAtNul>("sorted_cuts_members", "members_are_any_bytes"),
    Basic<ClearsAThousand>("sorted_clears_a_thousand", "clear_removes_all"),
    Basic<ShowsMinusZero>("sorted_shows_minus_zero", "minus_zero_is_zero"),
    Basic<RoundsScores>("sorted_rounds_scores", "scores_are_doubles"),
    Basic<IncrementsInTwoSteps>("sorted_loses_increments", "no_increment_is_lost"),
    Basic<IncrementsInTwoSteps>("sorted_sums_to_nan", "increment_to_nan_is_refused"),
    Ranking<EqualScoresShareARank>("sorted_shares_ranks", "equal_scores_have_places"),
    Ranking<ReverseRankIsRank>("sorted_reverse_is_rank", "reverse_rank_counts_those_behind"),
    Ranking<RankBeforeScore>("sorted_rank_before_score", "rank_and_score_are_of_one_moment"),
    Ranking<AbsentMembersAreFirst>("sorted_absent_first", "absent_members_have_none"),
};

}  // namespace
}  // namespace sorted

std::span<const Fault> SortedSetFaults() { return sorted::kFaults; }

}  // namespace prism::conformance::testing
