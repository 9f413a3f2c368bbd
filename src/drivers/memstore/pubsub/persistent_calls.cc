#include <atomic>
#include <charconv>

#include "drivers/contract/durable.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/pubsub/calls.h"
#include "drivers/memstore/pubsub/events.h"
#include "drivers/memstore/pubsub/topics.h"
#include "prism/interfaces/pubsub_persistent.pb.h"

namespace prism::memstore {
namespace {

using namespace pubsub::v1;  // NOLINT
using std::chrono::milliseconds;

// A durable name is a group of its topic's log, and each of its streams a member by a name of its
// own.
std::string NextMember() {
  static std::atomic<uint64_t> next{1};
  return std::to_string(next.fetch_add(1, std::memory_order_relaxed));
}

Result<Place> DecodeMessageId(const std::string& id) {
  Place place;
  const auto read = std::from_chars(id.data(), id.data() + id.size(), place.sequence);
  // No other spelling of the number is an id.
  if (read.ec == std::errc() && std::to_string(place.sequence) == id) return place;
  return InvalidArgumentError("message_ids has a text that is not an id of a message");
}

// Makes the durable name if there is none; false if there was.
Result<bool> MakeDurable(Logs& logs, const SubscribeDurableRequest& request) {
  const Logs::Start start{request.start() == EARLIEST ? Logs::Start::kOldest : Logs::Start::kNext,
                          {}};
  const milliseconds ack_wait(AckWaitMsOf(request));
  Result<bool> created = logs.CreateGroup(request.topic(), request.durable_name(), start, ack_wait);
  if (created.ok() && !*created && request.ack_wait_ms() > 0) {
    logs.SetAckWait(request.topic(), request.durable_name(), ack_wait);
  }
  return created;
}

}  // namespace

Task<Status> PubSubCalls::PublishPersistent(RequestContext&,
                                            const PublishPersistentRequest& request,
                                            PublishPersistentResponse& response) {
  const Result<Tokens> tokens = SplitTopic(request.topic());
  if (!tokens.ok()) co_return tokens.status();
  PRISM_CO_RETURN_IF_ERROR(CheckAttributes(request.attributes()));
  auto record = std::make_shared<LogRecord>();
  record->payload = request.payload();
  record->attributes = ToAttributes(request.attributes());
  // Room for the live message is made first: once the message is kept, nothing may fail.
  LiveMessagePtr live;
  if (!topics_.Deserted()) {
    Result<LiveMessagePtr> message = topics_.Prepare(request.topic(), record);
    if (!message.ok()) co_return message.status();
    live = *std::move(message);
  }
  const Result<Place> place = logs_.Append(request.topic(), 0, std::move(record));
  if (!place.ok()) co_return place.status();
  if (live) topics_.Publish(live, *tokens);
  collector_.After(logs_.next_due());
  response.set_message_id(std::to_string(place->sequence));
  co_return OkStatus();
}

Stream<DurableEvent> PubSubCalls::SubscribeDurable(RequestContext& ctx,
                                                   const SubscribeDurableRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string topic = request.topic();
  const Result<bool> created = MakeDurable(logs_, request);
  if (!created.ok()) co_return created.status();
  Membership membership(logs_, topic, request.durable_name());
  const Status joined = membership.Join(NextMember(), MaxUnackedOf(request));
  if (joined.code() == Code::kNotFound) co_return AbortedError("the durable name was deleted");
  PRISM_CO_RETURN_IF_ERROR(joined);
  DurableEvent event;
  event.mutable_subscribed()->set_created(*created);
  co_yield event;
  for (;;) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    Result<std::vector<Delivered>> page = membership.Take();
    if (!page.ok()) co_return page.status();
    collector_.After(logs_.next_due());
    if (page->empty()) (void)co_await membership.signal().Wait(kNever, ctx.cancellation);
    for (Delivered& delivered : *page) {
      PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
      event.Clear();
      DurableMessage& message = *event.mutable_message();
      message.set_message_id(std::to_string(delivered.place.sequence));
      FillMessage(topic, *delivered.record, *message.mutable_message());
      message.set_delivery_count(delivered.count);
      message.set_published_unix_ms(delivered.record->timestamp_unix_ms);
      delivered.record.reset();
      co_yield event;
    }
  }
}

Task<Status> PubSubCalls::AckMessages(RequestContext&, const AckMessagesRequest& request,
                                      AckMessagesResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  std::vector<Place> places;
  for (const std::string& id : request.message_ids()) {
    const Result<Place> place = DecodeMessageId(id);
    if (!place.ok()) co_return place.status();
    places.push_back(*place);
  }
  response.set_acked(logs_.Ack(request.topic(), request.durable_name(), places));
  co_return OkStatus();
}

Task<Status> PubSubCalls::DeleteDurable(RequestContext&, const DeleteDurableRequest& request,
                                        DeleteDurableResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  response.set_found(logs_.DeleteGroup(request.topic(), request.durable_name()));
  collector_.After(logs_.next_due());
  co_return OkStatus();
}

Task<Status> PubSubCalls::GetLastMessageID(RequestContext&, const GetLastMessageIDRequest& request,
                                           GetLastMessageIDResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const auto partitions = logs_.Partitions(request.topic());
  if (partitions.empty() || partitions[0].last == 0) co_return OkStatus();
  response.set_found(true);
  response.set_message_id(std::to_string(partitions[0].last));
  co_return OkStatus();
}

}  // namespace prism::memstore
