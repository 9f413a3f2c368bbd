#pragma once

#include <deque>
#include <optional>
#include <unordered_set>

#include "base/cancellation.h"
#include "drivers/postgres/arguments.h"
#include "drivers/postgres/dial.h"
#include "drivers/postgres/room.h"
#include "drivers/postgres/rows.h"
#include "drivers/postgres/statement.h"

namespace prism::postgres {

// A pipeline to one server: statements of many calls are under way at once, each a transaction of
// its own, so that an error ends only its own. Those under way when the connection is lost are
// UNAVAILABLE, and may have been applied. Used on one worker.
class Connection {
 public:
  class Call;

  // Takes over a connection in pipeline mode. Tells `room` whenever another statement has ended.
  Connection(Worker& worker, Handle connection, const Options& options, Room& room);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Waits for the connection's end: the reason, never OK.
  Task<Status> Lost();
  // Calls under way fail.
  void Close(Status reason);
  bool lost() const { return !reason_.ok(); }

  // Sends now and waits for the answer when awaited. An error of the server is an error.
  //   Result<Rows> rows = co_await connection.Send(kGet, arguments, ctx.cancellation);
  Call Send(const Statement& statement, const Arguments& arguments, Cancellation& cancellation);
  // Sends something that every server answers at once. Without an answer in time it is lost.
  void Ping();
  size_t pending() const { return waiting_.size(); }
  // No other statement may be sent now.
  bool full() const;

 private:
  struct Waiting {
    Call* call;                  // null: nobody waits any more
    const Statement* preparing;  // sent ahead, not confirmed yet
    size_t bytes;
    Rows rows;
    bool ping = false;
    std::string warning;
  };

  bool Submit(const Statement& statement, const Arguments& arguments, bool prepare);
  void Enqueue(Call* call, const Statement& statement, const Arguments& arguments);
  Task<void> Run();
  void ReadSome();
  void Take(Rows rows);
  void Deliver();
  bool MayBeSentAgain(const Waiting& ended) const;
  static void OnNotice(void* self, const PGresult* notice);
  void Flush();
  Task<void> WriteWhenPossible();
  void ReadWhatWasRead();
  void FailAll();
  void OnTimer();
  void ArmTimer();
  TimePoint Due() const;
  void PingAfterPause();
  Status LostNow();
  void CancelAbandoned();

  Worker& worker_;
  const Options& options_;
  Room& room_;
  const Handle connection_;
  FdWatch watch_;  // goes before the connection, which closes its socket
  std::unordered_set<const Statement*> prepared_;
  std::deque<Waiting> waiting_;
  uint64_t first_waiting_ = 0;  // the number of waiting_'s front, counted from the first statement
  size_t waiting_bytes_ = 0;
  TimePoint last_progress_;
  Status reason_;
  bool writing_ = false;
  bool cancelling_ = false;   // a request to cancel is on its way
  TimePoint cancelled_at_{};  // when the last one had arrived
  // Null when this is gone; for those who come back from other threads.
  const std::shared_ptr<Connection*> self_ = std::make_shared<Connection*>(this);
  Event ended_;
  Deferred flush_;
  Timer timer_;
  Task<void> writer_;
  Task<void> run_;
};

// One statement under way. Forgets its answer when destroyed or cancelled.
class [[nodiscard]] Connection::Call {
 public:
  Call(Connection& connection, const Statement& statement, const Arguments& arguments,
       Cancellation& cancellation);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() { Forget(); }

  bool await_ready() const { return result_.has_value() || cancellation_.cancelled(); }
  void await_suspend(std::coroutine_handle<> handle);
  Result<Rows> await_resume();

 private:
  friend class Connection;
  void Send();
  void Forget();
  void Finish(Result<Rows> result);

  Connection* connection_;  // null when it does not know of this call any more
  const Statement& statement_;
  const Arguments& arguments_;
  Cancellation& cancellation_;
  uint64_t number_ = 0;
  bool sent_again_ = false;
  std::optional<Result<Rows>> result_;
  Resumption resumption_;
  CancelHook hook_;
  Worker& worker_;
};

inline Connection::Call Connection::Send(const Statement& statement, const Arguments& arguments,
                                         Cancellation& cancellation) {
  return Call(*this, statement, arguments, cancellation);
}

}  // namespace prism::postgres
