#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "drivers/contract/document/path.h"
#include "drivers/contract/scalar.h"

namespace prism {

inline constexpr size_t kMaxDocumentBytes = 16 * 1024 * 1024;
inline constexpr int kMaxDocumentDepth = 64;

// Of a finite double; see Json::DecimalText.
std::string DecimalText(double number);

// An immutable JSON object in parsed form. Any thread. The header of the library that parses is
// only in json.cc, because it compiles slowly.
class Json {
 public:
  // INVALID_ARGUMENT with the position, or naming the limit.
  static Result<Json> Parse(std::string_view text);
  // This after a JSON Merge Patch (RFC 7396); INVALID_ARGUMENT if the result is too large.
  Result<Json> Merged(const Json& patch) const;

  Json Copy() const;

  Json(Json&&) noexcept;
  Json& operator=(Json&&) noexcept;
  ~Json();

  std::string Text() const;
  // The same value for stores that keep numbers as decimals: of a double the value below 2^64 is
  // exact, and it has a fraction or is too large for an integer.
  std::string DecimalText() const;
  // Only the members that the paths lead through, with what encloses them. Elements of arrays stay
  // if they are objects, with what is left of them.
  std::string Text(std::span<const FieldPath> fields) const;

  // Calls `fn` with each value that the path leads to until it returns false. An array comes before
  // its elements. The scalars' texts live as long as this.
  using Visitor = std::function<bool(const Scalar&)>;
  void Visit(const FieldPath& path, const Visitor& fn) const;
  // The first scalar that the path leads to; kMissing if none.
  Scalar First(const FieldPath& path) const;

  // What it occupies in memory.
  int64_t bytes() const;

 private:
  struct Rep;
  explicit Json(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace prism
