#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& ListBasicSuite();

}  // namespace prism::conformance
