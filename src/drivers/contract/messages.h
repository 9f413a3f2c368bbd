#pragma once

#include <google/protobuf/map.h>

#include <string>
#include <string_view>

#include "base/result.h"
#include "drivers/contract/attributes.h"

namespace prism {

// What the contracts of streams and topics demand of arguments; else INVALID_ARGUMENT.
inline constexpr int kMaxAttributes = 64;
inline constexpr size_t kMaxAttributeNameBytes = 256;
inline constexpr size_t kMaxAttributeValueBytes = 4096;
inline constexpr int64_t kMinAckWaitMs = 100;
inline constexpr int64_t kMaxAckWaitMs = 12 * 3600 * 1000;
inline constexpr int64_t kDefaultAckWaitMs = 30'000;
inline constexpr int kMaxAcks = 1000;

using ProtoAttributes = google::protobuf::Map<std::string, std::string>;

// A name or key in `field`, 1 to 4096 bytes.
Status CheckName(std::string_view field, std::string_view value);
Status CheckAttributes(const ProtoAttributes& attributes);
Attributes ToAttributes(const ProtoAttributes& attributes);
// 0 means the default and is allowed.
Status CheckAckWait(int64_t ack_wait_ms);
Status CheckAcks(std::string_view field, int count);

}  // namespace prism
