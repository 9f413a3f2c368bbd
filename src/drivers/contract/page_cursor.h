#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace prism {

// The opaque text that resumes a paged answer behind `place`. `scope` says what the answer was
// about: rpc, name, filter. A checksum over both guards against mistakes, not malice: the place is
// only one to go on from.
std::string EncodePageCursor(std::string_view scope, std::string_view place);

// The place in `cursor`; INVALID_ARGUMENT if it is damaged or was made in another scope.
Result<std::string> DecodePageCursor(std::string_view scope, std::string_view cursor);

}  // namespace prism
