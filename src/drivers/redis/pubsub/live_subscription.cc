#include "drivers/redis/pubsub/live_subscription.h"

#include "base/random_id.h"
#include "drivers/contract/messages.h"

namespace prism::redis {
namespace {

using pubsub::v1::Message;
using Kind = Subscriber::Kind;

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
  is_pattern_ = HasWildcard(tokens_);
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
  co_return waiting_.ended() ? Status(waiting_.status()) : OkStatus();
}

bool LiveSubscription::Wants(std::string_view topic) const {
  return is_pattern_ ? MatchesPattern(tokens_, topic) : topic == topic_;
}

void LiveSubscription::OnMessage(std::string_view name, std::string_view bytes) {
  if (waiting_.ended()) return;
  if (name == end_channel_) return waiting_.End(OkStatus());
  if (!Wants(name)) return;
  auto message = std::make_shared<Message>();
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  if (!filter_.Matches(ToAttributes(message->attributes()))) return;
  message->set_topic(std::string(name));
  waiting_.Push(std::move(message));
}

}  // namespace prism::redis
