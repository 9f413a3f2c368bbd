#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wire/resp/reply.h"

namespace prism::resp {

// What a reply may cost, whatever the server says.
struct ReplyLimits {
  size_t max_bytes = 64 * 1024 * 1024;  // of all its strings
  size_t max_elements = 4 * 1024 * 1024;
  size_t max_depth = 16;
};

// Makes replies of bytes as they come, in pieces of any size. Does no input itself. Memory grows
// with what has arrived, not with what a length announces.
class ReplyParser {
 public:
  explicit ReplyParser(ReplyLimits limits = {}) : limits_(limits) {}

  // Takes bytes from the front of `input` until a reply is complete (true) or none are left
  // (false). INTERNAL when they are not RESP2 or exceed a limit: the parser is then spent.
  Result<bool> Next(std::string_view& input, Reply& reply);

 private:
  struct OpenArray {
    Reply reply;
    int64_t left;
  };

  // One step: true when `item_` is a complete value.
  Result<bool> Step(std::string_view& input);
  Result<bool> ReadLine(std::string_view line);
  Result<bool> BeginString(int64_t length);
  Result<bool> BeginArray(int64_t length);
  Result<bool> ReadString(std::string_view& input);
  // Puts `item_` where it belongs; true when that completes the whole reply, moved to `reply`.
  bool Place(Reply& reply);

  const ReplyLimits limits_;
  std::string line_;  // what has come of a line that comes in pieces
  Reply item_;
  size_t string_left_ = 0;  // bytes of the string under way, with its line end
  bool in_string_ = false;
  size_t bytes_ = 0;
  size_t elements_ = 0;
  std::vector<OpenArray> open_;
};

}  // namespace prism::resp
