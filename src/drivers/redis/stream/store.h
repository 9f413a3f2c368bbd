#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "drivers/redis/keyspace.h"
#include "drivers/redis/pubsub/subscriber.h"
#include "drivers/redis/stream/scripts.h"
#include "loop/signal.h"

namespace prism::redis {

// Where one worker finds the streams of a namespace, or its topics with durable names, which are
// streams too: see stream/scripts.h.
class StreamStore {
 public:
  enum class Kind { kStreams, kTopics };

  StreamStore(std::shared_ptr<Keyspace> keyspace, Kind kind);

  // A call of one of the scripts; `arguments` are its own.
  template <class... Args>
  resp::Command CallOf(const Script& script, std::string_view name,
                       const Args&... arguments) const {
    return ScriptCall(script, 3, resp::Joined{streams_, name}, resp::Joined{metas_, name},
                      resp::Joined{groups_, name}, data_, resp::Joined{channels_, name}, mode_,
                      arguments...);
  }
  Task<Result<resp::Reply>> Run(RequestContext& ctx, const Script& script,
                                const resp::Command& command) const {
    return keyspace_->Run(ctx, script, command);
  }
  // Has the script run some time soon, without an answer, also if the server does not know it.
  template <class... Args>
  void Post(const Script& script, std::string_view name, const Args&... arguments) const {
    keyspace_->Post(resp::Command("EVAL", script.source(), 3, resp::Joined{streams_, name},
                                  resp::Joined{metas_, name}, resp::Joined{groups_, name}, data_,
                                  resp::Joined{channels_, name}, mode_, arguments...));
  }

  const Keyspace& keyspace() const { return *keyspace_; }
  Subscriber& subscriber() const { return *subscriber_; }

 private:
  const std::shared_ptr<Keyspace> keyspace_;
  const std::string streams_;
  const std::string metas_;
  const std::string groups_;
  const std::string data_;
  const std::string channels_;
  const std::string_view mode_;
  const std::unique_ptr<Subscriber> subscriber_;  // to the channels that wake
};

// Tells a waiting reader that it ought to look again.
class Waker final : public Listener {
 public:
  Waker(const StreamStore& store, std::string name) : store_(store), name_(std::move(name)) {}
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;
  ~Waker() override { store_.subscriber().Remove(Subscriber::Kind::kChannel, name_, *this); }

  // Listens, from its OK on, unless it does: it may have lost its connection. Then look again.
  Task<Status> Listen(RequestContext& ctx);
  // Whose news count beside new records.
  void set_group(std::string group) { group_ = std::move(group); }
  // Returns when there may be something new, the call was cancelled, or `until` has passed.
  Signal::Awaiter Wait(TimePoint until, Cancellation& cancellation) {
    return signal_.Wait(until, cancellation);
  }

  void OnMessage(std::string_view name, std::string_view bytes) override;
  void OnLost(const Status& status) override;

 private:
  const StreamStore& store_;
  const std::string name_;
  std::string group_;
  bool listens_ = false;
  Signal signal_;
};

}  // namespace prism::redis
