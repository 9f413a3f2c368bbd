#include "drivers/contract/scalar.h"

#include <bit>
#include <cmath>
#include <limits>

namespace prism {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;

int Rank(const Scalar& scalar) {
  switch (scalar.type) {
    case Scalar::Type::kDouble:
      return static_cast<int>(Scalar::Type::kInteger);
    default:
      return static_cast<int>(scalar.type);
  }
}

template <class T>
int Order(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

int CompareIntegerToDouble(int64_t a, double b) {
  if (b >= kTwoTo63) return -1;
  if (b < -kTwoTo63) return 1;
  const double whole = std::trunc(b);
  const int order = Order(a, static_cast<int64_t>(whole));
  return order != 0 ? order : Order(0.0, b - whole);
}

void AppendBigEndian(uint64_t bits, int bytes, std::string& out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(bits >> shift & 0xff);
  }
}

// The greatest double that is not above the number, then what is missing to an integer: below
// 2048, because doubles near 2^63 are 1024 or 2048 apart.
void AppendNumber(const Scalar& scalar, std::string& out) {
  double floor = scalar.real + 0.0;  // no negative zero
  uint64_t rest = 0;
  if (scalar.type == Scalar::Type::kInteger) {
    floor = static_cast<double>(scalar.integer);
    if (CompareIntegerToDouble(scalar.integer, floor) < 0) {
      floor = std::nextafter(floor, -std::numeric_limits<double>::infinity());
    }
    rest =
        static_cast<uint64_t>(scalar.integer) - static_cast<uint64_t>(static_cast<int64_t>(floor));
  }
  const auto bits = std::bit_cast<uint64_t>(floor);
  constexpr uint64_t kSign = uint64_t{1} << 63;
  AppendBigEndian(bits & kSign ? ~bits : bits | kSign, 8, out);
  AppendBigEndian(rest, 2, out);
}

void AppendEscaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    out += c;
    if (c == '\0') out += '\xff';
  }
}

}  // namespace

bool Comparable(const Scalar& a, const Scalar& b) {
  return a.is_scalar() && b.is_scalar() && Rank(a) == Rank(b);
}

int Compare(const Scalar& a, const Scalar& b) {
  if (const int order = Order(Rank(a), Rank(b))) return order;
  if (a.type == Scalar::Type::kString) return Order(a.text, b.text);
  if (!a.is_number()) return Order(a.integer, b.integer);
  if (a.type == Scalar::Type::kInteger) {
    return b.type == Scalar::Type::kInteger ? Order(a.integer, b.integer)
                                            : CompareIntegerToDouble(a.integer, b.real);
  }
  return b.type == Scalar::Type::kInteger ? -CompareIntegerToDouble(b.integer, a.real)
                                          : Order(a.real, b.real);
}

char OrderedTag(const Scalar& scalar) { return static_cast<char>(Rank(scalar) + 1); }

void AppendOrderedPrefix(std::string_view text, std::string& out) {
  out += OrderedTag(Scalar::String(text));
  AppendEscaped(text, out);
}

void AppendOrdered(const Scalar& scalar, size_t max_text_bytes, std::string& out) {
  if (scalar.type == Scalar::Type::kString) {
    AppendOrderedPrefix(scalar.text.substr(0, max_text_bytes), out);
    out.append(2, '\0');
    return;
  }
  out += OrderedTag(scalar);
  if (scalar.is_number()) AppendNumber(scalar, out);
  if (scalar.type == Scalar::Type::kBool) out += static_cast<char>(scalar.integer);
}

}  // namespace prism
