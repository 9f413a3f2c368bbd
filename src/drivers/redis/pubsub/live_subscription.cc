#include "drivers/redis/pubsub/live_subscription.h"

#include <algorithm>

#include "base/random_id.h"

namespace prism::redis {
namespace {

using pubsub::v1::Message;
using Kind = Subscriber::Kind;

// What may wait for a reader: whatever is over both ends the subscription.
constexpr size_t kMaxWaiting = 8192;
constexpr size_t kMaxWaitingBytes = 8 * 1024 * 1024;

// No topic has an empty token, so this cannot be one.
constexpr std::string_view kEndPrefix = ".end.";

// The glob of a pattern; it may match more than the pattern does, since `*` of the server's matches
// dots too.
std::string GlobOf(const Tokens& tokens) {
  std::string glob;
  for (const std::string_view token : tokens) {
    if (!glob.empty()) glob += '.';
    glob += token == "*" || token == ">" ? "*" : EscapedForGlob(token);
  }
  return glob;
}

bool Matches(const Tokens& pattern, std::string_view topic) {
  for (size_t i = 0;; ++i) {
    const size_t dot = topic.find('.');
    const bool last = dot == std::string_view::npos;
    if (i == pattern.size()) return false;
    if (pattern[i] == ">") return true;
    if (pattern[i] != "*" && pattern[i] != topic.substr(0, dot)) return false;
    if (last) return i + 1 == pattern.size();
    topic.remove_prefix(dot + 1);
  }
}

Attributes AttributesOf(const Message& message) {
  return {message.attributes().begin(), message.attributes().end()};
}

}  // namespace

LiveSubscription::LiveSubscription(Subscriber& subscriber, std::string topic,
                                   AttributeFilter filter)
    : subscriber_(subscriber),
      topic_(std::move(topic)),
      id_(RandomId()),
      end_channel_(EndChannel(id_)),
      filter_(std::move(filter)),
      name_(topic_) {
  Result<Tokens> tokens = SplitPattern(topic_);
  if (!tokens.ok()) return;  // checked by the caller
  tokens_ = *std::move(tokens);
  is_pattern_ = std::any_of(tokens_.begin(), tokens_.end(),
                            [](std::string_view token) { return token == "*" || token == ">"; });
  if (is_pattern_) name_ = GlobOf(tokens_);
}

LiveSubscription::~LiveSubscription() {
  subscriber_.Remove(is_pattern_ ? Kind::kPattern : Kind::kChannel, name_, *this);
  subscriber_.Remove(Kind::kChannel, end_channel_, *this);
}

std::string LiveSubscription::EndChannel(std::string_view id) {
  return std::string(kEndPrefix) + std::string(id);
}

Task<Status> LiveSubscription::Open(RequestContext& ctx) {
  PRISM_CO_RETURN_IF_ERROR(co_await subscriber_.Add(ctx, Kind::kChannel, end_channel_, *this));
  PRISM_CO_RETURN_IF_ERROR(
      co_await subscriber_.Add(ctx, is_pattern_ ? Kind::kPattern : Kind::kChannel, name_, *this));
  co_return ended_ ? Status(status_) : OkStatus();
}

bool LiveSubscription::Wants(std::string_view topic) const {
  return is_pattern_ ? Matches(tokens_, topic) : topic == topic_;
}

void LiveSubscription::OnMessage(std::string_view name, std::string_view bytes) {
  if (ended_) return;
  if (name == end_channel_) return End(OkStatus());
  if (!Wants(name)) return;
  auto message = std::make_shared<Message>();
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  if (!filter_.Matches(AttributesOf(*message))) return;
  message->set_topic(std::string(name));
  waiting_bytes_ += bytes.size();
  waiting_.push_back(std::move(message));
  if (waiting_.size() > kMaxWaiting || (waiting_.size() > 1 && waiting_bytes_ > kMaxWaitingBytes)) {
    return End(ResourceExhaustedError(
                   "the subscription was not read in time: " + std::to_string(waiting_.size()) +
                   " messages with " + std::to_string(waiting_bytes_) + " bytes waited for it")
                   .WithHint("read faster, or subscribe to less"));
  }
  news_.Set();
}

void LiveSubscription::End(Status status) {
  if (ended_) return;
  ended_ = true;
  status_ = std::move(status);
  waiting_.clear();
  news_.Set();
}

Task<MessagePtr> LiveSubscription::Next(RequestContext& ctx) {
  while (waiting_.empty() && !ended_) {
    news_.Reset();
    const Status waited = co_await news_.Wait(ctx.cancellation);
    if (!waited.ok()) End(waited);
  }
  if (waiting_.empty()) co_return nullptr;
  MessagePtr next = std::move(waiting_.front());
  waiting_.pop_front();
  waiting_bytes_ -= std::min(waiting_bytes_, next->ByteSizeLong());
  co_return next;
}

}  // namespace prism::redis
