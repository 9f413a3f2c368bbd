#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& SetBasicSuite();

}  // namespace prism::conformance
