#include "drivers/postgres/pubsub/notice.h"

#include <openssl/evp.h>

#include <charconv>

namespace prism::postgres {
namespace {

// Payloads are text, which bytes are not.
constexpr size_t kMostPayloadBytes = 7999;
constexpr char kWhole = 'm';
constexpr char kLarge = 'l';
constexpr char kBehindTopic = ' ';

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string Encoded(char kind, std::string_view bytes) {
  std::string text(1 + (bytes.size() + 2) / 3 * 4 + 1, kind);
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()) + 1, Bytes(bytes),
                                   static_cast<int>(bytes.size()));
  text.resize(1 + static_cast<size_t>(size));
  return text;
}

std::optional<std::string> Decoded(std::string_view text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), Bytes(text),
                                   static_cast<int>(text.size()));
  if (size < 0 || static_cast<size_t>(size) != bytes.size()) return std::nullopt;
  const size_t padding = text.size() - (text.find_last_not_of('=') + 1);
  if (padding > 2) return std::nullopt;
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace

std::optional<std::string> PayloadOf(std::string_view message) {
  if (1 + (message.size() + 2) / 3 * 4 > kMostPayloadBytes) return std::nullopt;
  return Encoded(kWhole, message);
}

std::string PayloadOfLarge(std::string_view topic) { return Encoded(kLarge, topic) + kBehindTopic; }

std::optional<Notice> ReadNotice(std::string_view payload) {
  if (payload.empty()) return std::nullopt;
  const char kind = payload[0];
  payload.remove_prefix(1);
  Notice notice;
  const size_t end = kind == kLarge ? payload.find(kBehindTopic) : payload.size();
  if ((kind != kLarge && kind != kWhole) || end == std::string_view::npos) return std::nullopt;
  std::optional<std::string> bytes = Decoded(payload.substr(0, end));
  if (!bytes) return std::nullopt;
  (kind == kLarge ? notice.topic : notice.message) = *std::move(bytes);
  if (kind == kWhole) return notice;
  const std::string_view id = payload.substr(end + 1);
  const auto read = std::from_chars(id.data(), id.data() + id.size(), notice.id);
  if (read.ec != std::errc() || read.ptr != id.data() + id.size() || notice.id <= 0) {
    return std::nullopt;
  }
  return notice;
}

}  // namespace prism::postgres
