#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace prism {

// A scalar inside a document or a request, which keep its text. The types are in the order of
// sorting; kComposite, an array or object, has no place in it.
struct Scalar {
  enum class Type : uint8_t { kMissing, kNull, kBool, kInteger, kDouble, kString, kComposite };

  Type type = Type::kMissing;
  int64_t integer = 0;  // kInteger; kBool: 0 or 1
  double real = 0;      // kDouble, finite
  std::string_view text;

  static Scalar Null() { return {Type::kNull, 0, 0, {}}; }
  static Scalar Bool(bool value) { return {Type::kBool, value, 0, {}}; }
  static Scalar Integer(int64_t value) { return {Type::kInteger, value, 0, {}}; }
  static Scalar Double(double value) { return {Type::kDouble, 0, value, {}}; }
  static Scalar String(std::string_view value) { return {Type::kString, 0, 0, value}; }
  static Scalar Composite() { return {Type::kComposite, 0, 0, {}}; }

  bool is_number() const { return type == Type::kInteger || type == Type::kDouble; }
  // Null or something that is more than a null: what a path to scalars counts.
  bool is_scalar() const { return type != Type::kMissing && type != Type::kComposite; }
};

// Whether conditions may relate the two: scalars of the same type, numbers being one type.
bool Comparable(const Scalar& a, const Scalar& b);

// Negative, 0 or positive, in the order of sorting; numbers by their exact values.
int Compare(const Scalar& a, const Scalar& b);

// Appends a text whose bytes are ordered as the scalars are and of which none begins another. Of a
// string only the first `max_text_bytes` go in.
void AppendOrdered(const Scalar& scalar, size_t max_text_bytes, std::string& out);
// The same without the end of the string: what all strings that begin so begin with.
void AppendOrderedPrefix(std::string_view text, std::string& out);
// The first byte of what AppendOrdered gives for this type; that of the next type is one more.
char OrderedTag(const Scalar& scalar);

}  // namespace prism
