#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& PubSubBasicSuite();
const Suite& PubSubFilteringSuite();
const Suite& PubSubOrderingSuite();
const Suite& PubSubPersistentSuite();
const Suite& PubSubWildcardsSuite();

}  // namespace prism::conformance
