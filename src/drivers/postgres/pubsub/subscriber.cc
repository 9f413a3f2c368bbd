#include "drivers/postgres/pubsub/subscriber.h"

#include <utility>

#include "base/hash.h"
#include "drivers/contract/messages.h"
#include "loop/fan_out.h"

namespace prism::postgres {
namespace {

std::string NameOf(size_t index) { return "topics-" + std::to_string(index); }

}  // namespace

Subscriber::Subscriber(const std::shared_ptr<Space>& space) {
  for (size_t i = 0; i < kChannels; ++i) {
    feeds_[i] = std::make_unique<Feed>(space, NameOf(i), *this);
  }
}

// The same in all gateways.
size_t Subscriber::IndexOf(std::string_view topic) {
  static const KeyHasher hasher(1, 2);
  return hasher(topic) % kChannels;
}

Subscriber::Group& Subscriber::GroupOf(const Subscription& subscription) {
  return HasWildcard(subscription.tokens) ? patterns_[subscription.topic]
                                          : topics_[subscription.topic];
}

Task<void> Subscriber::Join(RequestContext& ctx, SharedEar& ear, Subscription& subscription,
                            Status& failure) {
  const Status joined = co_await ear.Join(ctx);
  if (joined.ok()) {
    subscription.joined.push_back(&ear);
  } else {
    failure = joined;
  }
}

Task<Status> Subscriber::Open(RequestContext& ctx, Subscription& subscription) {
  std::vector<SharedEar*> wanted;
  if (HasWildcard(subscription.tokens)) {
    for (const auto& feed : feeds_) wanted.push_back(&feed->ear());
  } else {
    wanted.push_back(&feeds_[IndexOf(subscription.topic)]->ear());
  }
  Status failure;
  co_await FanOut(wanted.size(), wanted.size(),
                  [&](size_t i) { return Join(ctx, *wanted[i], subscription, failure); });
  PRISM_CO_RETURN_IF_ERROR(std::move(failure));
  subscription.opened_after = notices_;
  GroupOf(subscription).push_back(&subscription);
  by_id_[subscription.id] = &subscription;
  co_return OkStatus();
}

void Subscriber::Close(Subscription& subscription) {
  for (SharedEar* ear : std::exchange(subscription.joined, {})) ear->Leave();
  if (by_id_.erase(subscription.id) == 0) return;
  Group& group = GroupOf(subscription);
  std::erase(group, &subscription);
  if (!group.empty()) return;
  topics_.erase(subscription.topic);
  patterns_.erase(subscription.topic);
}

bool Subscriber::End(std::string_view id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || found->second->waiting.ended()) return false;
  found->second->waiting.End(OkStatus());
  return true;
}

Subscriber::Group Subscriber::Wanting(const std::string& topic) const {
  Group wanting;
  if (const auto found = topics_.find(topic); found != topics_.end()) wanting = found->second;
  for (const auto& [text, group] : patterns_) {
    if (!MatchesPattern(group.front()->tokens, topic)) continue;
    wanting.insert(wanting.end(), group.begin(), group.end());
  }
  return wanting;
}

void Subscriber::OnMessage(const MessagePtr& message, uint64_t number) {
  const Group wanting = Wanting(message->topic());
  if (wanting.empty()) return;
  const Attributes attributes = ToAttributes(message->attributes());
  for (Subscription* each : wanting) {
    // Not what it missed while a message was fetched.
    if (each->opened_after < number && each->filter.Matches(attributes)) {
      each->waiting.Push(message);
    }
  }
}

void Subscriber::OnGap(const std::string& topic, const Status& why) {
  for (Subscription* each : Wanting(topic)) each->waiting.End(why);
}

void Subscriber::OnGap(const Status& why) {
  for (const auto& [id, subscription] : by_id_) subscription->waiting.End(why);
}

}  // namespace prism::postgres
