#pragma once

#include <memory>
#include <string>

#include "drivers/postgres/queue/handout.h"
#include "loop/signal.h"

namespace prism::postgres {

// How often a call looks whether those of this gateway have gone that came before it.
inline constexpr std::chrono::milliseconds kQueueTurn(1);

// What a call wants of a queue.
struct QueueWant {
  std::string queue;    // its id
  std::string channel;  // on which the head of its line is told
  int64_t most = 1;
  int64_t lease_ms = 0;  // 0: it removes
};

// A call that may wait, in the line of its queue among those of all gateways. However it ends, it
// leaves the line, and what it was given and does not take goes back to its place.
class QueueLine {
 public:
  QueueLine(std::shared_ptr<Space> space, QueueWant want);
  QueueLine(const QueueLine&) = delete;
  QueueLine& operator=(const QueueLine&) = delete;
  ~QueueLine();

  // Takes what is there, or what comes until then: perhaps no message.
  Task<Result<Rows>> Take(RequestContext& ctx, TimePoint until);

 private:
  // A statement under way, which goes on when its call is gone, and then is undone.
  struct Service {
    std::shared_ptr<Space> space;
    std::shared_ptr<const QueueWant> want;
    int64_t arrived_us = 0;
    int64_t ticket = 0;
    Event done;
    std::optional<Result<Rows>> rows;
    bool abandoned = false;
  };

  static Task<void> Run(std::shared_ptr<Service> service);
  static Task<void> Undo(std::shared_ptr<Space> space, std::shared_ptr<const QueueWant> want,
                         Rows rows);
  static Task<void> UndoAsGhost(std::shared_ptr<Space> space, std::shared_ptr<const QueueWant> want,
                                Rows rows);
  static Task<void> Leave(std::shared_ptr<Space> space, std::shared_ptr<const QueueWant> want,
                          int64_t ticket);
  QueueArrivals& arrivals() const { return space_->state().queue_arrivals; }
  Task<Result<Rows>> Serve(RequestContext& ctx);
  Task<void> AwaitTurn(RequestContext& ctx);
  Task<Result<Ear>> Listen(RequestContext& ctx);
  Task<Result<Rows>> Wait(RequestContext& ctx, TimePoint until);

  const std::shared_ptr<Space> space_;
  const std::shared_ptr<const QueueWant> want_;
  const int64_t arrived_us_;
  int64_t ticket_ = 0;  // 0 while it is not in the line
  Signal told_;
};

}  // namespace prism::postgres
