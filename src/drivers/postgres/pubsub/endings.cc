#include "drivers/postgres/pubsub/endings.h"

#include <utility>

#include "base/random_id.h"
#include "drivers/postgres/notify.h"

namespace prism::postgres {
namespace {

constexpr size_t kIdDigits = 32;
constexpr char kAsk = 'e';     // the subscription's id, the question's number, the asker
constexpr char kAnswer = 'a';  // the question's number, whether it was found
constexpr Duration kAskAgain = std::chrono::seconds(1);

std::string InboxOf(std::string_view worker) { return "inbox-" + std::string(worker); }

}  // namespace

Endings::Endings(std::shared_ptr<Space> space, Subscriber& subscriber)
    : space_(std::move(space)),
      subscriber_(subscriber),
      worker_(RandomId()),
      ear_(
          space_, InboxOf(worker_), [this](std::string_view payload) { OnNotice(payload); },
          [](const Status&) {}) {}

Task<Result<bool>> Endings::End(RequestContext& ctx, const std::string& id) {
  if (id.size() != 2 * kIdDigits) co_return false;
  if (id.starts_with(worker_)) co_return subscriber_.End(std::string_view(id).substr(kIdDigits));
  PRISM_CO_RETURN_IF_ERROR(co_await Join(ctx));
  const std::string number = RandomId();
  Question question;
  questions_[number] = &question;
  struct Withdraw {
    Endings& endings;
    const std::string& number;
    ~Withdraw() {
      endings.questions_.erase(number);
      endings.Leave();
    }
  } const withdraw{*this, number};
  co_return co_await Ask(ctx, id, question, number);
}

// A question that was lost with somebody's connection is asked again, and nobody is there to hear
// it if the worker is gone.
Task<Result<bool>> Endings::Ask(RequestContext& ctx, const std::string& id, Question& question,
                                const std::string& number) {
  const TimePoint until = Clock::now() + space_->options().response_timeout;
  while (Clock::now() < until) {
    std::string worker = id.substr(0, kIdDigits);
    std::string payload = kAsk + id.substr(kIdDigits) + number + worker_;
    const Result<bool> heard = co_await Send(ctx, std::move(worker), std::move(payload));
    if (!heard.ok()) co_return heard.status();
    if (!*heard) co_return false;
    Timer timer([](void* event) { static_cast<Event*>(event)->Set(); }, &question.answered);
    timer.Arm(Clock::now() + kAskAgain);
    PRISM_CO_RETURN_IF_ERROR(co_await question.answered.Wait(ctx.cancellation));
    if (question.known) co_return question.found;
    question.answered.Reset();
  }
  co_return UnavailableError("the gateway that has the subscription does not answer")
      .WithRetryable();
}

Task<Result<bool>> Endings::Send(RequestContext& ctx, std::string worker, std::string payload) {
  const std::string channel = space_->Channel("pubsub", InboxOf(worker));
  Arguments arguments;
  arguments.Text(channel).Int(LockOf(channel)).Text(payload);
  const Result<Rows> rows = co_await space_->Run(ctx, kNotify, arguments);
  if (!rows.ok()) co_return rows.status();
  co_return rows->Bool(0, 0);
}

void Endings::OnNotice(std::string_view payload) {
  if (payload.size() == 2 + kIdDigits && payload[0] == kAnswer) {
    const auto found = questions_.find(payload.substr(1, kIdDigits));
    if (found == questions_.end()) return;
    found->second->known = true;
    found->second->found = payload.back() == '1';
    found->second->answered.Set();
  }
  if (payload.size() != 1 + 3 * kIdDigits || payload[0] != kAsk) return;
  const bool found = subscriber_.End(payload.substr(1, kIdDigits));
  Answer answer;
  answer.asker = payload.substr(1 + 2 * kIdDigits);
  answer.payload = kAnswer + std::string(payload.substr(1 + kIdDigits, kIdDigits));
  answer.payload += found ? '1' : '0';
  answers_.push_back(std::move(answer));
  if (std::exchange(answering_, true)) return;
  answer_ = AnswerAll();
  answer_.Start([](void* self) { static_cast<Endings*>(self)->answering_ = false; }, this);
}

// What cannot be sent is asked for again.
Task<void> Endings::AnswerAll() {
  while (!answers_.empty()) {
    Answer answer = std::move(answers_.front());
    answers_.pop_front();
    RequestContext own;
    (void)co_await Send(own, std::move(answer.asker), std::move(answer.payload));
  }
}

}  // namespace prism::postgres
