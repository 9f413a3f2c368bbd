#include "drivers/memstore/list/lists.h"

#include <algorithm>
#include <iterator>

namespace prism::memstore {
namespace {

// The index from the left; `size` or more if the list has no such index.
uint64_t Place(int64_t index, uint64_t size) {
  if (index >= 0) return static_cast<uint64_t>(index);
  const uint64_t from_right = uint64_t{0} - static_cast<uint64_t>(index);
  return from_right > size ? size : size - from_right;
}

// Removes up to `max` elements that equal `value`, the first ones from `begin` on; moves each of
// the others at most once. Returns behind the last one kept.
template <class Iterator>
Iterator RemoveEqual(Iterator begin, Iterator end, std::string_view value, uint64_t max,
                     uint64_t& removed) {
  Iterator to = begin;
  for (Iterator at = begin; at != end; ++at) {
    if (removed < max && at->view() == value) {
      ++removed;
      continue;
    }
    if (to != at) *to = std::move(*at);
    ++to;
  }
  return to;
}

}  // namespace

Status Lists::NoRoomForName(std::string_view name) const {
  return budget_->Exceeded(Named<List>::kOverheadBytes + static_cast<int64_t>(name.size()));
}

Status Lists::PushAndServe(List& list, End end, std::span<const Value> values, uint64_t& length) {
  int64_t cost = 0;
  for (const Value& value : values) cost += List::CostOf(value);
  if (!list.Charge(budget_, cost)) return budget_->Exceeded(cost);
  for (const Value& value : values) list.Put(end, value);
  length = list.elements.size();
  if (!list.waiting.empty()) Serve(list);
  return OkStatus();
}

Result<uint64_t> Lists::Push(std::string_view name, End end, std::span<const Value> values) {
  uint64_t length = 0;
  bool moves_on = false;
  Status status = lists_.Make(name, [&](List& list) {
    moves_on = list.movers > 0;
    return moves_on ? OkStatus() : PushAndServe(list, end, values, length);
  });
  if (moves_on) {
    // From list to list the elements may reach any.
    Locked all(lists_);
    List* list = all.Make(name);
    if (!list) return NoRoomForName(name);
    status = PushAndServe(*list, end, values, length);
    all.DropIfEmpty(name);
  }
  if (!status.ok()) return status;
  return length;
}

std::vector<Value> Lists::Pop(std::string_view name, End end, uint64_t count) {
  return lists_.Look(name, [&](List* list) {
    std::vector<Value> popped;
    AnswerRoom room;
    while (list && popped.size() < count && !list->elements.empty()) {
      const Value& next = end == End::kLeft ? list->elements.front() : list->elements.back();
      if (!room.Take(next.size())) break;
      popped.push_back(list->Pop(end));
    }
    return popped;
  });
}

uint64_t Lists::Length(std::string_view name) {
  return lists_.Look(name, [](List* list) { return list ? list->elements.size() : 0; });
}

uint64_t Lists::Clear(std::string_view name) {
  std::deque<Value> cleared;  // freed when the lock is not held any more
  lists_.Look(name, [&](List* list) {
    if (!list || list->elements.empty()) return;
    cleared.swap(list->elements);
    list->Release(list->charged_bytes - list->handed_bytes);
  });
  return cleared.size();
}

bool Lists::Get(std::string_view name, int64_t index, Value& value) {
  return lists_.Look(name, [&](List* list) {
    const uint64_t size = list ? list->elements.size() : 0;
    const uint64_t place = Place(index, size);
    if (place >= size) return false;
    value = list->elements[place];
    return true;
  });
}

Result<bool> Lists::Set(std::string_view name, int64_t index, const Value& value) {
  return lists_.Look(name, [&](List* list) -> Result<bool> {
    const uint64_t size = list ? list->elements.size() : 0;
    const uint64_t place = Place(index, size);
    if (place >= size) return false;
    Value& element = list->elements[place];
    const int64_t growth = List::CostOf(value) - List::CostOf(element);
    if (!list->Charge(budget_, growth)) return budget_->Exceeded(growth);
    element = value;
    return true;
  });
}

Result<uint64_t> Lists::Insert(std::string_view name, bool after, std::string_view pivot,
                               const Value& value) {
  return lists_.Look(name, [&](List* list) -> Result<uint64_t> {
    if (!list) return uint64_t{0};
    auto at = std::find_if(list->elements.begin(), list->elements.end(),
                           [&](const Value& element) { return element.view() == pivot; });
    if (at == list->elements.end()) return uint64_t{0};
    if (!list->Charge(budget_, List::CostOf(value))) {
      return budget_->Exceeded(List::CostOf(value));
    }
    list->elements.insert(after ? std::next(at) : at, value);
    return list->elements.size();
  });
}

uint64_t Lists::Remove(std::string_view name, std::string_view value, int64_t count) {
  return lists_.Look(name, [&](List* list) {
    uint64_t removed = 0;
    if (!list) return removed;
    std::deque<Value>& elements = list->elements;
    if (count >= 0) {
      const uint64_t max = count == 0 ? elements.size() : static_cast<uint64_t>(count);
      elements.erase(RemoveEqual(elements.begin(), elements.end(), value, max, removed),
                     elements.end());
    } else {
      const uint64_t max = uint64_t{0} - static_cast<uint64_t>(count);
      const auto kept = RemoveEqual(elements.rbegin(), elements.rend(), value, max, removed);
      elements.erase(elements.begin(), kept.base());
    }
    if (removed > 0) {
      list->Release(static_cast<int64_t>(removed) *
                    (List::kElementBytes + static_cast<int64_t>(value.size())));
    }
    return removed;
  });
}

Lists::Part Lists::GetRange(std::string_view name, int64_t start, int64_t stop) {
  return lists_.Look(name, [&](List* list) {
    Part part;
    if (!list) return part;
    const IndexRange range = Resolve(start, stop, list->elements.size());
    AnswerRoom room;
    uint64_t at = range.begin;
    for (; at < range.end && part.values.size() < kMaxAnswerRows; ++at) {
      const Value& value = list->elements[at];
      if (!room.Take(value.size())) break;
      part.values.push_back(value);
    }
    part.more = at < range.end;
    if (part.more) part.next = at;
    return part;
  });
}

uint64_t Lists::Trim(std::string_view name, int64_t start, int64_t stop) {
  return lists_.Look(name, [&](List* list) -> uint64_t {
    if (!list) return 0;
    std::deque<Value>& elements = list->elements;
    const IndexRange range = Resolve(start, stop, elements.size());
    const auto begin = elements.begin() + static_cast<ptrdiff_t>(range.begin);
    const auto end = elements.begin() + static_cast<ptrdiff_t>(range.end);
    int64_t cost = 0;
    for (auto at = elements.begin(); at != begin; ++at) cost += List::CostOf(*at);
    for (auto at = end; at != elements.end(); ++at) cost += List::CostOf(*at);
    elements.erase(end, elements.end());
    elements.erase(elements.begin(), elements.begin() + static_cast<ptrdiff_t>(range.begin));
    if (cost > 0) list->Release(cost);
    return elements.size();
  });
}

}  // namespace prism::memstore
