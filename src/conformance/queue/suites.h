#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& QueueBasicSuite();
const Suite& QueueVisibilitySuite();

}  // namespace prism::conformance
