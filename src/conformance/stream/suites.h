#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& StreamBasicSuite();
const Suite& StreamConsumerGroupsSuite();
const Suite& StreamPartitioningSuite();
const Suite& StreamReplaySuite();
const Suite& StreamRetentionSuite();

}  // namespace prism::conformance
