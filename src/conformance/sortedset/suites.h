#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& SortedSetBasicSuite();

}  // namespace prism::conformance
