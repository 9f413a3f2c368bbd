#pragma once

#include <boost/intrusive/list.hpp>
#include <deque>
#include <memory>
#include <span>

#include "drivers/memstore/budget.h"
#include "drivers/memstore/value.h"

namespace prism::memstore {

enum class End : uint8_t { kLeft, kRight };

class ListWaiter;

// A waiting call's place in the queue of one list.
struct WaitingPlace : boost::intrusive::list_base_hook<> {
  ListWaiter* waiter = nullptr;
  size_t list = 0;  // index of the list among those the call names
};
using WaitingQueue =
    boost::intrusive::list<WaitingPlace, boost::intrusive::constant_time_size<false>>;

// One list and those who wait for its elements. Guarded by the lock of its name.
struct List {
  static constexpr int64_t kHeapBytes = 608;  // of a deque that has no elements
  // Of an element beside its bytes: its place, and the headers of the value and the allocator.
  static constexpr int64_t kElementBytes = 40;
  static int64_t CostOf(const Value& value) {
    return kElementBytes + static_cast<int64_t>(value.size());
  }

  List() = default;
  List(const List&) = delete;
  ~List() {
    if (budget) budget->Release(charged_bytes);
  }

  // Whether nobody needs it any more.
  bool empty() const { return elements.empty() && holds == 0; }

  // False, with nothing charged, when the budget has no room. May be negative: never refused.
  bool Charge(const std::shared_ptr<Budget>& by, int64_t bytes) {
    if (!by->Charge(bytes)) return false;
    if (!budget) budget = by;
    charged_bytes += bytes;
    return true;
  }
  void Release(int64_t bytes) {
    budget->Release(bytes);
    charged_bytes -= bytes;
  }

  // Neither of the two charges or releases.
  void Put(End end, Value value) {
    if (end == End::kLeft) {
      elements.push_front(std::move(value));
    } else {
      elements.push_back(std::move(value));
    }
  }
  Value Take(End end) {
    Value value = std::move(end == End::kLeft ? elements.front() : elements.back());
    if (end == End::kLeft) {
      elements.pop_front();
    } else {
      elements.pop_back();
    }
    return value;
  }
  Value Pop(End end) {
    Value value = Take(end);
    Release(CostOf(value));
    return value;
  }

  std::deque<Value> elements;
  std::shared_ptr<Budget> budget;  // set with the first charge
  int64_t charged_bytes = 0;       // for the elements and for those handed over
  int64_t handed_bytes = 0;        // of elements that were given to a call which has not run yet
  WaitingQueue waiting;            // in order of arrival; empty if there are elements
  uint32_t movers = 0;             // of the waiting ones, those that move what they get
  uint32_t holds = 0;  // calls that wait here, were served here or will move things here
};

}  // namespace prism::memstore
