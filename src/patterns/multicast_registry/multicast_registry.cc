#include "patterns/multicast_registry/multicast_registry.h"

#include <string>
#include <utility>

#include "patterns/multicast_registry/slots.h"

namespace prism::multicast_registry {
namespace {

constexpr size_t kMaxIdentityBytes = 512;
constexpr int kMaxMetadata = 64;
constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxValueBytes = 4096;
constexpr int64_t kMinLeaseMs = 1000;
constexpr int64_t kMaxLeaseMs = 31'536'000'000;  // a year
constexpr uint32_t kDefaultLimit = 100;
constexpr uint32_t kMaxLimit = 1000;

Status OutOfRange(std::string_view field, std::string_view range) {
  return InvalidArgumentError(std::string(field).append(" must be ").append(range));
}

Status CheckLease(int64_t lease_ms) {
  if (lease_ms == 0 || (lease_ms >= kMinLeaseMs && lease_ms <= kMaxLeaseMs)) return OkStatus();
  return OutOfRange("lease_ms", "0 or from 1000 to 31536000000");
}

Status CheckMetadata(const google::protobuf::Map<std::string, std::string>& metadata) {
  if (metadata.size() > kMaxMetadata) return OutOfRange("metadata", "at most 64 pairs");
  for (const auto& [name, value] : metadata) {
    if (name.empty() || name.size() > kMaxNameBytes) {
      return OutOfRange("a metadata name", "1 to 256 bytes");
    }
    if (value.size() > kMaxValueBytes) return OutOfRange("a metadata value", "at most 4096 bytes");
  }
  return OkStatus();
}

int64_t ExpiryOf(int64_t lease_ms) { return lease_ms == 0 ? 0 : NowUnixMs() + lease_ms; }

api::Identity Describe(const std::string& identity, const api::StoredIdentity& stored) {
  api::Identity described;
  described.set_identity(identity);
  *described.mutable_metadata() = stored.metadata();
  described.set_registered_at_unix_ms(stored.registered_at_unix_ms());
  described.set_expires_at_unix_ms(stored.expires_at_unix_ms());
  return described;
}

}  // namespace

Status CheckIdentity(std::string_view identity) {
  if (!identity.empty() && identity.size() <= kMaxIdentityBytes) return OkStatus();
  return OutOfRange("identity", "1 to 512 bytes");
}

// One token of a topic: dots and what patterns use would have a meaning there.
std::string TopicOf(std::string_view identity) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string topic = "identity.";
  for (const char c : identity) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_';
    if (plain) {
      topic += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      topic += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return topic;
}

std::string QueueOf(std::string_view identity) { return std::string("identity/").append(identity); }

MulticastRegistryPattern::MulticastRegistryPattern(SlotBackends slots)
    : slots_(std::move(slots)),
      identities_(*slots_[kRegistrySlot]),
      messaging_(*FindAs<PubSubBasic>(*slots_[kMessagingSlot])) {
  if (slots_[kDurabilitySlot]) durability_.emplace(*slots_[kDurabilitySlot]);
}

Task<Status> MulticastRegistryPattern::Register(RequestContext& ctx,
                                                const api::RegisterRequest& request,
                                                api::RegisterResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckIdentity(request.identity()));
  PRISM_CO_RETURN_IF_ERROR(CheckMetadata(request.metadata()));
  PRISM_CO_RETURN_IF_ERROR(CheckLease(request.lease_ms()));
  const auto decide =
      [&](const std::optional<api::StoredIdentity>& current) -> std::optional<api::StoredIdentity> {
    const bool taken = current && !request.replace();
    response.set_registered(!taken);
    api::StoredIdentity next;
    if (!taken) {
      *next.mutable_metadata() = request.metadata();
      next.set_registered_at_unix_ms(NowUnixMs());
      next.set_expires_at_unix_ms(ExpiryOf(request.lease_ms()));
    }
    *response.mutable_current() = Describe(request.identity(), taken ? *current : next);
    return taken ? std::nullopt : std::optional(next);
  };
  co_return co_await identities_.Update(ctx, request.identity(), decide);
}

Task<Status> MulticastRegistryPattern::Renew(RequestContext& ctx, const api::RenewRequest& request,
                                             api::RenewResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckIdentity(request.identity()));
  PRISM_CO_RETURN_IF_ERROR(CheckLease(request.lease_ms()));
  const auto decide =
      [&](const std::optional<api::StoredIdentity>& current) -> std::optional<api::StoredIdentity> {
    response.set_found(current.has_value());
    if (!current) return std::nullopt;
    api::StoredIdentity next = *current;
    next.set_expires_at_unix_ms(ExpiryOf(request.lease_ms()));
    response.set_expires_at_unix_ms(next.expires_at_unix_ms());
    return next;
  };
  co_return co_await identities_.Update(ctx, request.identity(), decide);
}

Task<Status> MulticastRegistryPattern::Unregister(RequestContext& ctx,
                                                  const api::UnregisterRequest& request,
                                                  api::UnregisterResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckIdentity(request.identity()));
  const Result<bool> found = co_await identities_.Remove(ctx, request.identity());
  if (!found.ok()) co_return found.status();
  response.set_found(*found);
  co_return OkStatus();
}

Task<Status> MulticastRegistryPattern::Enumerate(RequestContext& ctx,
                                                 const api::EnumerateRequest& request,
                                                 api::EnumerateResponse& response) {
  if (request.limit() > kMaxLimit) co_return OutOfRange("limit", "at most 1000");
  const uint32_t limit = request.limit() == 0 ? kDefaultLimit : request.limit();
  Result<Identities::Page> page =
      co_await identities_.List(ctx, request.filter(), request.cursor(), limit);
  if (!page.ok()) co_return std::move(page).status();
  for (api::Identity& identity : page->identities) *response.add_identities() = std::move(identity);
  response.set_cursor(page->cursor);
  co_return OkStatus();
}

}  // namespace prism::multicast_registry
