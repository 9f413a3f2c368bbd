#include "conformance/pubsub/basic_cases.h"
#include "conformance/pubsub/suites.h"
#include "interfaces/pubsub_basic.prism.h"

namespace prism::conformance {
namespace {

using namespace pubsub_suite;  // NOLINT: the cases

constexpr std::string_view kOnce =
    "At most once: a message reaches each subscription that was there when Publish was called and "
    "is still there, once, and is not kept for others.";
constexpr std::string_view kThere = "A subscription is there from its `subscribed` event on.";
constexpr std::string_view kPayload =
    "A payload is any bytes, also none, as many as fit in a message (16 MiB with the rest, unless "
    "configured smaller); more, or more than the backend can hold, is RESOURCE_EXHAUSTED.";
constexpr std::string_view kTopic =
    "A topic is 1 to 4096 bytes of UTF-8: 1 to 64 tokens separated by '.'.";
constexpr std::string_view kTokens =
    "No token is empty, and none is `*` or `>`, which stand for tokens in patterns.";
constexpr std::string_view kElse = "Anything else is INVALID_ARGUMENT.";
constexpr std::string_view kEnds =
    "The stream ends only by Unsubscribe (OK), by its caller, or with an error.";
constexpr std::string_view kSlow =
    "A subscription that is not read in time is not served silently with gaps: when more than a "
    "bounded amount waits for it (the backend's bound, at least 1000 messages or 1 MiB), its "
    "stream ends with RESOURCE_EXHAUSTED and what waited is lost.";
constexpr std::string_view kOrder =
    "Order: messages of one publisher to one topic that were published one after the other, each "
    "after the answer to the one before, arrive in that order.";

constexpr Case kCases[] = {
    {"each_subscription_receives_once",
     {kOnce, kThere, "Sends the message to the subscriptions of the topic.",
      "When it answers, the backend has the message on its way to each of them; that they have "
      "read it is not said."},
     &EachSubscriptionReceivesOnce},
    {"messages_carry_their_topic",
     {"Receives the messages of one topic, as said above.",
      "The first element of the stream is `subscribed`, all others are messages."},
     &MessagesCarryTheirTopic},
    {"nothing_is_kept_for_later_ones",
     {"Messages to whoever listens to a topic now.", kOnce, kThere, "OK also if there is none.",
      "Topics need not be created; they come and go with their messages and subscribers."},
     &NothingIsKeptForLaterOnes},
    {"repeated_is_sent_again", {"Repeated, it sends the message again."}, &RepeatedIsSentAgain},
    {"receivers_are_not_invented",
     {"How many subscriptions it was sent to, where the backend knows: a hint, since others may be "
      "connected elsewhere."},
     &ReceiversAreNotInvented},
    {"each_publishers_order_is_kept", {kOnce, kOrder}, &EachPublishersOrderIsKept},
    {"namespaces_never_meet",
     {"Topics of different namespaces never meet."},
     &NamespacesNeverMeet,
     {},
     true},
    {"unsubscribe_ends_the_stream",
     {"Ends the stream of a live subscription with OK;", kEnds,
      "`found = false` if there is no such subscription, for example since it has ended.",
      "who has it may end it."},
     &UnsubscribeEndsTheStream},
    {"callers_end_their_calls",
     {"A caller may as well just end its own call.", kEnds},
     &CallersEndTheirCalls},
    {"some_messages_wait_for_their_reader", {kSlow, kOnce}, &SomeMessagesWaitForTheirReader},
    {"slow_readers_see_no_gaps", {kSlow, kEnds, kOrder}, &SlowReadersSeeNoGaps},
    {"topics_of_all_kinds", {kTopic, kTokens}, &TopicsOfAllKinds},
    {"payloads_are_any_bytes", {kPayload}, &PayloadsAreAnyBytes},
    {"bad_topics_are_refused", {kTopic, kTokens, kElse}, &BadTopicsAreRefused},
    {"topics_that_are_no_text_are_refused", {kTopic, kElse}, &TopicsThatAreNoTextAreRefused},
    {"largest_payload_arrives", {kPayload}, &LargestPayloadArrives},
};

constexpr Unproven kUnproven[] = {
    {"There is one set of topics: a live subscription (Subscribe, SubscribePattern, "
     "SubscribeFiltered) receives every message of its topics, by whichever rpc it was published.",
     "it is about the other pubsub interfaces, whose suites prove it"},
    {"A durable name receives those of PublishPersistent.", "pubsub_persistent's suite proves it"},
    {"Between topics or publishers there is no order.", "it permits any order"},
    {"A namespace has a bounded number of subscriptions (the backend's bound, at least 1000); one "
     "more is RESOURCE_EXHAUSTED.",
     "the bound is the backend's: no number of streams is sure to reach it"},
    {"messages that still wait for it are dropped.",
     "what was dropped cannot be told from what its caller had already been sent"},
    {"Ids cannot be guessed:", "no number of guesses that fail would show it"},
};

constexpr Suite kSuite = {&PubSubBasic::Info(), kCases, kUnproven};

}  // namespace

const Suite& PubSubBasicSuite() { return kSuite; }

}  // namespace prism::conformance
