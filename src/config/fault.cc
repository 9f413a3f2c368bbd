#include "config/fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/nearest.h"
#include "base/utf8.h"

namespace prism {
namespace {

constexpr size_t kMaxQuotedBytes = 80;
constexpr size_t kMaxComparedBytes = 64;

}  // namespace

void FaultList::Add(int line, int column, std::string message, std::string hint) {
  if (faults_.size() == kMax) {
    ++left_out_;
    return;
  }
  faults_.push_back({file_, line, column, std::move(message), std::move(hint)});
}

std::vector<Fault> FaultList::Take() && {
  std::stable_sort(faults_.begin(), faults_.end(), [](const Fault& a, const Fault& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  if (left_out_ > 0) {
    faults_.push_back({file_, 0, 0, fmt::format("{} more faults are not shown", left_out_), ""});
  }
  return std::move(faults_);
}

std::string FormatFaults(std::span<const Fault> faults) {
  std::string out;
  for (const Fault& fault : faults) {
    out += fault.file;
    if (fault.line > 0) out += fmt::format(":{}", fault.line);
    if (fault.line > 0 && fault.column > 0) out += fmt::format(":{}", fault.column);
    out += fmt::format(": {}\n", fault.message);
    if (!fault.hint.empty()) out += fmt::format("    hint: {}\n", fault.hint);
  }
  return out;
}

std::string Quoted(std::string_view text) {
  std::string out = "'";
  while (!text.empty()) {
    const unsigned char c = text[0];
    const size_t length = Utf8CharLength(text);
    if (out.size() > kMaxQuotedBytes) {
      out += "...";
      break;
    }
    if (length == 0 || c < 0x20 || c == 0x7F) {
      out += fmt::format("\\x{:02x}", c);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<size_t>(1, length));
  }
  return out + "'";
}

std::string DidYouMean(std::string_view word, std::span<const std::string> candidates,
                       std::string otherwise) {
  // The comparison takes time in proportion to the length, and no key is that long.
  if (word.size() > kMaxComparedBytes) return otherwise;
  const std::string nearest = Nearest(word, candidates);
  return nearest.empty() ? otherwise : fmt::format("did you mean '{}'?", nearest);
}

std::string Joined(std::span<const std::string> words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace prism
