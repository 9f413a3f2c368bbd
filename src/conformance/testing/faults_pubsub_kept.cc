#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_pubsub.h"

// Faults of pubsub_persistent and pubsub_filtering.
namespace prism::conformance::testing {
namespace {

// Spoils the request for a durable name's messages, and what comes of it.
template <void (*kSpoilRequest)(SubscribeDurableRequest&), void (*kSpoilEvent)(DurableEvent&)>
class SpoiltDurable final : public ForwardPersistent {
 public:
  using ForwardPersistent::ForwardPersistent;
  Stream<DurableEvent> SubscribeDurable(RequestContext& ctx,
                                        const SubscribeDurableRequest& request) override {
    SubscribeDurableRequest changed = request;
    kSpoilRequest(changed);
    Stream<DurableEvent> events = real_.SubscribeDurable(ctx, changed);
    while (DurableEvent* event = co_await events.Next()) {
      kSpoilEvent(*event);
      co_yield *event;
    }
    co_return events.status();
  }
};

void KeepRequest(SubscribeDurableRequest&) {}
void KeepEvent(DurableEvent&) {}
void IgnoreMaxUnacked(SubscribeDurableRequest& request) { request.set_max_unacked(1000); }
void BeginAtTheEarliest(SubscribeDurableRequest& request) { request.set_start(EARLIEST); }
void CountEachDeliveryAsFirst(DurableEvent& event) {
  if (event.has_message()) event.mutable_message()->set_delivery_count(1);
}

class EndsWithoutAnError final : public ForwardPersistent {
 public:
  using ForwardPersistent::ForwardPersistent;
  Stream<DurableEvent> SubscribeDurable(RequestContext& ctx,
                                        const SubscribeDurableRequest& request) override {
    Stream<DurableEvent> events = real_.SubscribeDurable(ctx, request);
    while (DurableEvent* event = co_await events.Next()) co_yield *event;
    if (events.status().code() == Code::kAborted) co_return OkStatus();
    co_return events.status();
  }
};

class AcksTheFirst final : public ForwardPersistent {
 public:
  using ForwardPersistent::ForwardPersistent;
  Task<Status> AckMessages(RequestContext& ctx, const AckMessagesRequest& request,
                           AckMessagesResponse& response) override {
    AckMessagesRequest changed = request;
    while (changed.message_ids_size() > 1) changed.mutable_message_ids()->RemoveLast();
    Task<Status> ack = real_.AckMessages(ctx, changed, response);
    co_return co_await ack;
  }
};

class ForgetsAcks final : public ForwardPersistent {
 public:
  using ForwardPersistent::ForwardPersistent;
  Task<Status> AckMessages(RequestContext&, const AckMessagesRequest& request,
                           AckMessagesResponse& response) override {
    response.set_acked(static_cast<uint64_t>(request.message_ids_size()));
    co_return OkStatus();
  }
};

template <void (*kSpoil)(Filter& filter)>
class SpoiltFilter final : public ForwardFiltering {
 public:
  using ForwardFiltering::ForwardFiltering;
  Stream<SubscriptionEvent> SubscribeFiltered(RequestContext& ctx,
                                              const SubscribeFilteredRequest& request) override {
    SubscribeFilteredRequest changed = request;
    if (changed.has_filter()) Spoil(*changed.mutable_filter());
    Stream<SubscriptionEvent> events = real_.SubscribeFiltered(ctx, changed);
    while (SubscriptionEvent* event = co_await events.Next()) co_yield *event;
    co_return events.status();
  }

 private:
  static void Spoil(Filter& filter) {
    kSpoil(filter);
    if (filter.has_negation()) return Spoil(*filter.mutable_negation());
    if (!filter.has_all() && !filter.has_any()) return;
    FilterList& list = filter.has_all() ? *filter.mutable_all() : *filter.mutable_any();
    for (Filter& part : *list.mutable_filters()) Spoil(part);
  }
};

void AcceptAll(Filter& filter) { filter.mutable_all()->clear_filters(); }

void TakeThePrefix(Filter& filter) {
  if (!filter.has_equals()) return;
  const FilterText text = filter.equals();
  *filter.mutable_prefix() = text;
}

void WidenRange(Filter& filter) {
  if (!filter.range().has_max()) return;
  filter.mutable_range()->set_max(filter.range().max() + 1);
}

class DropsEmptyAttributes final : public ForwardFiltering {
 public:
  using ForwardFiltering::ForwardFiltering;
  Task<Status> PublishWithAttributes(RequestContext& ctx,
                                     const PublishWithAttributesRequest& request,
                                     PublishWithAttributesResponse& response) override {
    PublishWithAttributesRequest changed = request;
    changed.clear_attributes();
    for (const auto& attribute : request.attributes()) {
      if (!attribute.second.empty()) changed.mutable_attributes()->insert(attribute);
    }
    Task<Status> publish = real_.PublishWithAttributes(ctx, changed, response);
    co_return co_await publish;
  }
};

constexpr Fault kFaults[] = {
    {"ignores_max_unacked", "pubsub_persistent", "max_unacked_holds_back",
     &Replace<SpoiltDurable<&IgnoreMaxUnacked, &KeepEvent>, PubSubPersistent>},
    {"begins_at_the_earliest", "pubsub_persistent", "start_says_where_a_name_begins",
     &Replace<SpoiltDurable<&BeginAtTheEarliest, &KeepEvent>, PubSubPersistent>},
    {"counts_each_delivery_as_first", "pubsub_persistent", "unacked_comes_again",
     &Replace<SpoiltDurable<&KeepRequest, &CountEachDeliveryAsFirst>, PubSubPersistent>},
    {"ends_without_an_error", "pubsub_persistent", "delete_forgets_the_name",
     &Replace<EndsWithoutAnError, PubSubPersistent>},
    {"acks_the_first", "pubsub_persistent", "acks_are_counted",
     &Replace<AcksTheFirst, PubSubPersistent>},
    {"forgets_acks", "pubsub_persistent", "acked_never_comes_again",
     &Replace<ForgetsAcks, PubSubPersistent>},
    {"forgets_late_acks", "pubsub_persistent", "late_acks_count",
     &Replace<ForgetsAcks, PubSubPersistent>},
    {"counts_acks_twice", "pubsub_persistent", "one_of_many_acks_is_counted",
     &Replace<ForgetsAcks, PubSubPersistent>},
    {"accepts_all", "pubsub_filtering", "equals_is_the_whole_value",
     &Replace<SpoiltFilter<&AcceptAll>, PubSubFiltering>},
    {"takes_the_prefix", "pubsub_filtering", "equals_is_the_whole_value",
     &Replace<SpoiltFilter<&TakeThePrefix>, PubSubFiltering>},
    {"widens_the_range", "pubsub_filtering", "range_is_of_numbers",
     &Replace<SpoiltFilter<&WidenRange>, PubSubFiltering>},
    {"drops_empty_attributes", "pubsub_filtering", "largest_attributes_are_taken",
     &Replace<DropsEmptyAttributes, PubSubFiltering>},
};

}  // namespace

std::span<const Fault> PubSubKeptFaults() { return kFaults; }

}  // namespace prism::conformance::testing
