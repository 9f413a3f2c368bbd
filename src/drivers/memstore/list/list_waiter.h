#pragma once

#include <atomic>
#include <memory>

#include "drivers/memstore/list/lists.h"
#include "loop/signal.h"

namespace prism::memstore {

// A call that waits in the queues of its lists. Made, used and destroyed on one worker. When it is
// destroyed before Leave, as a cancelled call is, an element that was handed to it goes back.
class ListWaiter {
 public:
  // `want` must outlive this.
  ListWaiter(Lists& lists, const Want& want);
  ListWaiter(const ListWaiter&) = delete;
  ~ListWaiter();

  // Takes what is wanted, or else joins the queues and returns false.
  Result<bool> Enter(Taken& taken);
  // See Signal::Wait.
  Signal::Awaiter Wait(TimePoint until, Cancellation& cancellation) {
    return signal_.Wait(until, cancellation);
  }
  bool served() const { return served_; }
  // Leaves the queues; false if nothing has been handed over.
  bool Leave(Taken& taken);

 private:
  friend class Lists;
  std::vector<std::string_view> Names() const;
  void Unhold(Lists::Locked& locked);

  Lists& lists_;
  const Want& want_;
  Signal signal_;
  bool entered_ = false;
  const std::unique_ptr<WaitingPlace[]> places_;  // one per list
  List* destination_ = nullptr;                   // of a move
  // Lists of different locks may try to serve it at once; the first one does.
  std::atomic<bool> served_{false};
  Value value_;             // under the lock of the list that served it, as is the next
  size_t served_list_ = 0;  // its index
};

}  // namespace prism::memstore
