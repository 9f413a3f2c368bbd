#include <algorithm>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_sortedset.h"
#include "conformance/testing/pause.h"

namespace prism::conformance::testing {
namespace sorted {
namespace {

// Spoils the requests for ranges of scores and of members with functions.
template <void (*kSpoil)(GetRangeByScoreRequest& request)>
class SpoiltScores final : public ForwardRange {
 public:
  using ForwardRange::ForwardRange;
  Task<Status> GetRangeByScore(RequestContext& ctx, const GetRangeByScoreRequest& request,
                               GetRangeResponse& response) override {
    GetRangeByScoreRequest changed = request;
    kSpoil(changed);
    Task<Status> read = real_.GetRangeByScore(ctx, changed, response);
    co_return co_await read;
  }
};

template <void (*kSpoil)(GetRangeByLexRequest& request)>
class SpoiltMembers final : public ForwardLex {
 public:
  using ForwardLex::ForwardLex;
  Task<Status> GetRangeByLex(RequestContext& ctx, const GetRangeByLexRequest& request,
                             GetRangeByLexResponse& response) override {
    GetRangeByLexRequest changed = request;
    kSpoil(changed);
    Task<Status> read = real_.GetRangeByLex(ctx, changed, response);
    co_return co_await read;
  }
};

template <class Request>
void Include(Request& request) {
  if (request.has_min()) request.mutable_min()->clear_exclusive();
  if (request.has_max()) request.mutable_max()->clear_exclusive();
}
template <class Request>
void StartAtTheFirst(Request& request) {
  request.clear_offset();
}
template <class Request>
void TakeAll(Request& request) {
  request.clear_limit();
}
template <class Request>
void NeverTurn(Request& request) {
  request.clear_reverse();
}
void ForgetEmptyBounds(GetRangeByLexRequest& request) {
  if (request.min().member().empty()) request.clear_min();
  if (request.max().member().empty()) request.clear_max();
}
void InfinityIsNoMember(GetRangeByScoreRequest& request) {
  for (auto* bound : {request.mutable_min(), request.mutable_max()}) {
    if (bound->score() > 1e308 || bound->score() < -1e308) bound->set_exclusive(true);
  }
}

class StopIsExcluded final : public ForwardRange {
 public:
  using ForwardRange::ForwardRange;
  Task<Status> GetRangeByIndex(RequestContext& ctx, const GetRangeByIndexRequest& request,
                               GetRangeResponse& response) override {
    Task<Status> read = real_.GetRangeByIndex(ctx, request, response);
    Status status = co_await read;
    if (request.has_stop() && !response.entries().empty()) {
      response.mutable_entries()->RemoveLast();
    }
    co_return status;
  }
};

// Turns only the scores round, not the bytes of those that are equal.
class KeepsEqualScoresAscending final : public ForwardRange {
 public:
  using ForwardRange::ForwardRange;
  Task<Status> GetRangeByIndex(RequestContext& ctx, const GetRangeByIndexRequest& request,
                               GetRangeResponse& response) override {
    Task<Status> read = real_.GetRangeByIndex(ctx, request, response);
    Status status = co_await read;
    if (request.reverse()) {
      std::sort(response.mutable_entries()->begin(), response.mutable_entries()->end(),
                [](const Entry& a, const Entry& b) {
                  return a.score() > b.score() ||
                         (a.score() == b.score() && a.member() < b.member());
                });
    }
    co_return status;
  }
};

class NeverTellsMore final : public ForwardRange {
 public:
  using ForwardRange::ForwardRange;
  Task<Status> GetRangeByScore(RequestContext& ctx, const GetRangeByScoreRequest& request,
                               GetRangeResponse& response) override {
    Task<Status> read = real_.GetRangeByScore(ctx, request, response);
    Status status = co_await read;
    response.clear_more();
    co_return status;
  }
};

// All that there is in one answer, however much.
class NeverCutsAnswers final : public ForwardRange {
 public:
  using ForwardRange::ForwardRange;
  Task<Status> GetRangeByIndex(RequestContext& ctx, const GetRangeByIndexRequest& request,
                               GetRangeResponse& response) override {
    GetRangeByIndexRequest next = request;
    GetRangeResponse part;
    do {
      part.Clear();
      Task<Status> read = real_.GetRangeByIndex(ctx, next, part);
      Status status = co_await read;
      if (!status.ok()) co_return status;
      next.set_start(next.start() + part.entries_size());
      response.MergeFrom(part);
      response.set_more(part.more());
    } while (part.more());
    co_return OkStatus();
  }
};

// Looks up what there is, and removes it by its names later.
class RemovesLater final : public ForwardRange {
 public:
  explicit RemovesLater(Backend& real)
      : ForwardRange(real), basic_(*FindAs<SortedSetBasic>(real)) {}
  Task<Status> RemoveRangeByIndex(RequestContext& ctx, const RemoveRangeByIndexRequest& request,
                                  RemoveRangeResponse& response) override {
    GetRangeByIndexRequest range;
    range.set_set(request.set());
    range.set_start(request.start());
    if (request.has_stop()) range.set_stop(request.stop());
    GetRangeResponse found;
    {
      Task<Status> read = real_.GetRangeByIndex(ctx, range, found);
      Status status = co_await read;
      if (!status.ok() || found.entries().empty()) co_return status;
    }
    co_await Pause();
    RemoveRequest remove;
    remove.set_set(request.set());
    for (const Entry& entry : found.entries()) remove.add_members(entry.member());
    response.set_removed(found.entries_size());
    RemoveResponse unused;
    Task<Status> removing = basic_.Remove(ctx, remove, unused);
    co_return co_await removing;
  }

 private:
  SortedSetBasic& basic_;
};

class RemovesScoresInTwoSteps final : public ForwardRange {
 public:
  using ForwardRange::ForwardRange;
  Task<Status> RemoveRangeByScore(RequestContext& ctx, const RemoveRangeByScoreRequest& request,
                                  RemoveRangeResponse& response) override {
    RemoveRangeByScoreRequest first = request;
    first.mutable_max()->set_score(10);
    RemoveRangeResponse removed;
    {
      Task<Status> remove = real_.RemoveRangeByScore(ctx, first, removed);
      Status status = co_await remove;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    Task<Status> remove = real_.RemoveRangeByScore(ctx, request, response);
    Status status = co_await remove;
    response.set_removed(response.removed() + removed.removed());
    co_return status;
  }
};

// Counts first and removes later, in two parts.
class RemovesMembersInTwoSteps final : public ForwardLex {
 public:
  using ForwardLex::ForwardLex;
  Task<Status> RemoveRangeByLex(RequestContext& ctx, const RemoveRangeByLexRequest& request,
                                RemoveRangeByLexResponse& response) override {
    CountByLexRequest range;
    range.set_set(request.set());
    if (request.has_min()) *range.mutable_min() = request.min();
    if (request.has_max()) *range.mutable_max() = request.max();
    CountByLexResponse count;
    {
      Task<Status> counting = real_.CountByLex(ctx, range, count);
      Status status = co_await counting;
      if (!status.ok()) co_return status;
    }
    RemoveRangeByLexRequest first = request;
    first.mutable_max()->set_member("1000020");
    {
      Task<Status> remove = real_.RemoveRangeByLex(ctx, first, response);
      Status status = co_await remove;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    Task<Status> remove = real_.RemoveRangeByLex(ctx, request, response);
    Status status = co_await remove;
    response.set_removed(count.count());
    co_return status;
  }
};

template <class Fake>
constexpr Fault Ranging(std::string_view name, std::string_view caught_by) {
  return {name, "sortedset_range", caught_by, &Replace<Fake, SortedSetRange>};
}
template <class Fake>
constexpr Fault Lex(std::string_view name, std::string_view caught_by) {
  return {name, "sortedset_lex", caught_by, &Replace<Fake, SortedSetLex>};
}

constexpr Fault kFaults[] = {
    Ranging<SpoiltScores<Include>>("sorted_range_includes_all_bounds", "score_bounds"),
    Ranging<SpoiltScores<StartAtTheFirst>>("sorted_range_ignores_the_offset", "offset_and_limit"),
    Ranging<SpoiltScores<TakeAll>>("sorted_range_ignores_the_limit", "offset_and_limit"),
    Ranging<SpoiltScores<NeverTurn>>("sorted_range_never_turns", "equal_scores_go_by_bytes"),
    Ranging<SpoiltScores<InfinityIsNoMember>>("sorted_range_excludes_infinity",
                                              "infinities_are_bounds"),
    Ranging<StopIsExcluded>("sorted_range_excludes_the_stop", "indexes_count_from_both_ends"),
    Ranging<KeepsEqualScoresAscending>("sorted_range_turns_scores_only", "reverse_turns_the_order"),
    Ranging<NeverTellsMore>("sorted_range_never_tells_more", "reads_hold_a_thousand"),
    Ranging<NeverCutsAnswers>("sorted_range_answers_of_too_many", "reads_hold_a_thousand"),
    Ranging<NeverCutsAnswers>("sorted_range_answers_of_too_much", "reads_hold_a_mebibyte"),
    Ranging<RemovesLater>("sorted_range_removes_twice", "each_member_is_removed_once"),
    Ranging<RemovesScoresInTwoSteps>("sorted_range_removes_in_steps", "removal_is_one_step"),
    Lex<SpoiltMembers<Include>>("sorted_lex_includes_all_bounds", "lex_bounds"),
    Lex<SpoiltMembers<StartAtTheFirst>>("sorted_lex_ignores_the_offset", "offset_and_limit"),
    Lex<SpoiltMembers<TakeAll>>("sorted_lex_ignores_the_limit", "offset_and_limit"),
    Lex<SpoiltMembers<NeverTurn>>("sorted_lex_never_turns", "members_go_by_their_bytes"),
    Lex<SpoiltMembers<ForgetEmptyBounds>>("sorted_lex_forgets_empty_bounds",
                                          "empty_member_is_the_least"),
    Lex<RemovesMembersInTwoSteps>("sorted_lex_removes_twice", "each_member_is_removed_once"),
    Lex<RemovesMembersInTwoSteps>("sorted_lex_removes_in_steps", "ranges_are_of_one_moment"),
};

}  // namespace
}  // namespace sorted

std::span<const Fault> SortedSetRangeFaults() { return sorted::kFaults; }

}  // namespace prism::conformance::testing
