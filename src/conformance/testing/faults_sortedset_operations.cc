#include <algorithm>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_sortedset.h"
#include "conformance/testing/pause.h"

namespace prism::conformance::testing {
namespace sorted {
namespace {

// Spoils the request of Union with a function.
template <void (*kSpoil)(OperationRequest& request)>
class SpoiltUnions final : public ForwardOperations {
 public:
  using ForwardOperations::ForwardOperations;
  Stream<OperationResponse> Union(RequestContext& ctx, const OperationRequest& request) override {
    OperationRequest changed = request;
    kSpoil(changed);
    Stream<OperationResponse> pages = real_.Union(ctx, changed);
    while (OperationResponse* page = co_await pages.Next()) co_yield *page;
    co_return pages.status();
  }
};

void ForgetWeights(OperationRequest& request) {
  for (Source& source : *request.mutable_sources()) source.clear_weight();
}
void AlwaysSum(OperationRequest& request) { request.clear_aggregate(); }
void DropRepeated(OperationRequest& request) {
  const auto same = [](const Source& a, const Source& b) { return a.set() == b.set(); };
  auto& sources = *request.mutable_sources();
  const auto end = std::unique(sources.begin(), sources.end(), same);
  sources.erase(end, sources.end());
}
void OfTheFirstOnly(OperationRequest& request) {
  while (request.sources_size() > 1) request.mutable_sources()->RemoveLast();
}

// Spoils each page of Union with a function.
template <void (*kSpoil)(OperationResponse& page)>
class SpoiltPages final : public ForwardOperations {
 public:
  using ForwardOperations::ForwardOperations;
  Stream<OperationResponse> Union(RequestContext& ctx, const OperationRequest& request) override {
    Stream<OperationResponse> pages = real_.Union(ctx, request);
    while (OperationResponse* page = co_await pages.Next()) {
      kSpoil(*page);
      co_yield *page;
    }
    co_return pages.status();
  }
};

void ByMember(OperationResponse& page) {
  std::sort(page.mutable_entries()->begin(), page.mutable_entries()->end(),
            [](const Entry& a, const Entry& b) { return a.member() < b.member(); });
}
void DropLast(OperationResponse& page) { page.mutable_entries()->RemoveLast(); }
void ZeroIsInfinite(OperationResponse& page) {
  for (Entry& entry : *page.mutable_entries()) {
    if (entry.score() == 0) entry.set_score(1.0 / 0.0);
  }
}

class OneLargePage final : public ForwardOperations {
 public:
  using ForwardOperations::ForwardOperations;
  Stream<OperationResponse> Union(RequestContext& ctx, const OperationRequest& request) override {
    OperationResponse all;
    Stream<OperationResponse> pages = real_.Union(ctx, request);
    while (OperationResponse* page = co_await pages.Next()) all.MergeFrom(*page);
    if (!pages.status().ok()) co_return pages.status();
    co_yield all;
    co_return OkStatus();
  }
};

// A copy of the first source, then after a pause the others.
class ReadsOneByOne final : public ForwardOperations {
 public:
  using ForwardOperations::ForwardOperations;
  Stream<OperationResponse> Union(RequestContext& ctx, const OperationRequest& request) override {
    StoreRequest copy;
    copy.set_destination("copy of " + request.sources(0).set());
    copy.add_sources()->set_set(request.sources(0).set());
    StoreResponse unused;
    {
      Task<Status> store = real_.UnionStore(ctx, copy, unused);
      Status status = co_await store;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    OperationRequest changed = request;
    changed.mutable_sources(0)->set_set(copy.destination());
    Stream<OperationResponse> pages = real_.Union(ctx, changed);
    while (OperationResponse* page = co_await pages.Next()) co_yield *page;
    co_return pages.status();
  }
};

// What the destination held stays, with a score of 0 at most added.
class StoreMerges final : public ForwardOperations {
 public:
  using ForwardOperations::ForwardOperations;
  Task<Status> UnionStore(RequestContext& ctx, const StoreRequest& request,
                          StoreResponse& response) override {
    StoreRequest changed = request;
    Source& old = *changed.add_sources();
    old.set_set(request.destination());
    old.set_weight(0);
    Task<Status> store = real_.UnionStore(ctx, changed, response);
    co_return co_await store;
  }
};

class StoresInTwoSteps final : public ForwardOperations {
 public:
  explicit StoresInTwoSteps(Backend& real)
      : ForwardOperations(real), basic_(*FindAs<SortedSetBasic>(real)) {}
  Task<Status> UnionStore(RequestContext& ctx, const StoreRequest& request,
                          StoreResponse& response) override {
    ClearRequest clear;
    clear.set_set(request.destination());
    ClearResponse unused;
    {
      Task<Status> clearing = basic_.Clear(ctx, clear, unused);
      Status status = co_await clearing;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    Task<Status> store = real_.UnionStore(ctx, request, response);
    co_return co_await store;
  }

 private:
  SortedSetBasic& basic_;
};

// Computes first and stores later. Each worker has an instance and a place of its own.
class StoresLater final : public ForwardOperations {
 public:
  using ForwardOperations::ForwardOperations;
  Task<Status> UnionStore(RequestContext& ctx, const StoreRequest& request,
                          StoreResponse& response) override {
    StoreRequest first = request;
    first.set_destination("result " + std::to_string(reinterpret_cast<uintptr_t>(this)) + "/" +
                          std::to_string(next_++));
    {
      Task<Status> store = real_.UnionStore(ctx, first, response);
      Status status = co_await store;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    StoreRequest second;
    second.set_destination(request.destination());
    second.add_sources()->set_set(first.destination());
    Task<Status> store = real_.UnionStore(ctx, second, response);
    co_return co_await store;
  }

 private:
  int next_ = 0;
};

class NothingIsNotStored final : public ForwardOperations {
 public:
  explicit NothingIsNotStored(Backend& real)
      : ForwardOperations(real), basic_(*FindAs<SortedSetBasic>(real)) {}
  Task<Status> UnionStore(RequestContext& ctx, const StoreRequest& request,
                          StoreResponse& response) override {
    SizeRequest source;
    source.set_set(request.sources(0).set());
    SizeResponse size;
    {
      Task<Status> look = basic_.Size(ctx, source, size);
      Status status = co_await look;
      if (!status.ok() || size.size() == 0) co_return status;
    }
    Task<Status> store = real_.UnionStore(ctx, request, response);
    co_return co_await store;
  }

 private:
  SortedSetBasic& basic_;
};

template <class Fake>
constexpr Fault Operating(std::string_view name, std::string_view caught_by) {
  return {name, "sortedset_operations", caught_by, &Replace<Fake, SortedSetOperations>};
}

constexpr Fault kFaults[] = {
    Operating<SpoiltUnions<ForgetWeights>>("sorted_union_forgets_weights", "weights_multiply"),
    Operating<SpoiltUnions<ForgetWeights>>("sorted_union_takes_bad_weights",
                                           "bad_weights_are_refused"),
    Operating<SpoiltUnions<AlwaysSum>>("sorted_union_always_sums", "aggregates_join"),
    Operating<SpoiltUnions<DropRepeated>>("sorted_union_drops_repeated", "sources_may_repeat"),
    Operating<SpoiltUnions<DropRepeated>>("sorted_union_counts_names", "sources_are_counted"),
    Operating<SpoiltUnions<OfTheFirstOnly>>("sorted_union_of_the_first", "union_joins_all"),
    Operating<SpoiltPages<ByMember>>("sorted_union_by_member", "results_come_in_order"),
    Operating<SpoiltPages<DropLast>>("sorted_union_drops_entries", "pages_hold_a_thousand"),
    Operating<SpoiltPages<ZeroIsInfinite>>("sorted_union_of_nan", "no_score_is_nan"),
    Operating<OneLargePage>("sorted_union_of_too_many", "pages_hold_a_thousand"),
    Operating<OneLargePage>("sorted_union_of_too_much", "pages_hold_a_mebibyte"),
    Operating<OneLargePage>("sorted_union_ends_with_an_empty_page", "absent_sources_are_empty"),
    Operating<ReadsOneByOne>("sorted_union_reads_one_by_one", "sources_are_of_one_moment"),
    Operating<StoreMerges>("sorted_store_merges", "store_replaces"),
    Operating<StoresInTwoSteps>("sorted_store_in_two_steps", "stores_are_one_step"),
    Operating<StoresInTwoSteps>("sorted_store_clears_its_source", "destination_may_be_a_source"),
    Operating<StoresLater>("sorted_store_later", "no_store_is_lost"),
    Operating<NothingIsNotStored>("sorted_store_nothing", "nothing_leaves_no_destination"),
};

}  // namespace
}  // namespace sorted

std::span<const Fault> SortedSetOperationFaults() { return sorted::kFaults; }

}  // namespace prism::conformance::testing
