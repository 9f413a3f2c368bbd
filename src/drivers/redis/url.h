#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace prism::redis {

// redis[s]://[[username]:password@]host[:port][,host[:port]...][/database] or
// redis[s]+unix:///path[?database=N]; user and password are percent-encoded, the port defaults to
// 6379.
struct Url {
  bool tls = false;
  std::string username;
  std::string password;
  std::vector<std::string> addresses;  // "host:port" or "unix:/path"
  int64_t database = 0;
};

// INVALID_ARGUMENT that never repeats the password.
Result<Url> ParseUrl(std::string_view text);

}  // namespace prism::redis
