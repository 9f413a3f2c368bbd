#include <charconv>

#include "drivers/contract/stream.h"
#include "drivers/redis/stream/calls.h"
#include "drivers/redis/temporary.h"

namespace prism::redis {
namespace {

using namespace stream::v1;  // NOLINT
using resp::Command;
using resp::Reply;

constexpr Duration kBetweenSweeps = std::chrono::seconds(10);

std::string TextOf(bool set, int64_t bound) { return set ? std::to_string(bound) : std::string(); }

int64_t NumberOf(std::string_view text) {
  int64_t number = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Task<Status> StreamCalls::SetRetention(RequestContext& ctx, const SetRetentionRequest& request,
                                       SetRetentionResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Retention& bounds = request.retention();
  const Command set = store_.CallOf(streams::kSetRetention, request.stream(),
                                    TextOf(bounds.has_max_age_ms(), bounds.max_age_ms()),
                                    TextOf(bounds.has_max_bytes(), bounds.max_bytes()),
                                    TextOf(bounds.has_max_records(), bounds.max_records()), ages_,
                                    request.stream());
  const Result<int64_t> done = co_await Count(ctx, streams::kSetRetention, set);
  if (!done.ok()) co_return done.status();
  SweepFromNowOn();
  co_return co_await Trim(ctx, request.stream());
}

Task<Status> StreamCalls::Trim(RequestContext& ctx, const std::string& stream) const {
  const Command trim = store_.CallOf(streams::kTrim, stream, ages_, stream);
  while (true) {
    const Result<int64_t> done = co_await Count(ctx, streams::kTrim, trim);
    if (!done.ok()) co_return done.status();
    if (*done != 0) co_return OkStatus();
  }
}

void StreamCalls::SweepFromNowOn() {
  if (sweep_.valid()) return;
  sweep_ = Sweep();
  sweep_.Start([](void*) {}, nullptr);
}

Task<void> StreamCalls::Sweep() {
  while (true) {
    (void)co_await SleepUntil(Clock::now() + kBetweenSweeps, never_);
    size_t found = 0;
    do {
      RequestContext ctx;
      const Command ask = ScriptCall(streams::kDue, 1, ages_);
      const Result<Reply> due = co_await store_.Run(ctx, streams::kDue, ask);
      found = due.ok() ? due->elements.size() : 0;
      for (size_t i = 0; i < found; ++i) (void)co_await Trim(ctx, due->elements[i].text);
    } while (found > 0);
  }
}

Task<Status> StreamCalls::GetRetention(RequestContext& ctx, const GetRetentionRequest& request,
                                       GetRetentionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command get = store_.CallOf(streams::kGetRetention, request.stream());
  const Result<Reply> reply = co_await store_.Run(ctx, streams::kGetRetention, get);
  if (!reply.ok()) co_return reply.status();
  const std::vector<Reply>& bounds = reply->elements;
  if (bounds.size() != 3) co_return OkStatus();
  response.set_found(true);
  Retention& retention = *response.mutable_retention();
  if (!bounds[0].is_null()) retention.set_max_age_ms(NumberOf(bounds[0].text));
  if (!bounds[1].is_null()) retention.set_max_bytes(NumberOf(bounds[1].text));
  if (!bounds[2].is_null()) retention.set_max_records(NumberOf(bounds[2].text));
  co_return OkStatus();
}

// Walks back from the newest record and removes each whose key it has seen.
Task<Status> StreamCalls::Compact(RequestContext& ctx, const CompactRequest& request,
                                  CompactResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  Temporary seen(store_.keyspace());
  seen.set_used();
  // The newest as of now: what comes later stays.
  const Command latest = store_.CallOf(streams::kLatest, request.stream());
  Result<Reply> reply = co_await store_.Run(ctx, streams::kLatest, latest);
  if (!reply.ok()) co_return std::move(reply).status();
  if (reply->elements.size() != 2 || reply->elements[1].is_null()) co_return OkStatus();
  std::string from = reply->elements[1].text;
  while (true) {
    const Command compact =
        store_.CallOf(streams::kCompact, request.stream(), from, seen.name(), kTemporarySeconds);
    reply = co_await store_.Run(ctx, streams::kCompact, compact);
    if (!reply.ok()) co_return std::move(reply).status();
    std::vector<Reply>& step = reply->elements;
    if (step.empty()) co_return InternalError("the compaction's script answered nothing");
    response.set_removed(response.removed() + static_cast<uint64_t>(step[0].integer));
    if (step.size() < 2) co_return OkStatus();
    from = step[1].text;
  }
}

Task<Status> StreamCalls::DeleteStream(RequestContext& ctx, const DeleteStreamRequest& request,
                                       DeleteStreamResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Command remove = store_.CallOf(streams::kDelete, request.stream(), ages_, request.stream());
  const Result<int64_t> found = co_await Count(ctx, streams::kDelete, remove);
  if (!found.ok()) co_return found.status();
  response.set_found(*found == 1);
  co_return OkStatus();
}

}  // namespace prism::redis
