#pragma once

#include <string>
#include <utility>
#include <vector>

namespace prism {

// The attributes of a message or record, in no particular order, no name twice.
using Attributes = std::vector<std::pair<std::string, std::string>>;

}  // namespace prism
