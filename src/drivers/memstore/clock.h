#pragma once

#include <functional>

#include "base/clock.h"

namespace prism::memstore {

// Where the data take their time from; tests pass their own. Called from any thread.
using NowFunction = std::function<TimePoint()>;

}  // namespace prism::memstore
