#include "cli/table.h"

#include <algorithm>

namespace prism::cli {

void WriteTable(const Console& console, const std::vector<Row>& rows) {
  Row::size_type columns = rows[0].size();
  std::vector<size_t> widths(columns);
  for (const Row& row : rows) {
    for (size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const Row& row : rows) {
    std::string line = "  ";
    for (size_t i = 0; i < columns; ++i) {
      line += row[i];
      if (i + 1 < columns) line.append(widths[i] - row[i].size() + 2, ' ');
    }
    console.out << (&row == &rows[0] ? console.Paint(Console::Colour::kDim, line) : line) << '\n';
  }
}

}  // namespace prism::cli
