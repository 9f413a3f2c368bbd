#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/small_allocator.h"

namespace prism::resp {

// An argument in two pieces, such as a prefix and a name, which spares joining them first.
struct Joined {
  std::string_view front;
  std::string_view back;
};

// A command with its arguments, encoded. Arguments are any bytes; numbers are written in decimal.
//   Command set("SET", Joined{prefix, key}, value, "PX", ttl_ms);
//   Command push("RPUSH", name);
//   for (const std::string& value : values) push.Add(value);
class Command {
 public:
  template <class... Args>
  explicit Command(std::string_view verb, const Args&... args) {
    bytes_.reserve(kHeaderRoom + 16 * (sizeof...(args) + 1) + (SizeOf(args) + ... + verb.size()));
    bytes_.resize(kHeaderRoom);
    Add(verb);
    (Add(args), ...);
  }

  void Add(std::string_view argument) { Add(Joined{argument, {}}); }
  void Add(const char* argument) { Add(std::string_view(argument)); }
  void Add(Joined argument);
  void Add(std::integral auto number) {
    char digits[24];
    const char* end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
    Add(std::string_view(digits, static_cast<size_t>(end - digits)));
  }
  // The shortest text that reads back as the same number; "inf" and "-inf".
  void Add(double number);

  // The whole command as it goes over the wire.
  std::string_view bytes() const;
  size_t arguments() const { return arguments_; }

 private:
  static constexpr size_t kHeaderRoom = 13;  // "*", ten digits, line end

  static size_t SizeOf(std::string_view argument) { return argument.size(); }
  static size_t SizeOf(Joined argument) { return argument.front.size() + argument.back.size(); }
  static size_t SizeOf(std::integral auto) { return 20; }
  static size_t SizeOf(double) { return 24; }

  // The header is written in front of the arguments when their number is known.
  mutable std::basic_string<char, std::char_traits<char>, SmallAllocator<char>> bytes_;
  uint32_t arguments_ = 0;
};

}  // namespace prism::resp
