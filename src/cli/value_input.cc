#include "cli/value_input.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace prism::cli {

Result<std::string> ReadValue(const std::string& argument, std::istream& in) {
  using Bytes = std::istreambuf_iterator<char>;
  if (argument == "-") return std::string(Bytes(in), Bytes());
  if (!argument.starts_with('@')) return argument;
  const std::string path = argument.substr(1);
  std::ifstream file(path, std::ios::binary);
  // A directory opens, and fails only when it is read.
  if (!file || (file.peek(), file.bad())) {
    return InvalidArgumentError("cannot read '" + path + "': " + std::strerror(errno))
        .WithHint(
            "a value that begins with @ names a file; to store such text itself, pipe it in "
            "and give - as the value");
  }
  file.clear();
  return std::string(Bytes(file), Bytes());
}

}  // namespace prism::cli
