#include "wire/grpc/metadata.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace prism::grpc {
namespace {

using Nanoseconds = std::chrono::nanoseconds;

struct Unit {
  char letter;
  int64_t nanoseconds;
};
constexpr std::array<Unit, 6> kUnits = {{{'n', 1},
                                         {'u', 1'000},
                                         {'m', 1'000'000},
                                         {'S', 1'000'000'000},
                                         {'M', 60'000'000'000},
                                         {'H', 3'600'000'000'000}}};
constexpr size_t kMaxTimeoutDigits = 8;
constexpr int64_t kMaxTimeoutCount = 99'999'999;
// Longer than any deadline that means something, and far from overflowing a time point.
constexpr int64_t kLongestTimeout = int64_t{10} * 365 * 24 * 3'600'000'000'000;

constexpr std::string_view kHexDigits = "0123456789ABCDEF";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

constexpr std::array<int8_t, 256> kBase64Values = [] {
  std::array<int8_t, 256> values{};
  values.fill(-1);
  for (size_t i = 0; i < kBase64Digits.size(); ++i) {
    values[static_cast<uint8_t>(kBase64Digits[i])] = static_cast<int8_t>(i);
  }
  return values;
}();

}  // namespace

std::optional<Duration> ParseTimeout(std::string_view text) {
  if (text.size() < 2 || text.size() > kMaxTimeoutDigits + 1) return std::nullopt;
  int64_t count = 0;
  for (char c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    count = count * 10 + (c - '0');
  }
  const auto* unit = std::ranges::find(kUnits, text.back(), &Unit::letter);
  if (unit == kUnits.end()) return std::nullopt;
  if (count > kLongestTimeout / unit->nanoseconds) return Nanoseconds(kLongestTimeout);
  return Nanoseconds(count * unit->nanoseconds);
}

std::string FormatTimeout(Duration timeout) {
  const int64_t ns = std::max<int64_t>(std::chrono::duration_cast<Nanoseconds>(timeout).count(), 0);
  for (const Unit& unit : kUnits) {
    const int64_t count = ns / unit.nanoseconds + (ns % unit.nanoseconds != 0);
    if (count <= kMaxTimeoutCount) return std::to_string(count) + unit.letter;
  }
  return std::to_string(kMaxTimeoutCount) + kUnits.back().letter;
}

std::string PercentEncode(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  for (char c : text) {
    if (c >= ' ' && c <= '~' && c != '%') {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<uint8_t>(c);
    encoded += {'%', kHexDigits[byte >> 4], kHexDigits[byte & 15]};
  }
  return encoded;
}

std::string PercentDecode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && HexValue(text[i + 1]) >= 0 &&
                        HexValue(text[i + 2]) >= 0;
    if (!escape) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
    i += 2;
  }
  return decoded;
}

std::string Base64Encode(std::string_view bytes) {
  std::string encoded;
  encoded.reserve((bytes.size() * 4 + 2) / 3);
  uint32_t bits = 0;
  int count = 0;
  for (char c : bytes) {
    bits = bits << 8 | static_cast<uint8_t>(c);
    for (count += 8; count >= 6; count -= 6) encoded += kBase64Digits[bits >> (count - 6) & 63];
  }
  if (count > 0) encoded += kBase64Digits[bits << (6 - count) & 63];
  return encoded;
}

std::optional<std::string> Base64Decode(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string decoded;
  decoded.reserve(text.size() * 3 / 4);
  uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    const int value = kBase64Values[static_cast<uint8_t>(c)];
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    decoded += static_cast<char>(bits >> count);
  }
  return decoded;
}

bool IsCustomKey(std::string_view key) {
  static constexpr std::array<std::string_view, 4> kReserved = {"content-type", "te", "user-agent",
                                                                "prism-namespace"};
  return !key.empty() && key[0] != ':' && !key.starts_with("grpc-") &&
         std::ranges::find(kReserved, key) == kReserved.end();
}

}  // namespace prism::grpc
