#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace prism::redis {

// A piece of a script's source, to put scripts together of when compiling.
//   constexpr Lua kAdd = kBase + Lua(R"(return add(ARGV[1]))");
//   const Script kAddScript(kAdd.view());
template <size_t kSize>
struct Lua {
  // NOLINTNEXTLINE: a literal is the source.
  explicit constexpr Lua(const char (&source)[kSize + 1]) { std::copy_n(source, kSize, text); }
  constexpr Lua() = default;
  constexpr std::string_view view() const { return {text, kSize}; }

  template <size_t kOther>
  constexpr Lua<kSize + kOther> operator+(const Lua<kOther>& other) const {
    Lua<kSize + kOther> both;
    std::copy_n(text, kSize, both.text);
    std::copy_n(other.text, kOther, both.text + kSize);
    return both;
  }

  char text[kSize] = {};
};
template <size_t kWithNull>
Lua(const char (&)[kWithNull]) -> Lua<kWithNull - 1>;

}  // namespace prism::redis
