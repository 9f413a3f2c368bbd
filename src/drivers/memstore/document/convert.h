#pragma once

#include "drivers/memstore/document/find.h"
#include "prism/interfaces/document_query.pb.h"

namespace prism::memstore {

// Between the messages of document_query and what the engine knows. INVALID_ARGUMENT where the
// contract says so. Filters and scalars refer to the messages.
Result<DocumentFilter> ReadFilter(const document::v1::Filter& filter);
Result<std::vector<SortPath>> ReadSort(
    const google::protobuf::RepeatedPtrField<document::v1::SortField>& sort);
Result<std::vector<FieldPath>> ReadPaths(
    std::string_view field, int max, const google::protobuf::RepeatedPtrField<std::string>& paths);
void WriteValue(const Scalar& scalar, document::v1::Value& value);

}  // namespace prism::memstore
