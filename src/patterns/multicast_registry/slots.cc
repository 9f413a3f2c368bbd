#include "patterns/multicast_registry/slots.h"

#include "interfaces/keyvalue_basic.prism.h"
#include "interfaces/keyvalue_scan.prism.h"
#include "interfaces/keyvalue_ttl.prism.h"
#include "interfaces/pubsub_basic.prism.h"
#include "interfaces/pubsub_persistent.prism.h"
#include "interfaces/queue_basic.prism.h"
#include "interfaces/queue_dead_letter.prism.h"
#include "interfaces/queue_visibility.prism.h"
#include "patterns/multicast_registry/multicast_registry.h"

namespace prism::multicast_registry {
namespace {

constexpr const InterfaceInfo* kRegistryNeeds[] = {&KeyValueBasic::Info(), &KeyValueScan::Info()};
constexpr const InterfaceInfo* kRegistryLikes[] = {&KeyValueTTL::Info()};
constexpr std::string_view kRegistryBackends[] = {"redis", "postgres", "dynamodb", "etcd"};

constexpr const InterfaceInfo* kMessagingNeeds[] = {&PubSubBasic::Info()};
constexpr const InterfaceInfo* kMessagingLikes[] = {&PubSubPersistent::Info()};
constexpr std::string_view kMessagingBackends[] = {"nats", "redis", "kafka"};

constexpr const InterfaceInfo* kDurabilityNeeds[] = {&QueueBasic::Info(), &QueueVisibility::Info(),
                                                     &QueueDeadLetter::Info()};
constexpr std::string_view kDurabilityBackends[] = {"postgres", "sqs", "rabbitmq"};

constexpr Slot kSlots[] = {
    {.name = "registry",
     .description = "Holds the identities with their metadata",
     .required = kRegistryNeeds,
     .optional = kRegistryLikes,
     .recommended = kRegistryBackends},
    {.name = "messaging",
     .description = "Carries messages to the identities that listen",
     .required = kMessagingNeeds,
     .optional = kMessagingLikes,
     .recommended = kMessagingBackends},
    {.name = "durability",
     .description = "Keeps messages for identities that are away",
     .required = kDurabilityNeeds,
     .recommended = kDurabilityBackends,
     .may_be_empty = true},
};
static_assert(std::size(kSlots) == kSlotCount);

std::unique_ptr<Backend> Open(SlotBackends slots) {
  return std::make_unique<MulticastRegistryPattern>(std::move(slots));
}

}  // namespace

constinit const Pattern kPattern = {
    .name = "multicast-registry",
    .version = "v1",
    .description = "Register identities with metadata and send messages to many of them at once",
    .slots = kSlots,
    .interfaces = MulticastRegistryPattern::kInterfaces,
    .open = &Open,
};

}  // namespace prism::multicast_registry
