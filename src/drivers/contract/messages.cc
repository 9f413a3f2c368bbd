#include "drivers/contract/messages.h"

#include "drivers/contract/checks.h"

namespace prism {

Status CheckName(std::string_view field, std::string_view value) {
  if (!value.empty() && value.size() <= kMaxKeyBytes) return OkStatus();
  return InvalidArgumentError(std::string(field) + " must have 1 to " +
                              std::to_string(kMaxKeyBytes) + " bytes, not " +
                              std::to_string(value.size()));
}

Status CheckAttributes(const ProtoAttributes& attributes) {
  PRISM_RETURN_IF_ERROR(CheckRange("the number of attributes",
                                   static_cast<int64_t>(attributes.size()), 0, kMaxAttributes));
  for (const auto& [name, value] : attributes) {
    PRISM_RETURN_IF_ERROR(CheckRange("the length of an attribute's name",
                                     static_cast<int64_t>(name.size()), 1, kMaxAttributeNameBytes));
    PRISM_RETURN_IF_ERROR(CheckRange("the length of attribute '" + name + "'",
                                     static_cast<int64_t>(value.size()), 0,
                                     kMaxAttributeValueBytes));
  }
  return OkStatus();
}

Attributes ToAttributes(const ProtoAttributes& attributes) {
  return {attributes.begin(), attributes.end()};
}

Status CheckAckWait(int64_t ack_wait_ms) {
  if (ack_wait_ms == 0) return OkStatus();
  return CheckRange("ack_wait_ms", ack_wait_ms, kMinAckWaitMs, kMaxAckWaitMs);
}

Status CheckAcks(std::string_view field, int count) {
  return CheckRange("the number of " + std::string(field), count, 1, kMaxAcks);
}

}  // namespace prism
