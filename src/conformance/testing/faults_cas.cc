#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding.h"
#include "conformance/testing/pause.h"

namespace prism::conformance::testing {
namespace {

// Compares first and writes later: the classic lost update.
class LosesUpdates final : public ForwardCas {
 public:
  explicit LosesUpdates(Backend& real) : ForwardCas(real), basic_(*FindAs<KeyValueBasic>(real)) {}
  Task<Status> CompareAndSwap(RequestContext& ctx, const CompareAndSwapRequest& request,
                              CompareAndSwapResponse& response) override {
    GetRequest get;
    get.set_key(request.key());
    GetResponse now;
    {
      Task<Status> read = basic_.Get(ctx, get, now);
      Status status = co_await read;
      if (!status.ok()) co_return status;
    }
    const bool equal =
        request.has_expected() ? now.found() && now.value() == request.expected() : !now.found();
    response.set_swapped(equal);
    if (!equal) {
      response.set_found(now.found());
      response.set_actual(now.value());
      co_return OkStatus();
    }
    co_await Pause();
    SetRequest set;
    set.set_key(request.key());
    set.set_value(request.value());
    SetResponse done;
    Task<Status> write = basic_.Set(ctx, set, done);
    co_return co_await write;
  }
  Task<Status> SetIfAbsent(RequestContext& ctx, const SetIfAbsentRequest& request,
                           SetIfAbsentResponse& response) override {
    CompareAndSwapRequest swap;
    swap.set_key(request.key());
    swap.set_value(request.value());
    CompareAndSwapResponse swapped;
    Task<Status> compare = CompareAndSwap(ctx, swap, swapped);
    Status status = co_await compare;
    response.set_stored(swapped.swapped());
    response.set_actual(swapped.actual());
    co_return status;
  }

 private:
  KeyValueBasic& basic_;
};

class EmptyExpectedMeansAbsent final : public ForwardCas {
 public:
  using ForwardCas::ForwardCas;
  Task<Status> CompareAndSwap(RequestContext& ctx, const CompareAndSwapRequest& request,
                              CompareAndSwapResponse& response) override {
    CompareAndSwapRequest changed = request;
    if (request.expected().empty()) changed.clear_expected();
    Task<Status> swap = real_.CompareAndSwap(ctx, changed, response);
    co_return co_await swap;
  }
};

class ComparesTheBeginning final : public ForwardCas {
 public:
  using ForwardCas::ForwardCas;
  Task<Status> CompareAndSwap(RequestContext& ctx, const CompareAndSwapRequest& request,
                              CompareAndSwapResponse& response) override {
    {
      Task<Status> swap = real_.CompareAndSwap(ctx, request, response);
      Status status = co_await swap;
      if (!status.ok() || response.swapped() || !response.found()) co_return status;
    }
    if (!request.has_expected() || request.expected()[0] != response.actual()[0]) {
      co_return OkStatus();
    }
    CompareAndSwapRequest changed = request;
    changed.set_expected(response.actual());
    response.Clear();
    Task<Status> swap = real_.CompareAndSwap(ctx, changed, response);
    co_return co_await swap;
  }
};

class FailureTellsNothing final : public ForwardCas {
 public:
  using ForwardCas::ForwardCas;
  Task<Status> CompareAndSwap(RequestContext& ctx, const CompareAndSwapRequest& request,
                              CompareAndSwapResponse& response) override {
    Task<Status> swap = real_.CompareAndSwap(ctx, request, response);
    Status status = co_await swap;
    response.clear_actual();
    co_return status;
  }
};

class DeletesAnyway final : public ForwardCas {
 public:
  using ForwardCas::ForwardCas;
  Task<Status> CompareAndDelete(RequestContext& ctx, const CompareAndDeleteRequest& request,
                                CompareAndDeleteResponse& response) override {
    {
      Task<Status> remove = real_.CompareAndDelete(ctx, request, response);
      Status status = co_await remove;
      if (!status.ok() || !response.found()) co_return status;
    }
    CompareAndDeleteRequest changed = request;
    changed.set_expected(response.actual());
    CompareAndDeleteResponse unused;
    Task<Status> remove = real_.CompareAndDelete(ctx, changed, unused);
    co_return co_await remove;
  }
};

class AbsentCountsAsDeleted final : public ForwardCas {
 public:
  using ForwardCas::ForwardCas;
  Task<Status> CompareAndDelete(RequestContext& ctx, const CompareAndDeleteRequest& request,
                                CompareAndDeleteResponse& response) override {
    Task<Status> remove = real_.CompareAndDelete(ctx, request, response);
    Status status = co_await remove;
    if (!response.found()) response.set_deleted(true);
    co_return status;
  }
};

constexpr Fault kFaults[] = {
    {"loses_updates", "keyvalue_cas", "no_update_is_lost", &Replace<LosesUpdates, KeyValueCas>},
    {"swaps_twice", "keyvalue_cas", "one_of_many_swaps_succeeds",
     &Replace<LosesUpdates, KeyValueCas>},
    {"sets_twice_if_absent", "keyvalue_cas", "one_of_many_first_writers_succeeds",
     &Replace<LosesUpdates, KeyValueCas>},
    {"empty_expected_means_absent", "keyvalue_cas", "empty_expected_is_an_empty_value",
     &Replace<EmptyExpectedMeansAbsent, KeyValueCas>},
    {"compares_the_beginning", "keyvalue_cas", "comparison_is_byte_by_byte",
     &Replace<ComparesTheBeginning, KeyValueCas>},
    {"failure_tells_nothing", "keyvalue_cas", "failure_tells_and_changes_nothing",
     &Replace<FailureTellsNothing, KeyValueCas>},
    {"deletes_anyway", "keyvalue_cas", "failure_tells_and_changes_nothing",
     &Replace<DeletesAnyway, KeyValueCas>},
    {"absent_counts_as_deleted", "keyvalue_cas", "absent_key_equals_no_value",
     &Replace<AbsentCountsAsDeleted, KeyValueCas>},
    {"absent_is_deleted_by_many", "keyvalue_cas", "one_of_many_deletes_succeeds",
     &Replace<AbsentCountsAsDeleted, KeyValueCas>},
};

}  // namespace

std::span<const Fault> CasFaults() { return kFaults; }

}  // namespace prism::conformance::testing
