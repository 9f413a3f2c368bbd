#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& SetBasicSuite();
const Suite& SetOperationsSuite();

}  // namespace prism::conformance
