#pragma once

#include "base/status.h"

namespace prism {

class Cancellation;

// A callback that a suspended operation registers for the time it waits. Unregisters itself when
// destroyed; runs at most once, on the thread that cancels, which is the operation's own.
class CancelHook {
 public:
  using Callback = void (*)(void* self);
  CancelHook() = default;
  CancelHook(const CancelHook&) = delete;
  CancelHook& operator=(const CancelHook&) = delete;
  ~CancelHook() { Unhook(); }

  // `cancellation` must outlive the registration and not be cancelled yet.
  void Hook(Cancellation& cancellation, Callback callback, void* self);
  void Unhook();

 private:
  friend class Cancellation;
  CancelHook* next_ = nullptr;
  CancelHook** link_ = nullptr;  // the pointer that points here; null when not registered
  Callback callback_ = nullptr;
  void* self_ = nullptr;
};

// Says why the work for a request should stop: the caller went away or its deadline passed.
// Used from one thread.
class Cancellation {
 public:
  Cancellation() = default;
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;
  ~Cancellation();

  bool cancelled() const { return !reason_.ok(); }
  // OK until cancelled; then CANCELLED, DEADLINE_EXCEEDED or UNAVAILABLE.
  const Status& reason() const { return reason_; }
  // Runs every hook, none of which may destroy this; later calls do nothing.
  void Cancel(Status reason);

 private:
  friend class CancelHook;
  CancelHook* hooks_ = nullptr;
  Status reason_;
};

}  // namespace prism
