#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "drivers/contract/index_range.h"
#include "drivers/memstore/list/list.h"
#include "drivers/memstore/named.h"

namespace prism::memstore {

// What a call takes: an element from the first of its lists that has one.
struct Want {
  struct Destination {
    std::string list;
    End to = End::kLeft;
  };
  std::vector<std::string> lists;  // distinct; just one for a move
  End from = End::kLeft;
  std::optional<Destination> move;  // where it goes besides to the caller
};

struct Taken {
  std::string list;
  Value value;
};

// The lists of one namespace; any thread. An absent list is one without elements. Whoever adds an
// element hands it, under the list's lock, to the call that has waited longest; so a list has
// elements or waiting calls, never both. Errors are RESOURCE_EXHAUSTED, with nothing changed.
class Lists {
 public:
  explicit Lists(std::shared_ptr<Budget> budget) : budget_(std::move(budget)), lists_(budget_) {}

  // The length right after, before waiting calls were served.
  Result<uint64_t> Push(std::string_view name, End end, std::span<const Value> values);
  // Up to `count` elements, and as many as fit in an answer.
  std::vector<Value> Pop(std::string_view name, End end, uint64_t count);
  uint64_t Length(std::string_view name);
  uint64_t Clear(std::string_view name);

  bool Get(std::string_view name, int64_t index, Value& value);
  Result<bool> Set(std::string_view name, int64_t index, const Value& value);
  // The length after; 0 if no element equals `pivot`.
  Result<uint64_t> Insert(std::string_view name, bool after, std::string_view pivot,
                          const Value& value);
  uint64_t Remove(std::string_view name, std::string_view value, int64_t count);

  struct Part {
    std::vector<Value> values;
    uint64_t next = 0;  // index behind the last value; set if the range goes on there
    bool more = false;
  };
  Part GetRange(std::string_view name, int64_t start, int64_t stop);
  uint64_t Trim(std::string_view name, int64_t start, int64_t stop);

  // Takes what is wanted, without waiting; false if there is nothing.
  Result<bool> TryTake(const Want& want, Taken& taken);

 private:
  friend class ListWaiter;
  using Locked = Named<List>::Locked;

  Status NoRoomForName(std::string_view name) const;
  Status PushAndServe(List& list, End end, std::span<const Value> values, uint64_t& length);
  Result<bool> Take(Locked& locked, const Want& want, Taken& taken);
  static std::optional<bool> Ready(Locked& locked, const Want& want);
  static void MoveTo(List& destination, End to, List& source, const Value& value);
  static void Serve(List& list);

  const std::shared_ptr<Budget> budget_;
  Named<List> lists_;
};

}  // namespace prism::memstore
