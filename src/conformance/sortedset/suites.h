#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& SortedSetBasicSuite();
const Suite& SortedSetLexSuite();
const Suite& SortedSetOperationsSuite();
const Suite& SortedSetRangeSuite();
const Suite& SortedSetRankSuite();

}  // namespace prism::conformance
