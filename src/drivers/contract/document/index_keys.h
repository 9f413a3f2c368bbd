#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drivers/contract/document/json.h"
#include "prism/interfaces/document_indexing.pb.h"

namespace prism {

struct IndexSpec {
  std::string name;
  std::vector<std::string> fields;
  std::vector<FieldPath> paths;  // of the fields
  bool unique = false;

  bool SameAs(const IndexSpec& other) const {
    return name == other.name && fields == other.fields && unique == other.unique;
  }
};

inline constexpr int kMaxDocumentIndexes = 16;  // of a collection
inline constexpr size_t kMaxIndexedTextBytes = 1024;
inline constexpr size_t kMaxKeysPerDocument = 1000;

// INVALID_ARGUMENT where the contract says so.
Result<std::shared_ptr<const IndexSpec>> ReadIndexSpec(const document::v1::Index& index);

// With what a document is in an index: a key per combination of the scalars that the fields lead
// to, ordered as they are and each once.
struct IndexKeys {
  std::vector<std::string> keys;
  bool complete = true;  // every field leads to a scalar; else `unique` does not restrict it
};
// INVALID_ARGUMENT naming the index when there are too many, or too long ones.
Result<IndexKeys> KeysOf(const IndexSpec& spec, const Json& document);

}  // namespace prism
