#include "drivers/postgres/stream/appender.h"

#include <algorithm>
#include <vector>

#include "drivers/contract/index_range.h"
#include "drivers/postgres/attributes.h"
#include "drivers/postgres/notify.h"
#include "drivers/postgres/stream/statements.h"

namespace prism::postgres {

Appender::Entries Appender::TakeBatch(Entries& waiting) {
  Entries batch;
  size_t bytes = 0;
  while (!waiting.empty() && batch.size() < kMaxAnswerRows) {
    bytes += static_cast<size_t>(waiting.front()->bytes);
    if (!batch.empty() && bytes > kMaxAnswerBytes) break;
    batch.push_back(std::move(waiting.front()));
    waiting.pop_front();
  }
  return batch;
}

Task<Result<int64_t>> Appender::Send(State& state, const std::string& stream,
                                     const Entries& batch) {
  std::vector<const std::string*> keys;
  std::vector<const std::string*> attributes;
  std::vector<const std::string*> payloads;
  std::vector<int64_t> sizes;
  for (const auto& each : batch) {
    keys.push_back(each->key.empty() ? nullptr : &each->key);
    attributes.push_back(&each->attributes);
    payloads.push_back(&each->payload);
    sizes.push_back(each->bytes);
  }
  const std::string channel = StreamChannel(*state.space, stream);
  Arguments arguments;
  arguments.Text(state.space->name())
      .Text(stream)
      .Array(std::span<const std::string* const>(keys))
      .Array(std::span<const std::string* const>(attributes))
      .Array(std::span<const std::string* const>(payloads))
      .Array(std::span<const int64_t>(sizes))
      .Int(LockOf(channel));
  RequestContext own;
  const Result<Rows> rows = co_await state.space->Run(own, kStreamAppend, arguments);
  if (!rows.ok()) co_return rows.status();
  if (rows->Bool(0, 1)) state.bell.Ring(stream);
  co_return rows->Int(0, 0);
}

Task<void> Appender::Work(std::shared_ptr<State> state, std::string stream) {
  while (!state->waiting[stream].empty()) {
    const Entries batch = TakeBatch(state->waiting[stream]);
    const Result<int64_t> first = co_await Send(*state, stream, batch);
    for (size_t i = 0; i < batch.size(); ++i) {
      if (first.ok()) {
        batch[i]->number = *first + static_cast<int64_t>(i);
      } else {
        batch[i]->number = first.status();
      }
      batch[i]->done.Set();
    }
  }
  state->waiting.erase(stream);
}

Task<Result<int64_t>> Appender::Append(RequestContext& ctx,
                                       const stream::v1::AppendRequest& request) {
  PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
  const auto entry = std::make_shared<Entry>();
  entry->key = request.key();
  entry->attributes = PackAttributes<stream::v1::Record>(request);
  entry->payload = request.payload();
  entry->bytes = AnswerBytes(request) + static_cast<int64_t>(entry->key.size());
  const auto [waiting, idle] = state_->waiting.try_emplace(request.stream());
  waiting->second.push_back(entry);
  if (idle) Spawn(Work(state_, request.stream()));
  (void)co_await entry->done.Wait(ctx.cancellation);
  if (entry->number) co_return *std::move(entry->number);
  // Not sent, unless it is under way.
  const auto still = state_->waiting.find(request.stream());
  if (still != state_->waiting.end()) std::erase(still->second, entry);
  co_return ctx.cancellation.reason();
}

}  // namespace prism::postgres
