#include "wire/resp/command.h"

#include <algorithm>
#include <cmath>

namespace prism::resp {

void Command::Add(Joined argument) {
  const size_t size = argument.front.size() + argument.back.size();
  char header[24] = {'$'};
  char* end = std::to_chars(header + 1, header + sizeof(header), size).ptr;
  *end++ = '\r';
  *end++ = '\n';
  const size_t begin = bytes_.size();
  const auto header_size = static_cast<size_t>(end - header);
  bytes_.resize(begin + header_size + size + 2);
  char* out = std::copy(header, end, bytes_.data() + begin);
  out = std::copy(argument.front.begin(), argument.front.end(), out);
  out = std::copy(argument.back.begin(), argument.back.end(), out);
  *out++ = '\r';
  *out = '\n';
  ++arguments_;
}

void Command::Add(double number) {
  if (std::isinf(number)) return Add(std::string_view(number > 0 ? "inf" : "-inf"));
  char digits[32];
  const char* end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  Add(std::string_view(digits, static_cast<size_t>(end - digits)));
}

std::string_view Command::bytes() const {
  char header[kHeaderRoom] = {'*'};
  char* end = std::to_chars(header + 1, header + sizeof(header), arguments_).ptr;
  *end++ = '\r';
  *end++ = '\n';
  const auto size = static_cast<size_t>(end - header);
  bytes_.replace(kHeaderRoom - size, size, header, size);
  return std::string_view(bytes_).substr(kHeaderRoom - size);
}

}  // namespace prism::resp
