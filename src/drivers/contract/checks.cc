#include "drivers/contract/checks.h"

#include <string>

namespace prism {

Status BadKey(size_t bytes) {
  if (bytes == 0) {
    return InvalidArgumentError("the key is empty; a key has 1 to " + std::to_string(kMaxKeyBytes) +
                                " bytes");
  }
  return InvalidArgumentError("the key has " + std::to_string(bytes) + " bytes; at most " +
                              std::to_string(kMaxKeyBytes) + " are allowed");
}

Status CheckCollectionName(std::string_view what, std::string_view name) {
  if (!name.empty() && name.size() <= kMaxKeyBytes) return OkStatus();
  return InvalidArgumentError(std::string(what) + ": a name has 1 to " +
                              std::to_string(kMaxKeyBytes) + " bytes, not " +
                              std::to_string(name.size()));
}

Status CheckMember(std::string_view member) {
  if (member.size() <= kMaxMemberBytes) return OkStatus();
  return InvalidArgumentError("the member has " + std::to_string(member.size()) +
                              " bytes; at most " + std::to_string(kMaxMemberBytes) +
                              " are allowed");
}

Status CheckAtMost(std::string_view field, uint64_t value, uint64_t max) {
  if (value <= max) return OkStatus();
  return InvalidArgumentError(std::string(field) + " must be at most " + std::to_string(max) +
                              ", not " + std::to_string(value));
}

Status CheckPrefix(std::string_view prefix) {
  if (prefix.size() <= kMaxKeyBytes) return OkStatus();
  return InvalidArgumentError("the prefix has " + std::to_string(prefix.size()) +
                              " bytes; at most " + std::to_string(kMaxKeyBytes) + " are allowed");
}

Status CheckRange(std::string_view field, int64_t value, int64_t min, int64_t max) {
  if (value >= min && value <= max) return OkStatus();
  return InvalidArgumentError(std::string(field) + " must be from " + std::to_string(min) + " to " +
                              std::to_string(max) + ", not " + std::to_string(value));
}

Status AtEntry(Status status, int index) {
  if (status.ok()) return status;
  return InvalidArgumentError("entry " + std::to_string(index) + ": " +
                              std::string(status.message()));
}

Status CheckBatchSize(int entries) {
  if (entries <= kMaxBatchEntries) return OkStatus();
  return InvalidArgumentError("the batch has " + std::to_string(entries) + " entries; at most " +
                              std::to_string(kMaxBatchEntries) + " are allowed");
}

}  // namespace prism
