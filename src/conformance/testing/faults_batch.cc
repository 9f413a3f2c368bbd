#include <algorithm>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding.h"

namespace prism::conformance::testing {
namespace {

class AnswersByKey final : public ForwardBatch {
 public:
  using ForwardBatch::ForwardBatch;
  Task<Status> BatchGet(RequestContext& ctx, const BatchGetRequest& request,
                        BatchGetResponse& response) override {
    BatchGetRequest sorted = request;
    std::sort(sorted.mutable_keys()->begin(), sorted.mutable_keys()->end());
    Task<Status> get = real_.BatchGet(ctx, sorted, response);
    co_return co_await get;
  }
};

class AnswersOnce final : public ForwardBatch {
 public:
  using ForwardBatch::ForwardBatch;
  Task<Status> BatchGet(RequestContext& ctx, const BatchGetRequest& request,
                        BatchGetResponse& response) override {
    BatchGetRequest unique;
    for (const std::string& key : request.keys()) {
      const auto& seen = unique.keys();
      if (std::find(seen.begin(), seen.end(), key) == seen.end()) unique.add_keys(key);
    }
    Task<Status> get = real_.BatchGet(ctx, unique, response);
    co_return co_await get;
  }
};

class FirstValueRemains final : public ForwardBatch {
 public:
  using ForwardBatch::ForwardBatch;
  Task<Status> BatchSet(RequestContext& ctx, const BatchSetRequest& request,
                        BatchSetResponse& response) override {
    BatchSetRequest reversed = request;
    std::reverse(reversed.mutable_entries()->begin(), reversed.mutable_entries()->end());
    Task<Status> set = real_.BatchSet(ctx, reversed, response);
    co_return co_await set;
  }
};

// What comes before the first bad entry is stored.
class ChecksOnTheWay final : public ForwardBatch {
 public:
  using ForwardBatch::ForwardBatch;
  Task<Status> BatchSet(RequestContext& ctx, const BatchSetRequest& request,
                        BatchSetResponse& response) override {
    for (const BatchEntry& entry : request.entries()) {
      BatchSetRequest one;
      *one.add_entries() = entry;
      Task<Status> set = real_.BatchSet(ctx, one, response);
      Status status = co_await set;
      if (!status.ok()) co_return status;
    }
    co_return OkStatus();
  }
};

class AllWereThere final : public ForwardBatch {
 public:
  using ForwardBatch::ForwardBatch;
  Task<Status> BatchDelete(RequestContext& ctx, const BatchDeleteRequest& request,
                           BatchDeleteResponse& response) override {
    Task<Status> remove = real_.BatchDelete(ctx, request, response);
    Status status = co_await remove;
    std::fill(response.mutable_found()->begin(), response.mutable_found()->end(), true);
    co_return status;
  }
};

class RefusesNothingToDo final : public ForwardBatch {
 public:
  using ForwardBatch::ForwardBatch;
  Task<Status> BatchSet(RequestContext& ctx, const BatchSetRequest& request,
                        BatchSetResponse& response) override {
    if (request.entries().empty()) co_return InvalidArgumentError("no entries");
    Task<Status> set = real_.BatchSet(ctx, request, response);
    co_return co_await set;
  }
};

constexpr Fault kFaults[] = {
    {"answers_by_key", "keyvalue_batch", "get_keeps_the_order",
     &Replace<AnswersByKey, KeyValueBatch>},
    {"answers_once", "keyvalue_batch", "get_answers_twice", &Replace<AnswersOnce, KeyValueBatch>},
    {"first_value_remains", "keyvalue_batch", "last_value_of_a_key_remains",
     &Replace<FirstValueRemains, KeyValueBatch>},
    {"checks_on_the_way", "keyvalue_batch", "arguments_are_checked_first",
     &Replace<ChecksOnTheWay, KeyValueBatch>},
    {"takes_any_number", "keyvalue_batch", "more_entries_are_refused",
     &Replace<ChecksOnTheWay, KeyValueBatch>},
    {"all_were_there", "keyvalue_batch", "delete_tells_in_order",
     &Replace<AllWereThere, KeyValueBatch>},
    {"all_were_there_twice", "keyvalue_batch", "deleted_twice_counts_once",
     &Replace<AllWereThere, KeyValueBatch>},
    {"refuses_nothing_to_do", "keyvalue_batch", "empty_batches_are_ok",
     &Replace<RefusesNothingToDo, KeyValueBatch>},
};

}  // namespace

std::span<const Fault> BatchFaults() { return kFaults; }

}  // namespace prism::conformance::testing
