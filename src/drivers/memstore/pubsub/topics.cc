#include "drivers/memstore/pubsub/topics.h"

#include <algorithm>
#include <cstdio>
#include <random>

namespace prism::memstore {
namespace {

bool IsPattern(const Tokens& tokens) {
  return std::any_of(tokens.begin(), tokens.end(),
                     [](std::string_view token) { return token == "*" || token == ">"; });
}

}  // namespace

Result<LiveMessagePtr> Topics::Prepare(std::string_view topic, RecordPtr record) const {
  auto message = std::make_shared<LiveMessage>();
  message->charged = Charged(budget_);
  PRISM_RETURN_IF_ERROR(message->charged.Grow(
      record->cost() + static_cast<int64_t>(sizeof(LiveMessage) + 32 + topic.size())));
  message->topic = topic;
  message->record = std::move(record);
  return LiveMessagePtr(std::move(message));
}

uint64_t Topics::Publish(const LiveMessagePtr& message, const Tokens& tokens) {
  uint64_t receivers = 0;
  const auto push = [&](Mailbox* mailbox) { receivers += mailbox->Push(message) ? 1 : 0; };
  exact_.Look(message->topic, [&](Listeners* listeners) {
    if (listeners) std::for_each(listeners->mailboxes.begin(), listeners->mailboxes.end(), push);
    if (pattern_count_.load() == 0) return;
    std::shared_lock lock(patterns_mutex_);
    patterns_.Match(tokens, push);
  });
  return receivers;
}

Status Topics::Enter(std::string_view pattern, const Tokens& tokens, Mailbox& mailbox) {
  if (!IsPattern(tokens)) {
    return exact_.Make(pattern, [&](Listeners& listeners) {
      listeners.mailboxes.push_back(&mailbox);
      return OkStatus();
    });
  }
  std::unique_lock lock(patterns_mutex_);
  PRISM_RETURN_IF_ERROR(patterns_.Add(tokens, &mailbox));
  ++pattern_count_;
  return OkStatus();
}

void Topics::Withdraw(std::string_view pattern, const Tokens& tokens, Mailbox& mailbox) {
  if (!IsPattern(tokens)) {
    exact_.Look(pattern, [&](Listeners* listeners) { std::erase(listeners->mailboxes, &mailbox); });
    return;
  }
  std::unique_lock lock(patterns_mutex_);
  patterns_.Remove(tokens, &mailbox);
  --pattern_count_;
}

// Who knows an id may end the subscription, so ids are drawn at random, 128 bits.
std::string Topics::NameFor(Mailbox& mailbox) {
  std::random_device random;
  char id[33];
  std::snprintf(id, sizeof(id), "%08x%08x%08x%08x", random(), random(), random(), random());
  std::lock_guard lock(ids_mutex_);
  ids_[id] = &mailbox;
  return id;
}

void Topics::Forget(const std::string& id) {
  std::lock_guard lock(ids_mutex_);
  ids_.erase(id);
}

bool Topics::Unsubscribe(std::string_view id) {
  std::lock_guard lock(ids_mutex_);
  const auto found = ids_.find(std::string(id));
  if (found == ids_.end()) return false;
  found->second->End(OkStatus());
  ids_.erase(found);
  return true;
}

Status Subscription::Open() {
  Result<Tokens> tokens = SplitPattern(pattern_);
  if (!tokens.ok()) return tokens.status();
  tokens_ = *std::move(tokens);
  counted_ = true;
  if (topics_.subscriptions_.fetch_add(1) >= Topics::kMaxSubscriptions) {
    return ResourceExhaustedError("the namespace has " + std::to_string(Topics::kMaxSubscriptions) +
                                  " subscriptions; there cannot be more");
  }
  charged_ = Charged(topics_.budget_);
  // With all that may wait for it, so that publishing needs no room but the message's own.
  PRISM_RETURN_IF_ERROR(
      charged_.Grow(static_cast<int64_t>(sizeof(*this) + 512 + 2 * pattern_.size() +
                                         Mailbox::kMaxMessages * sizeof(LiveMessagePtr)) +
                    mailbox_.filter().cost()));
  PRISM_RETURN_IF_ERROR(topics_.Enter(pattern_, tokens_, mailbox_));
  entered_ = true;
  id_ = topics_.NameFor(mailbox_);
  return OkStatus();
}

Subscription::~Subscription() {
  if (!id_.empty()) topics_.Forget(id_);
  if (entered_) topics_.Withdraw(pattern_, tokens_, mailbox_);
  if (counted_) --topics_.subscriptions_;
}

}  // namespace prism::memstore
