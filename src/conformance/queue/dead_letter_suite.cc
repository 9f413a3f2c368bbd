#include "conformance/queue/dead_letter_cases.h"
#include "conformance/queue/dead_letter_client.h"
#include "conformance/queue/suites.h"

namespace prism::conformance {
namespace queues::dead_letter {
namespace {

// A message of a higher priority keeps it in both queues.
Task<void> PriorityIsKept(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters dead(c);
  co_await dead.Configure(1);
  co_await queue.PutAll(dead.dead(), Payloads(1, "plain"));
  co_await queue.PutAll(dead.queue(), Payloads(1, "lower"));
  c.ExpectEq(co_await dead.Fail(), Payloads(1, "lower"));
  co_await dead.UntilDead(1);
  co_await queue.Put(PriorityOf(dead.queue(), "higher", 6));
  c.ExpectEq(co_await dead.Fail(), Payloads(1, "higher"));
  co_await dead.UntilDead(2);
  const Payloads by_priority = {"higher", "plain", "lower"};
  c.ExpectEq(co_await queue.Look(dead.dead()), by_priority);
  const Payloads by_arrival = {"lower", "higher"};
  const GetDeadLetterQueueResponse page = co_await dead.Get();
  c.ExpectEq(PayloadsOf(page), by_arrival);
  c.ExpectEq(co_await dead.Redrive(10), uint64_t{2});
  const Payloads back = {"higher", "lower"};
  c.ExpectEq(co_await queue.Take(dead.queue(), 10), back);
  c.ExpectEq(co_await queue.Take(dead.dead(), 10), Payloads(1, "plain"));
}

constexpr const InterfaceInfo* kBasic = &QueueBasic::Info();
constexpr const InterfaceInfo* kPriority = &QueuePriority::Info();
constexpr const InterfaceInfo* kVisibility = &QueueVisibility::Info();
constexpr std::string_view kLikeBasic = "Limits and order are those of queue_basic.";
constexpr std::string_view kWhen =
    "When a message returns to a queue with a dead letter configuration, because its receipt timed "
    "out or was released, and it has been received `max_receives` times or more, it goes to the "
    "dead letter queue instead, at the latest one second later.";
constexpr std::string_view kKeeps =
    "It keeps id, payload, attributes, priority and time of enqueueing, begins there with a "
    "receive count of 0, and takes its place as enqueued at that moment.";
constexpr std::string_view kLikeAny =
    "A dead letter queue is a queue like any other: it is consumed in the same way, serves any "
    "number of queues, and may have a dead letter configuration of its own.";
constexpr std::string_view kConfigure =
    "Sets where messages of the queue go after `max_receives` (1 to 1000, else INVALID_ARGUMENT), "
    "replacing an earlier configuration; `max_receives = 0` with an empty `dead_letter_queue` "
    "removes it.";
constexpr std::string_view kBadConfiguration =
    "It is INVALID_ARGUMENT if one is given without the other, or if both queues are the same.";
constexpr std::string_view kFromNowOn =
    "Concerns every message that returns from now on, and none that already lies in a dead letter "
    "queue.";
constexpr std::string_view kGet =
    "Returns the configuration of `queue` and what went from it to its dead letter queue and is "
    "ready there, in the order in which it arrived.";
constexpr std::string_view kNotFound =
    "`found = false` and nothing else if it has no configuration.";
constexpr std::string_view kPage =
    "A page has at most 1000 messages, at most `limit` if that is not 0, and at most 1 MiB of "
    "payloads and attributes unless the first message alone is larger.";
constexpr std::string_view kCursor =
    "`cursor` of the answer, given in a new request for the same queue, resumes behind it; an "
    "empty cursor means that there are no more.";
constexpr std::string_view kDamaged =
    "It is opaque and does not expire; a damaged one is INVALID_ARGUMENT.";
constexpr std::string_view kRedrive =
    "Moves messages that went from `queue` to its dead letter queue and are ready there back to "
    "`queue`, those that arrived first first, at most `max_messages` (1 to 1000, else "
    "INVALID_ARGUMENT).";
constexpr std::string_view kRedriven =
    "They are ready at once, keep id, payload, attributes, priority and time of enqueueing, begin "
    "with a receive count of 0 and take their place as enqueued now.";

constexpr Case kCases[] = {
    {"released_message_moves",
     {"Messages that nobody manages to handle leave their queue for another.", kWhen, kKeeps, kGet},
     &ReleasedMessageMoves,
     {kBasic, kVisibility}},
    {"timed_out_message_moves",
     {kWhen, kKeeps, kLikeAny},
     &TimedOutMessageMoves,
     {kBasic, kVisibility}},
    {"removals_do_not_count",
     {"Removals by Dequeue do not count as receives."},
     &RemovalsDoNotCount,
     {kBasic, kVisibility}},
    {"order_is_that_of_arrival",
     {kKeeps, kGet, kLikeBasic},
     &OrderIsThatOfArrival,
     {kBasic, kVisibility}},
    {"priority_is_kept",
     {kKeeps, kRedriven, kGet, kLikeBasic},
     &PriorityIsKept,
     {kBasic, kVisibility, kPriority}},
    {"configuration_is_replaced",
     {kConfigure, kFromNowOn},
     &ConfigurationIsReplaced,
     {kBasic, kVisibility}},
    {"removed_configuration_moves_nothing",
     {kConfigure, kFromNowOn, kNotFound},
     &RemovedConfigurationMovesNothing,
     {kBasic, kVisibility}},
    {"dead_letters_have_dead_letters",
     {kLikeAny},
     &DeadLettersHaveDeadLetters,
     {kBasic, kVisibility}},
    {"one_queue_serves_many",
     {kLikeAny, kGet, kRedrive},
     &OneQueueServesMany,
     {kBasic, kVisibility}},
    {"never_in_both_queues",
     {"It is never in both queues."},
     &NeverInBothQueues,
     {kBasic, kVisibility}},
    {"namespaces_never_meet", {kGet}, &NamespacesNeverMeet, {kBasic, kVisibility}, true},
    {"no_configuration_is_not_found", {kNotFound, kConfigure}, &NoConfigurationIsNotFound},
    {"pages_are_bounded", {kPage, kCursor}, &PagesAreBounded, {kBasic, kVisibility}},
    {"cursor_resumes", {kCursor, kPage}, &CursorResumes, {kBasic, kVisibility}},
    {"damaged_cursors_are_refused", {kDamaged}, &DamagedCursorsAreRefused, {kBasic, kVisibility}},
    {"only_ready_ones_are_listed",
     {kGet, kRedrive},
     &OnlyReadyOnesAreListed,
     {kBasic, kVisibility}},
    {"redrive_moves_back", {kRedrive, kRedriven}, &RedriveMovesBack, {kBasic, kVisibility}},
    {"redrive_takes_the_first",
     {kRedrive, kRedriven},
     &RedriveTakesTheFirst,
     {kBasic, kVisibility}},
    {"redrive_of_nothing_moves_none",
     {"`moved = 0` if there are none, or no configuration."},
     &RedriveOfNothingMovesNone,
     {kBasic}},
    {"concurrent_redrives_move_each_once",
     {"Each message moves as one step."},
     &ConcurrentRedrivesMoveEachOnce,
     {kBasic, kVisibility}},
    {"bad_requests_are_refused",
     {kBadConfiguration, kConfigure, kRedrive, kLikeBasic},
     &BadRequestsAreRefused},
};

constexpr Suite kSuite = {&QueueDeadLetter::Info(), kCases, {}, &CleanDeadLetters};

}  // namespace
}  // namespace queues::dead_letter

const Suite& QueueDeadLetterSuite() { return queues::dead_letter::kSuite; }

}  // namespace prism::conformance
