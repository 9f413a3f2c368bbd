#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/request_context.h"
#include "base/result.h"
#include "interfaces/backend.h"
#include "interfaces/keyvalue_basic.prism.h"
#include "interfaces/keyvalue_cas.prism.h"
#include "interfaces/keyvalue_scan.prism.h"
#include "interfaces/keyvalue_ttl.prism.h"
#include "loop/task.h"
#include "prism/patterns/multicast_registry.pb.h"

namespace prism::multicast_registry {

namespace api = patterns::multicast_registry::v1;

// Milliseconds since 1970 by this machine's clock: leases are compared between gateways.
int64_t NowUnixMs();

// What the registry slot holds: an entry per identity, and a mark per identity that listens. An
// entry whose lease has run out counts as absent, whether or not the backend has removed it.
class Identities {
 public:
  // `registry` outlives this and has keyvalue_basic and keyvalue_scan.
  explicit Identities(Backend& registry);

  // Nullopt if it is not registered.
  Task<Result<std::optional<api::Identity>>> Get(RequestContext& ctx, std::string_view identity);

  // Calls decide(current) with the entry, or nullopt, and stores what it returns; nullopt leaves
  // all as it is. With keyvalue_cas this is one atomic step, retried when somebody else wrote
  // meanwhile.
  using Decide = std::function<std::optional<api::StoredIdentity>(
      const std::optional<api::StoredIdentity>& current)>;
  Task<Status> Update(RequestContext& ctx, std::string_view identity, const Decide& decide);

  // True if it was registered.
  Task<Result<bool>> Remove(RequestContext& ctx, std::string_view identity);

  struct Page {
    std::vector<api::Identity> identities;
    std::string cursor;  // empty: the end
  };
  // The identities that the filter matches, in order, at most `limit`; maybe fewer, or none, before
  // the end, so that the work of a call is bounded.
  Task<Result<Page>> List(RequestContext& ctx, const api::MetadataFilter& filter,
                          std::string_view cursor, size_t limit);

  // Marks that somebody listens, for kMarkLife from now.
  Task<Status> MarkListening(RequestContext& ctx, std::string_view identity);
  Task<Result<bool>> IsMarked(RequestContext& ctx, std::string_view identity);
  static constexpr auto kMarkLife = std::chrono::seconds(30);

 private:
  Task<Status> Store(RequestContext& ctx, const std::string& key, std::string value,
                     int64_t expires_at_unix_ms);
  Task<Status> LetExpire(RequestContext& ctx, const std::string& key, int64_t expires_at_unix_ms);
  Task<Result<std::optional<std::string>>> Load(RequestContext& ctx, const std::string& key);

  KeyValueBasic& values_;
  KeyValueScan& scan_;
  KeyValueTTL* const ttl_;  // null where the backend has none
  KeyValueCas* const cas_;
};

// Whether the metadata have all that the filter asks for.
bool Matches(const api::MetadataFilter& filter,
             const google::protobuf::Map<std::string, std::string>& metadata);

}  // namespace prism::multicast_registry
