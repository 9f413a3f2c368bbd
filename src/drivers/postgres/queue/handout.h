#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/postgres/attributes.h"
#include "drivers/postgres/rows.h"
#include "drivers/postgres/space.h"
#include "prism/interfaces/queue_basic.pb.h"

namespace prism::postgres {

// The columns of a handout: messages, or one row without id that says when to look again.
namespace handout {
inline constexpr int kId = 0;
inline constexpr int kPayload = 1;
inline constexpr int kAttributes = 2;
inline constexpr int kPriority = 3;
inline constexpr int kEnqueuedAt = 4;
inline constexpr int kReceives = 5;
inline constexpr int kDelivery = 6;
inline constexpr int kRest = 7;
inline constexpr int kWakeMs = 8;
inline constexpr int kTicket = 9;
}  // namespace handout

inline int MessagesIn(const Rows& rows) {
  return rows.empty() || rows.IsNull(0, handout::kId) ? 0 : rows.count();
}
// When a call that got nothing is to look again; null if it will be told.
inline std::optional<int64_t> WakeMs(const Rows& rows) {
  if (rows.empty() || rows.IsNull(0, handout::kWakeMs)) return std::nullopt;
  return rows.Int(0, handout::kWakeMs);
}
// 0 if it has none.
inline int64_t TicketIn(const Rows& rows) {
  return rows.empty() ? 0 : rows.Int(0, handout::kTicket);
}

// The id of a queue in statements: no two names of any namespaces share one.
std::string QueueId(const Space& space, std::string_view name);

// A message's id in answers.
std::string MessageId(int64_t number);

// The message whose columns begin at `first`; those up to kReceives.
void FillMessage(const Rows& rows, int row, int first, queue::v1::QueueMessage& message);

// The receipt of a delivery, and which one a receipt is of; one of nothing if it is none.
struct Delivery {
  int64_t number = 0;
  int64_t nth = 0;
};
std::string ReceiptOf(Delivery delivery);
Delivery DeliveryOf(std::string_view receipt);

}  // namespace prism::postgres
