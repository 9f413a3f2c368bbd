#include "drivers/postgres/arguments.h"

#include <algorithm>
#include <bit>
#include <vector>

namespace prism::postgres {
namespace {

constexpr uint32_t kByteaOid = 17;
constexpr uint32_t kInt8Oid = 20;
constexpr uint32_t kFloat8Oid = 701;
constexpr uint32_t kNull = 0xffffffff;

template <class Unsigned>
void Put(std::string& out, Unsigned value) {
  for (int shift = static_cast<int>(sizeof(value)) * 8 - 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xff);
  }
}

// Of one dimension, or none when it is empty.
void PutHead(std::string& out, size_t count, bool has_nulls, uint32_t type) {
  Put<uint32_t>(out, count ? 1 : 0);
  Put<uint32_t>(out, has_nulls ? 1 : 0);
  Put(out, type);
  if (count == 0) return;
  Put(out, static_cast<uint32_t>(count));
  Put<uint32_t>(out, 1);  // the first index
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
  PutHead(bytes, values.size(), has_nulls, kByteaOid);
  for (const std::string* value : values) {
    Put(bytes, value ? static_cast<uint32_t>(value->size()) : kNull);
    if (value) bytes += *value;
  }
  return Text(bytes);
}

Arguments& Arguments::Array(std::span<const std::string> values) {
  std::vector<const std::string*> pointers;
  pointers.reserve(values.size());
  for (const std::string& value : values) pointers.push_back(&value);
  return Array(pointers);
}

Arguments& Arguments::Words(uint32_t type, std::span<const uint64_t> words) {
  std::string& bytes = owned_.emplace_back();
  bytes.reserve(20 + 12 * words.size());
  PutHead(bytes, words.size(), false, type);
  for (const uint64_t word : words) {
    Put<uint32_t>(bytes, sizeof(word));
    Put(bytes, word);
  }
  return Text(bytes);
}

Arguments& Arguments::Array(std::span<const int64_t> values) {
  return Words(kInt8Oid, std::vector<uint64_t>(values.begin(), values.end()));
}

Arguments& Arguments::Array(std::span<const double> values) {
  std::vector<uint64_t> words;
  words.reserve(values.size());
  for (const double value : values) words.push_back(std::bit_cast<uint64_t>(value));
  return Words(kFloat8Oid, words);
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
