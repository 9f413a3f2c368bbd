#include "wire/grpc/fields.h"

#include <array>
#include <charconv>

#include "wire/grpc/metadata.h"
#include "wire/grpc/status_details.h"

namespace prism::grpc {
namespace {

constexpr std::array<std::string_view, kCodeCount> kCodeTexts = {
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16"};

// Keeps what a peer can be told within what it must be able to take.
constexpr size_t kMaxMessageBytes = 2048;

bool IsEncodingHeader(std::string_view key) { return key == "grpc-accept-encoding"; }

}  // namespace

void AppendMetadata(const Metadata& metadata, FieldList& fields, FieldStorage& storage) {
  for (const auto& [key, value] : metadata) {
    if (!IsCustomKey(key) && !IsEncodingHeader(key)) continue;
    const std::string_view sent =
        IsBinaryKey(key) ? storage.Keep(Base64Encode(value)) : std::string_view(value);
    fields.push_back(http2::Field(key, sent));
  }
}

void AppendStatus(const Status& status, FieldList& fields, FieldStorage& storage) {
  fields.push_back(http2::Field("grpc-status", kCodeTexts[static_cast<size_t>(status.code())]));
  if (status.ok()) return;
  fields.push_back(http2::Field(
      "grpc-message", storage.Keep(PercentEncode(status.message().substr(0, kMaxMessageBytes)))));
  const std::string details = EncodeStatusDetails(status);
  if (details.empty()) return;
  fields.push_back(http2::Field("grpc-status-details-bin", storage.Keep(Base64Encode(details))));
}

Status ParseStatus(std::string_view code, std::string_view message, std::string_view details) {
  int number = -1;
  std::from_chars(code.data(), code.data() + code.size(), number);
  if (number < 0 || number >= kCodeCount) {
    return UnknownError("the peer sent grpc-status '" + std::string(code) + "'");
  }
  Status status(static_cast<Code>(number), PercentDecode(message));
  std::optional<std::string> decoded = Base64Decode(details);
  if (status.ok() || !decoded || decoded->empty()) return status;
  return DecodeStatusDetails(std::move(status), std::move(*decoded));
}

}  // namespace prism::grpc
