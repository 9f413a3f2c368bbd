#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "base/status.h"
#include "cli/options.h"

namespace prism::cli {

// Where a command writes: results to `out`, remarks to `err`.
struct Console {
  std::ostream& out;
  std::ostream& err;
  bool terminal = false;  // a person reads `out`
  bool colour = false;

  enum class Colour { kRed, kGreen, kYellow, kCyan, kDim, kBold };
  // `text` in that colour, or as it is.
  std::string Paint(Colour colour, std::string_view text) const;
};

// The process's own, with colour on a terminal unless NO_COLOR or TERM=dumb is set.
Console ProcessConsole();

// Says on `err` why a command failed, in the format asked for.
void PrintError(const Console& console, Format format, const Status& status);

}  // namespace prism::cli
