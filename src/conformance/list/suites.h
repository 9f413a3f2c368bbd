#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& ListBasicSuite();
const Suite& ListBlockingSuite();
const Suite& ListIndexingSuite();
const Suite& ListRangeSuite();

}  // namespace prism::conformance
