#pragma once

#include "conformance/suite.h"

namespace prism::conformance {

const Suite& KeyValueBasicSuite();
const Suite& KeyValueBatchSuite();
const Suite& KeyValueCasSuite();
const Suite& KeyValueScanSuite();
const Suite& KeyValueTransactionalSuite();
const Suite& KeyValueTTLSuite();

}  // namespace prism::conformance
