#include "conformance/queue/client.h"
#include "conformance/queue/suites.h"
#include "conformance/queue/visibility_cases.h"

namespace prism::conformance {
namespace queues::visibility {
namespace {

using queue::v1::AckRequest;
using queue::v1::ExtendVisibilityRequest;
using queue::v1::ReleaseRequest;

Task<void> BadNamesAreRefused(CaseContext& c) {
  ExtendVisibilityRequest extend;
  extend.set_visibility_timeout_ms(1);
  co_await RefuseBadNames(c, &QueueVisibilityStub::DequeueWithTimeout, ReceiveOf("", 1));
  co_await RefuseBadNames(c, &QueueVisibilityStub::Ack, AckRequest());
  co_await RefuseBadNames(c, &QueueVisibilityStub::ExtendVisibility, extend);
  co_await RefuseBadNames(c, &QueueVisibilityStub::Release, ReleaseRequest());
  co_await RefuseNoText(c);
}

constexpr const InterfaceInfo* kBasic = &QueueBasic::Info();
constexpr std::string_view kAtLeastOnce =
    "Delivery at least once: a received message stays in the queue, hidden, until it is "
    "acknowledged.";
constexpr std::string_view kLikeBasic = "Limits and order are those of queue_basic.";
constexpr std::string_view kOneDelivery = "A receipt stands for one delivery.";
constexpr std::string_view kWhenVoid =
    "It is void once it was acknowledged or released, or when its visibility timeout has run out; "
    "the message then is ready again, unless it was acknowledged, and its next delivery has "
    "another receipt.";
constexpr std::string_view kVoid =
    "A void receipt is an answer (`found = false`), never an error, and changes nothing; so is "
    "one of another queue.";
constexpr std::string_view kTimes =
    "A visibility timeout is 1 to 43,200,000 ms (12 hours); anything else is INVALID_ARGUMENT.";
constexpr std::string_view kReceive =
    "As Dequeue, with the same bounds and the same line of waiting calls, but each message is in "
    "flight afterwards, for `visibility_timeout_ms`.";
constexpr std::string_view kCount = "The message's `receive_count` includes this delivery.";
constexpr std::string_view kAck =
    "Removes the message for good: once this is answered with `found = true`, it is never "
    "delivered again.";
constexpr std::string_view kExtend =
    "Lets the receipt time out `visibility_timeout_ms` from now, sooner or later than before.";
constexpr std::string_view kRelease =
    "Gives the message back: ready at once, or scheduled for `delay_ms` from now if that is not 0 "
    "(at most 43,200,000, else INVALID_ARGUMENT).";
constexpr std::string_view kCounted = "The delivery stays counted.";

constexpr Case kCases[] = {
    {"received_message_is_hidden",
     {kAtLeastOnce, kReceive, kCount},
     &ReceivedMessageIsHidden,
     {kBasic}},
    {"timeout_makes_it_ready",
     {kWhenVoid, kReceive, kCount,
      "The timeout counts from the delivery, so a consumer has at most that long."},
     &TimeoutMakesItReady,
     {kBasic}},
    {"acked_is_gone",
     {kAck, "Repeating it leaves the message removed but answers `found = false`.",
      "`found = false` if the receipt is void; the message may then have been delivered to "
      "somebody else."},
     &AckedIsGone,
     {kBasic}},
    {"one_of_many_acks_is_found", {kOneDelivery, kWhenVoid}, &OneOfManyAcksIsFound, {kBasic}},
    {"extended_later", {kExtend, "The receipt stays the same."}, &ExtendedLater, {kBasic}},
    {"extended_sooner",
     {kExtend, "The receipt stays the same. `found = false` if it is void."},
     &ExtendedSooner,
     {kBasic}},
    {"release_gives_back",
     {kRelease, kCounted, kLikeBasic,
      "Repeating it leaves the message given back but answers `found = false`."},
     &ReleaseGivesBack,
     {kBasic}},
    {"release_for_later", {kRelease, kCounted}, &ReleaseForLater, {kBasic}},
    {"void_receipts_change_nothing",
     {kVoid, kWhenVoid, "`found = false` if it is void.",
      "`found = false` if the receipt is void."},
     &VoidReceiptsChangeNothing,
     {kBasic}},
    {"receipts_of_other_queues_are_void", {kVoid}, &ReceiptsOfOtherQueuesAreVoid, {kBasic}},
    {"receipts_of_other_namespaces_are_void",
     {kVoid},
     &ReceiptsOfOtherNamespacesAreVoid,
     {kBasic},
     true},
    {"deliveries_are_bounded", {kReceive, kLikeBasic}, &DeliveriesAreBounded, {kBasic}},
    {"one_line_of_waiting_calls", {kReceive}, &OneLineOfWaitingCalls, {kBasic}},
    {"cancelled_wait_is_no_delivery",
     {"A call that is cancelled while it waits receives nothing and counts as no delivery."},
     &CancelledWaitIsNoDelivery,
     {kBasic}},
    {"one_of_many_receives", {kOneDelivery, kAtLeastOnce}, &OneOfManyReceives, {kBasic}},
    {"nothing_is_lost",
     {kAtLeastOnce, kAck, "A message whose answer is lost is delivered again after its timeout."},
     &NothingIsLost,
     {kBasic}},
    {"bad_times_are_refused", {kTimes, kRelease, kLikeBasic}, &BadTimesAreRefused},
    {"longest_times_are_taken", {kTimes, kRelease}, &LongestTimesAreTaken, {kBasic}},
    {"bad_names_are_refused", {kLikeBasic}, &BadNamesAreRefused},
};

constexpr Suite kSuite = {&QueueVisibility::Info(), kCases, {}, &CleanQueues};

}  // namespace
}  // namespace queues::visibility

const Suite& QueueVisibilitySuite() { return queues::visibility::kSuite; }

}  // namespace prism::conformance
