#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/postgres/space.h"

namespace prism::postgres {

// An id as the tables keep it: no more bytes than leave room for a key in an index, and the rest.
struct DocumentId {
  static constexpr size_t kIndexedBytes = 1200;

  explicit DocumentId(std::string_view id)
      : head(id.substr(0, kIndexedBytes)), more(id.substr(head.size())) {}

  std::string_view head;
  std::string_view more;
};

// The id in these columns of an answer.
inline std::string IdIn(const Rows& rows, int row, int head, int more) {
  return std::string(rows.Text(row, head)).append(rows.Text(row, more));
}

// The first two parameters of every statement.
inline Arguments& At(Arguments& arguments, const Space& space, std::string_view collection) {
  return arguments.Text(space.name()).Text(collection);
}

// A boolean or int8 that is given as text.
inline std::string_view TextOf(bool value) { return value ? "t" : "f"; }
// As {1,2}.
template <class Values>
std::string ArrayText(const Values& values) {
  std::string text = "{";
  for (const auto& value : values) {
    if (text.size() > 1) text += ',';
    text += std::to_string(value);
  }
  return text += '}';
}

inline std::vector<const std::string*> PointersTo(const std::vector<std::string>& texts) {
  std::vector<const std::string*> pointers;
  pointers.reserve(texts.size());
  for (const std::string& text : texts) pointers.push_back(&text);
  return pointers;
}

}  // namespace prism::postgres
