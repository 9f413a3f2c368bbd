#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace prism::cli {

// The candidate most like `word`, or "" when none is like enough to have been meant.
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace prism::cli
