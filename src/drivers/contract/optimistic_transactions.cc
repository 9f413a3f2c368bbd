#include "drivers/contract/optimistic_transactions.h"

namespace prism {
namespace {

constexpr size_t kSeenLiterally = 40;  // longer values are remembered by their hash

std::string Seen(Transaction::Digest digest, const std::string* value) {
  if (!value) return "-";
  return value->size() <= kSeenLiterally ? "=" + *value : "#" + digest(*value);
}

}  // namespace

std::optional<std::optional<std::string>> Transaction::Own(std::string_view key) const {
  std::lock_guard lock(mutex_);
  const auto own = writes_.find(key);
  if (own == writes_.end()) return std::nullopt;
  return own->second;
}

Status Transaction::Saw(std::string_view key, const std::string* value) {
  std::string seen = Seen(digest_, value);
  std::lock_guard lock(mutex_);
  if (over_) return TransactionNotOpen();
  const auto before = reads_.find(key);
  if (before != reads_.end()) {
    return before->second == seen ? OkStatus() : TransactionConflict();
  }
  if (reads_.size() >= kMaxTransactionKeys) {
    return ResourceExhaustedError("a transaction reads at most " +
                                  std::to_string(kMaxTransactionKeys) + " keys");
  }
  reads_.emplace(key, std::move(seen));
  return OkStatus();
}

Status Transaction::Write(std::string_view key, std::optional<std::string> value) {
  std::lock_guard lock(mutex_);
  if (over_) return TransactionNotOpen();
  const auto own = writes_.find(key);
  const bool is_new = own == writes_.end();
  if (is_new && writes_.size() >= kMaxTransactionKeys) {
    return ResourceExhaustedError("a transaction writes at most " +
                                  std::to_string(kMaxTransactionKeys) + " keys");
  }
  const auto bytes_of = [](const std::optional<std::string>& text) {
    return static_cast<int64_t>(text ? text->size() : 0);
  };
  const int64_t before = is_new ? -static_cast<int64_t>(key.size()) : bytes_of(own->second);
  const int64_t bytes = write_bytes_ + bytes_of(value) - before;
  if (bytes > kMaxTransactionWriteBytes) {
    return ResourceExhaustedError("a transaction writes at most " +
                                  std::to_string(kMaxTransactionWriteBytes) +
                                  " bytes of keys and values");
  }
  write_bytes_ = bytes;
  writes_.insert_or_assign(std::string(key), std::move(value));
  return OkStatus();
}

bool Transaction::End() {
  std::lock_guard lock(mutex_);
  return !std::exchange(over_, true);
}

}  // namespace prism
