#include "drivers/postgres/keyvalue/transaction_calls.h"

#include <map>

#include "drivers/contract/keyvalue.h"
#include "drivers/postgres/digest.h"
#include "drivers/postgres/keyvalue/at.h"
#include "drivers/postgres/keyvalue/statements.h"

namespace prism::postgres {
namespace {

const std::string kWritten;

// All keys of a transaction in their order, so that commits never wait for each other in a circle,
// with what is to be said of each; null for nothing.
struct Touched {
  Places places;
  std::vector<const std::string*> seen;
  std::vector<const std::string*> written;
  std::vector<const std::string*> wanted;  // null to remove
};

// Points into the transaction.
Touched TouchedBy(const Transaction& transaction) {
  struct Key {
    const std::string* seen = nullptr;
    const std::optional<std::string>* write = nullptr;
  };
  std::map<std::string_view, Key> keys;
  for (const auto& [key, seen] : transaction.reads()) keys[key].seen = &seen;
  for (const auto& [key, write] : transaction.writes()) keys[key].write = &write;
  Touched touched;
  for (const auto& [name, key] : keys) {
    touched.places.Add(name);
    touched.seen.push_back(key.seen);
    touched.written.push_back(key.write ? &kWritten : nullptr);
    touched.wanted.push_back(key.write && *key.write ? &**key.write : nullptr);
  }
  return touched;
}

}  // namespace

TransactionCalls::TransactionCalls(std::shared_ptr<Space> space)
    : OptimisticTransactionCalls(space->state().transactions, &Sha256Hex),
      space_(std::move(space)) {}

Task<Result<TransactionCalls::Value>> TransactionCalls::ReadNow(RequestContext& ctx,
                                                                const std::string& key) {
  Arguments arguments;
  At(arguments, *space_, key);
  const Result<Rows> rows = co_await space_->Run(ctx, kKvGet, arguments);
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return Value();
  co_return Value(rows->Text(0, 0));
}

Task<Status> TransactionCalls::Apply(RequestContext& ctx, const Transaction& transaction) {
  const Touched touched = TouchedBy(transaction);
  Arguments arguments;
  At(arguments, *space_, touched.places);
  arguments.Array(touched.seen).Array(touched.written).Array(touched.wanted);
  const Result<Rows> rows = co_await space_->Run(ctx, kKvCommit, arguments);
  if (rows.status().code() == Code::kAborted) co_return TransactionConflict();
  co_return rows.status();
}

}  // namespace prism::postgres
