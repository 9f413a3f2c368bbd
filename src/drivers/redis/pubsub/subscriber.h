#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "drivers/redis/keyspace.h"

namespace prism::redis {

// What listens to one channel, or to one pattern of channels, of the server.
class Listener {
 public:
  virtual ~Listener() = default;
  // A message of the channel `name`, below the namespace's prefix. Must not suspend.
  virtual void OnMessage(std::string_view name, std::string_view bytes) = 0;
  // Nothing more will come.
  virtual void OnLost(const Status& status) = 0;
};

// The subscriptions of one worker in one namespace, over one connection that is opened with the
// first of them. When it is lost all listeners are told; the next subscription opens another.
class Subscriber {
 public:
  // `prefix` is what the names of its channels begin with.
  Subscriber(const Keyspace& keyspace, std::string prefix);
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  enum class Kind { kChannel, kPattern };  // a pattern is one of the server's globs

  // From its OK on, `listener` hears every message of `name`, which must be unescaped for a channel
  // and a glob for a pattern.
  Task<Status> Add(RequestContext& ctx, Kind kind, const std::string& name, Listener& listener);
  // Also after a failed Add; without effect if it is not there.
  void Remove(Kind kind, const std::string& name, Listener& listener);

 private:
  // One subscription of the server's. Kept while its confirmations are on the way, because they
  // name nothing but the channel.
  struct Topic {
    std::vector<Listener*> listeners;
    int unconfirmed = 0;
    Event confirmed;  // set while unconfirmed is 0
  };
  using Topics = std::map<std::string, std::shared_ptr<Topic>, std::less<>>;

  Topics& Of(Kind kind) { return topics_[kind == Kind::kPattern]; }
  Task<Status> Open(RequestContext& ctx);
  Task<void> Serve();
  void OnPush(resp::Reply reply);
  void OnConfirmed(Kind kind, std::string_view name);
  void Deliver(Kind kind, std::string_view name, std::string_view channel, std::string_view bytes);
  void OnLost(const Status& status);
  void OnTimer();

  const Keyspace& keyspace_;
  const std::string prefix_;  // of channels
  const std::string glob_prefix_;
  Topics topics_[2];
  std::unique_ptr<OpenConnection> open_;
  Event opened_;  // set while nothing is being opened
  Status failure_;
  TimePoint heard_at_{};
  Timer timer_;
  Task<void> serve_;  // opens the connection and waits for its end
};

// `text` with the characters that mean something in a glob taken literally.
std::string EscapedForGlob(std::string_view text);

}  // namespace prism::redis
