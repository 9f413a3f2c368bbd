#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace prism {

inline constexpr size_t kMaxTokens = 64;

using Tokens = std::vector<std::string_view>;

// The tokens of a topic; INVALID_ARGUMENT if it is none.
Result<Tokens> SplitTopic(std::string_view topic);
// The same of a pattern, which may have `*` and, at its end, `>`.
Result<Tokens> SplitPattern(std::string_view pattern);
// Whether tokens of a pattern stand for others, so that it is no plain topic.
bool HasWildcard(const Tokens& pattern);
bool MatchesPattern(const Tokens& pattern, std::string_view topic);

}  // namespace prism
