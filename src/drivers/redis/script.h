#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "wire/resp/command.h"

namespace prism::redis {

// A Lua script that runs in the server as one step, called by its hash. A constant of its caller's
// file.
//   constinit const Script kMake(R"(...)");
//   keyspace.Run(ctx, kMake, ScriptCall(kMake, 2, key, index, value))
class Script {
 public:
  explicit constexpr Script(std::string_view source) : source_(source) {}
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  std::string_view source() const { return source_; }
  // Computed when first asked for; any thread.
  const std::string& sha1() const;

 private:
  const std::string_view source_;
  mutable std::once_flag once_;
  mutable std::string sha1_;
};

// Arguments as in EVALSHA: the number of keys, the keys, the others.
template <class... Args>
resp::Command ScriptCall(const Script& script, const Args&... args) {
  return resp::Command("EVALSHA", script.sha1(), args...);
}

}  // namespace prism::redis
