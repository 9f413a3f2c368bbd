#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace prism::postgres {

// What a notification says of a message: the message itself, or where a larger one is.
struct Notice {
  std::string message;  // serialized, with its topic
  std::string topic;    // only with an id
  int64_t id = 0;       // of the table of large messages; 0: none
};

// The payload of a message; nothing if it is too large for one.
std::optional<std::string> PayloadOf(std::string_view message);
// The payload of a larger message, up to its id.
std::string PayloadOfLarge(std::string_view topic);
// Nothing for what is no payload.
std::optional<Notice> ReadNotice(std::string_view payload);

}  // namespace prism::postgres
