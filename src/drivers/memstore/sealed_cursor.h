#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace prism::memstore {

// The opaque text of a cursor that says `place` to the query `scope`. A checksum over both guards
// against mistakes, not malice: a place is only where to go on.
std::string SealCursor(std::string_view scope, std::string_view place);

// The place in `cursor`; INVALID_ARGUMENT if it is damaged or was made for another scope.
Result<std::string> UnsealCursor(std::string_view scope, std::string_view cursor);

}  // namespace prism::memstore
