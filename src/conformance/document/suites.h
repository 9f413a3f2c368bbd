#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& DocumentBasicSuite();
const Suite& DocumentIndexingSuite();
const Suite& DocumentQuerySuite();

}  // namespace prism::conformance
