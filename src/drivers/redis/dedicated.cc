#include "drivers/redis/dedicated.h"

#include <algorithm>

#include "drivers/redis/errors.h"

namespace prism::redis {
namespace {

using resp::Command;
using resp::Connection;
using resp::Reply;

// How long a cancelled call waits for the server to say what it did.
constexpr Duration kUnblockPatience = std::chrono::milliseconds(500);
// The command to be unblocked may reach the server behind the one that unblocks it.
constexpr Duration kBetweenUnblocks = std::chrono::milliseconds(5);

// While it exists, a cancellation of the call makes the server stop waiting.
class Unblocker {
 public:
  Unblocker(RequestContext& ctx, Client& client, uint16_t slot, int64_t id, Connection& blocked)
      : client_(client),
        slot_(slot),
        unblock_("CLIENT", "UNBLOCK", id),
        blocked_(blocked),
        timer_([](void* self) { static_cast<Unblocker*>(self)->Try(); }, this) {
    if (ctx.cancelled()) {
      Begin();
    } else {
      hook_.Hook(
          ctx.cancellation, [](void* self) { static_cast<Unblocker*>(self)->Begin(); }, this);
    }
  }

 private:
  void Begin() {
    give_up_at_ = Clock::now() + kUnblockPatience;
    Try();
  }
  void Try() {
    if (Clock::now() >= give_up_at_) {
      return blocked_.Close(UnavailableError("the server does not stop waiting"));
    }
    client_.Post(slot_, unblock_);
    timer_.Arm(Clock::now() + kBetweenUnblocks);
  }

  Client& client_;
  const uint16_t slot_;
  const Command unblock_;
  Connection& blocked_;
  TimePoint give_up_at_{};
  CancelHook hook_;
  Timer timer_;
};

}  // namespace

Task<Status> DedicatedConnections::Run(RequestContext& ctx, uint16_t slot, const Command& command,
                                       Reply& reply) {
  Result<Lent> lent = co_await Take(ctx, slot);
  if (!lent.ok()) co_return std::move(lent).status();
  Connection& connection = lent->open->connection();
  Cancellation never;
  Result<Reply> answer = Reply();
  {
    const Unblocker unblocker(ctx, client_, slot, lent->id, connection);
    answer = co_await connection.Send(command, never);
  }
  GiveBack(*std::move(lent));
  if (answer.ok() && answer->is_error()) answer = FromError(*answer);
  if (answer.ok()) reply = *std::move(answer);
  PRISM_CO_RETURN_IF_ERROR(Status(ctx.cancellation.reason()));
  co_return answer.ok() ? OkStatus() : std::move(answer).status();
}

Task<Result<DedicatedConnections::Lent>> DedicatedConnections::Take(RequestContext& ctx,
                                                                    uint16_t slot) {
  const Result<std::string> address = co_await client_.AddressOf(ctx, slot);
  if (!address.ok()) co_return address.status();
  std::erase_if(idle_, [](const Lent& each) { return each.open->connection().lost(); });
  const auto idle = std::find_if(idle_.begin(), idle_.end(),
                                 [&](const Lent& each) { return each.address == *address; });
  if (idle != idle_.end()) {
    Lent lent = std::move(*idle);
    idle_.erase(idle);
    ++in_use_;
    co_return lent;
  }
  const size_t most = client_.options().max_dedicated_connections;
  if (in_use_ + idle_.size() >= most) {
    co_return ResourceExhaustedError("all " + std::to_string(most) +
                                     " connections for calls that wait are in use")
        .WithHint("raise max_dedicated_connections of the backend")
        .WithRetryable();
  }
  ++in_use_;
  Lent lent;
  lent.address = *address;
  DialRequest request{
      .address = *address, .push = nullptr, .blocking = true, .deadline = ctx.deadline};
  Result<std::unique_ptr<OpenConnection>> open =
      co_await Dial(client_.worker(), client_.options(), std::move(request));
  Result<Reply> id = Reply();
  if (open.ok()) {
    lent.open = *std::move(open);
    const Command ask("CLIENT", "ID");
    id = co_await lent.open->connection().Send(ask, ctx.cancellation);
    if (id.ok() && id->is_error()) id = FromError(*id);
  }
  if (open.ok() && id.ok()) {
    lent.id = id->integer;
    co_return lent;
  }
  --in_use_;
  co_return open.ok() ? id.status() : open.status();
}

void DedicatedConnections::GiveBack(Lent lent) {
  --in_use_;
  if (!lent.open->connection().lost()) idle_.push_back(std::move(lent));
}

}  // namespace prism::redis
