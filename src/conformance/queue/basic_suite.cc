#include "conformance/queue/basic_cases.h"
#include "conformance/queue/client.h"
#include "conformance/queue/suites.h"

namespace prism::conformance {
namespace queues::basic {
namespace {

Task<void> QueueNeverWrittenToIsEmpty(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  c.ExpectEq(co_await queue.Look(name), Payloads());
  c.ExpectEq(co_await queue.Take(name, 10), Payloads());
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  QueueClient here(c);
  QueueClient there(c.other());
  const std::string name = c.Unique("queue");
  co_await here.Put(EnqueueOf(name, "here", "a"));
  c.ExpectEq(co_await there.Look(name), Payloads());
  c.ExpectEq(co_await there.Take(name), Payloads());
  const EnqueueResponse made = co_await there.Put(EnqueueOf(name, "there", "a"));
  c.Expect(!made.duplicate(), "duplicates are those of a queue of this namespace");
  c.ExpectEq(co_await here.Take(name, 10), Payloads(1, "here"));
  c.ExpectEq(co_await there.Take(name, 10), Payloads(1, "there"));
}

constexpr const InterfaceInfo* kDelayed = &QueueDelayed::Info();
constexpr const InterfaceInfo* kPriority = &QueuePriority::Info();
constexpr const InterfaceInfo* kVisibility = &QueueVisibility::Info();
constexpr std::string_view kBadNames =
    "A queue's name is 1 to 4096 bytes of UTF-8; any other is INVALID_ARGUMENT.";
constexpr std::string_view kPayload =
    "A payload is any bytes, also none, as many as fit in a message (16 MiB unless configured "
    "smaller); more, or more than the backend can hold, is RESOURCE_EXHAUSTED naming the limit.";
constexpr std::string_view kAttributes =
    "A message has at most 32 attributes, whose names are 1 to 256 bytes and whose values are at "
    "most 4096 bytes; any other is INVALID_ARGUMENT.";
constexpr std::string_view kAttributesComeBack = "They are handed out as they came in.";
constexpr std::string_view kOrder =
    "Order: ready messages of higher priority first, and within a priority those enqueued first.";
constexpr std::string_view kNotOnce =
    "Deduplication: a request with a `deduplication_id` (1 to 256 bytes) that names one accepted "
    "by the same queue less than 5 minutes ago, by whichever rpc, stores nothing and answers the "
    "id of that first message with `duplicate = true`, even if that message has been consumed "
    "since.";
constexpr std::string_view kDeduplicationIds =
    "An empty one means none, a longer one is INVALID_ARGUMENT.";
constexpr std::string_view kDequeue =
    "Removes and returns ready messages in order: at most `max_messages` (0 means 1; more than "
    "1000 is INVALID_ARGUMENT), and at most 1 MiB of payloads and attributes unless the first "
    "message alone is larger.";
constexpr std::string_view kWait =
    "If none is ready, waits up to `wait_ms` (0 to 300,000; 0 does not wait) and returns as soon "
    "as one is; an empty answer says that none came.";
constexpr std::string_view kPeek =
    "Returns the ready messages that the next Dequeue would, within the same bounds, and leaves "
    "everything as it is.";
constexpr std::string_view kNoCreation =
    "A queue needs no creation: one that was never written to is an empty queue.";

constexpr Case kCases[] = {
    {"messages_come_back",
     {"Puts a message into the queue, ready at once, with priority 0.", kAttributesComeBack,
      "Priority is 0 unless queue_priority gave another."},
     &MessagesComeBack},
    {"ids_differ", {"The id differs from that of any other message of the queue."}, &IdsDiffer},
    {"queue_never_written_to_is_empty",
     {kNoCreation, "Empty if none is ready."},
     &QueueNeverWrittenToIsEmpty},
    {"names_of_all_kinds", {kBadNames}, &NamesOfAllKinds},
    {"bad_names_are_refused", {kBadNames}, &BadNamesAreRefused},
    {"payloads_are_any_bytes", {kPayload}, &PayloadsAreAnyBytes},
    {"large_payloads", {kPayload}, &LargePayloads},
    {"too_large_a_payload_is_refused", {kPayload}, &TooLargeAPayloadIsRefused},
    {"attributes_up_to_their_limits",
     {kAttributes, kAttributesComeBack},
     &AttributesUpToTheirLimits},
    {"bad_messages_are_refused", {kAttributes, kDeduplicationIds}, &BadMessagesAreRefused},
    {"duplicates_store_nothing", {kNotOnce, kDeduplicationIds}, &DuplicatesStoreNothing},
    {"duplicates_of_every_rpc", {kNotOnce}, &DuplicatesOfEveryRpc, {kDelayed, kPriority}},
    {"one_of_many_duplicates_is_stored",
     {kNotOnce, "Only with one may an enqueue of unknown outcome be repeated safely."},
     &OneOfManyDuplicatesIsStored},
    {"waiting_call_gets_what_comes", {kWait}, &WaitingCallGetsWhatComes},
    {"wait_ends_empty", {kWait}, &WaitEndsEmpty},
    {"first_come_first_served",
     {"Waiting calls are served first come first served."},
     &FirstComeFirstServed},
    {"cancelled_wait_removes_nothing",
     {"A call that is cancelled while it waits removes nothing."},
     &CancelledWaitRemovesNothing},
    {"messages_come_in_order", {kOrder, kDequeue}, &MessagesComeInOrder},
    {"places_are_kept",
     {"Delays, timeouts and releases do not change a message's place.", kOrder},
     &PlacesAreKept,
     {kVisibility}},
    {"higher_priority_comes_first",
     {kOrder, "Priority is 0 unless queue_priority gave another."},
     &HigherPriorityComesFirst,
     {kPriority}},
    {"only_ready_messages_are_handed_out",
     {"A message is in one of three states: scheduled (its delay has not passed), ready, or in "
      "flight (received with a receipt that is neither acknowledged nor timed out).",
      "Only ready messages are handed out, and Dequeue and DequeueWithTimeout take from the same "
      "ones."},
     &OnlyReadyMessagesAreHandedOut,
     {kDelayed, kVisibility}},
    {"later_calls_see_it",
     {"An enqueue is acknowledged when the message is stored as durably as the backend promises, "
      "and every later call on the queue sees it."},
     &LaterCallsSeeIt},
    {"each_message_goes_to_one",
     {"Work for consumers who share it: each message goes to one of them.",
      "Delivery is at most once: a message is gone before the answer is sent, so one whose answer "
      "is lost is lost.",
      "Several consumers at once may finish in another order."},
     &EachMessageGoesToOne},
    {"answers_are_bounded", {kDequeue, kPeek, kWait}, &AnswersAreBounded},
    {"bytes_of_answers_are_bounded", {kDequeue, kPeek}, &BytesOfAnswersAreBounded},
    {"peek_shows_the_next", {kPeek, "Empty if none is ready."}, &PeekShowsTheNext},
    {"namespaces_never_meet", {kNoCreation}, &NamespacesNeverMeet, {}, true},
};

constexpr Unproven kUnproven[] = {
    {"A call that fails with UNAVAILABLE or DEADLINE_EXCEEDED may or may not have been applied.",
     "it permits either"},
};

constexpr Suite kSuite = {&QueueBasic::Info(), kCases, kUnproven, &CleanQueues};

}  // namespace
}  // namespace queues::basic

const Suite& QueueBasicSuite() { return queues::basic::kSuite; }

}  // namespace prism::conformance
