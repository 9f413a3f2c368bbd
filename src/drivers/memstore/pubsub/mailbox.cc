#include "drivers/memstore/pubsub/mailbox.h"

namespace prism::memstore {

bool Mailbox::Push(const LiveMessagePtr& message) {
  if (!filter_.Matches(message->record->attributes)) return false;
  const int64_t bytes = message->record->bytes();
  {
    std::lock_guard lock(mutex_);
    if (ended_) return false;
    if (messages_.size() < kMaxMessages && (messages_.empty() || bytes_ + bytes <= kMaxBytes)) {
      messages_.push_back(message);
      bytes_ += bytes;
      signal_.Notify();
      return true;
    }
  }
  End(ResourceExhaustedError("the subscription was not read: more than " +
                             std::to_string(kMaxMessages) + " messages or " +
                             std::to_string(kMaxBytes) + " bytes waited for it")
          .WithRetryable());
  return false;
}

void Mailbox::End(Status status) {
  std::deque<LiveMessagePtr> dropped;  // given back after the lock
  std::lock_guard lock(mutex_);
  if (ended_) return;
  ended_ = true;
  status_ = std::move(status);
  dropped.swap(messages_);
  signal_.Notify();
}

LiveMessagePtr Mailbox::Pop(bool& ended) {
  std::lock_guard lock(mutex_);
  ended = ended_;
  if (messages_.empty()) return nullptr;
  LiveMessagePtr message = std::move(messages_.front());
  messages_.pop_front();
  bytes_ -= message->record->bytes();
  return message;
}

Status Mailbox::status() {
  std::lock_guard lock(mutex_);
  return status_;
}

}  // namespace prism::memstore
