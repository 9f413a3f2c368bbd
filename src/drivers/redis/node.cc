#include "drivers/redis/node.h"

#include "drivers/redis/durability.h"

namespace prism::redis {
Node::Node(Worker& worker, const Options& options, Locate locate, Health& health)
    : worker_(worker), options_(options), locate_(std::move(locate)), health_(health), run_(Run()) {
  run_.Start([](void*) {}, nullptr);
}

Node::~Node() { health_.Forget(this); }

Task<Result<resp::Connection*>> Node::Ready(Cancellation& cancellation) {
  if (!open_ && !settled_.is_set()) {
    PRISM_CO_RETURN_IF_ERROR(co_await settled_.Wait(cancellation));
  }
  if (open_) co_return &open_->connection();
  co_return Status(failure_);
}

void Node::Drop(Status reason) {
  if (open_) open_->connection().Close(std::move(reason));
}

void Node::Fail(const Status& status) {
  failure_ = UnavailableError(std::string(status.message()))
                 .WithHint(std::string(status.hint()))
                 .WithRetryable();
  health_.Report(this, failure_);
  settled_.Set();
}

Task<void> Node::Run() {
  while (true) {
    const Status ended = co_await Serve();
    Fail(ended);
    const TimePoint again = Clock::now() + backoff_.Next();
    (void)co_await SleepUntil(again, never_);
    settled_.Reset();
  }
}

// Connects and serves until the connection is lost: why.
Task<Status> Node::Serve() {
  Result<std::string> address = co_await locate_();
  if (!address.ok()) co_return std::move(address).status();
  address_ = *std::move(address);
  DialRequest request{.address = address_, .push = nullptr};
  Result<std::unique_ptr<OpenConnection>> open =
      co_await Dial(worker_, options_, std::move(request));
  if (!open.ok()) co_return std::move(open).status();
  open_ = *std::move(open);
  health_.Report(this, OkStatus());
  settled_.Set();
  health_.SetDurability(co_await AskDurability(open_->connection()));
  const TimePoint opened_at = Clock::now();
  Status lost = co_await open_->Lost();
  open_.reset();
  // A server that hangs up at once is not to be asked without pause.
  if (Clock::now() - opened_at > backoff_.most()) backoff_.Reset();
  co_return lost;
}

}  // namespace prism::redis
