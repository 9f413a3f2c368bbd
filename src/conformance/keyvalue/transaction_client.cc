#include "conformance/keyvalue/transaction_client.h"

namespace prism::conformance {

BeginTransactionRequest BeginOf(int64_t timeout_ms) {
  BeginTransactionRequest request;
  request.set_timeout_ms(timeout_ms);
  return request;
}

SetInTransactionRequest SetInTransactionOf(std::string id, std::string key, std::string value) {
  auto request = InTransaction<SetInTransactionRequest>(std::move(id), std::move(key));
  request.set_value(std::move(value));
  return request;
}

void Transaction::Judge(const Status& status, Where where) {
  aborted_ = status.code() == Code::kAborted;
  if (aborted_ && !status.retryable()) caller_.Fail("ABORTED is not marked retryable", where);
  if (!aborted_ && !status.ok()) caller_.Fail("the call failed: " + Show(status), where);
}

Task<void> Transaction::Begin(int64_t timeout_ms, Where where) {
  const auto handle = co_await caller_.Call(&KeyValueTransactionalStub::BeginTransaction,
                                            BeginOf(timeout_ms), where);
  id_ = handle.transaction_id();
}

Task<void> Transaction::Set(std::string key, std::string value, Where where) {
  written_.insert(key);
  (void)co_await Call(&KeyValueTransactionalStub::SetInTransaction,
                      SetInTransactionOf(id_, std::move(key), std::move(value)), where);
}

Task<std::optional<std::string>> Transaction::Get(std::string key, Where where) {
  const auto response =
      co_await Call(&KeyValueTransactionalStub::GetInTransaction,
                    InTransaction<GetInTransactionRequest>(id_, std::move(key)), where);
  std::optional<std::string> value;
  if (response.found()) value = response.value();
  if (!response.found() && !response.value().empty()) {
    caller_.Fail("the key is not found but has the value " + Show(response.value()), where);
  }
  co_return value;
}

Task<bool> Transaction::Delete(std::string key, Where where) {
  const auto response =
      co_await Call(&KeyValueTransactionalStub::DeleteInTransaction,
                    InTransaction<DeleteInTransactionRequest>(id_, std::move(key)), where);
  co_return response.found();
}

Task<bool> Transaction::Commit(Where where) {
  if (aborted_) co_return false;
  for (const std::string& key : written_) caller_.Note(key);
  (void)co_await Call(&KeyValueTransactionalStub::Commit, InTransaction<CommitRequest>(id_), where);
  co_return !aborted_;
}

Task<void> Transaction::Rollback(Where where) {
  (void)co_await Call(&KeyValueTransactionalStub::Rollback, InTransaction<RollbackRequest>(id_),
                      where);
}

Task<void> ExpectSpent(Caller& caller, std::string id, Where where) {
  co_await caller.Refused(&KeyValueTransactionalStub::SetInTransaction,
                          SetInTransactionOf(id, "key", "value"), Code::kNotFound, "", where);
  co_await caller.Refused(&KeyValueTransactionalStub::GetInTransaction,
                          InTransaction<GetInTransactionRequest>(id, "key"), Code::kNotFound, "",
                          where);
  co_await caller.Refused(&KeyValueTransactionalStub::DeleteInTransaction,
                          InTransaction<DeleteInTransactionRequest>(id, "key"), Code::kNotFound, "",
                          where);
  co_await caller.Refused(&KeyValueTransactionalStub::Commit, InTransaction<CommitRequest>(id),
                          Code::kNotFound, "", where);
  co_await caller.Refused(&KeyValueTransactionalStub::Rollback, InTransaction<RollbackRequest>(id),
                          Code::kNotFound, "", where);
}

}  // namespace prism::conformance
