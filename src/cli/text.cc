#include "cli/text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "base/utf8.h"
#include "wire/grpc/metadata.h"

namespace prism::cli {
namespace {

using std::chrono::milliseconds;

template <class... Args>
std::string Printed(const char* format, Args... args) {
  char text[32];
  const int size = std::snprintf(text, sizeof(text), format, args...);
  return std::string(text, static_cast<size_t>(size));
}

uint32_t CodePoint(std::string_view character) {
  const auto byte = [character](size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0);
  uint32_t point = byte(0) & (0xFFu >> (character.size() + 1));
  for (size_t i = 1; i < character.size(); ++i) point = point << 6 | (byte(i) & 0x3Fu);
  return point;
}

// Controls, and the marks that reverse or break lines.
bool IsHarmful(uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x61C ||
         (point >= 0x200E && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069);
}

std::string EscapeOne(std::string_view character, uint32_t point, Escaping escaping) {
  const bool whole = escaping == Escaping::kOneLine;
  if (point == '\n') return whole ? "\\n" : "\n";
  if (point == '\t') return whole ? "\\t" : "\t";
  if (point == '\r') return "\\r";
  if (point == '\\') return whole ? "\\\\" : "\\";
  if (!IsHarmful(point)) return std::string(character);
  return point < 0x80 ? Printed("\\x%02x", point) : Printed("\\u{%x}", point);
}

// As the inside of a JSON string; `text` is UTF-8.
std::string JsonEscape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t length = Utf8CharLength(text);
    const uint32_t point = CodePoint(text.substr(0, length));
    if (point == '"' || point == '\\') {
      out += {'\\', text[0]};
    } else if (point == '\n') {
      out += "\\n";
    } else if (IsHarmful(point)) {
      out += Printed("\\u%04x", point);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out;
}

struct Unit {
  std::string_view name;
  int64_t ms;
};
constexpr std::array<Unit, 5> kUnits = {
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
constexpr double kMaxDurationMs = 3'155'760'000'000;

}  // namespace

std::string Escape(std::string_view bytes, Escaping escaping) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    size_t length = Utf8CharLength(bytes);
    if (length > 0) {
      const std::string_view character = bytes.substr(0, length);
      out += EscapeOne(character, CodePoint(character), escaping);
    } else {
      length = 1;
      out += Printed("\\x%02x", static_cast<unsigned char>(bytes[0]));
    }
    bytes.remove_prefix(length);
  }
  return out;
}

std::optional<milliseconds> ParseDuration(std::string_view text) {
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc()) return std::nullopt;
  const std::string_view name = text.substr(static_cast<size_t>(end - text.data()));
  for (const Unit& unit : kUnits) {
    if (unit.name != name) continue;
    const double ms = number * static_cast<double>(unit.ms);
    if (!(ms >= 0 && ms <= kMaxDurationMs)) return std::nullopt;
    return milliseconds(std::llround(ms));
  }
  return std::nullopt;
}

std::string FormatDuration(milliseconds duration) {
  int64_t rest = duration.count();
  std::string text;
  for (size_t i = 0; i < kUnits.size(); ++i) {
    const int64_t count = rest / kUnits[i].ms;
    if (count == 0) continue;
    if (!text.empty()) text += ' ';
    text += std::to_string(count) + std::string(kUnits[i].name);
    rest %= kUnits[i].ms;
    const bool second = text.find(' ') != std::string::npos;
    if (second || rest == 0) return text;
    // Only the next smaller unit may follow, or "1d 5ms" would look exact.
    if (i + 1 < kUnits.size() && rest < kUnits[i + 1].ms) return text;
  }
  return text.empty() ? "0ms" : text;
}

void JsonLine::Name(std::string_view name) {
  if (text_.size() > 1) text_ += ',';
  text_ += '"' + std::string(name) + "\":";
}

JsonLine& JsonLine::Text(std::string_view name, std::string_view value) {
  const size_t bad = FindInvalidUtf8(value);
  Name(name);
  text_ += '"' +
           (bad == value.npos ? JsonEscape(value) : JsonEscape(Escape(value, Escaping::kOneLine))) +
           '"';
  return *this;
}

JsonLine& JsonLine::Bool(std::string_view name, bool value) {
  Name(name);
  text_ += value ? "true" : "false";
  return *this;
}

JsonLine& JsonLine::Number(std::string_view name, int64_t value) {
  Name(name);
  text_ += std::to_string(value);
  return *this;
}

JsonLine& JsonLine::Bytes(std::string_view name, std::string_view value) {
  if (FindInvalidUtf8(value) == value.npos) return Text(name, value);
  std::string encoded = grpc::Base64Encode(value);
  encoded.append((4 - encoded.size() % 4) % 4, '=');
  return Text(name, encoded).Bool(std::string(name) + "_base64", true);
}

}  // namespace prism::cli
