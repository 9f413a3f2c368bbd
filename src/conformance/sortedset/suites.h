#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& SortedSetBasicSuite();
const Suite& SortedSetRangeSuite();

}  // namespace prism::conformance
