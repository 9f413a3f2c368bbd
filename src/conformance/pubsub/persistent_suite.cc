#include "conformance/pubsub/persistent_cases.h"
#include "conformance/pubsub/persistent_client.h"
#include "conformance/pubsub/suites.h"
#include "interfaces/pubsub_basic.prism.h"

namespace prism::conformance {
namespace {

using namespace pubsub_suite;  // NOLINT: the cases

constexpr std::string_view kRemembered =
    "A durable name is a reader of one topic that is remembered while nobody reads; it is 1 to "
    "4096 bytes of UTF-8.";
constexpr std::string_view kEach =
    "Each durable name gets every message published since it exists, at least once.";
constexpr std::string_view kAck = "An ack means: this durable name never needs the message again.";
constexpr std::string_view kAgain =
    "A message that is not acked within the name's ack wait after its delivery is delivered again, "
    "to any stream of that name.";
constexpr std::string_view kKeeps =
    "A topic with durable names keeps each message until all of them have acked it, however long "
    "that is; when the backend is full, publishing is refused and nothing is dropped.";
constexpr std::string_view kUntilAll =
    "Messages that are kept until every durable name of their topic has acked them.";
constexpr std::string_view kSends =
    "Keeps the message for the topic's durable names and sends it to its live subscriptions.";
constexpr std::string_view kSubscribed =
    "The first element is `subscribed`, which says that the durable name exists from then on, all "
    "others are messages.";
constexpr std::string_view kOrder = "First deliveries come in the order of publishing.";
constexpr std::string_view kShare =
    "Several streams of one durable name share its messages: each is given to one of them.";
constexpr std::string_view kMaxUnacked =
    "At most `max_unacked` messages of this stream wait for an ack; more are not sent until acks "
    "arrive or their ack wait passes.";
constexpr std::string_view kExisting =
    "For one that exists `start` is ignored and `ack_wait_ms`, if given, replaces the name's own "
    "for all messages.";
constexpr std::string_view kAcks =
    "Acks messages that were delivered to the durable name, 1 to 1000 of them, in any order, over "
    "any stream, also after their ack wait.";
constexpr std::string_view kAcked =
    "`acked` counts those that were waiting for an ack; others, also of an unknown name or topic, "
    "are ignored.";
constexpr std::string_view kAttributes = "Attributes are limited as in pubsub_filtering.";
constexpr std::string_view kLast =
    "The id of the newest message of PublishPersistent, also if it was acked by all.";

constexpr Case kCases[] = {
    {"durables_receive_messages",
     {kEach, kSubscribed, "Receives what the durable name has not acked.",
      "Repeated, it publishes another message with another id.",
      "1 for the first delivery, then 2 and so on."},
     &DurablesReceiveMessages},
    {"each_name_gets_every_message", {kUntilAll, kEach, kSends, kAck}, &EachNameGetsEveryMessage},
    {"live_subscriptions_receive_them_too",
     {kSends, "A durable name receives those of PublishPersistent."},
     &LiveSubscriptionsReceiveThemToo,
     {&PubSubBasic::Info()}},
    {"names_are_remembered_while_nobody_reads",
     {kRemembered, kSubscribed, kSends},
     &NamesAreRememberedWhileNobodyReads},
    {"messages_of_many_publishers_come_in_order",
     {kOrder, kEach},
     &MessagesOfManyPublishersComeInOrder},
    {"streams_of_a_name_share", {kShare, kMaxUnacked}, &StreamsOfANameShare},
    {"nothing_is_dropped", {kKeeps, kEach}, &NothingIsDropped},
    {"durables_of_other_namespaces_differ",
     {"Topics of different namespaces never meet."},
     &DurablesOfOtherNamespacesDiffer,
     {},
     true},
    {"unacked_comes_again",
     {kAgain, "1 for the first delivery, then 2 and so on."},
     &UnackedComesAgain},
    {"acked_never_comes_again", {kAck, kAgain}, &AckedNeverComesAgain},
    {"left_unacked_goes_to_another_stream",
     {"What a stream leaves unacked when it ends is delivered again when its ack wait has passed.",
      kAgain},
     &LeftUnackedGoesToAnotherStream},
    {"again_comes_before_new",
     {"Messages to be delivered again come before new ones.", kMaxUnacked},
     &AgainComesBeforeNew},
    {"max_unacked_holds_back", {kMaxUnacked, kShare}, &MaxUnackedHoldsBack},
    {"acks_are_counted", {kAcks, kAcked}, &AcksAreCounted},
    {"late_acks_count", {kAcks, kAck}, &LateAcksCount},
    {"one_of_many_acks_is_counted", {kAcked}, &OneOfManyAcksIsCounted},
    {"start_says_where_a_name_begins",
     {"A name that does not exist is made: `start` says with which message it begins.",
      "The first message that a new durable name receives.", kUntilAll},
     &StartSaysWhereANameBegins},
    {"existing_names_ignore_start", {kExisting}, &ExistingNamesIgnoreStart},
    {"ack_wait_is_replaced", {kExisting, kAgain}, &AckWaitIsReplaced},
    {"delete_forgets_the_name",
     {"Forgets the durable name and what it has not acked.", "`found = false` if there is none.",
      "DeleteDurable ends the streams of the name with ABORTED.",
      "DeleteDurable ends what nobody needs."},
     &DeleteForgetsTheName},
    {"last_message_id_is_told", {kLast, "`found = false` if there was none"}, &LastMessageIdIsTold},
    {"hundred_names_of_a_topic",
     {"A topic has a bounded number of durable names (the backend's bound, at least 100).", kEach},
     &HundredNamesOfATopic},
    {"bad_publishing_is_refused",
     {kAttributes, "Anything else is INVALID_ARGUMENT."},
     &BadPublishingIsRefused},
    {"bad_names_are_refused",
     {kRemembered, "Anything else is INVALID_ARGUMENT."},
     &BadNamesAreRefused},
    {"bad_reading_is_refused", {kMaxUnacked, kExisting}, &BadReadingIsRefused},
    {"bad_acks_are_refused",
     {kAcks, "An id that is none is INVALID_ARGUMENT."},
     &BadAcksAreRefused},
};

constexpr Unproven kUnproven[] = {
    {"A message may come again though it was acked, if the backend or the way to it failed "
     "meanwhile.",
     "it permits what may happen when something fails"},
    {"A topic without durable names keeps its newest messages as the backend's retention says "
     "(MemStore: 1000 messages, 1 MiB and one hour), for EARLIEST.",
     "the retention is the backend's, and may be none"},
    {"When it answers, the message is as safe as the backend's writes are.",
     "how safe they are is the backend's"},
    {"It may start anew after a failure of the backend.",
     "it permits what may happen when something fails"},
};

constexpr Suite kSuite = {&PubSubPersistent::Info(), kCases, kUnproven, &DeleteNotedDurables};

}  // namespace

const Suite& PubSubPersistentSuite() { return kSuite; }

}  // namespace prism::conformance
