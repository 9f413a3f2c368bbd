#include "wire/resp/reply_parser.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace prism::resp {
namespace {

constexpr size_t kMaxLineBytes = 64 * 1024;  // errors and statuses are lines
constexpr size_t kLineEndBytes = 2;
// What is reserved on a length's word; more only as the bytes come.
constexpr size_t kTrustedBytes = 64 * 1024;
constexpr size_t kTrustedElements = 1024;

Status NotResp(const std::string& what) {
  return InternalError("the server's answer is not RESP: " + what);
}

Status TooLarge(const std::string& what) {
  return InternalError("the server's answer has too many " + what);
}

Result<int64_t> ParseInteger(std::string_view text) {
  int64_t value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) {
    return NotResp("a number is expected");
  }
  return value;
}

}  // namespace

Result<bool> ReplyParser::Next(std::string_view& input, Reply& reply) {
  while (!input.empty()) {
    Result<bool> complete = Step(input);
    if (!complete.ok()) return complete;
    if (*complete && Place(reply)) return true;
  }
  return false;
}

Result<bool> ReplyParser::Step(std::string_view& input) {
  if (in_string_) return ReadString(input);
  // At once, not when a line ends some day.
  const char kind = line_.empty() ? input[0] : line_[0];
  if (std::string_view("+-:$*").find(kind) == std::string_view::npos) {
    return NotResp("no value begins so");
  }
  const size_t end = input.find('\n');
  const bool whole = end != std::string_view::npos;
  const std::string_view taken = input.substr(0, whole ? end + 1 : input.size());
  input.remove_prefix(taken.size());
  if (whole && line_.empty()) return ReadLine(taken);
  line_.append(taken);
  if (whole) return ReadLine(std::exchange(line_, std::string()));
  if (line_.size() > kMaxLineBytes) return NotResp("a line does not end");
  return false;
}

// A line with its end.
Result<bool> ReplyParser::ReadLine(std::string_view line) {
  if (line.size() < 1 + kLineEndBytes || line[line.size() - 2] != '\r') {
    return NotResp("a line is empty or ends without a carriage return");
  }
  const char kind = line[0];
  const std::string_view rest = line.substr(1, line.size() - 1 - kLineEndBytes);
  item_ = Reply();
  if (kind == '+' || kind == '-') {
    item_.type = kind == '+' ? Reply::Type::kStatus : Reply::Type::kError;
    item_.text = rest;
    return true;
  }
  const Result<int64_t> number = ParseInteger(rest);
  if (!number.ok()) return number.status();
  switch (kind) {
    case ':':
      item_.type = Reply::Type::kInteger;
      item_.integer = *number;
      return true;
    case '$':
      return BeginString(*number);
    default:
      return BeginArray(*number);
  }
}

Result<bool> ReplyParser::BeginString(int64_t length) {
  if (length == -1) return true;
  if (length < 0) return NotResp("a length is negative");
  bytes_ += static_cast<size_t>(length);
  if (static_cast<size_t>(length) > limits_.max_bytes || bytes_ > limits_.max_bytes) {
    return TooLarge("bytes");
  }
  item_.type = Reply::Type::kString;
  item_.text.reserve(std::min(static_cast<size_t>(length), kTrustedBytes));
  string_left_ = static_cast<size_t>(length) + kLineEndBytes;
  in_string_ = true;
  return false;
}

Result<bool> ReplyParser::ReadString(std::string_view& input) {
  const size_t taken = std::min(string_left_, input.size());
  const size_t content = string_left_ > kLineEndBytes ? string_left_ - kLineEndBytes : 0;
  item_.text.append(input.substr(0, std::min(taken, content)));
  for (size_t i = std::min(taken, content); i < taken; ++i) {
    const char expected = string_left_ - i == kLineEndBytes ? '\r' : '\n';
    if (input[i] != expected) return NotResp("a string is longer than it says");
  }
  input.remove_prefix(taken);
  string_left_ -= taken;
  in_string_ = string_left_ > 0;
  return !in_string_;
}

Result<bool> ReplyParser::BeginArray(int64_t length) {
  if (length == -1) return true;
  if (length < 0) return NotResp("a length is negative");
  if (static_cast<size_t>(length) > limits_.max_elements ||
      (elements_ += static_cast<size_t>(length)) > limits_.max_elements) {
    return TooLarge("elements");
  }
  item_.type = Reply::Type::kArray;
  if (length == 0) return true;
  if (open_.size() == limits_.max_depth) return TooLarge("nested arrays");
  item_.elements.reserve(std::min(static_cast<size_t>(length), kTrustedElements));
  open_.push_back({std::move(item_), length});
  return false;
}

bool ReplyParser::Place(Reply& reply) {
  while (!open_.empty()) {
    OpenArray& top = open_.back();
    top.reply.elements.push_back(std::move(item_));
    if (--top.left > 0) return false;
    item_ = std::move(top.reply);
    open_.pop_back();
  }
  reply = std::move(item_);
  bytes_ = elements_ = 0;
  return true;
}

}  // namespace prism::resp
