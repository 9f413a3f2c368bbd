#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding.h"

namespace prism::conformance::testing {
namespace {

// Writes go straight to the store.
class WritesAtOnce final : public ForwardTransactional {
 public:
  explicit WritesAtOnce(Backend& real)
      : ForwardTransactional(real), basic_(*FindAs<KeyValueBasic>(real)) {}
  Task<Status> SetInTransaction(RequestContext& ctx, const SetInTransactionRequest& request,
                                SetInTransactionResponse& response) override {
    {
      Task<Status> set = real_.SetInTransaction(ctx, request, response);
      Status status = co_await set;
      if (!status.ok()) co_return status;
    }
    SetRequest plain;
    plain.set_key(request.key());
    plain.set_value(request.value());
    SetResponse done;
    Task<Status> write = basic_.Set(ctx, plain, done);
    co_return co_await write;
  }

 private:
  KeyValueBasic& basic_;
};

// Reads are not remembered, so nothing that changes is a conflict.
class ForgetsItsReads final : public ForwardTransactional {
 public:
  explicit ForgetsItsReads(Backend& real)
      : ForwardTransactional(real), basic_(*FindAs<KeyValueBasic>(real)) {}
  Task<Status> GetInTransaction(RequestContext& ctx, const GetInTransactionRequest& request,
                                GetInTransactionResponse& response) override {
    GetRequest plain;
    plain.set_key(request.key());
    GetResponse found;
    Task<Status> get = basic_.Get(ctx, plain, found);
    Status status = co_await get;
    response.set_found(found.found());
    response.set_value(found.value());
    co_return status;
  }

 private:
  KeyValueBasic& basic_;
};

class NeverExpires final : public ForwardTransactional {
 public:
  using ForwardTransactional::ForwardTransactional;
  Task<Status> BeginTransaction(RequestContext& ctx, const BeginTransactionRequest& request,
                                TransactionHandle& response) override {
    BeginTransactionRequest changed = request;
    if (request.timeout_ms() > 0 && request.timeout_ms() <= 600'000)
      changed.set_timeout_ms(600'000);
    Task<Status> begin = real_.BeginTransaction(ctx, changed, response);
    co_return co_await begin;
  }
};

class AbortsForGood final : public ForwardTransactional {
 public:
  using ForwardTransactional::ForwardTransactional;
  Task<Status> Commit(RequestContext& ctx, const CommitRequest& request,
                      CommitResponse& response) override {
    Task<Status> commit = real_.Commit(ctx, request, response);
    Status status = co_await commit;
    if (status.code() == Code::kAborted) co_return AbortedError("a conflict");
    co_return status;
  }
};

// A second Commit says OK again.
class CommitsTwice final : public ForwardTransactional {
 public:
  using ForwardTransactional::ForwardTransactional;
  Task<Status> Commit(RequestContext& ctx, const CommitRequest& request,
                      CommitResponse& response) override {
    Task<Status> commit = real_.Commit(ctx, request, response);
    const Status status = co_await commit;
    co_return status.code() == Code::kNotFound ? OkStatus() : status;
  }
};

class RollbackCommits final : public ForwardTransactional {
 public:
  using ForwardTransactional::ForwardTransactional;
  Task<Status> Rollback(RequestContext& ctx, const RollbackRequest& request,
                        RollbackResponse&) override {
    CommitRequest commit;
    commit.set_transaction_id(request.transaction_id());
    CommitResponse response;
    Task<Status> committed = real_.Commit(ctx, commit, response);
    co_return co_await committed;
  }
};

class CommitDoesNothing final : public ForwardTransactional {
 public:
  using ForwardTransactional::ForwardTransactional;
  Task<Status> Commit(RequestContext& ctx, const CommitRequest& request, CommitResponse&) override {
    RollbackRequest rollback;
    rollback.set_transaction_id(request.transaction_id());
    RollbackResponse response;
    Task<Status> forgotten = real_.Rollback(ctx, rollback, response);
    co_return co_await forgotten;
  }
};

class DeleteAlwaysFinds final : public ForwardTransactional {
 public:
  using ForwardTransactional::ForwardTransactional;
  Task<Status> DeleteInTransaction(RequestContext& ctx, const DeleteInTransactionRequest& request,
                                   DeleteInTransactionResponse& response) override {
    Task<Status> remove = real_.DeleteInTransaction(ctx, request, response);
    Status status = co_await remove;
    response.set_found(true);
    co_return status;
  }
};

template <class Fake>
constexpr Fault Transacting(std::string_view name, std::string_view caught_by) {
  return {name, "keyvalue_transactional", caught_by, &Replace<Fake, KeyValueTransactional>};
}

constexpr Fault kFaults[] = {
    Transacting<WritesAtOnce>("writes_at_once", "nobody_sees_open_writes"),
    Transacting<WritesAtOnce>("writes_what_expires", "expired_is_rolled_back"),
    Transacting<WritesAtOnce>("writes_what_is_rolled_back", "rollback_forgets"),
    Transacting<WritesAtOnce>("writes_what_is_aborted", "aborted_is_over"),
    Transacting<ForgetsItsReads>("forgets_plain_writes", "plain_write_is_a_conflict"),
    Transacting<ForgetsItsReads>("forgets_deletes", "delete_is_a_conflict"),
    Transacting<ForgetsItsReads>("forgets_new_keys", "new_key_is_a_conflict"),
    Transacting<ForgetsItsReads>("forgets_transactions", "other_transaction_is_a_conflict"),
    Transacting<ForgetsItsReads>("loses_updates_in_transactions", "no_update_is_lost"),
    Transacting<ForgetsItsReads>("loses_plain_updates", "no_update_of_plain_writers_is_lost"),
    Transacting<ForgetsItsReads>("write_skew", "no_write_skew"),
    Transacting<ForgetsItsReads>("reads_of_many_moments", "readers_see_one_moment"),
    Transacting<ForgetsItsReads>("reads_without_own_writes", "reads_see_own_writes"),
    Transacting<NeverExpires>("never_expires", "expired_is_rolled_back"),
    Transacting<NeverExpires>("never_times_out", "timeout_counts_from_begin"),
    Transacting<AbortsForGood>("aborts_for_good", "plain_write_is_a_conflict"),
    Transacting<CommitsTwice>("commits_twice", "committed_is_spent"),
    Transacting<CommitsTwice>("commits_unknown_ids", "unknown_ids_are_refused"),
    Transacting<RollbackCommits>("rollback_commits", "rollback_forgets"),
    Transacting<CommitDoesNothing>("commit_does_nothing", "commit_applies_all"),
    Transacting<DeleteAlwaysFinds>("delete_always_finds_in_transaction",
                                   "delete_tells_what_it_saw"),
};

}  // namespace

std::span<const Fault> TransactionalFaults() { return kFaults; }

}  // namespace prism::conformance::testing
