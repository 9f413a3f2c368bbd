#pragma once

#include <list>

#include "loop/worker.h"

namespace prism::postgres {

// Where calls wait for room on a connection, in the order in which they came. Used on one worker.
class Room {
 public:
  Room() = default;
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  bool empty() const { return line_.empty(); }
  // There is room for one more at least: the first one tries, and tells the next when it leaves.
  void TellOne() {
    if (!line_.empty()) line_.front()->Set();
  }
  // Something else has changed.
  void TellAll() {
    for (Event* each : line_) each->Set();
  }

  // One of the line, for as long as it lives.
  class Place {
   public:
    explicit Place(Room& room) : room_(room), at_(room.line_.insert(room.line_.end(), &told_)) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
      const bool was_first = first();
      room_.line_.erase(at_);
      if (was_first) room_.TellOne();
    }
    // Only who is may take what room there is.
    bool first() const { return room_.line_.front() == &told_; }
    // Set when there may be room.
    Event& told() { return told_; }

   private:
    Room& room_;
    Event told_;
    const std::list<Event*>::iterator at_;
  };

 private:
  std::list<Event*> line_;
};

}  // namespace prism::postgres
