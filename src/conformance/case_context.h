#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/caller.h"
#include "loop/worker.h"

namespace prism::conformance {

// What a case works with: calls in the namespace under test, names of its own, expectations that
// record what did not hold and go on, clients that call at the same time, and the patience to wait
// for what must come.
//
//   KeyValue kv(c);
//   const std::string key = c.Unique("key");
//   co_await kv.Set(key, "one");
//   co_await kv.Set(key, "two");
//   c.ExpectEq(co_await kv.Get(key), "two");
class CaseContext : public Caller {
 public:
  explicit CaseContext(CaseRun& run)
      : Caller(run, run.session.name_space), other_(run, run.session.other_namespace) {}

  const InterfaceInfo& interface() const { return run_.interface; }
  // The second namespace, for cases that need one.
  Caller& other() { return other_; }
  // A name that nothing else has: "conformance-1f3a-7-key". Of `hint`'s characters, digits and '-'.
  std::string Unique(std::string_view hint);
  const std::vector<Noted>& noted() const { return run_.noted; }
  uint64_t max_message_bytes() const { return run_.session.max_message_bytes; }
  bool claims(const InterfaceInfo& info) const { return run_.session.claimed.contains(&info); }

  // For what shows only when it is asked: the case proves nothing here, and ends.
  void Skip(std::string because) { run_.skipped_because = std::move(because); }

  // Nothing has failed and there is time left: the condition of every loop that waits.
  bool ok() const { return run_.failures.empty() && Clock::now() < run_.deadline; }

  template <class A, class B>
  void ExpectEq(const A& actual, const B& expected, Where where = Where::current()) {
    if (!(actual == expected)) run_.Fail(where, ShowDifference(actual, expected));
  }
  // `what` says what should be so: "the cursor is empty".
  void Expect(bool holds, std::string_view what, Where where = Where::current()) {
    if (!holds) run_.Fail(where, "it does not hold that " + std::string(what));
  }
  template <std::totally_ordered T>
  void ExpectLe(const T& less, const T& more, std::string_view what,
                Where where = Where::current()) {
    if (more < less) run_.Fail(where, std::string(what) + ": " + Show(less) + " > " + Show(more));
  }

  // Runs client(0) to client(n - 1), coroutines, at the same time, and ends when all have.
  //   co_await c.Concurrently(8, [&](int client) -> Task<void> { ... });
  template <class Client>
  Task<void> Concurrently(int n, Client client) {
    Pending pending{n, {}};
    std::vector<Task<void>> tasks;
    for (int i = 0; i < n; ++i) tasks.push_back(client(i));
    for (Task<void>& task : tasks) task.Start(&Pending::OnDone, &pending);
    if (pending.left > 0) (void)co_await pending.none.Wait();
  }

  // Asks `condition`, a coroutine, again and again until it says true. What does not come true
  // before the case's deadline is a failure.
  //   co_await c.Until("the key vanishes", [&]() -> Task<bool> { co_return !co_await ...; });
  template <class Condition>
  Task<void> Until(std::string_view what, Condition condition, Where where = Where::current()) {
    for (;;) {
      Task<bool> asked = condition();
      const bool yes = co_await asked;
      if (yes) co_return;
      if (!ok()) break;
      co_await Sleep(std::chrono::milliseconds(5));
    }
    run_.Fail(where, "it never came true that " + std::string(what));
  }
  Task<void> Sleep(Duration duration);

 private:
  struct Pending {
    int left;
    Event none;
    static void OnDone(void* self) {
      auto* pending = static_cast<Pending*>(self);
      if (--pending->left == 0) pending->none.Set();
    }
  };

  Caller other_;
};

}  // namespace prism::conformance
