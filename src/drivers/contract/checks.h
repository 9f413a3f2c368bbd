#pragma once

#include <string_view>

#include "base/status.h"

namespace prism {

// What the contracts demand of arguments; a violation is INVALID_ARGUMENT with the limit's name.
inline constexpr size_t kMaxKeyBytes = 4096;
inline constexpr size_t kMaxMemberBytes = 65'536;  // of sets and sorted sets
inline constexpr int kMaxOperationSources = 128;   // unions and the like
inline constexpr int kMaxBatchEntries = 1000;
inline constexpr size_t kMaxBatchGetBytes = 16 * 1024 * 1024;

Status BadKey(size_t bytes);
inline Status CheckKey(std::string_view key) {
  return key.empty() || key.size() > kMaxKeyBytes ? BadKey(key.size()) : OkStatus();
}
// `what` says whose name it is: "list".
Status CheckCollectionName(std::string_view what, std::string_view name);
Status CheckMember(std::string_view member);
Status CheckPrefix(std::string_view prefix);
Status CheckAtMost(std::string_view field, uint64_t value, uint64_t max);
Status CheckRange(std::string_view field, int64_t value, int64_t min, int64_t max);

// The status of the entry at `index` of a batch.
Status AtEntry(Status status, int index);
Status CheckBatchSize(int entries);

}  // namespace prism
