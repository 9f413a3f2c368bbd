#pragma once

#include <optional>
#include <string>

#include "interfaces/multicast_registry.prism.h"
#include "interfaces/pubsub_basic.prism.h"
#include "interfaces/queue_basic.prism.h"
#include "interfaces/queue_dead_letter.prism.h"
#include "interfaces/queue_visibility.prism.h"
#include "patterns/multicast_registry/identities.h"
#include "patterns/pattern.h"

namespace prism::multicast_registry {

// The durability slot: a queue per identity.
struct Durability {
  explicit Durability(Backend& backend)
      : queue(*FindAs<QueueBasic>(backend)),
        visibility(*FindAs<QueueVisibility>(backend)),
        dead_letter(*FindAs<QueueDeadLetter>(backend)) {}
  QueueBasic& queue;
  QueueVisibility& visibility;
  QueueDeadLetter& dead_letter;
};

// The multicast-registry pattern over the backends of its slots; keeps nothing itself.
class MulticastRegistryPattern final
    : public Implements<MulticastRegistryPattern, MulticastRegistry> {
 public:
  explicit MulticastRegistryPattern(SlotBackends slots);

  Task<Status> Register(RequestContext& ctx, const api::RegisterRequest& request,
                        api::RegisterResponse& response) override;
  Task<Status> Renew(RequestContext& ctx, const api::RenewRequest& request,
                     api::RenewResponse& response) override;
  Task<Status> Unregister(RequestContext& ctx, const api::UnregisterRequest& request,
                          api::UnregisterResponse& response) override;
  Task<Status> Enumerate(RequestContext& ctx, const api::EnumerateRequest& request,
                         api::EnumerateResponse& response) override;
  Task<Status> Multicast(RequestContext& ctx, const api::MulticastRequest& request,
                         api::MulticastResponse& response) override;
  Stream<api::ListenEvent> Listen(RequestContext& ctx, const api::ListenRequest& request) override;

 private:
  // A message on its way to many.
  struct Sending {
    RequestContext& ctx;
    std::string bytes;  // the StoredMessage
    std::string message_id;
    bool durable = false;
    bool known = false;  // the targets were listed, so they are registered
  };
  class Listener;

  Task<void> Deliver(Sending& sending, api::Delivery& delivery);
  Task<Status> DeliverTo(Sending& sending, api::Delivery& delivery);
  // Whether a listener has been sent the message.
  Task<Result<bool>> SendNow(RequestContext& ctx, const std::string& identity,
                             const std::string& bytes);
  Task<Status> Keep(Sending& sending, const std::string& identity);

  const SlotBackends slots_;
  Identities identities_;
  PubSubBasic& messaging_;
  std::optional<Durability> durability_;
};

// Names of an identity in the messaging and the durability slot.
std::string TopicOf(std::string_view identity);
std::string QueueOf(std::string_view identity);

Status CheckIdentity(std::string_view identity);

}  // namespace prism::multicast_registry
