#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& ObjectBasicSuite();

}  // namespace prism::conformance
