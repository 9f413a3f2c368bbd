#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& GraphAnalyticsSuite();
const Suite& GraphBasicSuite();
const Suite& GraphQuerySuite();
const Suite& GraphTraversalSuite();

}  // namespace prism::conformance
