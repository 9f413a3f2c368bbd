#include "drivers/postgres/link.h"

#include "drivers/postgres/setup.h"

namespace prism::postgres {
Link::Link(Worker& worker, const Options& options, Health& health, Room& room)
    : worker_(worker), options_(options), health_(health), room_(room), run_(Run()) {
  run_.Start([](void*) {}, nullptr);
}

Link::~Link() { health_.Forget(this); }

void Link::Fail(const Status& status) {
  failure_ = UnavailableError(std::string(status.message()))
                 .WithHint(std::string(status.hint()))
                 .WithRetryable();
  health_.Report(this, failure_);
  trying_ = false;
  room_.TellAll();
}

Task<void> Link::Run() {
  while (true) {
    const Status ended = co_await Serve();
    Fail(ended);
    const TimePoint again = Clock::now() + backoff_.Next();
    (void)co_await SleepUntil(again, never_);
    trying_ = true;
  }
}

// Connects and serves until the connection is lost: why.
Task<Status> Link::Serve() {
  const TimePoint deadline = Clock::now() + options_.connect_timeout;
  Result<Handle> handle = co_await Dial(worker_, options_, deadline);
  if (!handle.ok()) co_return std::move(handle).status();
  const Result<std::string> durability = co_await SetUp(worker_, handle->get(), options_);
  if (!durability.ok()) co_return durability.status();
  health_.SetDurability(*durability);
  open_ = std::make_unique<Connection>(worker_, *std::move(handle), options_, room_);
  health_.Report(this, OkStatus());
  trying_ = false;
  room_.TellAll();
  const TimePoint opened_at = Clock::now();
  Status lost = co_await open_->Lost();
  open_.reset();
  // A server that hangs up at once is not to be asked without pause.
  if (Clock::now() - opened_at > backoff_.most()) backoff_.Reset();
  co_return lost;
}

}  // namespace prism::postgres
