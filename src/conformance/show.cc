#include "conformance/show.h"

#include <cstdio>

namespace prism::conformance {

std::string Show(std::string_view bytes) {
  constexpr size_t kShown = 80;
  std::string out = "\"";
  for (const char c : bytes.substr(0, kShown)) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c >= 0x20 && c < 0x7f) {
      out += c;
    } else {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\x%02x", static_cast<unsigned char>(c));
      out += escape;
    }
  }
  out += '"';
  return bytes.size() > kShown ? out + "... of " + std::to_string(bytes.size()) + " bytes" : out;
}

std::string Show(Code code) { return std::string(CodeName(code)); }

std::string Show(const Status& status) {
  if (status.ok()) return "OK";
  std::string out = Show(status.code()) + " " + Show(status.message());
  if (!status.hint().empty()) out += " (hint: " + Show(status.hint()) + ")";
  return out;
}

std::string Show(double number) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.17g", number);
  return text;
}

}  // namespace prism::conformance
