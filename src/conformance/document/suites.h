#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& DocumentBasicSuite();
const Suite& DocumentQuerySuite();

}  // namespace prism::conformance
