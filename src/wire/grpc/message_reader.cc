#include "wire/grpc/message_reader.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace prism::grpc {
namespace {

// Smaller messages grow, or gain less than the work costs.
constexpr size_t kCompressFromBytes = 512;

// A slice keeps the whole block that it was read into, which is four times as large as this.
constexpr size_t kCopyBelowBytes = Block::kPooledBytes / 4;
constexpr size_t kLeastCopyBytes = 256;

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

// A message that comes in one piece, to a reader that waits for it, is not copied.
void MessageReader::Append(Slice slice) {
  const bool small = slice.size() < kCopyBelowBytes;
  if (small && !input_.empty()) return Copy(slice.view());
  input_.Append(std::move(slice));
  if (!small || Ready()) return;
  const Buffer piece = std::exchange(input_, Buffer());
  for (const Slice& part : piece.slices()) Copy(part.view());
}

void MessageReader::Copy(std::string_view bytes) {
  while (!bytes.empty()) {
    if (open_ && open_bytes_ == open_->capacity()) DropOpen();
    if (!open_) {
      // As much again as there is: a call that holds a few bytes costs no more than a few hundred.
      open_ = Block::Allocate(std::clamp(input_.size(), kLeastCopyBytes, Block::kPooledBytes));
    }
    const size_t n = std::min(bytes.size(), open_->capacity() - open_bytes_);
    char* to = open_->data() + open_bytes_;
    std::memcpy(to, bytes.data(), n);
    input_.Append(Slice(open_, to, n));
    open_bytes_ += n;
    bytes.remove_prefix(n);
  }
}

void MessageReader::DropOpen() {
  if (open_) open_->Unref();
  open_ = nullptr;
  open_bytes_ = 0;
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
    DropOpen();
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
