#include "conformance/queue/client.h"
#include "conformance/queue/delayed_cases.h"
#include "conformance/queue/suites.h"

namespace prism::conformance {
namespace queues::delayed {
namespace {

constexpr const InterfaceInfo* kBasic = &QueueBasic::Info();
constexpr const InterfaceInfo* kVisibility = &QueueVisibility::Info();
constexpr std::string_view kLikeBasic = "Limits, order and deduplication are those of queue_basic.";
constexpr std::string_view kEnqueue =
    "As Enqueue, but the message is scheduled and becomes ready `delay_ms` from now (0 to "
    "31,622,400,000, 366 days) or at `deliver_at_unix_ms` by the server's clock: at once if that "
    "has passed, and at most 366 days ahead.";
constexpr std::string_view kBad = "Anything else, or neither of them, is INVALID_ARGUMENT.";
constexpr std::string_view kPlace =
    "It is never handed out earlier, and then has the place of a message enqueued at this call, so "
    "ahead of all that were enqueued later.";
constexpr std::string_view kCount =
    "Counts the scheduled messages of the queue: those of EnqueueDelayed and those released with a "
    "delay, until they become ready.";

constexpr Case kCases[] = {
    {"delay_holds_back", {"Messages for later.", kEnqueue, kPlace}, &DelayHoldsBack, {kBasic}},
    {"time_of_delivery_holds_back", {kEnqueue, kPlace}, &TimeOfDeliveryHoldsBack, {kBasic}},
    {"past_times_are_now", {kEnqueue}, &PastTimesAreNow, {kBasic}},
    {"bad_times_are_refused", {kBad, kEnqueue}, &BadTimesAreRefused},
    {"farthest_times_are_taken", {kEnqueue}, &FarthestTimesAreTaken, {kBasic}},
    {"place_is_that_of_the_call", {kPlace}, &PlaceIsThatOfTheCall, {kBasic}},
    {"waiting_call_gets_it_when_ready",
     {"A waiting Dequeue receives it when it becomes ready."},
     &WaitingCallGetsItWhenReady,
     {kBasic}},
    {"none_is_lost_or_early", {kPlace, kLikeBasic}, &NoneIsLostOrEarly, {kBasic}},
    {"duplicates_are_not_scheduled", {kLikeBasic}, &DuplicatesAreNotScheduled, {kBasic}},
    {"bad_messages_are_refused", {kLikeBasic}, &BadMessagesAreRefused},
    {"scheduled_messages_are_counted", {kCount}, &ScheduledMessagesAreCounted, {kBasic}},
    {"ready_ones_are_not_counted",
     {"0 if there are none.", kCount},
     &ReadyOnesAreNotCounted,
     {kBasic}},
    {"released_for_later_are_counted",
     {kCount, "Messages in flight do not count."},
     &ReleasedForLaterAreCounted,
     {kBasic, kVisibility}},
    {"namespaces_never_meet", {kCount}, &NamespacesNeverMeet, {kBasic}, true},
};

constexpr Suite kSuite = {&QueueDelayed::Info(), kCases, {}, &CleanQueues};

}  // namespace
}  // namespace queues::delayed

const Suite& QueueDelayedSuite() { return queues::delayed::kSuite; }

}  // namespace prism::conformance
