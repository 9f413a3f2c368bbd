#include "wire/grpc/message_reader.h"

#include <array>
#include <cstdint>

namespace prism::grpc {
namespace {

// Smaller messages grow, or gain less than the work costs.
constexpr size_t kCompressFromBytes = 512;

Status TooLarge(size_t limit) {
  return ResourceExhaustedError("the message is larger than the limit of " + std::to_string(limit) +
                                " bytes")
      .WithHint("raise limits.message_bytes");
}

}  // namespace

std::optional<Encoding> ParseEncoding(std::string_view name) {
  if (name == "identity" || name.empty()) return Encoding::kIdentity;
  if (name == "gzip") return Encoding::kGzip;
  return std::nullopt;
}

Status MessageReader::ReadPrefix() {
  std::array<char, kPrefixBytes> copied;
  const char* prefix = copied.data();
  if (input_.slices().front().size() >= kPrefixBytes) {
    prefix = input_.slices().front().data();
  } else {
    input_.CopyPrefix(copied.data(), kPrefixBytes);
  }
  const auto* bytes = reinterpret_cast<const uint8_t*>(prefix);
  if (bytes[0] > 1) return InternalError("malformed message prefix");
  compressed_ = bytes[0] == 1;
  length_ = size_t{bytes[1]} << 24 | size_t{bytes[2]} << 16 | size_t{bytes[3]} << 8 | bytes[4];
  if (compressed_ && encoding_ == Encoding::kIdentity) {
    return InternalError("a compressed message without grpc-encoding");
  }
  if (length_ > max_message_bytes_) return TooLarge(max_message_bytes_);
  input_.RemovePrefix(kPrefixBytes);
  in_message_ = true;
  return OkStatus();
}

bool MessageReader::Ready() {
  if (!in_message_ && error_.ok()) {
    if (input_.size() < kPrefixBytes) return false;
    error_ = ReadPrefix();
  }
  return !error_.ok() || input_.size() >= length_;
}

Result<std::optional<Buffer>> MessageReader::Next() {
  if (!Ready()) return std::optional<Buffer>();
  if (!error_.ok()) return error_;
  in_message_ = false;
  Buffer message;
  if (length_ == input_.size()) {
    std::swap(message, input_);
  } else {
    message = input_.SplitPrefix(length_);
  }
  if (!compressed_) return std::optional<Buffer>(std::move(message));
  Result<Buffer> plain = Gunzip(message, max_message_bytes_);
  if (!plain.ok()) return error_ = std::move(plain).status();
  return std::optional<Buffer>(*std::move(plain));
}

Buffer FrameMessage(Buffer message, Encoding encoding) {
  const bool compress = encoding == Encoding::kGzip && message.size() >= kCompressFromBytes;
  if (compress) message = Gzip(message);
  const size_t n = message.size();
  const std::array<char, kPrefixBytes> prefix = {
      static_cast<char>(compress), static_cast<char>(n >> 24), static_cast<char>(n >> 16),
      static_cast<char>(n >> 8), static_cast<char>(n)};
  message.Prepend({prefix.data(), prefix.size()});
  return message;
}

}  // namespace prism::grpc
