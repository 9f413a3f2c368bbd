#include "base/status.h"

#include <array>

namespace prism {
namespace {

constexpr std::array<std::string_view, kCodeCount> kNames = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

}  // namespace

std::string_view CodeName(Code code) { return kNames[static_cast<size_t>(code)]; }

Status::Status(Code code, std::string message) {
  if (code == Code::kOk) return;
  rep_ = std::make_unique<Rep>();
  rep_->code = code;
  rep_->message = std::move(message);
}

Status::Status(const Status& other)
    : rep_(other.rep_ ? std::make_unique<Rep>(*other.rep_) : nullptr) {}

Status& Status::operator=(const Status& other) {
  if (this != &other) rep_ = other.rep_ ? std::make_unique<Rep>(*other.rep_) : nullptr;
  return *this;
}

Status&& Status::WithHint(std::string hint) && {
  if (rep_) rep_->hint = std::move(hint);
  return std::move(*this);
}

Status&& Status::WithRetryable(bool retryable) && {
  if (rep_) rep_->retryable = retryable;
  return std::move(*this);
}

Status&& Status::WithDetails(std::string details) && {
  if (rep_) rep_->details = std::move(details);
  return std::move(*this);
}

std::string Status::ToString() const {
  if (ok()) return "OK";
  std::string text(CodeName(code()));
  text.append(": ").append(message());
  if (!hint().empty()) text.append(" (hint: ").append(hint()).append(")");
  return text;
}

Status CancelledError(std::string m) { return {Code::kCancelled, std::move(m)}; }
Status UnknownError(std::string m) { return {Code::kUnknown, std::move(m)}; }
Status InvalidArgumentError(std::string m) { return {Code::kInvalidArgument, std::move(m)}; }
Status DeadlineExceededError(std::string m) { return {Code::kDeadlineExceeded, std::move(m)}; }
Status NotFoundError(std::string m) { return {Code::kNotFound, std::move(m)}; }
Status AlreadyExistsError(std::string m) { return {Code::kAlreadyExists, std::move(m)}; }
Status ResourceExhaustedError(std::string m) { return {Code::kResourceExhausted, std::move(m)}; }
Status FailedPreconditionError(std::string m) { return {Code::kFailedPrecondition, std::move(m)}; }
Status AbortedError(std::string m) { return {Code::kAborted, std::move(m)}; }
Status UnimplementedError(std::string m) { return {Code::kUnimplemented, std::move(m)}; }
Status InternalError(std::string m) { return {Code::kInternal, std::move(m)}; }
Status UnavailableError(std::string m) { return {Code::kUnavailable, std::move(m)}; }

}  // namespace prism
