#pragma once

#include <span>
#include <string_view>

#include "patterns/pattern.h"

namespace prism {

// Every pattern there is, by name.
std::span<const Pattern> Patterns();
// Null if there is none of that name.
const Pattern* FindPattern(std::string_view name);

}  // namespace prism
