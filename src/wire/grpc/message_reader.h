#pragma once

#include <optional>
#include <string>

#include "base/buffer.h"
#include "base/result.h"

namespace prism::grpc {

inline constexpr size_t kPrefixBytes = 5;  // compressed flag, then the length, big-endian

enum class Encoding { kIdentity, kGzip };
inline constexpr char kAcceptedEncodings[] = "identity,gzip";

// Nullopt for an encoding that we do not know.
std::optional<Encoding> ParseEncoding(std::string_view name);

// Cuts a stream of slices into length-prefixed messages. Copies only small pieces that wait, so
// that what it holds is about as large as what has come, however a peer cuts it. No I/O. Errors,
// which stay: RESOURCE_EXHAUSTED with the limit for a message that is too large, compressed or not;
// INTERNAL for a malformed prefix or bad compressed data.
class MessageReader {
 public:
  explicit MessageReader(size_t max_message_bytes) : max_message_bytes_(max_message_bytes) {}

  void set_encoding(Encoding encoding) { encoding_ = encoding; }
  ~MessageReader() { DropOpen(); }
  MessageReader(const MessageReader&) = delete;
  MessageReader& operator=(const MessageReader&) = delete;

  void Append(Slice slice);
  // Next has something to say: a whole message or an error.
  bool Ready();
  // Next will say nothing but an error.
  bool failed() const { return !error_.ok(); }
  // The next whole message, or nullopt when more bytes are needed.
  Result<std::optional<Buffer>> Next();
  // The input so far ends inside a message.
  bool incomplete() const { return in_message_ || !input_.empty(); }
  // Bytes of input held.
  size_t held_bytes() const { return input_.size(); }

 private:
  Status ReadPrefix();
  void Copy(std::string_view bytes);
  void DropOpen();

  size_t max_message_bytes_;
  Encoding encoding_ = Encoding::kIdentity;
  Buffer input_;
  bool in_message_ = false;  // the prefix has been read
  bool compressed_ = false;
  size_t length_ = 0;
  Status error_;
  Block* open_ = nullptr;  // where copies go
  size_t open_bytes_ = 0;
};

// Puts the prefix before a message; compresses it first if asked to and worth it.
Buffer FrameMessage(Buffer message, Encoding encoding);

// Limit errors are RESOURCE_EXHAUSTED, bad data is INTERNAL.
Result<Buffer> Gunzip(const Buffer& compressed, size_t max_bytes);
Buffer Gzip(const Buffer& plain);

}  // namespace prism::grpc
