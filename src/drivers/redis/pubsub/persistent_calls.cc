#include "drivers/redis/pubsub/persistent_calls.h"

#include "base/random_id.h"
#include "drivers/contract/durable.h"
#include "drivers/redis/stream/offset.h"

namespace prism::redis {
namespace {

using namespace pubsub::v1;  // NOLINT
using resp::Command;
using resp::Reply;

// Moves what was delivered to the event.
void FillEvent(const std::string& topic, Membership::Delivered& from, DurableEvent& event) {
  event.Clear();
  DurableMessage& to = *event.mutable_message();
  to.set_delivery_count(from.count);
  if (from.entry.elements.size() != 2) return;
  to.set_message_id(std::move(from.entry.elements[0].text));
  to.set_published_unix_ms(UnixMsOf(to.message_id()));
  const std::vector<Reply>& fields = from.entry.elements[1].elements;
  constexpr size_t kMessage = 3;
  if (fields.size() > kMessage) (void)to.mutable_message()->ParseFromString(fields[kMessage].text);
  to.mutable_message()->set_topic(topic);
}

}  // namespace

Task<Status> DurableCalls::PublishPersistent(RequestContext& ctx,
                                             const PublishPersistentRequest& request,
                                             PublishPersistentResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Message message;
  message.set_payload(request.payload());
  *message.mutable_attributes() = request.attributes();
  const Command publish =
      store_.CallOf(streams::kPublish, request.topic(), resp::Joined{live_, request.topic()},
                    message.SerializeAsString());
  Result<Reply> reply = co_await store_.Run(ctx, streams::kPublish, publish);
  if (!reply.ok()) co_return std::move(reply).status();
  response.set_message_id(std::move(reply->text));
  co_return OkStatus();
}

Task<Result<bool>> DurableCalls::Make(RequestContext& ctx, const SubscribeDurableRequest& request) {
  const std::string start = request.start() == EARLIEST ? "oldest" : "next";
  const Command create =
      store_.CallOf(streams::kCreateGroup, request.topic(), request.durable_name(), RandomId(),
                    start, AckWaitMsOf(request));
  Result<Reply> made = co_await store_.Run(ctx, streams::kCreateGroup, create);
  if (!made.ok()) co_return std::move(made).status();
  if (made->integer < 0) {
    co_return ResourceExhaustedError("the topic has " + std::to_string(streams::kMaxGroups) +
                                     " durable names; there cannot be more");
  }
  const bool created = made->integer == 1;
  if (created || request.ack_wait_ms() == 0) co_return created;
  const Command set = store_.CallOf(streams::kSetAckWait, request.topic(), request.durable_name(),
                                    request.ack_wait_ms());
  const Result<Reply> done = co_await store_.Run(ctx, streams::kSetAckWait, set);
  if (!done.ok()) co_return done.status();
  co_return created;
}

Stream<DurableEvent> DurableCalls::SubscribeDurable(RequestContext& ctx,
                                                    const SubscribeDurableRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string topic = request.topic();
  const Result<bool> created = co_await Make(ctx, request);
  if (!created.ok()) co_return created.status();
  Membership membership(memberships_, topic, request.durable_name(), RandomId());
  const Status joined = co_await membership.Join(ctx, MaxUnackedOf(request));
  if (joined.code() == Code::kNotFound) co_return AbortedError("the durable name was deleted");
  PRISM_CO_RETURN_IF_ERROR(joined);
  DurableEvent event;
  event.mutable_subscribed()->set_created(*created);
  co_yield event;
  for (;;) {
    Result<Membership::Page> page = co_await membership.Next(ctx);
    if (!page.ok()) co_return page.status();
    for (Membership::Delivered& delivered : *page) {
      PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
      FillEvent(topic, delivered, event);
      delivered = {};
      co_yield event;
    }
  }
}

Task<Status> DurableCalls::AckMessages(RequestContext& ctx, const AckMessagesRequest& request,
                                       AckMessagesResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Command ack = store_.CallOf(streams::kAck, request.topic(), request.durable_name());
  for (const std::string& id : request.message_ids()) {
    PRISM_CO_RETURN_IF_ERROR(CheckOffset("message_ids", id));
    ack.Add(id);
  }
  const Result<Reply> acked = co_await store_.Run(ctx, streams::kAck, ack);
  if (!acked.ok()) co_return acked.status();
  response.set_acked(static_cast<uint64_t>(acked->integer));
  co_return OkStatus();
}

Task<Status> DurableCalls::DeleteDurable(RequestContext& ctx, const DeleteDurableRequest& request,
                                         DeleteDurableResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command remove =
      store_.CallOf(streams::kDeleteGroup, request.topic(), request.durable_name());
  const Result<Reply> found = co_await store_.Run(ctx, streams::kDeleteGroup, remove);
  if (!found.ok()) co_return found.status();
  response.set_found(found->integer == 1);
  if (!response.found()) co_return OkStatus();
  // What only this name had not acked is not needed any more.
  std::string from = "-";
  while (true) {
    const Command sweep = store_.CallOf(streams::kSweep, request.topic(), from);
    const Result<Reply> next = co_await store_.Run(ctx, streams::kSweep, sweep);
    if (!next.ok()) co_return next.status();
    if (next->is_null()) co_return OkStatus();
    from = next->text;
  }
}

Task<Status> DurableCalls::GetLastMessageID(RequestContext& ctx,
                                            const GetLastMessageIDRequest& request,
                                            GetLastMessageIDResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command latest = store_.CallOf(streams::kLatest, request.topic());
  const Result<Reply> reply = co_await store_.Run(ctx, streams::kLatest, latest);
  if (!reply.ok()) co_return reply.status();
  if (reply->elements.size() != 2 || reply->elements[1].is_null()) co_return OkStatus();
  response.set_found(true);
  response.set_message_id(reply->elements[1].text);
  co_return OkStatus();
}

}  // namespace prism::redis
