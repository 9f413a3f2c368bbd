#include "drivers/postgres/queue/handout.h"

#include "drivers/postgres/digest.h"

namespace prism::postgres {
namespace {

constexpr size_t kIdDigits = 32;
constexpr size_t kReceiptBytes = 16;

void PutWord(std::string& out, int64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out += static_cast<char>(static_cast<uint64_t>(value) >> shift & 0xff);
  }
}

int64_t WordAt(std::string_view text, size_t at) {
  uint64_t value = 0;
  for (const char byte : text.substr(at, 8)) value = value << 8 | static_cast<unsigned char>(byte);
  return static_cast<int64_t>(value);
}

}  // namespace

std::string QueueId(const Space& space, std::string_view name) {
  std::string whole = std::to_string(space.name().size()) + ':' + space.name();
  whole += name;
  return Sha256Hex(whole).substr(0, kIdDigits);
}

std::string MessageId(int64_t number) {
  std::string id;
  for (int shift = 60; shift >= 0; shift -= 4) {
    id += "0123456789abcdef"[static_cast<uint64_t>(number) >> shift & 15];
  }
  return id;
}

void FillMessage(const Rows& rows, int row, int first, queue::v1::QueueMessage& message) {
  const std::string_view attributes = rows.Text(row, first + handout::kAttributes);
  message.ParseFromArray(attributes.data(), static_cast<int>(attributes.size()));
  message.set_id(MessageId(rows.Int(row, first + handout::kId)));
  message.set_payload(std::string(rows.Text(row, first + handout::kPayload)));
  message.set_priority(static_cast<uint32_t>(rows.Int(row, first + handout::kPriority)));
  message.set_enqueued_at_unix_ms(rows.Int(row, first + handout::kEnqueuedAt));
  message.set_receive_count(static_cast<uint64_t>(rows.Int(row, first + handout::kReceives)));
}

std::string ReceiptOf(Delivery delivery) {
  std::string receipt;
  PutWord(receipt, delivery.number);
  PutWord(receipt, delivery.nth);
  return receipt;
}

Delivery DeliveryOf(std::string_view receipt) {
  if (receipt.size() != kReceiptBytes) return {};
  return {WordAt(receipt, 0), WordAt(receipt, 8)};
}

}  // namespace prism::postgres
