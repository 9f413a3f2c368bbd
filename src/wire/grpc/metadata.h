#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

// The small text codecs of "gRPC over HTTP/2": timeouts, status messages, binary metadata.
namespace prism::grpc {

// "100m" -> 100 ms. Nullopt when malformed (no digits, more than 8, unknown unit).
std::optional<Duration> ParseTimeout(std::string_view text);
// At most 8 digits and a unit, rounded up, so that a peer never gives up earlier than we do.
std::string FormatTimeout(Duration timeout);

// Printable ASCII except '%' stands for itself; decoding leaves malformed escapes as they are.
std::string PercentEncode(std::string_view text);
std::string PercentDecode(std::string_view text);

// Standard alphabet; encoding omits the padding, decoding accepts it or not.
std::string Base64Encode(std::string_view bytes);
std::optional<std::string> Base64Decode(std::string_view text);

// Keys that end so carry base64 on the wire and raw bytes in our hands.
inline bool IsBinaryKey(std::string_view key) { return key.ends_with("-bin"); }
// A lower-case HTTP field name that gRPC leaves to the application.
bool IsCustomKey(std::string_view key);

}  // namespace prism::grpc
