#include "drivers/contract/waiting_messages.h"

#include <string>
#include <utility>

namespace prism {

void WaitingMessages::Push(MessagePtr message) {
  if (ended_) return;
  bytes_ += message->ByteSizeLong();
  waiting_.push_back(std::move(message));
  if (waiting_.size() > kMost || (waiting_.size() > 1 && bytes_ > kMostBytes)) {
    return End(ResourceExhaustedError(
                   "the subscription was not read in time: " + std::to_string(waiting_.size()) +
                   " messages with " + std::to_string(bytes_) + " bytes waited for it")
                   .WithHint("read faster, or subscribe to less"));
  }
  news_.Set();
}

void WaitingMessages::End(Status status) {
  if (ended_) return;
  ended_ = true;
  status_ = std::move(status);
  waiting_.clear();
  news_.Set();
}

Task<MessagePtr> WaitingMessages::Next(RequestContext& ctx) {
  while (waiting_.empty() && !ended_) {
    news_.Reset();
    const Status waited = co_await news_.Wait(ctx.cancellation);
    if (!waited.ok()) End(waited);
  }
  if (waiting_.empty()) co_return nullptr;
  MessagePtr next = std::move(waiting_.front());
  waiting_.pop_front();
  bytes_ -= next->ByteSizeLong();
  co_return next;
}

}  // namespace prism
