#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& SetBasicSuite();
const Suite& SetCardinalitySuite();
const Suite& SetOperationsSuite();
const Suite& SetRandomSuite();

}  // namespace prism::conformance
