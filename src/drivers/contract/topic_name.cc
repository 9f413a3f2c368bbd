#include "drivers/contract/topic_name.h"

#include <algorithm>
#include <string>

#include "drivers/contract/messages.h"

namespace prism {
namespace {

Result<Tokens> Split(std::string_view field, std::string_view text) {
  PRISM_RETURN_IF_ERROR(CheckName(field, text));
  Tokens tokens;
  for (size_t from = 0; from <= text.size();) {
    const size_t to = std::min(text.find('.', from), text.size());
    tokens.push_back(text.substr(from, to - from));
    if (tokens.back().empty()) {
      return InvalidArgumentError(std::string(field) + " has an empty token between its dots");
    }
    from = to + 1;
  }
  if (tokens.size() <= kMaxTokens) return tokens;
  return InvalidArgumentError(std::string(field) + " has " + std::to_string(tokens.size()) +
                              " tokens; at most " + std::to_string(kMaxTokens) + " are allowed");
}

}  // namespace

Result<Tokens> SplitTopic(std::string_view topic) {
  Result<Tokens> tokens = Split("topic", topic);
  if (!tokens.ok()) return tokens;
  for (const std::string_view token : *tokens) {
    if (token != "*" && token != ">") continue;
    return InvalidArgumentError("topic has the token '" + std::string(token) +
                                "', which stands for others in patterns only");
  }
  return tokens;
}

Result<Tokens> SplitPattern(std::string_view pattern) {
  Result<Tokens> tokens = Split("pattern", pattern);
  if (!tokens.ok()) return tokens;
  if (std::find(tokens->begin(), tokens->end() - 1, ">") != tokens->end() - 1) {
    return InvalidArgumentError("pattern has '>' before its last token");
  }
  return tokens;
}

bool HasWildcard(const Tokens& pattern) {
  return std::any_of(pattern.begin(), pattern.end(),
                     [](std::string_view token) { return token == "*" || token == ">"; });
}

bool MatchesPattern(const Tokens& pattern, std::string_view topic) {
  for (size_t i = 0;; ++i) {
    const size_t dot = topic.find('.');
    const bool last = dot == std::string_view::npos;
    if (i == pattern.size()) return false;
    if (pattern[i] == ">") return true;
    if (pattern[i] != "*" && pattern[i] != topic.substr(0, dot)) return false;
    if (last) return i + 1 == pattern.size();
    topic.remove_prefix(dot + 1);
  }
}

}  // namespace prism
