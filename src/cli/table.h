#pragma once

#include <string>
#include <vector>

#include "cli/console.h"

namespace prism::cli {

using Row = std::vector<std::string>;

// Columns as wide as their widest cell; the last one may be long. The first row is a heading.
void WriteTable(const Console& console, const std::vector<Row>& rows);

}  // namespace prism::cli
