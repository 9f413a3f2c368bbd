#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& GraphBasicSuite();

}  // namespace prism::conformance
