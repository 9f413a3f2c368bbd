#include "drivers/contract/document/path.h"

#include "drivers/contract/checks.h"

namespace prism {
namespace {

constexpr size_t kMaxNames = 64;

Status Bad(std::string_view field, std::string_view text, const std::string& what) {
  return InvalidArgumentError(std::string(field) + ": the path '" + std::string(text) + "' " +
                              what);
}

}  // namespace

Result<FieldPath> ParsePath(std::string_view field, std::string_view text) {
  if (text.empty() || text.size() > kMaxKeyBytes) {
    return InvalidArgumentError(std::string(field) + ": a path has 1 to " +
                                std::to_string(kMaxKeyBytes) + " bytes, not " +
                                std::to_string(text.size()));
  }
  FieldPath path(1);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.') {
      if (path.back().empty()) return Bad(field, text, "has an empty name");
      path.emplace_back();
      continue;
    }
    if (text[i] == '\\') {
      if (++i == text.size() || (text[i] != '.' && text[i] != '\\')) {
        return Bad(field, text, "has a backslash before neither a dot nor a backslash");
      }
    }
    path.back() += text[i];
  }
  if (path.back().empty()) return Bad(field, text, "has an empty name");
  if (path.size() > kMaxNames) {
    return Bad(field, text, "has more than " + std::to_string(kMaxNames) + " names");
  }
  return path;
}

}  // namespace prism
