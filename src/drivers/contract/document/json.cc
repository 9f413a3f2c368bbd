#include "drivers/contract/document/json.h"

#include <malloc.h>

#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/memory_resource.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <utility>

namespace prism {
namespace {

namespace json = boost::json;

constexpr int64_t kAllocatorBytes = 16;  // what each piece costs beyond its size

// Counts what a document occupies. It asks the allocator for sizes, because the library does not
// always return a piece with the size and alignment that it asked for.
class CountingResource final : public json::memory_resource {
 public:
  int64_t bytes() const { return bytes_; }

 private:
  static int64_t SizeOf(void* memory) {
    return static_cast<int64_t>(malloc_usable_size(memory)) + kAllocatorBytes;
  }
  void* do_allocate(size_t bytes, size_t align) override {
    if (align > alignof(std::max_align_t)) throw std::bad_alloc();
    void* memory = std::malloc(bytes);
    if (!memory) throw std::bad_alloc();
    bytes_ += SizeOf(memory);
    return memory;
  }
  void do_deallocate(void* memory, size_t, size_t) override {
    bytes_ -= SizeOf(memory);
    std::free(memory);
  }
  bool do_is_equal(const json::memory_resource& other) const noexcept override {
    return this == &other;
  }

  int64_t bytes_ = 0;
};

// Builds a value from what the parser finds. Doubles are read again from their text: the parser's
// own may be off by a unit in the last place.
struct Handler {
  static constexpr size_t max_object_size = json::object::max_size();
  static constexpr size_t max_array_size = json::array::max_size();
  static constexpr size_t max_key_size = json::string::max_size();
  static constexpr size_t max_string_size = json::string::max_size();

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return true; }
  bool on_object_end(size_t n, json::error_code&) { return stack.push_object(n), true; }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(size_t n, json::error_code&) { return stack.push_array(n), true; }
  bool on_key_part(json::string_view s, size_t, json::error_code&) {
    return stack.push_chars(s), true;
  }
  bool on_key(json::string_view s, size_t, json::error_code&) { return stack.push_key(s), true; }
  bool on_string_part(json::string_view s, size_t, json::error_code&) {
    return stack.push_chars(s), true;
  }
  bool on_string(json::string_view s, size_t, json::error_code&) {
    return stack.push_string(s), true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(int64_t i, json::string_view, json::error_code&) {
    return stack.push_int64(i), true;
  }
  bool on_uint64(uint64_t u, json::string_view s, json::error_code& ec) {
    return PushDouble(static_cast<double>(u), s, ec);
  }
  bool on_double(double d, json::string_view s, json::error_code& ec) {
    return PushDouble(d, s, ec);
  }
  bool on_bool(bool b, json::error_code&) { return stack.push_bool(b), true; }
  bool on_null(json::error_code&) { return stack.push_null(), true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  bool PushDouble(double about, json::string_view text, json::error_code& ec) {
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec == std::errc::result_out_of_range && !(std::abs(about) < 1)) {
      ec = json::error::exponent_overflow;
      return false;
    }
    stack.push_double(value);
    return true;
  }

  json::value_stack stack;
};

// Fails when the depth is above the limit, or the text is no JSON.
Status ParseInto(std::string_view text, json::storage_ptr storage, json::value& value) {
  json::parse_options options;
  options.max_depth = kMaxDocumentDepth;
  json::basic_parser<Handler> parser(options);
  parser.handler().stack.reset(storage);
  json::error_code ec;
  size_t read = parser.write_some(false, text.data(), text.size(), ec);
  while (!ec && read < text.size() && std::string_view(" \t\r\n").find(text[read]) != text.npos) {
    ++read;
  }
  if (!ec && read < text.size()) ec = json::error::extra_data;
  if (ec == json::error::too_deep) {
    return InvalidArgumentError("the document has more than " + std::to_string(kMaxDocumentDepth) +
                                " levels of nesting");
  }
  if (ec) {
    return InvalidArgumentError("the document is not JSON: " + ec.message() + " at byte " +
                                std::to_string(read));
  }
  value = parser.handler().stack.release();
  return OkStatus();
}

void MergeInto(json::object& target, const json::object& patch) {
  for (const auto& [name, change] : patch) {
    if (change.is_null()) {
      target.erase(name);
    } else if (!change.is_object()) {
      target[name] = change;
    } else {
      json::value& member = target[name];
      if (!member.is_object()) member.emplace_object();
      MergeInto(member.get_object(), change.get_object());
    }
  }
}

Scalar ScalarOf(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return Scalar::Null();
    case json::kind::bool_:
      return Scalar::Bool(value.get_bool());
    case json::kind::int64:
      return Scalar::Integer(value.get_int64());
    case json::kind::double_:
      return Scalar::Double(value.get_double());
    case json::kind::string:
      return Scalar::String({value.get_string().data(), value.get_string().size()});
    default:
      return Scalar::Composite();
  }
}

// False: stop.
bool Walk(const json::value& value, std::span<const std::string> path, const Json::Visitor& fn) {
  if (path.empty()) {
    if (!fn(ScalarOf(value))) return false;
    if (!value.is_array()) return true;
    for (const json::value& element : value.get_array()) {
      if (!fn(ScalarOf(element))) return false;
    }
    return true;
  }
  if (const json::object* object = value.if_object()) {
    const json::value* member = object->if_contains(path.front());
    return !member || Walk(*member, path.subspan(1), fn);
  }
  if (!value.is_array()) return true;
  for (const json::value& element : value.get_array()) {
    if (element.is_object() && !Walk(element, path, fn)) return false;
  }
  return true;
}

void AppendDecimal(const json::value& value, std::string& out) {
  if (const json::object* object = value.if_object()) {
    char before = '{';
    for (const auto& [name, member] : *object) {
      out += std::exchange(before, ',');
      out += json::serialize(name);
      out += ':';
      AppendDecimal(member, out);
    }
    out += before == '{' ? "{}" : "}";
  } else if (const json::array* array = value.if_array()) {
    char before = '[';
    for (const json::value& element : *array) {
      out += std::exchange(before, ',');
      AppendDecimal(element, out);
    }
    out += before == '[' ? "[]" : "]";
  } else if (const double* number = value.if_double()) {
    out += prism::DecimalText(*number);
  } else {
    out += json::serialize(value);
  }
}

using Paths = std::vector<std::span<const std::string>>;

json::value Project(const json::value& value, const Paths& paths);

json::object ProjectObject(const json::object& object, const Paths& paths) {
  json::object kept;
  for (const auto& path : paths) {
    const json::value* member = object.if_contains(path.front());
    if (!member || kept.contains(path.front())) continue;
    Paths below;
    bool whole = false;
    for (const auto& other : paths) {
      if (other.front() != path.front()) continue;
      whole |= other.size() == 1;
      below.push_back(other.subspan(1));
    }
    // Below a scalar a path leads nowhere.
    if (!whole && !member->is_structured()) continue;
    kept[path.front()] = whole ? *member : Project(*member, below);
  }
  return kept;
}

json::value Project(const json::value& value, const Paths& paths) {
  if (value.is_object()) return ProjectObject(value.get_object(), paths);
  json::array kept;
  for (const json::value& element : value.get_array()) {
    if (element.is_object()) kept.push_back(ProjectObject(element.get_object(), paths));
  }
  return kept;
}

Status TooLarge(size_t bytes) {
  return InvalidArgumentError("the document has " + std::to_string(bytes) + " bytes; at most " +
                              std::to_string(kMaxDocumentBytes) + " are allowed");
}

// Whether it can be written out again within the limit. Text is never longer than 6 times what it
// occupies, so that only large documents need a look.
Status CheckSize(const Json& document) {
  if (document.bytes() <= static_cast<int64_t>(kMaxDocumentBytes / 6)) return OkStatus();
  const size_t bytes = document.Text().size();
  return bytes <= kMaxDocumentBytes ? OkStatus() : TooLarge(bytes);
}

}  // namespace

std::string DecimalText(double number) {
  constexpr double kTwoTo64 = 18446744073709551616.0;
  const bool whole = std::trunc(number) == number && std::abs(number) < kTwoTo64;
  std::array<char, 32> text;
  char* const end = text.data() + text.size();
  const auto written = whole ? std::to_chars(text.data(), end, number, std::chars_format::fixed, 1)
                             : std::to_chars(text.data(), end, number);
  return {text.data(), written.ptr};
}

struct Json::Rep {
  CountingResource resource;
  json::value value = json::value(json::storage_ptr(&resource));  // goes before the resource does
};

Json::Json(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

Result<Json> Json::Parse(std::string_view text) {
  if (text.size() > kMaxDocumentBytes) return TooLarge(text.size());
  auto rep = std::make_unique<Rep>();
  PRISM_RETURN_IF_ERROR(ParseInto(text, &rep->resource, rep->value));
  if (!rep->value.is_object()) return InvalidArgumentError("the document is not a JSON object");
  Json parsed(std::move(rep));
  PRISM_RETURN_IF_ERROR(CheckSize(parsed));
  return parsed;
}

Result<Json> Json::Merged(const Json& patch) const {
  auto rep = std::make_unique<Rep>();
  rep->value = rep_->value;
  MergeInto(rep->value.get_object(), patch.rep_->value.get_object());
  Json merged(std::move(rep));
  PRISM_RETURN_IF_ERROR(CheckSize(merged));
  return merged;
}

Json Json::Copy() const {
  auto rep = std::make_unique<Rep>();
  rep->value = rep_->value;
  return Json(std::move(rep));
}

std::string Json::DecimalText() const {
  std::string text;
  AppendDecimal(rep_->value, text);
  return text;
}

std::string Json::Text() const { return json::serialize(rep_->value); }

std::string Json::Text(std::span<const FieldPath> fields) const {
  if (fields.empty()) return Text();
  return json::serialize(ProjectObject(rep_->value.get_object(), {fields.begin(), fields.end()}));
}

void Json::Visit(const FieldPath& path, const Visitor& fn) const { Walk(rep_->value, path, fn); }

Scalar Json::First(const FieldPath& path) const {
  Scalar first;
  const Visitor look = [&first](const Scalar& scalar) {
    if (!scalar.is_scalar()) return true;
    first = scalar;
    return false;
  };
  Visit(path, look);
  return first;
}

int64_t Json::bytes() const {
  return static_cast<int64_t>(sizeof(Rep)) + kAllocatorBytes + rep_->resource.bytes();
}

}  // namespace prism
