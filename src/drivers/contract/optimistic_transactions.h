#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/contract/keyvalue.h"
#include "drivers/contract/open_transactions.h"

namespace prism {

// One open transaction in this gateway. Optimistic: reads note what they saw, writes are held back,
// and the server compares and writes in one step at Commit, so a transaction never makes anybody
// wait. A value that came back meanwhile is no conflict: the transaction could have run after that.
class Transaction {
 public:
  // A collision-free digest, one that the server can compute as well.
  using Digest = std::string (*)(std::string_view text);

  explicit Transaction(Digest digest) : digest_(digest) {}

  // What the transaction itself has written to a key; nullopt: nothing. A null value: deleted.
  std::optional<std::optional<std::string>> Own(std::string_view key) const;
  // Notes what the server has: null if nothing. ABORTED if it had something else before.
  Status Saw(std::string_view key, const std::string* value);
  // A null value: deletes. RESOURCE_EXHAUSTED beyond the contract's limits.
  Status Write(std::string_view key, std::optional<std::string> value);
  // Nothing can be read or written any more. False if that was so already.
  bool End();

  // For Commit, after End. What a key had is "-" for nothing, "=" and the value, or "#" and the
  // digest of one that is longer than 40 bytes.
  const std::map<std::string, std::string, std::less<>>& reads() const { return reads_; }
  const std::map<std::string, std::optional<std::string>, std::less<>>& writes() const {
    return writes_;
  }

 private:
  const Digest digest_;
  mutable std::mutex mutex_;
  bool over_ = false;
  std::map<std::string, std::string, std::less<>> reads_;
  std::map<std::string, std::optional<std::string>, std::less<>> writes_;
  int64_t write_bytes_ = 0;
};

// Those of a namespace, from all workers.
class Transactions : public OpenTransactions<Transaction> {
 public:
  Transactions() : OpenTransactions(10'000) {}
};

}  // namespace prism
