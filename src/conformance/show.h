#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

// Values as a failure's message writes them: printable, on one line, of bounded length.
namespace prism::conformance {

// In quotes, with \xNN for what is not printable ASCII; long ones are cut and their size is told.
std::string Show(std::string_view bytes);
inline std::string Show(const std::string& bytes) { return Show(std::string_view(bytes)); }
inline std::string Show(const char* text) { return Show(std::string_view(text)); }
inline std::string Show(std::same_as<bool> auto flag) { return flag ? "true" : "false"; }
std::string Show(const Status& status);
std::string Show(Code code);

template <std::integral T>
requires(!std::same_as<T, bool>) std::string Show(T number) { return std::to_string(number); }
std::string Show(double number);

inline std::string Show(std::nullopt_t) { return "absent"; }
template <class T>
std::string Show(const std::optional<T>& value) {
  return value ? Show(*value) : "absent";
}

template <class A, class B>
std::string Show(const std::pair<A, B>& pair) {
  return "(" + Show(pair.first) + ", " + Show(pair.second) + ")";
}

template <class T>
std::string Show(const std::vector<T>& items) {
  constexpr size_t kShown = 8;
  std::string out = "[";
  for (size_t i = 0; i < items.size() && i < kShown; ++i) {
    out += (i > 0 ? ", " : "") + Show(static_cast<const T&>(items[i]));
  }
  if (items.size() > kShown) out += ", ... of " + std::to_string(items.size());
  return out + "]";
}

// "expected 2, got 3"; of sequences also where they first differ.
template <class A, class B>
std::string ShowDifference(const A& actual, const B& expected) {
  return "expected " + Show(expected) + ", got " + Show(actual);
}

template <class T>
std::string ShowDifference(const std::vector<T>& actual, const std::vector<T>& expected) {
  size_t i = 0;
  while (i < actual.size() && i < expected.size() && actual[i] == expected[i]) ++i;
  return "expected " + Show(expected) + ", got " + Show(actual) + "; they differ from place " +
         std::to_string(i) +
         " on: " + (i < expected.size() ? Show(static_cast<const T&>(expected[i])) : "its end") +
         " against " + (i < actual.size() ? Show(static_cast<const T&>(actual[i])) : "its end");
}

}  // namespace prism::conformance
