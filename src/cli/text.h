#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// How the command line writes and reads data.
namespace prism::cli {

// Bytes for a person's eyes: whatever a terminal could take for a command, and what is no UTF-8,
// as \xNN or \u{N}. kOneLine also escapes line ends, tabs and backslashes, so that it is exact.
enum class Escaping { kLines, kOneLine };
std::string Escape(std::string_view bytes, Escaping escaping);

// "250ms", "1.5s", "10m", "2h", "7d": nullopt without a unit, when negative, or past 100 years.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);
// The same form, in the two largest units that say it: "1m 30s", "250ms".
std::string FormatDuration(std::chrono::milliseconds duration);

// A JSON object on one line, built field by field.
class JsonLine {
 public:
  JsonLine& Text(std::string_view name, std::string_view value);
  JsonLine& Bool(std::string_view name, bool value);
  JsonLine& Number(std::string_view name, int64_t value);
  // Bytes that are no UTF-8 become base64, and the field NAME_base64 is true.
  JsonLine& Bytes(std::string_view name, std::string_view value);
  std::string Take() && { return std::move(text_) + "}\n"; }

 private:
  void Name(std::string_view name);
  std::string text_ = "{";
};

}  // namespace prism::cli
