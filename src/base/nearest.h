#pragma once

#include <span>
#include <string>
#include <string_view>

namespace prism {

// The candidate most like `word`, or "" when none is like enough to have been meant.
std::string Nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace prism
