#pragma once

#include <string_view>

namespace prism::postgres {

// A key as the table keeps it: no more bytes than an index takes, and the rest. Places order like
// their keys.
struct Place {
  std::string_view key;
  std::string_view more;
};

// Views into `key`.
Place PlaceOf(std::string_view key);

}  // namespace prism::postgres
