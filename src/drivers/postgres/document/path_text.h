#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "drivers/contract/document/filter.h"

namespace prism::postgres {

// jsonb cannot hold U+0000. In what is queried, the four characters from it on are U+0001 and two
// of U+0002 and U+0003, which keeps the order of texts and where one begins within another. Both
// ways on JSON text; the first returns an empty text if there is nothing to change.
std::string WithoutNul(std::string_view json);
std::string WithNul(std::string_view json);

// The filter as a predicate in the server's language of paths (SQL/JSON, lax): it is true just
// where the filter holds. RESOURCE_EXHAUSTED for what the server cannot look for.
Result<std::string> PredicateOf(const DocumentFilter& filter);

// What a path leads to, as a path of the server.
std::string AnyAt(const FieldPath& path);
std::string ScalarsAt(const FieldPath& path);
std::string NumbersAt(const FieldPath& path);
std::string ScalarsButNullAt(const FieldPath& path);

}  // namespace prism::postgres
