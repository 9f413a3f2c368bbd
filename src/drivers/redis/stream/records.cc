#include "drivers/redis/stream/records.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "drivers/contract/stream.h"
#include "drivers/redis/stream/offset.h"

namespace prism::redis {

namespace {

// Soon enough for a notice that got lost, which is not to happen.
constexpr Duration kLookAnyway = std::chrono::seconds(10);

}  // namespace

using resp::Command;
using resp::Reply;
using stream::v1::Record;
using stream::v1::RecordPage;

void FillRecord(Reply& entry, Record& record) {
  if (entry.elements.size() != 2) return;
  record.set_offset(entry.elements[0].text);
  record.set_timestamp_unix_ms(UnixMsOf(record.offset()));
  std::vector<Reply>& fields = entry.elements[1].elements;
  for (size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string& name = fields[i].text;
    std::string& value = fields[i + 1].text;
    if (name == "p") record.set_payload(std::move(value));
    if (name == "k") record.set_key(std::move(value));
    if (name.starts_with('a')) (*record.mutable_attributes())[name.substr(1)] = std::move(value);
  }
}

Stream<RecordPage> ReadPages(const StreamStore& store, RequestContext& ctx, RecordRange range) {
  std::optional<Waker> waker;
  if (range.follow) waker.emplace(store, range.stream);
  uint64_t left = range.limit > 0 ? range.limit : std::numeric_limits<uint64_t>::max();
  RecordPage response;
  while (left > 0) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    if (waker) PRISM_CO_RETURN_IF_ERROR(co_await waker->Listen(ctx));
    const Command read = store.CallOf(streams::kRead, range.stream, range.from, range.to,
                                      std::min<uint64_t>(left, kMaxAnswerRows));
    Result<Reply> reply = co_await store.Run(ctx, streams::kRead, read);
    if (!reply.ok()) co_return std::move(reply).status();
    if (reply->elements.empty()) {
      if (!waker) break;
      const TimePoint anyway = Clock::now() + kLookAnyway;
      (void)co_await waker->Wait(anyway, ctx.cancellation);
      continue;
    }
    response.Clear();
    for (Reply& entry : reply->elements) FillRecord(entry, *response.add_records());
    reply = Reply();
    left -= static_cast<uint64_t>(response.records_size());
    const std::string& last = response.records(response.records_size() - 1).offset();
    range.from = "(" + last;
    response.set_next_offset(OffsetBehind(last));
    co_yield response;
  }
  co_return OkStatus();
}

}  // namespace prism::redis
