#pragma once

#include <cstdlib>
#include <string>

namespace prism::redis {

// A score as Redis writes it: "1.5", "inf", "-inf".
inline double ScoreOf(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

}  // namespace prism::redis
