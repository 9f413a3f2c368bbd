#include "drivers/redis/keyvalue/transaction_calls.h"

#include "drivers/contract/keyvalue.h"
#include "drivers/redis/keyvalue/scripts.h"
#include "drivers/redis/sha1.h"

namespace prism::redis {

using resp::Command;
using resp::Reply;

TransactionCalls::TransactionCalls(std::shared_ptr<Keyspace> keyspace)
    : OptimisticTransactionCalls(keyspace->state().transactions, &Sha1Hex),
      keyspace_(std::move(keyspace)),
      values_(keyspace_->Prefix("k")),
      keys_(keyspace_->Prefix("keys")),
      due_(keyspace_->Prefix("due")) {}

Task<Result<TransactionCalls::Value>> TransactionCalls::ReadNow(RequestContext& ctx,
                                                                const std::string& key) {
  const Command get("GET", resp::Joined{values_, key});
  Result<Reply> reply = co_await keyspace_->Call(ctx, get);
  if (!reply.ok()) co_return std::move(reply).status();
  if (reply->is_null()) co_return Value();
  co_return Value(std::move(reply->text));
}

Task<Status> TransactionCalls::Apply(RequestContext& ctx, const Transaction& transaction) {
  Command commit = ScriptCall(kCommit, 2, keys_, due_, values_, transaction.reads().size());
  for (const auto& [key, seen] : transaction.reads()) {
    commit.Add(key);
    commit.Add(seen);
  }
  for (const auto& [key, value] : transaction.writes()) {
    commit.Add(key);
    if (value) {
      commit.Add(resp::Joined{"+", *value});
    } else {
      commit.Add("-");
    }
  }
  const Result<Reply> reply = co_await keyspace_->Run(ctx, kCommit, commit);
  if (!reply.ok()) co_return reply.status();
  co_return reply->integer == 1 ? OkStatus() : TransactionConflict();
}

}  // namespace prism::redis
