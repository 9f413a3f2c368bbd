#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding.h"
#include "conformance/testing/pause.h"

namespace prism::conformance::testing {
namespace {

class TtlIsIgnored final : public ForwardTTL {
 public:
  explicit TtlIsIgnored(Backend& real) : ForwardTTL(real), basic_(*FindAs<KeyValueBasic>(real)) {}
  Task<Status> Expire(RequestContext& ctx, const ExpireRequest& request,
                      ExpireResponse& response) override {
    ExistsRequest exists;
    exists.set_key(request.key());
    ExistsResponse found;
    Task<Status> look = basic_.Exists(ctx, exists, found);
    Status status = co_await look;
    response.set_found(found.found());
    co_return status;
  }

 private:
  KeyValueBasic& basic_;
};

template <int64_t kNumerator, int64_t kDenominator>
class TtlIsScaled final : public ForwardTTL {
 public:
  using ForwardTTL::ForwardTTL;
  Task<Status> Expire(RequestContext& ctx, const ExpireRequest& request,
                      ExpireResponse& response) override {
    ExpireRequest scaled = request;
    scaled.set_ttl_ms(request.ttl_ms() / kDenominator * kNumerator);
    Task<Status> expire = real_.Expire(ctx, scaled, response);
    co_return co_await expire;
  }
};

class LeftInWholeSeconds final : public ForwardTTL {
 public:
  using ForwardTTL::ForwardTTL;
  Task<Status> GetTTL(RequestContext& ctx, const GetTTLRequest& request,
                      GetTTLResponse& response) override {
    Task<Status> get = real_.GetTTL(ctx, request, response);
    Status status = co_await get;
    response.set_ttl_ms(response.ttl_ms() / 1'000 * 1'000);
    co_return status;
  }
};

class PersistOnlySaysSo final : public ForwardTTL {
 public:
  using ForwardTTL::ForwardTTL;
  Task<Status> Persist(RequestContext& ctx, const PersistRequest& request,
                       PersistResponse& response) override {
    GetTTLRequest get;
    get.set_key(request.key());
    GetTTLResponse left;
    Task<Status> ask = real_.GetTTL(ctx, get, left);
    Status status = co_await ask;
    response.set_found(left.found());
    response.set_removed(left.has_ttl());
    co_return status;
  }
};

class PersistInTwoSteps final : public ForwardTTL {
 public:
  using ForwardTTL::ForwardTTL;
  Task<Status> Persist(RequestContext& ctx, const PersistRequest& request,
                       PersistResponse& response) override {
    GetTTLRequest get;
    get.set_key(request.key());
    GetTTLResponse left;
    {
      Task<Status> ask = real_.GetTTL(ctx, get, left);
      Status status = co_await ask;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    Task<Status> persist = real_.Persist(ctx, request, response);
    Status status = co_await persist;
    response.set_removed(left.has_ttl());
    co_return status;
  }
};

class FirstTtlStays final : public ForwardTTL {
 public:
  using ForwardTTL::ForwardTTL;
  Task<Status> Expire(RequestContext& ctx, const ExpireRequest& request,
                      ExpireResponse& response) override {
    GetTTLRequest get;
    get.set_key(request.key());
    GetTTLResponse left;
    {
      Task<Status> ask = real_.GetTTL(ctx, get, left);
      Status status = co_await ask;
      response.set_found(left.found());
      if (!status.ok() || left.has_ttl()) co_return status;
    }
    Task<Status> expire = real_.Expire(ctx, request, response);
    co_return co_await expire;
  }
};

class NoBounds final : public ForwardTTL {
 public:
  using ForwardTTL::ForwardTTL;
  Task<Status> Expire(RequestContext& ctx, const ExpireRequest& request,
                      ExpireResponse& response) override {
    Task<Status> expire = real_.Expire(ctx, request, response);
    const Status status = co_await expire;
    co_return status.code() == Code::kInvalidArgument ? OkStatus() : status;
  }
};

constexpr Fault kFaults[] = {
    {"ttl_is_ignored", "keyvalue_ttl", "keys_vanish_in_time", &Replace<TtlIsIgnored, KeyValueTTL>},
    {"ttl_is_halved", "keyvalue_ttl", "keys_vanish_in_time",
     &Replace<TtlIsScaled<1, 2>, KeyValueTTL>},
    {"ttl_is_tripled", "keyvalue_ttl", "keys_vanish_in_time",
     &Replace<TtlIsScaled<3, 1>, KeyValueTTL>},
    {"ttl_is_ignored_everywhere", "keyvalue_ttl", "expired_is_absent_everywhere",
     &Replace<TtlIsIgnored, KeyValueTTL>},
    {"left_in_whole_seconds", "keyvalue_ttl", "time_left_is_never_zero",
     &Replace<LeftInWholeSeconds, KeyValueTTL>},
    {"persist_only_says_so", "keyvalue_ttl", "persist_keeps",
     &Replace<PersistOnlySaysSo, KeyValueTTL>},
    {"persist_in_two_steps", "keyvalue_ttl", "persist_is_atomic",
     &Replace<PersistInTwoSteps, KeyValueTTL>},
    {"first_ttl_stays", "keyvalue_ttl", "expire_replaces", &Replace<FirstTtlStays, KeyValueTTL>},
    {"first_ttl_counts_on", "keyvalue_ttl", "expire_again_counts_anew",
     &Replace<FirstTtlStays, KeyValueTTL>},
    {"ttl_without_bounds", "keyvalue_ttl", "ttl_bounds", &Replace<NoBounds, KeyValueTTL>},
};

}  // namespace

std::span<const Fault> TtlFaults() { return kFaults; }

}  // namespace prism::conformance::testing
