#include "drivers/postgres/queue/line.h"

#include <algorithm>
#include <utility>

#include "drivers/postgres/queue/statements.h"

namespace prism::postgres {
namespace {

using std::chrono::milliseconds;

// How often a waiting call looks by itself, which also shows the others that it is still there.
constexpr milliseconds kLookEvery(1000);

}  // namespace

QueueLine::QueueLine(std::shared_ptr<Space> space, QueueWant want)
    : space_(std::move(space)),
      want_(std::make_shared<const QueueWant>(std::move(want))),
      arrived_us_(space_->state().queue_arrivals.Arrive(want_->queue)) {}

QueueLine::~QueueLine() {
  arrivals().Settle(want_->queue, arrived_us_);
  if (ticket_ != 0) Spawn(Leave(space_, want_, ticket_));
}

Task<void> QueueLine::Leave(std::shared_ptr<Space> space, std::shared_ptr<const QueueWant> want,
                            int64_t ticket) {
  RequestContext own;
  Arguments arguments;
  arguments.Text(want->queue).Int(ticket);
  // If it fails, its time in the line runs out.
  (void)co_await space->Run(own, kQueueLeave, arguments);
}

Task<void> QueueLine::Undo(std::shared_ptr<Space> space, std::shared_ptr<const QueueWant> want,
                           Rows rows) {
  if (TicketIn(rows) != 0) co_await Leave(space, want, TicketIn(rows));
  RequestContext own;
  for (int row = 0; row < MessagesIn(rows); ++row) {
    Arguments arguments;
    arguments.Text(want->queue).Int(rows.Int(row, handout::kId));
    if (want->lease_ms > 0) {
      arguments.Int(rows.Int(row, handout::kDelivery));
      (void)co_await space->Run(own, kQueueUntake, arguments);
      continue;
    }
    queue::v1::QueueMessage message;
    FillMessage(rows, row, 0, message);
    arguments.Text(rows.Text(row, handout::kPayload))
        .Text(rows.Text(row, handout::kAttributes))
        .Int(AnswerBytes(message));
    for (const int column :
         {handout::kPriority, handout::kEnqueuedAt, handout::kReceives, handout::kDelivery}) {
      arguments.Int(rows.Int(row, column));
    }
    arguments.Text(rows.Text(row, handout::kRest));
    (void)co_await space->Run(own, kQueuePutBack, arguments);
  }
}

Task<void> QueueLine::Run(std::shared_ptr<Service> service) {
  const QueueWant& want = *service->want;
  RequestContext own;
  Arguments arguments;
  arguments.Text(want.queue).Int(want.most).Int(want.lease_ms).Text(want.channel);
  arguments.Int(service->ticket != 0 ? service->ticket : service->arrived_us);
  const Statement& statement = service->ticket != 0 ? kQueueServe : kQueueTake;
  Result<Rows> rows = co_await service->space->Run(own, statement, arguments);
  if (service->abandoned) {
    if (rows.ok()) co_await Undo(service->space, service->want, *std::move(rows));
    service->space->state().queue_arrivals.RemoveGhost(want.queue);
    co_return;
  }
  service->rows.emplace(std::move(rows));
  service->done.Set();
}

Task<void> QueueLine::UndoAsGhost(std::shared_ptr<Space> space,
                                  std::shared_ptr<const QueueWant> want, Rows rows) {
  co_await Undo(space, want, std::move(rows));
  space->state().queue_arrivals.RemoveGhost(want->queue);
}

Task<Result<Rows>> QueueLine::Serve(RequestContext& ctx) {
  PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
  const auto service = std::make_shared<Service>();
  service->space = space_;
  service->want = want_;
  service->arrived_us = arrived_us_;
  // Whether it still has a place in the line is for the statement to say.
  service->ticket = std::exchange(ticket_, 0);
  Spawn(Run(service));
  (void)co_await service->done.Wait(ctx.cancellation);
  if (!service->rows) {
    service->abandoned = true;
    arrivals().AddGhost(want_->queue);
    co_return ctx.cancellation.reason();
  }
  Result<Rows> rows = *std::move(service->rows);
  if (!rows.ok()) {
    ticket_ = service->ticket;
    co_return std::move(rows);
  }
  if (ctx.cancelled()) {
    arrivals().AddGhost(want_->queue);
    Spawn(UndoAsGhost(space_, want_, *std::move(rows)));
    co_return ctx.cancellation.reason();
  }
  ticket_ = TicketIn(*rows);
  co_return std::move(rows);
}

Task<Result<Ear>> QueueLine::Listen(RequestContext& ctx) {
  std::string channel = want_->channel;
  auto heard = [this, mine = std::to_string(ticket_)](std::string_view ticket) {
    if (ticket == mine) told_.Notify();
  };
  auto missed = [this] { told_.Notify(); };
  Result<Ear> ear =
      co_await space_->Listen(ctx, std::move(channel), std::move(heard), std::move(missed));
  co_return std::move(ear);
}

// What came before this call comes before it in the line, too.
Task<void> QueueLine::AwaitTurn(RequestContext& ctx) {
  while (!arrivals().IsNext(want_->queue, arrived_us_) && !ctx.cancelled()) {
    (void)co_await SleepUntil(Clock::now() + kQueueTurn, ctx.cancellation);
  }
}

// In the line: what comes is first looked for, because it may have come before this could hear.
Task<Result<Rows>> QueueLine::Wait(RequestContext& ctx, TimePoint until) {
  const Result<Ear> ear = co_await Listen(ctx);
  if (!ear.ok()) co_return ear.status();
  while (true) {
    co_await AwaitTurn(ctx);
    Result<Rows> rows = co_await Serve(ctx);
    if (!rows.ok() || MessagesIn(*rows) > 0) co_return std::move(rows);
    const TimePoint now = Clock::now();
    if (now >= until) co_return std::move(rows);
    TimePoint wake_at = std::min(until, now + kLookEvery);
    const std::optional<int64_t> wake_ms = WakeMs(*rows);
    if (wake_ms) wake_at = std::min<TimePoint>(wake_at, now + milliseconds(*wake_ms));
    (void)co_await told_.Wait(wake_at, ctx.cancellation);
  }
}

Task<Result<Rows>> QueueLine::Take(RequestContext& ctx, TimePoint until) {
  while (arrivals().HasGhosts(want_->queue)) {
    PRISM_CO_RETURN_IF_ERROR(co_await SleepUntil(Clock::now() + kQueueTurn, ctx.cancellation));
  }
  while (ticket_ == 0) {
    Result<Rows> rows = co_await Serve(ctx);
    const bool got = rows.ok() && MessagesIn(*rows) > 0;
    if (got) arrivals().Settle(want_->queue, arrived_us_);
    if (got || !rows.ok()) co_return std::move(rows);
  }
  arrivals().Settle(want_->queue, arrived_us_);
  Result<Rows> rows = co_await Wait(ctx, until);
  co_return std::move(rows);
}

}  // namespace prism::postgres
