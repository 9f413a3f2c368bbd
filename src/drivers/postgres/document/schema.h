#pragma once

#include <string_view>

namespace prism::postgres {

// The tables of documents and their functions, see ../schema.h: what writes, then what reads.
extern const std::string_view kDocumentSchema;
extern const std::string_view kDocumentReadSchema;

}  // namespace prism::postgres
