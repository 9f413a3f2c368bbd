#include "cli/console.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <iostream>

#include "cli/text.h"

namespace prism::cli {
namespace {

bool ColourWanted() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return !(no_color && *no_color) && !(term && std::string_view(term) == "dumb");
}

}  // namespace

std::string Console::Paint(Colour paint, std::string_view text) const {
  constexpr std::array<const char*, 6> kCodes = {"31", "32", "33", "36", "2", "1"};
  if (!colour) return std::string(text);
  return "\033[" + std::string(kCodes[static_cast<size_t>(paint)]) + "m" + std::string(text) +
         "\033[0m";
}

Console ProcessConsole() {
  std::ios::sync_with_stdio(false);
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  return {std::cout, std::cerr, terminal, terminal && ColourWanted()};
}

void PrintError(const Console& console, Format format, const Status& status) {
  if (format == Format::kJson) {
    JsonLine line;
    line.Text("error", CodeName(status.code())).Text("message", status.message());
    if (!status.hint().empty()) line.Text("hint", status.hint());
    console.err << std::move(line).Take();
    return;
  }
  // The text may come from anywhere: it must not steer the terminal.
  console.err << "prism: " << CodeName(status.code()) << ": "
              << Escape(status.message(), Escaping::kLines) << '\n';
  if (!status.hint().empty()) {
    console.err << "hint: " << Escape(status.hint(), Escaping::kLines) << '\n';
  }
}

}  // namespace prism::cli
