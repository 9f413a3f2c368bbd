#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& StreamBasicSuite();

}  // namespace prism::conformance
