#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "drivers/memstore/log/record.h"

namespace prism::memstore {

// An offset is "<partition>-<sequence number>", in decimal without leading zeros.
std::string EncodeOffset(Place place);
// INVALID_ARGUMENT naming `field` if the text is no offset.
Result<Place> DecodeOffset(std::string_view field, std::string_view offset);
// The same of one partition, where the empty text means its beginning.
Result<Place> DecodeOffsetIn(uint32_t partition, std::string_view field, std::string_view offset);

}  // namespace prism::memstore
