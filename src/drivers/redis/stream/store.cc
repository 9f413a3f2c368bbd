#include "drivers/redis/stream/store.h"

namespace prism::redis {
namespace {

std::string Prefix(const Keyspace& keyspace, StreamStore::Kind kind, char part) {
  return keyspace.Prefix(std::string(kind == StreamStore::Kind::kTopics ? "d" : "t") + part);
}

}  // namespace

StreamStore::StreamStore(std::shared_ptr<Keyspace> keyspace, Kind kind)
    : keyspace_(std::move(keyspace)),
      streams_(Prefix(*keyspace_, kind, 's')),
      metas_(Prefix(*keyspace_, kind, 'm')),
      groups_(Prefix(*keyspace_, kind, 'g')),
      data_(Prefix(*keyspace_, kind, 'x')),
      channels_(Prefix(*keyspace_, kind, 'w')),
      mode_(kind == Kind::kTopics ? "d" : "s"),
      subscriber_(std::make_unique<Subscriber>(*keyspace_, channels_)) {}

Task<Status> Waker::Listen(RequestContext& ctx) {
  if (listens_) co_return OkStatus();
  listens_ = true;
  Status status = co_await store_.subscriber().Add(ctx, Subscriber::Kind::kChannel, name_, *this);
  if (!status.ok()) listens_ = false;
  co_return status;
}

void Waker::OnMessage(std::string_view, std::string_view bytes) {
  if (bytes == "a" || bytes == group_) signal_.Notify();
}

void Waker::OnLost(const Status&) {
  listens_ = false;
  signal_.Notify();
}

}  // namespace prism::redis
