#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace prism::postgres {

// The values of a statement's parameters, in the server's binary format. Texts and bytes are not
// copied: they must live until the statement is sent.
class Arguments {
 public:
  static constexpr int kMost = 16;

  Arguments() = default;
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  // Of type text or bytea.
  Arguments& Text(std::string_view text) {
    // A null pointer means NULL, and an empty view may have one.
    return Add(text.empty() ? "" : text.data(), text.size());
  }
  Arguments& Null() { return Add(nullptr, 0); }
  Arguments& Maybe(const std::optional<std::string>& text) { return text ? Text(*text) : Null(); }
  // Of type int8.
  Arguments& Int(int64_t value);
  // Of type bytea[]; a null pointer is a null.
  Arguments& Array(std::span<const std::string* const> values);
  Arguments& Array(std::span<const std::string> values);
  // Of type int8[] and float8[].
  Arguments& Array(std::span<const int64_t> values);
  Arguments& Array(std::span<const double> values);

  int count() const { return count_; }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const;

 private:
  Arguments& Words(uint32_t type, std::span<const uint64_t> words);
  Arguments& Add(const char* data, size_t size) {
    values_[static_cast<size_t>(count_)] = data;
    lengths_[static_cast<size_t>(count_++)] = static_cast<int>(size);
    return *this;
  }

  std::array<const char*, kMost> values_;
  std::array<int, kMost> lengths_;
  int count_ = 0;
  std::deque<std::string> owned_;
};

}  // namespace prism::postgres
