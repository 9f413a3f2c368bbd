#pragma once

#include <optional>
#include <set>
#include <string>

#include "conformance/keyvalue/client.h"
#include "interfaces/keyvalue_transactional.prism.h"
#include "prism/interfaces/keyvalue_transactional.pb.h"

namespace prism::conformance {

using keyvalue::v1::BeginTransactionRequest;
using keyvalue::v1::CommitRequest;
using keyvalue::v1::DeleteInTransactionRequest;
using keyvalue::v1::GetInTransactionRequest;
using keyvalue::v1::RollbackRequest;
using keyvalue::v1::SetInTransactionRequest;

BeginTransactionRequest BeginOf(int64_t timeout_ms);
// A request whose first field is the id, as most of the interface's are.
template <class Request>
Request InTransaction(std::string id, std::string key = "") {
  Request request;
  request.set_transaction_id(std::move(id));
  if constexpr (requires { request.set_key(key); }) request.set_key(std::move(key));
  return request;
}
SetInTransactionRequest SetInTransactionOf(std::string id, std::string key, std::string value);

// One transaction. A conflict may be told at any call, so ABORTED is no failure but ends it: later
// calls do nothing, and Commit says false. All else must succeed.
class Transaction {
 public:
  explicit Transaction(Caller& caller) : caller_(caller) {}

  Task<void> Begin(int64_t timeout_ms = 0, Where where = Where::current());
  Task<void> Set(std::string key, std::string value, Where where = Where::current());
  Task<std::optional<std::string>> Get(std::string key, Where where = Where::current());
  // Whether the key existed.
  Task<bool> Delete(std::string key, Where where = Where::current());
  // Whether it was applied.
  Task<bool> Commit(Where where = Where::current());
  Task<void> Rollback(Where where = Where::current());

  const std::string& id() const { return id_; }
  bool aborted() const { return aborted_; }

 private:
  template <class Stub, class Request, class Response>
  Task<Response> Call(Rpc<Stub, Request, Response> rpc, Request request, Where where) {
    if (aborted_) co_return Response();
    Answer<Response> answer = co_await caller_.Try(rpc, std::move(request));
    Judge(answer.status, where);
    co_return std::move(answer.value);
  }
  void Judge(const Status& status, Where where);

  Caller& caller_;
  std::string id_;
  std::set<std::string> written_;
  bool aborted_ = false;
};

// Every call with the id must be NOT_FOUND.
Task<void> ExpectSpent(Caller& caller, std::string id, Where where = Where::current());

}  // namespace prism::conformance
