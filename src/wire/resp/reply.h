#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace prism::resp {

// What a server answered to one command, as RESP2 has it. Doubles come as strings.
struct Reply {
  enum class Type : uint8_t { kNull, kInteger, kString, kStatus, kError, kArray };

  bool is(Type other) const { return type == other; }
  bool is_error() const { return type == Type::kError; }
  bool is_null() const { return type == Type::kNull; }
  // The first word of an error: "WRONGTYPE", "MOVED".
  std::string_view error_kind() const { return std::string_view(text).substr(0, text.find(' ')); }

  Type type = Type::kNull;
  int64_t integer = 0;
  std::string text;  // of a string, status or error
  std::vector<Reply> elements;
};

}  // namespace prism::resp
