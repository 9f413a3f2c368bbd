#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace prism::cli {

struct HttpReply {
  int status = 0;
  std::string body;
};

// Fetches a page of an admin port ("host:port" or "unix:/path") over HTTP/1.0 and blocks until it
// has it. Errors: UNAVAILABLE, and RESOURCE_EXHAUSTED for more than 16 MiB.
Result<HttpReply> HttpGet(const std::string& address, const std::string& path, Duration timeout);

}  // namespace prism::cli
