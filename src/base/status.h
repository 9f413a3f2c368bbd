#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace prism {

// Canonical codes; the numbers are those of google.rpc.Code and of the gRPC wire protocol.
enum class Code : uint8_t {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};
inline constexpr int kCodeCount = 17;

// "NOT_FOUND" and so on, as gRPC spells them.
std::string_view CodeName(Code code);

// The outcome of an operation. OK costs one null pointer; an error owns its text.
// `retryable` means: the same call may succeed later and was not applied, or is idempotent.
// `hint` tells an operator which option or command to look at.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Code code, std::string message);
  Status(const Status& other);
  Status& operator=(const Status& other);
  Status(Status&&) noexcept = default;
  Status& operator=(Status&&) noexcept = default;

  bool ok() const { return rep_ == nullptr; }
  Code code() const { return rep_ ? rep_->code : Code::kOk; }
  std::string_view message() const { return rep_ ? std::string_view(rep_->message) : ""; }
  std::string_view hint() const { return rep_ ? std::string_view(rep_->hint) : ""; }
  // Serialized google.rpc.Status with details, as carried by grpc-status-details-bin; may be empty.
  std::string_view details() const { return rep_ ? std::string_view(rep_->details) : ""; }
  bool retryable() const { return rep_ && rep_->retryable; }

  // These have no effect on an OK status.
  Status&& WithHint(std::string hint) &&;
  Status&& WithRetryable(bool retryable = true) &&;
  Status&& WithDetails(std::string details) &&;

  // "NOT_FOUND: no namespace 'x' (hint: ...)".
  std::string ToString() const;

 private:
  struct Rep {
    Code code;
    bool retryable = false;
    std::string message;
    std::string hint;
    std::string details;
  };
  std::unique_ptr<Rep> rep_;
};

inline Status OkStatus() { return Status(); }
Status CancelledError(std::string message);
Status UnknownError(std::string message);
Status InvalidArgumentError(std::string message);
Status DeadlineExceededError(std::string message);
Status NotFoundError(std::string message);
Status AlreadyExistsError(std::string message);
Status ResourceExhaustedError(std::string message);
Status FailedPreconditionError(std::string message);
Status AbortedError(std::string message);
Status UnimplementedError(std::string message);
Status InternalError(std::string message);
Status UnavailableError(std::string message);

}  // namespace prism
