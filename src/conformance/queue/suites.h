#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& QueueBasicSuite();

}  // namespace prism::conformance
