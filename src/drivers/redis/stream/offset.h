#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace prism::redis {

// The offset of a record is the id of its entry, "<unix ms>-<count>".

// INVALID_ARGUMENT, naming the field, unless it is one.
Status CheckOffset(std::string_view field, std::string_view offset);
// The place behind the record.
std::string OffsetBehind(std::string_view offset);
int64_t UnixMsOf(std::string_view offset);

}  // namespace prism::redis
