#include "drivers/postgres/client.h"

#include <algorithm>

namespace prism::postgres {
namespace {

// So many statements under way on each connection call for another one.
constexpr size_t kBusy = 4;

// The call is ended at its deadline: what is to be told must come before.
constexpr Duration kBeforeDeadline = std::chrono::milliseconds(50);

TimePoint GiveUpAt(TimePoint deadline) {
  if (deadline == kNever) return kNever;
  return deadline - std::min(kBeforeDeadline, (deadline - Clock::now()) / 4);
}

Status AllBusy(size_t connections) {
  return ResourceExhaustedError("all " + std::to_string(connections) +
                                " connections of this worker to Postgres were busy until the "
                                "deadline")
      .WithHint("raise max_connections of the backend, or look why the server is slow")
      .WithRetryable();
}

Status NotConnected() {
  return UnavailableError("there was no connection to Postgres until the deadline").WithRetryable();
}

}  // namespace

Client::Client(Worker& worker, std::shared_ptr<const Options> options,
               std::shared_ptr<Health> health, std::span<const Sweep> sweeps)
    : worker_(worker),
      options_(std::move(options)),
      health_(std::move(health)),
      listener_(worker, *options_),
      sweeps_(sweeps) {}

void Client::Start() {
  if (!links_.empty()) return;
  links_.push_back(std::make_unique<Link>(worker_, *options_, *health_, room_));
  if (sweeps_.empty()) return;
  sweeping_ = RunSweeps();
  sweeping_.Start([](void*) {}, nullptr);
}

Task<void> Client::RunSweeps() {
  std::vector<TimePoint> due(sweeps_.size());
  for (size_t i = 0; i < due.size(); ++i) due[i] = Clock::now() + sweeps_[i].every;
  while (true) {
    (void)co_await SleepUntil(*std::ranges::min_element(due), never_);
    for (size_t i = 0; i < due.size(); ++i) {
      if (Clock::now() < due[i]) continue;
      const bool more = co_await SweepSome(*sweeps_[i].statement);
      due[i] = Clock::now() + (more ? Duration::zero() : sweeps_[i].every);
    }
  }
}

// Whether there may be more. Sweeps go behind pings, or a connection that nothing else uses would
// never be seen to be silent: what sweeps do may take long.
Task<bool> Client::SweepSome(const Statement& sweep) {
  RequestContext ctx;
  const Result<Connection*> ready = co_await Await(ctx);
  if (!ready.ok()) co_return false;
  if ((*ready)->pending() == 0) (*ready)->Ping();
  Arguments none;
  const Result<Rows> rows = co_await (*ready)->Send(sweep, none, ctx.cancellation);
  co_return rows.ok() && rows->changed() > 0;
}

// The connection with the fewest statements under way; null if none has room.
Connection* Client::Pick() {
  Connection* best = nullptr;
  bool any = false;
  for (const auto& link : links_) {
    Connection* const each = link->connection();
    if (!each) continue;
    any = true;
    if (!each->full() && (!best || each->pending() < best->pending())) best = each;
  }
  const bool busy = any && (!best || best->pending() >= kBusy);
  if (busy && links_.size() < options_->max_connections && links_.back()->connection()) {
    links_.push_back(std::make_unique<Link>(worker_, *options_, *health_, room_));
  }
  return best;
}

Task<Result<Connection*>> Client::Await(RequestContext& ctx) {
  Start();
  const TimePoint give_up = GiveUpAt(ctx.deadline);
  Room::Place place(room_);
  Timer timer([](void* told) { static_cast<Event*>(told)->Set(); }, &place.told());
  timer.Arm(give_up);
  while (true) {
    PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
    if (place.first()) {
      if (Connection* const connection = Pick()) co_return connection;
    }
    const bool any =
        std::ranges::any_of(links_, [](const auto& each) { return each->connection(); });
    if (!any && !links_.front()->trying()) co_return links_.front()->failure();
    if (Clock::now() >= give_up) co_return any ? AllBusy(links_.size()) : NotConnected();
    place.told().Reset();
    PRISM_CO_RETURN_IF_ERROR(co_await place.told().Wait(ctx.cancellation));
  }
}

Task<Result<Rows>> Client::Run(RequestContext& ctx, const Statement& statement,
                               const Arguments& arguments) {
  Connection* connection = room_.empty() ? Pick() : nullptr;  // nobody jumps the line
  if (!connection) {
    Result<Connection*> ready = co_await Await(ctx);
    if (!ready.ok()) co_return std::move(ready).status();
    connection = *ready;
  }
  Result<Rows> rows = co_await connection->Send(statement, arguments, ctx.cancellation);
  co_return std::move(rows);
}

}  // namespace prism::postgres
