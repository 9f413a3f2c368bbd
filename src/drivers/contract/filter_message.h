#pragma once

#include "base/result.h"
#include "drivers/contract/attribute_filter.h"
#include "prism/interfaces/pubsub_filtering.pb.h"

namespace prism {

// The filter of a request; INVALID_ARGUMENT if it is too large or incomplete.
Result<AttributeFilter> ToFilter(const pubsub::v1::Filter& from);

}  // namespace prism
