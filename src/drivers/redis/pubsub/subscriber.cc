#include "drivers/redis/pubsub/subscriber.h"

#include <algorithm>
#include <utility>

#include "drivers/redis/errors.h"

namespace prism::redis {
namespace {

using resp::Command;
using resp::Reply;

constexpr Duration kPingEvery = std::chrono::seconds(5);

}  // namespace

std::string EscapedForGlob(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("*?[]\\").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

Subscriber::Subscriber(const Keyspace& keyspace, std::string prefix)
    : keyspace_(keyspace),
      prefix_(std::move(prefix)),
      glob_prefix_(EscapedForGlob(prefix_)),
      timer_([](void* self) { static_cast<Subscriber*>(self)->OnTimer(); }, this) {
  opened_.Set();
}

Task<Status> Subscriber::Add(RequestContext& ctx, Kind kind, const std::string& name,
                             Listener& listener) {
  PRISM_CO_RETURN_IF_ERROR(co_await Open(ctx));
  std::shared_ptr<Topic>& topic = Of(kind)[name];
  if (!topic) topic = std::make_shared<Topic>();
  if (topic->listeners.empty()) {
    const bool pattern = kind == Kind::kPattern;
    open_->connection().Post(Command(pattern ? "PSUBSCRIBE" : "SUBSCRIBE",
                                     resp::Joined{pattern ? glob_prefix_ : prefix_, name}));
    ++topic->unconfirmed;
    topic->confirmed.Reset();
  }
  topic->listeners.push_back(&listener);
  // It may be gone from here when the wait ends.
  const std::shared_ptr<Topic> added = topic;
  co_return co_await added->confirmed.Wait(ctx.cancellation);
}

void Subscriber::Remove(Kind kind, const std::string& name, Listener& listener) {
  Topics& topics = Of(kind);
  const auto found = topics.find(name);
  if (found == topics.end()) return;
  Topic& topic = *found->second;
  if (std::erase(topic.listeners, &listener) == 0 || !topic.listeners.empty()) return;
  const bool pattern = kind == Kind::kPattern;
  if (open_) {
    open_->connection().Post(Command(pattern ? "PUNSUBSCRIBE" : "UNSUBSCRIBE",
                                     resp::Joined{pattern ? glob_prefix_ : prefix_, name}));
  }
  if (topic.unconfirmed == 0) topics.erase(found);
}

// The connection is opened for all who wait for it, whichever of them goes away meanwhile.
Task<Status> Subscriber::Open(RequestContext& ctx) {
  if (open_) co_return OkStatus();
  if (opened_.is_set()) {
    opened_.Reset();
    serve_ = Serve();
    serve_.Start([](void*) {}, nullptr);
  }
  PRISM_CO_RETURN_IF_ERROR(co_await opened_.Wait(ctx.cancellation));
  co_return open_ ? OkStatus() : Status(failure_);
}

Task<void> Subscriber::Serve() {
  RequestContext own;
  const auto push = [this](Reply reply) { OnPush(std::move(reply)); };
  Result<std::unique_ptr<OpenConnection>> open = co_await keyspace_.Subscribe(own, push);
  if (!open.ok()) {
    failure_ = std::move(open).status();
    opened_.Set();
    co_return;
  }
  open_ = *std::move(open);
  heard_at_ = Clock::now();
  timer_.Arm(heard_at_ + kPingEvery);
  opened_.Set();
  const Status lost = co_await open_->Lost();
  timer_.Cancel();
  open_.reset();
  failure_ = Status(lost).WithRetryable();
  OnLost(failure_);
}

void Subscriber::OnLost(const Status& status) {
  for (Topics& topics : topics_) {
    const Topics gone = std::exchange(topics, {});
    for (const auto& [name, topic] : gone) {
      for (Listener* listener : topic->listeners) listener->OnLost(status);
      topic->confirmed.Set();
    }
  }
}

// A connection that only hears would not notice that the server is gone.
void Subscriber::OnTimer() {
  const TimePoint now = Clock::now();
  const Duration patience = kPingEvery + keyspace_.options().response_timeout;
  if (now >= heard_at_ + patience) {
    return open_->connection().Close(
        UnavailableError("the server has not answered a subscriber's ping"));
  }
  open_->connection().Post(Command("PING"));
  timer_.Arm(now + kPingEvery);
}

void Subscriber::OnPush(Reply reply) {
  heard_at_ = Clock::now();
  if (reply.is_error()) return open_->connection().Close(FromError(reply));
  const std::vector<Reply>& parts = reply.elements;
  if (parts.size() < 3) return;  // the answer to a ping
  const std::string& kind = parts[0].text;
  const bool is_pattern = kind.starts_with('p');
  const std::string_view name = parts[1].text;
  const size_t prefix = is_pattern ? glob_prefix_.size() : prefix_.size();
  if (name.size() < prefix) return;
  const Kind which = is_pattern ? Kind::kPattern : Kind::kChannel;
  const std::string_view rest = name.substr(prefix);
  if (kind == "message") Deliver(which, rest, rest, parts[2].text);
  if (kind == "pmessage" && parts.size() == 4 && parts[2].text.size() >= prefix_.size()) {
    Deliver(which, rest, std::string_view(parts[2].text).substr(prefix_.size()), parts[3].text);
  }
  if (kind == "psubscribe" || kind == "subscribe") OnConfirmed(which, rest);
}

void Subscriber::OnConfirmed(Kind kind, std::string_view name) {
  Topics& topics = Of(kind);
  const auto found = topics.find(name);
  if (found == topics.end() || --found->second->unconfirmed > 0) return;
  if (found->second->listeners.empty()) {
    topics.erase(found);
  } else {
    found->second->confirmed.Set();
  }
}

void Subscriber::Deliver(Kind kind, std::string_view name, std::string_view channel,
                         std::string_view bytes) {
  const Topics& topics = Of(kind);
  const auto found = topics.find(name);
  if (found == topics.end()) return;
  for (Listener* listener : found->second->listeners) listener->OnMessage(channel, bytes);
}

}  // namespace prism::redis
