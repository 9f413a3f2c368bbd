#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& ListBasicSuite();
const Suite& ListIndexingSuite();

}  // namespace prism::conformance
