#include "drivers/postgres/arguments.h"

#include <algorithm>

namespace prism::postgres {
namespace {

constexpr uint32_t kByteaOid = 17;
constexpr uint32_t kNull = 0xffffffff;

template <class Unsigned>
void Put(std::string& out, Unsigned value) {
  for (int shift = static_cast<int>(sizeof(value)) * 8 - 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xff);
  }
}

}  // namespace

Arguments& Arguments::Int(int64_t value) {
  std::string& bytes = owned_.emplace_back();
  Put(bytes, static_cast<uint64_t>(value));
  return Text(bytes);
}

Arguments& Arguments::Array(std::span<const std::string* const> values) {
  std::string& bytes = owned_.emplace_back();
  const bool has_nulls = std::ranges::count(values, nullptr) > 0;
  size_t size = 20;
  for (const std::string* value : values) size += 4 + (value ? value->size() : 0);
  bytes.reserve(size);
  Put<uint32_t>(bytes, values.empty() ? 0 : 1);  // dimensions
  Put<uint32_t>(bytes, has_nulls ? 1 : 0);
  Put(bytes, kByteaOid);
  if (!values.empty()) {
    Put(bytes, static_cast<uint32_t>(values.size()));
    Put<uint32_t>(bytes, 1);  // the first index
  }
  for (const std::string* value : values) {
    Put(bytes, value ? static_cast<uint32_t>(value->size()) : kNull);
    if (value) bytes += *value;
  }
  return Text(bytes);
}

const int* Arguments::formats() const {
  static constexpr auto kBinary = [] {
    std::array<int, kMost> formats{};
    formats.fill(1);
    return formats;
  }();
  return kBinary.data();
}

}  // namespace prism::postgres
