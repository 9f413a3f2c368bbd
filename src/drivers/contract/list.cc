#include "drivers/contract/list.h"

namespace prism {
namespace {

using namespace list::v1;  // NOLINT

constexpr int kMaxLists = 128;
constexpr int64_t kMaxTimeoutMs = 3'600'000;

}  // namespace

Status Check(const PushRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("list", request.list()));
  return CheckRange("the number of values", request.values_size(), 1, kMaxAnswerRows);
}

Status Check(const PopRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("list", request.list()));
  return CheckAtMost("count", request.count(), kMaxAnswerRows);
}

Status Check(const InsertRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("list", request.list()));
  return CheckRange("position", request.position(), BEFORE, AFTER);
}

Status Check(const BlockingPopRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckRange("the number of lists", request.lists_size(), 1, kMaxLists));
  for (const std::string& name : request.lists()) {
    PRISM_RETURN_IF_ERROR(CheckCollectionName("lists", name));
  }
  return CheckRange("timeout_ms", request.timeout_ms(), 0, kMaxTimeoutMs);
}

Status Check(const BlockingMoveRequest& request) {
  PRISM_RETURN_IF_ERROR(CheckCollectionName("source", request.source()));
  PRISM_RETURN_IF_ERROR(CheckCollectionName("destination", request.destination()));
  PRISM_RETURN_IF_ERROR(CheckRange("from", request.from(), LEFT, RIGHT));
  PRISM_RETURN_IF_ERROR(CheckRange("to", request.to(), LEFT, RIGHT));
  return CheckRange("timeout_ms", request.timeout_ms(), 0, kMaxTimeoutMs);
}

}  // namespace prism
