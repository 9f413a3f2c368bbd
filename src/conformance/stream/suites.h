#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& StreamBasicSuite();
const Suite& StreamConsumerGroupsSuite();

}  // namespace prism::conformance
