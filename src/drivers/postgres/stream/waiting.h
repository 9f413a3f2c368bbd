#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "drivers/postgres/space.h"
#include "loop/signal.h"

namespace prism::postgres {

// The channel on which who waits for a stream is told: nothing for new records, else the id of the
// group whose members ought to look.
std::string StreamChannel(const Space& space, std::string_view stream);

// Tells. What is to be told of one thing while a notification of it is under way is one.
class StreamBell {
 public:
  explicit StreamBell(std::shared_ptr<Space> space)
      : state_(std::make_shared<State>(std::move(space))) {}

  void Ring(std::string_view stream, std::string payload = "") const;

 private:
  using Key = std::pair<std::string, std::string>;  // channel and payload
  struct State {
    explicit State(std::shared_ptr<Space> its) : space(std::move(its)) {}
    const std::shared_ptr<Space> space;
    std::map<Key, bool> ringing;  // whether to ring again
  };
  static Task<void> Tell(std::shared_ptr<State> state, Key key);

  const std::shared_ptr<State> state_;
};

// Hears, for one call, what a stream's bell tells.
class StreamWaiter {
 public:
  StreamWaiter(const Space& space, std::string_view stream)
      : space_(space), channel_(StreamChannel(space, stream)) {}
  StreamWaiter(const StreamWaiter&) = delete;
  StreamWaiter& operator=(const StreamWaiter&) = delete;

  // From its OK on it hears. Then look for what came before.
  Task<Status> Listen(RequestContext& ctx);
  // Whose news count beside new records.
  void set_group(std::string group) { group_ = std::move(group); }
  // Returns when there may be something new, the call was cancelled, or `until` has passed.
  Signal::Awaiter Wait(TimePoint until, Cancellation& cancellation) {
    return signal_.Wait(until, cancellation);
  }

 private:
  const Space& space_;
  const std::string channel_;
  std::string group_;
  Signal signal_;
  Ear ear_;
};

}  // namespace prism::postgres
