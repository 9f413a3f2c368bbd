#include <map>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding.h"
#include "conformance/testing/pause.h"

namespace prism::conformance::testing {
namespace {

// Each worker answers from a cache of its own, which other workers' writes do not reach.
class StaleReads final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Get(RequestContext& ctx, const GetRequest& request, GetResponse& response) override {
    const auto cached = cache_.find(request.key());
    if (cached != cache_.end()) {
      response = cached->second;
      co_return OkStatus();
    }
    Task<Status> get = real_.Get(ctx, request, response);
    Status status = co_await get;
    if (status.ok()) cache_[request.key()] = response;
    co_return status;
  }

 private:
  std::map<std::string, GetResponse> cache_;
};

class EmptyIsAbsent final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Get(RequestContext& ctx, const GetRequest& request, GetResponse& response) override {
    Task<Status> get = real_.Get(ctx, request, response);
    Status status = co_await get;
    response.set_found(!response.value().empty());
    co_return status;
  }
};

class AbsenceIsAnError final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Get(RequestContext& ctx, const GetRequest& request, GetResponse& response) override {
    Task<Status> get = real_.Get(ctx, request, response);
    Status status = co_await get;
    if (status.ok() && !response.found()) co_return NotFoundError("no such key");
    co_return status;
  }
};

class DeleteAlwaysFinds final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Delete(RequestContext& ctx, const DeleteRequest& request,
                      DeleteResponse& response) override {
    Task<Status> remove = real_.Delete(ctx, request, response);
    Status status = co_await remove;
    response.set_found(true);
    co_return status;
  }
};

// Looks first and removes later.
class DeleteInTwoSteps final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Delete(RequestContext& ctx, const DeleteRequest& request,
                      DeleteResponse& response) override {
    ExistsRequest exists;
    exists.set_key(request.key());
    ExistsResponse before;
    {
      Task<Status> look = real_.Exists(ctx, exists, before);
      Status status = co_await look;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    Task<Status> remove = real_.Delete(ctx, request, response);
    Status status = co_await remove;
    response.set_found(before.found());
    co_return status;
  }
};

class AnyKeyWillDo final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Exists(RequestContext& ctx, const ExistsRequest& request,
                      ExistsResponse& response) override {
    Task<Status> exists = real_.Exists(ctx, request, response);
    const Status status = co_await exists;
    co_return status.code() == Code::kInvalidArgument ? OkStatus() : status;
  }
};

class ValuesEndAtNul final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Set(RequestContext& ctx, const SetRequest& request, SetResponse& response) override {
    SetRequest cut = request;
    cut.set_value(request.value().c_str());
    Task<Status> set = real_.Set(ctx, cut, response);
    co_return co_await set;
  }
};

class ValuesAreCut final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Set(RequestContext& ctx, const SetRequest& request, SetResponse& response) override {
    SetRequest cut = request;
    if (cut.value().size() > 500'000) cut.mutable_value()->resize(500'000);
    Task<Status> set = real_.Set(ctx, cut, response);
    co_return co_await set;
  }
};

class TornWrites final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Set(RequestContext& ctx, const SetRequest& request, SetResponse& response) override {
    {
      SetRequest half = request;
      half.mutable_value()->resize(half.value().size() / 2);
      Task<Status> set = real_.Set(ctx, half, response);
      Status status = co_await set;
      if (!status.ok()) co_return status;
    }
    co_await Pause();
    Task<Status> set = real_.Set(ctx, request, response);
    co_return co_await set;
  }
};

class FirstWriteStays final : public ForwardBasic {
 public:
  using ForwardBasic::ForwardBasic;
  Task<Status> Set(RequestContext& ctx, const SetRequest& request, SetResponse& response) override {
    ExistsRequest exists;
    exists.set_key(request.key());
    ExistsResponse before;
    {
      Task<Status> look = real_.Exists(ctx, exists, before);
      Status status = co_await look;
      if (!status.ok() || before.found()) co_return status;
    }
    Task<Status> set = real_.Set(ctx, request, response);
    co_return co_await set;
  }
};

// What was there is given its time to live again.
class SetKeepsTheTtl final : public ForwardBasic {
 public:
  explicit SetKeepsTheTtl(Backend& real) : ForwardBasic(real), ttl_(*FindAs<KeyValueTTL>(real)) {}
  Task<Status> Set(RequestContext& ctx, const SetRequest& request, SetResponse& response) override {
    GetTTLRequest get;
    get.set_key(request.key());
    GetTTLResponse left;
    {
      Task<Status> ask = ttl_.GetTTL(ctx, get, left);
      Status status = co_await ask;
      if (!status.ok()) co_return status;
    }
    {
      Task<Status> set = real_.Set(ctx, request, response);
      Status status = co_await set;
      if (!status.ok() || !left.has_ttl()) co_return status;
    }
    ExpireRequest expire;
    expire.set_key(request.key());
    expire.set_ttl_ms(left.ttl_ms());
    ExpireResponse expired;
    Task<Status> again = ttl_.Expire(ctx, expire, expired);
    co_return co_await again;
  }

 private:
  KeyValueTTL& ttl_;
};

constexpr Fault kFaults[] = {
    {"stale_reads", "keyvalue_basic", "reads_see_answered_writes",
     &Replace<StaleReads, KeyValueBasic>},
    {"stale_reads_going_back", "keyvalue_basic", "reads_never_go_back",
     &Replace<StaleReads, KeyValueBasic>},
    {"empty_is_absent", "keyvalue_basic", "empty_value_is_a_value",
     &Replace<EmptyIsAbsent, KeyValueBasic>},
    {"absence_is_an_error", "keyvalue_basic", "absence_is_an_answer",
     &Replace<AbsenceIsAnError, KeyValueBasic>},
    {"delete_always_finds", "keyvalue_basic", "delete_again_finds_nothing",
     &Replace<DeleteAlwaysFinds, KeyValueBasic>},
    {"delete_in_two_steps", "keyvalue_basic", "delete_is_atomic",
     &Replace<DeleteInTwoSteps, KeyValueBasic>},
    {"any_key_will_do", "keyvalue_basic", "bad_keys_are_refused",
     &Replace<AnyKeyWillDo, KeyValueBasic>},
    {"values_end_at_nul", "keyvalue_basic", "values_are_any_bytes",
     &Replace<ValuesEndAtNul, KeyValueBasic>},
    {"values_are_cut", "keyvalue_basic", "large_values", &Replace<ValuesAreCut, KeyValueBasic>},
    {"torn_writes", "keyvalue_basic", "set_is_atomic", &Replace<TornWrites, KeyValueBasic>},
    {"first_write_stays", "keyvalue_basic", "set_replaces",
     &Replace<FirstWriteStays, KeyValueBasic>},
    {"set_keeps_the_ttl", "keyvalue_basic", "set_removes_the_time_to_live",
     &Replace<SetKeepsTheTtl, KeyValueBasic>},
};

}  // namespace

std::span<const Fault> BasicFaults() { return kFaults; }

}  // namespace prism::conformance::testing
