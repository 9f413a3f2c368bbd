#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& QueueBasicSuite();
const Suite& QueueDeadLetterSuite();
const Suite& QueueDelayedSuite();
const Suite& QueuePrioritySuite();
const Suite& QueueVisibilitySuite();

}  // namespace prism::conformance
