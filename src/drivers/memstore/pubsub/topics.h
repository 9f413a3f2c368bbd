#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "drivers/memstore/named.h"
#include "drivers/memstore/pubsub/mailbox.h"
#include "drivers/memstore/pubsub/patterns.h"

namespace prism::memstore {

// The live subscriptions of one namespace. Shared by the threads of all workers.
//
// A message is put into all its mailboxes under the lock of its topic's shard, so all subscriptions
// see the messages of one topic in one order. That takes as long as there are subscriptions to it.
class Topics {
 public:
  static constexpr int kMaxSubscriptions = 10'000;

  explicit Topics(std::shared_ptr<Budget> budget)
      : budget_(std::move(budget)), exact_(budget_), patterns_(budget_) {}

  // A message that can be published without fail. RESOURCE_EXHAUSTED without room for it.
  Result<LiveMessagePtr> Prepare(std::string_view topic, RecordPtr record) const;
  // Sends it; `tokens` are those of its topic. Returns how many subscriptions took it.
  uint64_t Publish(const LiveMessagePtr& message, const Tokens& tokens);
  // Nobody can be waiting for a message that is published now.
  bool Deserted() const { return subscriptions_.load() == 0; }

  // Ends the subscription of that id with OK; false if there is none.
  bool Unsubscribe(std::string_view id);

 private:
  friend class Subscription;
  struct Listeners {
    std::vector<Mailbox*> mailboxes;
    bool empty() const { return mailboxes.empty(); }
  };

  Status Enter(std::string_view pattern, const Tokens& tokens, Mailbox& mailbox);
  void Withdraw(std::string_view pattern, const Tokens& tokens, Mailbox& mailbox);
  std::string NameFor(Mailbox& mailbox);
  void Forget(const std::string& id);

  const std::shared_ptr<Budget> budget_;
  std::atomic<int> subscriptions_{0};
  Named<Listeners> exact_;
  std::shared_mutex patterns_mutex_;
  Patterns patterns_;
  std::atomic<int> pattern_count_{0};
  std::mutex ids_mutex_;
  std::unordered_map<std::string, Mailbox*> ids_;
};

// One live subscription, in its coroutine's frame: withdrawn when that ends, however it does.
class Subscription {
 public:
  // To one topic, or a pattern.
  Subscription(Topics& topics, std::string pattern, AttributeFilter filter = {})
      : topics_(topics), pattern_(std::move(pattern)), mailbox_(std::move(filter)) {}
  Subscription(const Subscription&) = delete;
  ~Subscription();

  // INVALID_ARGUMENT for what is no pattern, RESOURCE_EXHAUSTED without room for one more.
  Status Open();
  const std::string& id() const { return id_; }
  Mailbox& mailbox() { return mailbox_; }

 private:
  Topics& topics_;
  const std::string pattern_;
  Tokens tokens_;
  Mailbox mailbox_;
  std::string id_;
  Charged charged_;
  bool counted_ = false;
  bool entered_ = false;
};

}  // namespace prism::memstore
