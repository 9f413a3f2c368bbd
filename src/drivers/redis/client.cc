#include "drivers/redis/client.h"

#include "drivers/redis/dedicated.h"
#include "drivers/redis/errors.h"
#include "drivers/redis/sentinel.h"

namespace prism::redis {
namespace {

using resp::Command;
using resp::Connection;
using resp::Reply;

constexpr int kMaxRedirects = 5;

}  // namespace

Client::Client(Worker& worker, std::shared_ptr<const Options> options,
               std::shared_ptr<Health> health)
    : worker_(worker),
      options_(std::move(options)),
      health_(std::move(health)),
      dedicated_(std::make_unique<DedicatedConnections>(*this)) {}

Client::~Client() = default;

void Client::Start() {
  if (node_ || cluster_) return;
  if (options_->topology == Topology::kCluster) {
    cluster_ = std::make_unique<Cluster>(worker_, *options_, *health_);
    return;
  }
  const auto single = [this]() -> Task<Result<std::string>> { co_return options_->addresses[0]; };
  const auto sentinel = [this] { return FindPrimary(worker_, *options_); };
  const bool asks = options_->topology == Topology::kSentinel;
  node_ =
      std::make_unique<Node>(worker_, *options_, asks ? Node::Locate(sentinel) : single, *health_);
}

Task<Result<Node*>> Client::Find(uint16_t slot, Cancellation& cancellation) {
  Start();
  if (node_) co_return node_.get();
  co_return co_await cluster_->Find(slot, cancellation);
}

Task<Result<Reply>> Client::Call(RequestContext& ctx, uint16_t slot, const Command& command) {
  return Run(ctx, slot, nullptr, command);
}

Task<Result<Reply>> Client::Run(RequestContext& ctx, uint16_t slot, const Script& script,
                                const Command& command) {
  return Run(ctx, slot, &script, command);
}

// On the way that all calls take, one coroutine: what is rare is left to others.
Task<Result<Reply>> Client::Run(RequestContext& ctx, uint16_t slot, const Script* script,
                                const Command& command) {
  Node* const node = node_ ? node_.get() : cluster_ ? cluster_->Known(slot) : nullptr;
  Connection* const connection = node ? node->connection() : nullptr;
  if (!connection) co_return co_await Settle(ctx, slot, script, command, nullptr);
  Result<Reply> reply = co_await connection->Send(command, ctx.cancellation);
  if (!reply.ok() || !reply->is_error()) co_return reply;
  co_return co_await Settle(ctx, slot, script, command, &*reply);
}

// Asks, unless `error` is what the server has just answered, and does what an error wants done.
Task<Result<Reply>> Client::Settle(RequestContext& ctx, uint16_t slot, const Script* script,
                                   const Command& command, Reply* error) {
  Result<Reply> reply = Reply();
  if (!error || error->error_kind() == "MOVED" || error->error_kind() == "ASK" ||
      error->error_kind() == "READONLY") {
    reply = co_await Ask(ctx, slot, command);
  } else {
    reply = std::move(*error);
  }
  if (script && reply.ok() && reply->is_error() && reply->error_kind() == "NOSCRIPT") {
    const Command load("SCRIPT", "LOAD", script->source());
    reply = co_await Ask(ctx, slot, load);
    if (reply.ok() && !reply->is_error()) reply = co_await Ask(ctx, slot, command);
  }
  if (reply.ok() && reply->is_error()) co_return FromError(*reply);
  co_return reply;
}

// The answer, perhaps an error reply, of the server that keeps the slot.
Task<Result<Reply>> Client::Ask(RequestContext& ctx, uint16_t slot, const Command& command) {
  Node* node = node_ ? node_.get() : cluster_ ? cluster_->Known(slot) : nullptr;
  if (!node) {
    Result<Node*> found = co_await Find(slot, ctx.cancellation);
    if (!found.ok()) co_return std::move(found).status();
    node = *found;
  }
  Connection* connection = node->connection();
  if (!connection) {
    Result<Connection*> ready = co_await node->Ready(ctx.cancellation);
    if (!ready.ok()) {
      if (cluster_) cluster_->Suspect();
      co_return std::move(ready).status();
    }
    connection = *ready;
  }
  Result<Reply> reply = co_await connection->Send(command, ctx.cancellation);
  if (!reply.ok() || !reply->is_error()) co_return reply;
  const std::string_view kind = reply->error_kind();
  if (cluster_ && (kind == "MOVED" || kind == "ASK")) {
    co_return co_await Follow(ctx, slot, command, *std::move(reply), *node);
  }
  if (kind == "READONLY") node->Drop(UnavailableError("the server has become a replica"));
  co_return reply;
}

// Goes where an error points, as often as one does.
Task<Result<Reply>> Client::Follow(RequestContext& ctx, uint16_t slot, const Command& command,
                                   Reply error, Node& from) {
  std::string address = from.address();
  for (int i = 0; i < kMaxRedirects; ++i) {
    Node& node = cluster_->Redirected(error.text, address);
    const bool moved = error.error_kind() == "MOVED";
    if (moved) cluster_->Moved(slot, node);
    Result<Connection*> connection = co_await node.Ready(ctx.cancellation);
    if (!connection.ok()) co_return std::move(connection).status();
    if (!moved) (*connection)->Post(Command("ASKING"));
    Result<Reply> reply = co_await (*connection)->Send(command, ctx.cancellation);
    if (!reply.ok() || !reply->is_error()) co_return reply;
    if (reply->error_kind() != "MOVED" && reply->error_kind() != "ASK") co_return reply;
    error = *std::move(reply);
    address = node.address();
  }
  co_return UnavailableError("the cluster sends the command from server to server").WithRetryable();
}

void Client::Post(uint16_t slot, const Command& command) {
  Node* node = node_ ? node_.get() : cluster_ ? cluster_->Known(slot) : nullptr;
  if (node && node->connection()) node->connection()->Post(command);
}

Task<Result<std::string>> Client::AddressOf(RequestContext& ctx, uint16_t slot) {
  Result<Node*> node = co_await Find(slot, ctx.cancellation);
  if (!node.ok()) co_return std::move(node).status();
  Result<Connection*> ready = co_await (*node)->Ready(ctx.cancellation);
  if (!ready.ok()) co_return std::move(ready).status();
  co_return (*node)->address();
}

Task<Result<std::unique_ptr<OpenConnection>>> Client::Subscribe(RequestContext& ctx, uint16_t slot,
                                                                Connection::Push push) {
  Result<std::string> address = co_await AddressOf(ctx, slot);
  if (!address.ok()) co_return std::move(address).status();
  DialRequest request{.address = *address, .push = std::move(push)};
  co_return co_await Dial(worker_, *options_, std::move(request));
}

}  // namespace prism::redis
