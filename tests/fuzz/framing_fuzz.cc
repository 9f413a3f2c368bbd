// gRPC's framing and its text codecs on arbitrary bytes: nothing crashes, limits hold, and what
// was decoded encodes back.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wire/grpc/message_reader.h"
#include "wire/grpc/metadata.h"

namespace prism::grpc {
namespace {

constexpr size_t kMaxMessageBytes = 4096;

void Require(bool condition) {
  if (!condition) std::abort();
}

// The first byte chooses the encoding and how the input is cut into slices.
void ReadMessages(uint8_t choice, std::string_view input) {
  MessageReader reader(kMaxMessageBytes);
  if (choice & 1) reader.set_encoding(Encoding::kGzip);
  const size_t step = 1 + (choice >> 1);
  while (!input.empty()) {
    reader.Append(Slice::Copy(input.substr(0, step)));
    input.remove_prefix(std::min(step, input.size()));
    while (reader.Ready()) {
      Result<std::optional<Buffer>> message = reader.Next();
      if (!message.ok()) return;
      Require(message->has_value() && (*message)->size() <= kMaxMessageBytes);
    }
  }
}

void RoundTrip(std::string_view input) {
  Require(PercentDecode(PercentEncode(input)) == input);
  Require(Base64Decode(Base64Encode(input)) == input);
  (void)PercentDecode(input);
  (void)Base64Decode(input);
  if (std::optional<Duration> timeout = ParseTimeout(input)) {
    Require(*ParseTimeout(FormatTimeout(*timeout)) >= *timeout);
  }
}

void CompressAndBack(std::string_view input) {
  const Buffer plain = Buffer::Copy(input);
  Result<Buffer> back = Gunzip(Gzip(plain), input.size());
  Require(back.ok() && back->ToString() == input);
}

}  // namespace
}  // namespace prism::grpc

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  prism::grpc::ReadMessages(data[0], input);
  prism::grpc::RoundTrip(input);
  prism::grpc::CompressAndBack(input);
  return 0;
}
