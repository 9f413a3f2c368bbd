#include "drivers/contract/document/index_keys.h"

#include <set>

#include "drivers/contract/checks.h"

namespace prism {
namespace {

constexpr int kMaxFields = 8;

// The different scalars that the path leads to, as parts of keys; kMissing if there are none.
Result<std::vector<std::string>> PartsOf(const IndexSpec& spec, const FieldPath& path,
                                         const Json& document) {
  std::set<std::string> parts;
  bool too_long = false;
  const Json::Visitor add = [&](const Scalar& scalar) {
    if (!scalar.is_scalar()) return true;
    too_long |= scalar.text.size() > kMaxIndexedTextBytes;
    std::string part;
    AppendOrdered(scalar, kMaxIndexedTextBytes, part);
    parts.insert(std::move(part));
    return !too_long && parts.size() <= kMaxKeysPerDocument;
  };
  document.Visit(path, add);
  if (too_long) {
    return InvalidArgumentError("index '" + spec.name + "': a string has more than " +
                                std::to_string(kMaxIndexedTextBytes) + " bytes");
  }
  if (parts.empty()) {
    std::string missing;
    AppendOrdered(Scalar(), 0, missing);
    parts.insert(missing);
  }
  return std::vector<std::string>(parts.begin(), parts.end());
}

}  // namespace

Result<std::shared_ptr<const IndexSpec>> ReadIndexSpec(const document::v1::Index& index) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("index.name", index.name()));
  PRISM_RETURN_IF_ERROR(CheckRange("index.fields", index.fields_size(), 1, kMaxFields));
  auto spec = std::make_shared<IndexSpec>();
  spec->name = index.name();
  spec->unique = index.unique();
  std::set<FieldPath> seen;
  for (const std::string& field : index.fields()) {
    Result<FieldPath> path = ParsePath("index.fields", field);
    if (!path.ok()) return std::move(path).status();
    if (!seen.insert(*path).second) {
      return InvalidArgumentError("index.fields names '" + field + "' twice");
    }
    spec->fields.push_back(field);
    spec->paths.push_back(*std::move(path));
  }
  return std::shared_ptr<const IndexSpec>(std::move(spec));
}

Result<IndexKeys> KeysOf(const IndexSpec& spec, const Json& document) {
  IndexKeys found;
  found.keys.emplace_back();
  for (const FieldPath& path : spec.paths) {
    Result<std::vector<std::string>> parts = PartsOf(spec, path, document);
    if (!parts.ok()) return std::move(parts).status();
    if (parts->front().front() == OrderedTag(Scalar())) found.complete = false;
    if (found.keys.size() * parts->size() > kMaxKeysPerDocument) {
      return InvalidArgumentError("index '" + spec.name + "': the document has more than " +
                                  std::to_string(kMaxKeysPerDocument) +
                                  " combinations of indexed values");
    }
    std::vector<std::string> longer;
    for (const std::string& key : found.keys) {
      for (const std::string& part : *parts) longer.push_back(key + part);
    }
    found.keys = std::move(longer);
  }
  return found;
}

}  // namespace prism
