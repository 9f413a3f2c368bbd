#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& DocumentBasicSuite();

}  // namespace prism::conformance
