#include "drivers/postgres/stream/waiting.h"

#include "drivers/postgres/notify.h"

namespace prism::postgres {

std::string StreamChannel(const Space& space, std::string_view stream) {
  return space.Channel("stream", stream);
}

void StreamBell::Ring(std::string_view stream, std::string payload) const {
  Key key(StreamChannel(*state_->space, stream), std::move(payload));
  const auto [entry, first] = state_->ringing.try_emplace(key, true);
  entry->second = true;
  if (first) Spawn(Tell(state_, std::move(key)));
}

// If it fails, who waits looks by itself after a while.
Task<void> StreamBell::Tell(std::shared_ptr<State> state, Key key) {
  while (std::exchange(state->ringing[key], false)) {
    RequestContext own;
    Arguments arguments;
    arguments.Text(key.first).Int(LockOf(key.first)).Text(key.second);
    (void)co_await state->space->Run(own, kNotify, arguments);
  }
  state->ringing.erase(key);
}

Task<Status> StreamWaiter::Listen(RequestContext& ctx) {
  Hearing hearing;
  hearing.lock = LockOf(channel_);
  hearing.heard = [this](std::string_view payload) {
    if (payload.empty() || payload == group_) signal_.Notify();
  };
  hearing.missed = [this] { signal_.Notify(); };
  hearing.lost = [this](const Status&) { signal_.Notify(); };
  std::string channel = channel_;
  Result<Ear> ear = co_await space_.Listen(ctx, std::move(channel), std::move(hearing));
  if (!ear.ok()) co_return std::move(ear).status();
  ear_ = *std::move(ear);
  co_return OkStatus();
}

}  // namespace prism::postgres
