#pragma once

#include <algorithm>
#include <string_view>

namespace prism {

inline constexpr size_t kMaxNameBytes = 63;
inline constexpr std::string_view kNameHint =
    "use up to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit";

// Whether `text` can name a namespace or a backend.
inline bool IsName(std::string_view text) {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto is_allowed = [&](char c) { return is_word(c) || c == '.' || c == '_' || c == '-'; };
  return !text.empty() && text.size() <= kMaxNameBytes && is_word(text[0]) &&
         std::all_of(text.begin(), text.end(), is_allowed);
}

}  // namespace prism
