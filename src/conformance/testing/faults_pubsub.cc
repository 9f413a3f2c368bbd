#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_pubsub.h"

namespace prism::conformance::testing {
namespace {

// Spoils each event of a live subscription with a function.
template <void (*kSpoil)(SubscriptionEvent& event)>
class SpoiltEvents final : public ForwardPubSub {
 public:
  using ForwardPubSub::ForwardPubSub;
  Stream<SubscriptionEvent> Subscribe(RequestContext& ctx,
                                      const SubscribeRequest& request) override {
    Stream<SubscriptionEvent> events = real_.Subscribe(ctx, request);
    while (SubscriptionEvent* event = co_await events.Next()) {
      kSpoil(*event);
      co_yield *event;
    }
    co_return events.status();
  }
};

void CutPayload(SubscriptionEvent& event) {
  constexpr size_t kMost = 1'000'000;
  if (event.message().payload().size() > kMost) {
    event.mutable_message()->mutable_payload()->resize(kMost);
  }
}

void ForgetKey(SubscriptionEvent& event) {
  if (event.has_message()) event.mutable_message()->clear_key();
}

class DeliversTwice final : public ForwardPubSub {
 public:
  using ForwardPubSub::ForwardPubSub;
  Stream<SubscriptionEvent> Subscribe(RequestContext& ctx,
                                      const SubscribeRequest& request) override {
    Stream<SubscriptionEvent> events = real_.Subscribe(ctx, request);
    while (SubscriptionEvent* event = co_await events.Next()) {
      SubscriptionEvent again = *event;
      co_yield *event;
      if (again.has_message()) co_yield again;
    }
    co_return events.status();
  }
};

// Begins anew, without a word, where the subscription was not read in time.
class HidesGaps final : public ForwardPubSub {
 public:
  using ForwardPubSub::ForwardPubSub;
  Stream<SubscriptionEvent> Subscribe(RequestContext& ctx,
                                      const SubscribeRequest& request) override {
    const SubscribeRequest kept = request;
    for (bool first = true;; first = false) {
      Stream<SubscriptionEvent> events = real_.Subscribe(ctx, kept);
      while (SubscriptionEvent* event = co_await events.Next()) {
        if (first || event->has_message()) co_yield *event;
      }
      if (events.status().code() != Code::kResourceExhausted) co_return events.status();
    }
  }
};

// Sends the last message of a topic to who comes later.
class KeepsTheLast final : public ForwardPubSub {
 public:
  using ForwardPubSub::ForwardPubSub;
  Task<Status> Publish(RequestContext& ctx, const PublishRequest& request,
                       PublishResponse& response) override {
    {
      std::lock_guard lock(mutex_);
      last_[request.topic()] = request.payload();
    }
    return real_.Publish(ctx, request, response);
  }
  Stream<SubscriptionEvent> Subscribe(RequestContext& ctx,
                                      const SubscribeRequest& request) override {
    const std::string topic = request.topic();
    Stream<SubscriptionEvent> events = real_.Subscribe(ctx, request);
    while (SubscriptionEvent* event = co_await events.Next()) {
      const bool first = event->has_subscribed();
      co_yield *event;
      SubscriptionEvent kept;
      if (!first || !FindLast(topic, *kept.mutable_message())) continue;
      co_yield kept;
    }
    co_return events.status();
  }

 private:
  static bool FindLast(const std::string& topic, Message& message) {
    std::lock_guard lock(mutex_);
    const auto found = last_.find(topic);
    if (found == last_.end()) return false;
    message.set_topic(topic);
    message.set_payload(found->second);
    return true;
  }

  inline static std::mutex mutex_;
  inline static std::map<std::string, std::string> last_;
};

// Every second subscription receives two neighbors the other way around, which different callers
// published: each caller's own order stays.
class SwapsNeighbors final : public ForwardPubSub {
 public:
  using ForwardPubSub::ForwardPubSub;
  Stream<SubscriptionEvent> Subscribe(RequestContext& ctx,
                                      const SubscribeRequest& request) override {
    bool swap = subscriptions_++ % 2 == 1;
    Stream<SubscriptionEvent> events = real_.Subscribe(ctx, request);
    while (SubscriptionEvent* event = co_await events.Next()) {
      // Far from the end, so that others follow.
      if (!swap || !event->message().payload().ends_with("20")) {
        co_yield *event;
        continue;
      }
      SubscriptionEvent held = std::move(*event);
      SubscriptionEvent* const next = co_await events.Next();
      if (!next) co_return events.status();
      swap = next->message().payload()[0] == held.message().payload()[0];
      SubscriptionEvent second = std::move(*next);
      if (!swap) std::swap(held, second);
      co_yield held;
      co_yield second;
    }
    co_return events.status();
  }

 private:
  inline static std::atomic<int> subscriptions_{0};
};

class UnsubscribesWithAnError final : public ForwardPubSub {
 public:
  using ForwardPubSub::ForwardPubSub;
  Stream<SubscriptionEvent> Subscribe(RequestContext& ctx,
                                      const SubscribeRequest& request) override {
    Stream<SubscriptionEvent> events = real_.Subscribe(ctx, request);
    while (SubscriptionEvent* event = co_await events.Next()) co_yield *event;
    if (!events.status().ok()) co_return events.status();
    co_return AbortedError("somebody unsubscribed");
  }
};

// Spoils the pattern, or what comes of it.
template <void (*kSpoil)(std::string& pattern), bool kTwice = false>
class SpoiltPattern final : public ForwardWildcards {
 public:
  using ForwardWildcards::ForwardWildcards;
  Stream<SubscriptionEvent> SubscribePattern(RequestContext& ctx,
                                             const SubscribePatternRequest& request) override {
    SubscribePatternRequest changed = request;
    kSpoil(*changed.mutable_pattern());
    Stream<SubscriptionEvent> events = real_.SubscribePattern(ctx, changed);
    while (SubscriptionEvent* event = co_await events.Next()) {
      SubscriptionEvent again = *event;
      co_yield *event;
      if (kTwice && again.has_message()) co_yield again;
    }
    co_return events.status();
  }
};

void StarAtTheEndMatchesMore(std::string& pattern) {
  if (pattern.ends_with(".*")) pattern.back() = '>';
}

void EndForgetsAToken(std::string& pattern) {
  if (pattern.ends_with(".b.>")) pattern.erase(pattern.size() - 4, 2);
}

void StayAsItIs(std::string&) {}

// Holds every second message back until the next one was sent.
class AnswersBeforeItSends final : public ForwardOrdering {
 public:
  using ForwardOrdering::ForwardOrdering;
  Task<Status> PublishOrdered(RequestContext& ctx, const PublishOrderedRequest& request,
                              PublishOrderedResponse& response) override {
    PublishOrderedRequest late;
    {
      std::lock_guard lock(mutex_);
      if (held_.topic().empty()) {
        held_ = request;
        co_return OkStatus();
      }
      late.Swap(&held_);
    }
    {
      Task<Status> send = real_.PublishOrdered(ctx, request, response);
      Status status = co_await send;
      if (!status.ok()) co_return status;
    }
    Task<Status> send = real_.PublishOrdered(ctx, late, response);
    co_return co_await send;
  }

 private:
  inline static std::mutex mutex_;
  inline static PublishOrderedRequest held_;
};

constexpr Fault kFaults[] = {
    {"sends_twice", "pubsub_basic", "each_subscription_receives_once",
     &Replace<DeliversTwice, PubSubBasic>},
    {"sends_a_publishers_twice", "pubsub_basic", "each_publishers_order_is_kept",
     &Replace<DeliversTwice, PubSubBasic>},
    {"hides_gaps", "pubsub_basic", "slow_readers_see_no_gaps", &Replace<HidesGaps, PubSubBasic>},
    {"keeps_the_last", "pubsub_basic", "nothing_is_kept_for_later_ones",
     &Replace<KeepsTheLast, PubSubBasic>},
    {"unsubscribes_with_an_error", "pubsub_basic", "unsubscribe_ends_the_stream",
     &Replace<UnsubscribesWithAnError, PubSubBasic>},
    {"cuts_payloads", "pubsub_basic", "largest_payload_arrives",
     &Replace<SpoiltEvents<&CutPayload>, PubSubBasic>},
    {"star_at_the_end_matches_more", "pubsub_wildcards", "star_is_one_token",
     &Replace<SpoiltPattern<&StarAtTheEndMatchesMore>, PubSubWildcards>},
    {"end_forgets_a_token", "pubsub_wildcards", "end_is_one_token_or_more",
     &Replace<SpoiltPattern<&EndForgetsAToken>, PubSubWildcards>},
    {"pattern_delivers_twice", "pubsub_wildcards", "once_per_subscription",
     &Replace<SpoiltPattern<&StayAsItIs, true>, PubSubWildcards>},
    {"swaps_neighbors", "pubsub_ordering", "all_see_one_order",
     &Replace<SwapsNeighbors, PubSubBasic>},
    {"answers_before_it_sends", "pubsub_ordering", "later_calls_come_behind",
     &Replace<AnswersBeforeItSends, PubSubOrdering>},
    {"forgets_the_key", "pubsub_ordering", "messages_carry_their_key",
     &Replace<SpoiltEvents<&ForgetKey>, PubSubBasic>},
};

}  // namespace

std::span<const Fault> PubSubFaults() { return kFaults; }

}  // namespace prism::conformance::testing
