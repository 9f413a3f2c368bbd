#pragma once

#include <span>

#include "conformance/suite.h"

namespace prism::conformance {

// Every suite there is, in the order of the interfaces' names.
std::span<const Suite* const> AllSuites();

}  // namespace prism::conformance
