#include "drivers/postgres/document/path_text.h"

#include <array>
#include <span>

#include "drivers/contract/document/json.h"

namespace prism::postgres {
namespace {

using Kind = DocumentFilter::Kind;

constexpr std::string_view kEscape = "\\u000";
constexpr std::array<std::string_view, 4> kCoded = {
    "\\u0001\\u0002\\u0002", "\\u0001\\u0002\\u0003", "\\u0001\\u0003\\u0002",
    "\\u0001\\u0003\\u0003"};
constexpr size_t kEscapeBytes = 6;
// Of what CONTAINS looks for. The server's regular expressions end at some 30,000 characters.
constexpr size_t kMostContainedBytes = 8192;

// Calls `fn` with each stretch of text that is one character of a string or one byte of the rest.
template <class Fn>
void EachCharacter(std::string_view json, Fn fn) {
  for (size_t i = 0; i < json.size();) {
    size_t bytes = 1;
    if (json[i] == '\\') bytes = json.substr(i).starts_with("\\u") ? kEscapeBytes : 2;
    fn(i, json.substr(i, bytes));
    i += bytes;
  }
}

// Which of the four it is; -1 if none.
int CodedOf(std::string_view character) {
  if (character.size() != kEscapeBytes || !character.starts_with(kEscape)) return -1;
  const int which = character.back() - '0';
  return which >= 0 && which < 4 ? which : -1;
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < kCoded.size()) {
      out += kCoded[byte];
    } else if (byte < 0x20) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += "\\u00";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out += '"';
}

std::string Literal(const Scalar& scalar) {
  switch (scalar.type) {
    case Scalar::Type::kBool:
      return scalar.integer ? "true" : "false";
    case Scalar::Type::kInteger:
      return std::to_string(scalar.integer);
    case Scalar::Type::kDouble:
      return DecimalText(scalar.real);
    case Scalar::Type::kString:
      return Quoted(scalar.text);
    default:
      return "null";
  }
}

std::string Constant(bool value) { return value ? "(1 == 1)" : "(1 == 0)"; }

std::string Compared(Kind kind, const std::string& path, const Scalar& wanted) {
  switch (kind) {
    case Kind::kGreater:
      return path + " > " + Literal(wanted);
    case Kind::kGreaterOrEqual:
      return path + " >= " + Literal(wanted);
    case Kind::kLess:
      return path + " < " + Literal(wanted);
    case Kind::kLessOrEqual:
      return path + " <= " + Literal(wanted);
    case Kind::kContains:
      // An expression of nothing is refused.
      if (!wanted.text.empty()) {
        return path + " like_regex " + Quoted(wanted.text) + " flag \"q\"";
      }
      return path + " starts with \"\"";
    case Kind::kStartsWith:
      return path + " starts with " + Quoted(wanted.text);
    default:
      return path + " == " + Literal(wanted);
  }
}

// A predicate may also be unknown, as between different types. So only conditions are negated, and
// all that is above them is true just where the filter holds.
std::string Condition(const std::string& predicate, bool holds) {
  if (holds) return "(" + predicate + ")";
  return "(!(" + predicate + ") || ((" + predicate + ") is unknown))";
}

// As a balanced tree: the server parses and walks it recursively.
std::string Joined(std::span<const std::string> parts, std::string_view with) {
  if (parts.size() == 1) return parts.front();
  const size_t half = parts.size() / 2;
  return "(" + Joined(parts.first(half), with) + std::string(with) +
         Joined(parts.subspan(half), with) + ")";
}

// Every one of them, or at least one of them.
std::string Combined(const std::vector<std::string>& parts, bool all) {
  return parts.empty() ? Constant(all) : Joined(parts, all ? " && " : " || ");
}

// Of the filter or of its negation.
std::string Predicate(const DocumentFilter& filter, bool holds) {
  if (filter.kind == Kind::kNot) return Predicate(filter.parts.front(), !holds);
  std::vector<std::string> parts;
  if (filter.kind == Kind::kAllOf || filter.kind == Kind::kAnyOf) {
    for (const DocumentFilter& part : filter.parts) parts.push_back(Predicate(part, holds));
    return Combined(parts, (filter.kind == Kind::kAllOf) == holds);
  }
  const std::string path = AnyAt(filter.path);
  if (filter.kind == Kind::kExists) return Condition("exists(" + path + ")", holds);
  for (const Scalar& wanted : filter.values) {
    parts.push_back(Condition(Compared(filter.kind, path, wanted), holds));
  }
  return Combined(parts, !holds);
}

Status CheckLookable(const DocumentFilter& filter) {
  for (const DocumentFilter& part : filter.parts) PRISM_RETURN_IF_ERROR(CheckLookable(part));
  if (filter.kind != Kind::kContains || filter.values.front().text.size() <= kMostContainedBytes) {
    return OkStatus();
  }
  return ResourceExhaustedError("filter: with Postgres CONTAINS looks for at most " +
                                std::to_string(kMostContainedBytes) + " bytes");
}

}  // namespace

std::string WithoutNul(std::string_view json) {
  std::string out;
  size_t copied = 0;
  if (json.find(kEscape) == json.npos) return out;
  EachCharacter(json, [&](size_t at, std::string_view character) {
    const int which = CodedOf(character);
    if (which < 0) return;
    out += json.substr(copied, at - copied);
    out += kCoded[static_cast<size_t>(which)];
    copied = at + character.size();
  });
  if (copied > 0) out += json.substr(copied);
  return out;
}

std::string WithNul(std::string_view json) {
  std::string out;
  size_t copied = 0;
  EachCharacter(json, [&](size_t at, std::string_view character) {
    if (at < copied || CodedOf(character) != 1) return;
    for (size_t which = 0; which < kCoded.size(); ++which) {
      if (!json.substr(at).starts_with(kCoded[which])) continue;
      out += json.substr(copied, at - copied);
      out += kEscape;
      out += static_cast<char>('0' + which);
      copied = at + kCoded[which].size();
    }
  });
  return out += json.substr(copied);
}

Result<std::string> PredicateOf(const DocumentFilter& filter) {
  PRISM_RETURN_IF_ERROR(CheckLookable(filter));
  return Predicate(filter, true);
}

std::string AnyAt(const FieldPath& path) {
  std::string text = "$";
  for (const std::string& name : path) text += "." + Quoted(name);
  return text;
}

std::string ScalarsAt(const FieldPath& path) {
  return AnyAt(path) + " ? (@.type() != \"array\" && @.type() != \"object\")";
}

std::string NumbersAt(const FieldPath& path) { return AnyAt(path) + " ? (@.type() == \"number\")"; }

std::string ScalarsButNullAt(const FieldPath& path) {
  return AnyAt(path) +
         " ? (@.type() == \"boolean\" || @.type() == \"number\" || @.type() == \"string\")";
}

}  // namespace prism::postgres
