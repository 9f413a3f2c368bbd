#include "drivers/postgres/pubsub/feed.h"

#include <utility>

#include "drivers/postgres/pubsub/statements.h"

namespace prism::postgres {
namespace {

using pubsub::v1::Message;

// What may wait behind a message that is fetched.
constexpr size_t kMostPending = 8192;
constexpr size_t kMostPendingBytes = 8 * 1024 * 1024;

}  // namespace

Feed::Feed(std::shared_ptr<Space> space, std::string_view name, FeedReader& reader)
    : space_(std::move(space)),
      reader_(reader),
      ear_(
          space_, name, [this](std::string_view payload) { OnNotice(payload); },
          [this](const Status& why) { reader_.OnGap(why); }) {}

void Feed::OnNotice(std::string_view payload) {
  std::optional<Notice> notice = ReadNotice(payload);
  if (!notice) return;
  Pending pending;
  pending.number = reader_.NextNumber();
  pending.bytes = payload.size();
  pending.id = notice->id;
  if (notice->id != 0) {
    pending.topic = std::move(notice->topic);
    return Enqueue(std::move(pending));
  }
  auto message = std::make_shared<Message>();
  if (!message->ParseFromString(notice->message)) return;
  if (!fetching_) return reader_.OnMessage(std::move(message), pending.number);
  pending.message = std::move(message);
  Enqueue(std::move(pending));
}

void Feed::Enqueue(Pending pending) {
  pending_bytes_ += pending.bytes;
  pending_.push_back(std::move(pending));
  if (pending_.size() > kMostPending || pending_bytes_ > kMostPendingBytes) {
    pending_.clear();
    pending_bytes_ = 0;
    return reader_.OnGap(
        ResourceExhaustedError("messages came faster than large ones were fetched from Postgres")
            .WithHint("send smaller messages, or fewer"));
  }
  if (std::exchange(fetching_, true)) return;
  fetch_ = FetchAll();
  fetch_.Start([](void* self) { static_cast<Feed*>(self)->fetching_ = false; }, this);
}

Task<void> Feed::FetchAll() {
  while (!pending_.empty()) {
    Pending next = std::move(pending_.front());
    pending_.pop_front();
    pending_bytes_ -= next.bytes;
    if (!next.message) {
      if (!reader_.Wants(next.topic)) continue;
      std::string topic = next.topic;
      Result<MessagePtr> fetched = co_await Fetch(std::move(topic), next.id);
      if (!fetched.ok()) {
        reader_.OnGap(next.topic, fetched.status());
        continue;
      }
      next.message = *std::move(fetched);
    }
    reader_.OnMessage(next.message, next.number);
  }
}

Task<Result<MessagePtr>> Feed::Fetch(std::string topic, int64_t id) {
  RequestContext own;
  Arguments arguments;
  arguments.Text(space_->name()).Int(id);
  const Result<Rows> rows = co_await space_->Run(own, kPubSubFetch, arguments);
  if (!rows.ok()) co_return rows.status();
  auto message = std::make_shared<Message>();
  if (rows->empty() || !message->ParseFromString(std::string(rows->Text(0, 0)))) {
    co_return ResourceExhaustedError("a large message was not fetched from Postgres in time");
  }
  message->set_topic(std::move(topic));
  co_return MessagePtr(std::move(message));
}

}  // namespace prism::postgres
