#include "patterns/multicast_registry/identities.h"

#include <algorithm>
#include <chrono>

#include "prism/interfaces/keyvalue_basic.pb.h"
#include "prism/interfaces/keyvalue_cas.pb.h"
#include "prism/interfaces/keyvalue_scan.pb.h"
#include "prism/interfaces/keyvalue_ttl.pb.h"

namespace prism::multicast_registry {
namespace {

namespace kv = keyvalue::v1;

constexpr std::string_view kEntryPrefix = "identity/";
constexpr std::string_view kMarkPrefix = "listening/";
constexpr int kMaxTries = 16;       // of an update that others keep overtaking
constexpr int kMaxChunks = 64;      // of a listing whose filter matches little
constexpr int64_t kGraceMs = 1000;  // an entry outlives its lease in the store by this

std::string KeyOf(std::string_view prefix, std::string_view identity) {
  return std::string(prefix).append(identity);
}

bool Live(const api::StoredIdentity& stored) {
  return stored.expires_at_unix_ms() == 0 || stored.expires_at_unix_ms() > NowUnixMs();
}

// Nullopt for an entry that is absent, has expired, or is none of ours.
std::optional<api::StoredIdentity> ParseLive(const std::optional<std::string>& value) {
  api::StoredIdentity stored;
  if (!value || !stored.ParseFromString(*value) || !Live(stored)) return std::nullopt;
  return stored;
}

api::Identity Describe(std::string_view identity, api::StoredIdentity stored) {
  api::Identity described;
  described.set_identity(identity.data(), identity.size());
  described.mutable_metadata()->swap(*stored.mutable_metadata());
  described.set_registered_at_unix_ms(stored.registered_at_unix_ms());
  described.set_expires_at_unix_ms(stored.expires_at_unix_ms());
  return described;
}

}  // namespace

int64_t NowUnixMs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

bool Matches(const api::MetadataFilter& filter,
             const google::protobuf::Map<std::string, std::string>& metadata) {
  const auto equal = [&](const auto& pair) {
    const auto found = metadata.find(pair.first);
    return found != metadata.end() && found->second == pair.second;
  };
  const auto there = [&](const std::string& name) { return metadata.contains(name); };
  return std::all_of(filter.equals().begin(), filter.equals().end(), equal) &&
         std::all_of(filter.has().begin(), filter.has().end(), there);
}

Identities::Identities(Backend& registry)
    : values_(*FindAs<KeyValueBasic>(registry)),
      scan_(*FindAs<KeyValueScan>(registry)),
      ttl_(FindAs<KeyValueTTL>(registry)),
      cas_(FindAs<KeyValueCas>(registry)) {}

Task<Result<std::optional<std::string>>> Identities::Load(RequestContext& ctx,
                                                          const std::string& key) {
  kv::GetRequest request;
  kv::GetResponse response;
  request.set_key(key);
  Status status = co_await values_.Get(ctx, request, response);
  if (!status.ok()) co_return status;
  if (!response.found()) co_return std::optional<std::string>();
  co_return std::optional<std::string>(std::move(*response.mutable_value()));
}

Task<Result<std::optional<api::Identity>>> Identities::Get(RequestContext& ctx,
                                                           std::string_view identity) {
  const std::string key = KeyOf(kEntryPrefix, identity);
  Result<std::optional<std::string>> value = co_await Load(ctx, key);
  if (!value.ok()) co_return std::move(value).status();
  std::optional<api::StoredIdentity> stored = ParseLive(*value);
  if (!stored) co_return std::optional<api::Identity>();
  co_return std::optional<api::Identity>(Describe(identity, *std::move(stored)));
}

// What the backend removes by itself need not be read past for ever. An entry that outlives its
// lease, because this call failed, is merely ignored.
Task<Status> Identities::LetExpire(RequestContext& ctx, const std::string& key,
                                   int64_t expires_at_unix_ms) {
  if (!ttl_ || expires_at_unix_ms == 0) co_return OkStatus();
  kv::ExpireRequest request;
  kv::ExpireResponse response;
  request.set_key(key);
  request.set_ttl_ms(std::max<int64_t>(expires_at_unix_ms - NowUnixMs(), 0) + kGraceMs);
  co_return co_await ttl_->Expire(ctx, request, response);
}

Task<Status> Identities::Store(RequestContext& ctx, const std::string& key, std::string value,
                               int64_t expires_at_unix_ms) {
  kv::SetRequest request;
  kv::SetResponse response;
  request.set_key(key);
  request.set_value(std::move(value));
  PRISM_CO_RETURN_IF_ERROR(co_await values_.Set(ctx, request, response));
  co_return co_await LetExpire(ctx, key, expires_at_unix_ms);
}

Task<Status> Identities::Update(RequestContext& ctx, std::string_view identity,
                                const Decide& decide) {
  const std::string key = KeyOf(kEntryPrefix, identity);
  Result<std::optional<std::string>> value = co_await Load(ctx, key);
  if (!value.ok()) co_return std::move(value).status();
  std::optional<std::string> found = *std::move(value);
  for (int tries = 0; tries < kMaxTries; ++tries) {
    const std::optional<api::StoredIdentity> next = decide(ParseLive(found));
    if (!next) co_return OkStatus();
    if (!cas_)
      co_return co_await Store(ctx, key, next->SerializeAsString(), next->expires_at_unix_ms());
    kv::CompareAndSwapRequest request;
    kv::CompareAndSwapResponse response;
    request.set_key(key);
    if (found) request.set_expected(*found);
    request.set_value(next->SerializeAsString());
    PRISM_CO_RETURN_IF_ERROR(co_await cas_->CompareAndSwap(ctx, request, response));
    if (response.swapped()) co_return co_await LetExpire(ctx, key, next->expires_at_unix_ms());
    found.reset();
    if (response.found()) found = std::move(*response.mutable_actual());
  }
  co_return AbortedError("the identity is being changed by too many callers at once")
      .WithRetryable();
}

Task<Result<bool>> Identities::Remove(RequestContext& ctx, std::string_view identity) {
  const std::string key = KeyOf(kEntryPrefix, identity);
  Result<std::optional<std::string>> value = co_await Load(ctx, key);
  if (!value.ok()) co_return std::move(value).status();
  kv::DeleteRequest request;
  kv::DeleteResponse response;
  request.set_key(key);
  Status status = co_await values_.Delete(ctx, request, response);
  if (!status.ok()) co_return status;
  co_return response.found() && ParseLive(*value).has_value();
}

// A chunk has no more rows than are wanted, so its cursor is where the next page begins.
Task<Result<Identities::Page>> Identities::List(RequestContext& ctx,
                                                const api::MetadataFilter& filter,
                                                std::string_view cursor, size_t limit) {
  Page page;
  page.cursor = cursor;
  for (int chunks = 0; chunks < kMaxChunks && page.identities.size() <= limit / 2; ++chunks) {
    kv::ScanRequest request;
    request.set_prefix(std::string(kEntryPrefix));
    request.set_cursor(page.cursor);
    request.set_limit(std::max<size_t>(limit - page.identities.size(), 1));
    Stream<kv::ScanResponse> pages = scan_.Scan(ctx, request);
    page.cursor.clear();
    while (kv::ScanResponse* rows = co_await pages.Next()) {
      for (kv::Entry& row : *rows->mutable_entries()) {
        std::optional<api::StoredIdentity> stored = ParseLive(std::move(*row.mutable_value()));
        if (!stored || !Matches(filter, stored->metadata())) continue;
        page.identities.push_back(
            Describe(std::string_view(row.key()).substr(kEntryPrefix.size()), *std::move(stored)));
      }
      page.cursor = rows->cursor();
    }
    if (!pages.status().ok()) co_return pages.status();
    if (page.cursor.empty() || page.identities.size() >= limit) break;
  }
  co_return page;
}

Task<Status> Identities::MarkListening(RequestContext& ctx, std::string_view identity) {
  const auto life = std::chrono::duration_cast<std::chrono::milliseconds>(kMarkLife).count();
  const int64_t until = NowUnixMs() + life;
  co_return co_await Store(ctx, KeyOf(kMarkPrefix, identity), std::to_string(until), until);
}

Task<Result<bool>> Identities::IsMarked(RequestContext& ctx, std::string_view identity) {
  const std::string key = KeyOf(kMarkPrefix, identity);
  Result<std::optional<std::string>> value = co_await Load(ctx, key);
  if (!value.ok()) co_return std::move(value).status();
  co_return value->has_value() && std::atoll((*value)->c_str()) > NowUnixMs();
}

}  // namespace prism::multicast_registry
