#pragma once

#include <span>
#include <string_view>

namespace prism::postgres {

// What makes the schema, in order; the n-th has version n. Never change one that was released: add
// another. Names are those of the schema, which is the search_path.
std::span<const std::string_view> Migrations();

}  // namespace prism::postgres
