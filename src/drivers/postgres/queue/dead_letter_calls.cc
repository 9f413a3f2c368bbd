#include <charconv>

#include "drivers/contract/page_cursor.h"
#include "drivers/contract/queue.h"
#include "drivers/postgres/queue/calls.h"
#include "drivers/postgres/queue/statements.h"

namespace prism::postgres {
namespace {

using namespace queue::v1;  // NOLINT

// Columns of kQueueDeadPage.
constexpr int kMaxReceives = 0;
constexpr int kTarget = 1;
constexpr int kReady = 2;
constexpr int kBehind = 3;
constexpr int kMessage = 4;
constexpr int kPlace = 10;
constexpr int kTimedOut = 11;
constexpr int kSourceReceives = 12;
constexpr int kDeadAt = 13;

// The place behind which a page begins.
Result<int64_t> PlaceOf(const GetDeadLetterQueueRequest& request) {
  if (request.cursor().empty()) return int64_t{0};
  Result<std::string> place = DecodePageCursor(request.queue(), request.cursor());
  if (!place.ok()) return std::move(place).status();
  int64_t number = 0;
  std::from_chars(place->data(), place->data() + place->size(), number);
  return number;
}

void FillDead(const Rows& rows, int row, const std::string& source, DeadMessage& dead) {
  FillMessage(rows, row, kMessage, *dead.mutable_message());
  dead.set_source_queue(source);
  dead.set_reason(rows.Bool(row, kTimedOut) ? TIMED_OUT : RELEASED);
  dead.set_source_receive_count(static_cast<uint64_t>(rows.Int(row, kSourceReceives)));
  dead.set_dead_at_unix_ms(rows.Int(row, kDeadAt));
}

}  // namespace

Task<Status> QueueCalls::ConfigureDeadLetter(RequestContext& ctx,
                                             const ConfigureDeadLetterRequest& request,
                                             ConfigureDeadLetterResponse&) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string queue = QueueId(*space_, request.queue());
  const std::string target = QueueId(*space_, request.dead_letter_queue());
  const bool removes = request.max_receives() == 0;
  Arguments arguments;
  arguments.Text(queue);
  if (!removes) {
    arguments.Int(request.max_receives()).Text(target).Text(request.dead_letter_queue());
  }
  const Statement& statement = removes ? kQueueUnconfigure : kQueueConfigure;
  const Result<Rows> rows = co_await space_->Run(ctx, statement, arguments);
  co_return rows.status();
}

Task<Status> QueueCalls::GetDeadLetterQueue(RequestContext& ctx,
                                            const GetDeadLetterQueueRequest& request,
                                            GetDeadLetterQueueResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const Result<int64_t> after = PlaceOf(request);
  if (!after.ok()) co_return after.status();
  const std::string queue = QueueId(*space_, request.queue());
  Arguments arguments;
  arguments.Text(queue).Int(*after).Int(LimitOf(request));
  const Result<Rows> rows = co_await space_->Run(ctx, kQueueDeadPage, arguments);
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return OkStatus();
  response.set_found(true);
  response.set_max_receives(static_cast<uint32_t>(rows->Int(0, kMaxReceives)));
  response.set_dead_letter_queue(std::string(rows->Text(0, kTarget)));
  response.set_ready_count(static_cast<uint64_t>(rows->Int(0, kReady)));
  const int last = rows->count() - 1;
  for (int row = 1; row <= last; ++row) {
    FillDead(*rows, row, request.queue(), *response.add_messages());
  }
  if (last > 0 && rows->Int(0, kBehind) > last) {
    const std::string place = std::to_string(rows->Int(last, kPlace));
    response.set_cursor(EncodePageCursor(request.queue(), place));
  }
  co_return OkStatus();
}

Task<Status> QueueCalls::Redrive(RequestContext& ctx, const RedriveRequest& request,
                                 RedriveResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(Check(request));
  const std::string queue = QueueId(*space_, request.queue());
  for (bool more = true; more;) {
    Arguments arguments;
    arguments.Text(queue).Int(request.max_messages());
    const Result<Rows> rows = co_await space_->Run(ctx, kQueueRedrive, arguments);
    if (!rows.ok()) co_return rows.status();
    response.set_moved(static_cast<uint64_t>(rows->Int(0, 0)));
    more = rows->Bool(0, 1);
  }
  co_return OkStatus();
}

}  // namespace prism::postgres
