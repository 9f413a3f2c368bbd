#pragma once

#include <istream>
#include <string>

#include "base/result.h"

namespace prism::cli {

// What a value on the command line stands for: itself, or with "-" all of `in`, or with "@file" the
// file's content. INVALID_ARGUMENT when that cannot be read.
Result<std::string> ReadValue(const std::string& argument, std::istream& in);

}  // namespace prism::cli
