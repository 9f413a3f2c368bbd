#pragma once

#include <string_view>

#include "base/status.h"

namespace prism::postgres {

// What an error of the server means for the caller, by its SQLSTATE. The statement was not applied,
// so those that may pass are retryable.
Status FromSqlState(std::string_view state, std::string_view message);

}  // namespace prism::postgres
