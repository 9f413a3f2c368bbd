#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "drivers/postgres/pubsub/feed.h"
#include "drivers/postgres/pubsub/subscription.h"

namespace prism::postgres {

// The subscriptions of one worker in one namespace. Topics share a few channels, each of which is
// heard while a subscription has topics on it: so a server has few channels to look through, and a
// pattern few to listen to.
class Subscriber final : public FeedReader {
 public:
  explicit Subscriber(const std::shared_ptr<Space>& space);
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  // The channel that messages of a topic are notified on.
  const std::string& ChannelOf(std::string_view topic) const {
    return feeds_[IndexOf(topic)]->ear().channel();
  }

  // From its OK on the subscription gets its messages. Close it whatever comes of this.
  Task<Status> Open(RequestContext& ctx, Subscription& subscription);
  void Close(Subscription& subscription);
  // Ends the subscription of that id with OK; false if this has none.
  bool End(std::string_view id);

 private:
  static constexpr size_t kChannels = 16;
  using Group = std::vector<Subscription*>;
  static size_t IndexOf(std::string_view topic);
  static Task<void> Join(RequestContext& ctx, SharedEar& ear, Subscription& subscription,
                         Status& failure);
  Group& GroupOf(const Subscription& subscription);
  Group Wanting(const std::string& topic) const;
  uint64_t NextNumber() override { return ++notices_; }
  bool Wants(const std::string& topic) const override { return !Wanting(topic).empty(); }
  void OnMessage(const MessagePtr& message, uint64_t number) override;
  void OnGap(const std::string& topic, const Status& why) override;
  void OnGap(const Status& why) override;

  std::array<std::unique_ptr<Feed>, kChannels> feeds_;
  uint64_t notices_ = 0;
  std::unordered_map<std::string_view, Subscription*> by_id_;
  std::unordered_map<std::string, Group> topics_;
  std::map<std::string, Group> patterns_;
};

}  // namespace prism::postgres
