#include "drivers/memstore/list/list_waiter.h"

namespace prism::memstore {

void Lists::MoveTo(List& destination, End to, List& source, const Value& value) {
  const int64_t cost = List::CostOf(value);
  source.charged_bytes -= cost;
  if (!destination.budget) destination.budget = source.budget;
  destination.charged_bytes += cost;
  destination.Put(to, value);
}

// Each round sends one waiting call home, so it ends even where moves go in a circle. If one of
// those calls moves what it gets, the caller holds the locks of all lists.
void Lists::Serve(List& list) {
  std::vector<List*> reached = {&list};
  while (!reached.empty()) {
    List& at = *reached.back();
    if (at.elements.empty() || at.waiting.empty()) {
      reached.pop_back();
      continue;
    }
    const WaitingPlace& place = at.waiting.front();
    ListWaiter& waiter = *place.waiter;
    at.waiting.pop_front();
    const auto& move = waiter.want_.move;
    if (move) --at.movers;
    if (waiter.served_.exchange(true)) continue;
    waiter.value_ = at.Take(waiter.want_.from);
    waiter.served_list_ = place.list;
    if (move) {
      MoveTo(*waiter.destination_, move->to, at, waiter.value_);
      reached.push_back(waiter.destination_);
    } else {
      at.handed_bytes += List::CostOf(waiter.value_);
    }
    waiter.signal_.Notify();
  }
}

// Whether one of the lists has an element; not known if it would move on to lists whose locks the
// caller may not hold.
std::optional<bool> Lists::Ready(Locked& locked, const Want& want) {
  for (const std::string& name : want.lists) {
    const List* list = locked.Find(name);
    if (!list || list->elements.empty()) continue;
    if (!want.move) return true;
    const List* destination = locked.Find(want.move->list);
    if (destination && destination->movers > 0) return std::nullopt;
    return true;
  }
  return false;
}

Result<bool> Lists::Take(Locked& locked, const Want& want, Taken& taken) {
  for (const std::string& name : want.lists) {
    List* list = locked.Find(name);
    if (!list || list->elements.empty()) continue;
    taken.list = name;
    if (!want.move) {
      taken.value = list->Pop(want.from);
      locked.DropIfEmpty(name);
      return true;
    }
    const std::string& to = want.move->list;
    List* destination = locked.Make(to);
    if (!destination) return NoRoomForName(to);
    taken.value = list->Take(want.from);
    MoveTo(*destination, want.move->to, *list, taken.value);
    Serve(*destination);
    locked.DropIfEmpty(name);
    if (to != name) locked.DropIfEmpty(to);
    return true;
  }
  return false;
}

Result<bool> Lists::TryTake(const Want& want, Taken& taken) {
  std::vector<std::string_view> names(want.lists.begin(), want.lists.end());
  if (want.move) names.push_back(want.move->list);
  {
    Locked locked(lists_, names);
    const std::optional<bool> ready = Ready(locked, want);
    if (ready && !*ready) return false;
    if (ready) return Take(locked, want, taken);
  }
  Locked all(lists_);
  return Take(all, want, taken);
}

ListWaiter::ListWaiter(Lists& lists, const Want& want)
    : lists_(lists), want_(want), places_(new WaitingPlace[want.lists.size()]) {}

std::vector<std::string_view> ListWaiter::Names() const {
  std::vector<std::string_view> names(want_.lists.begin(), want_.lists.end());
  if (want_.move) names.push_back(want_.move->list);
  return names;
}

Result<bool> ListWaiter::Enter(Taken& taken) {
  const std::vector<std::string_view> names = Names();
  std::optional<Lists::Locked> locked(std::in_place, lists_.lists_, names);
  const std::optional<bool> ready = Lists::Ready(*locked, want_);
  if (!ready) {
    locked.reset();
    locked.emplace(lists_.lists_);
  }
  if (!ready || *ready) {
    // With all locks taken anew it may be gone.
    Result<bool> took = lists_.Take(*locked, want_, taken);
    if (!took.ok() || *took) return took;
  }
  for (size_t i = 0; i < names.size(); ++i) {
    List* list = locked->Make(names[i]);
    if (!list) {
      for (const std::string_view made : names) locked->DropIfEmpty(made);
      return lists_.NoRoomForName(names[i]);
    }
  }
  for (const std::string_view name : names) ++locked->Find(name)->holds;
  for (size_t i = 0; i < want_.lists.size(); ++i) {
    List& list = *locked->Find(want_.lists[i]);
    places_[i].waiter = this;
    places_[i].list = i;
    list.waiting.push_back(places_[i]);
    if (want_.move) ++list.movers;
  }
  if (want_.move) destination_ = locked->Find(want_.move->list);
  entered_ = true;
  return false;
}

// Out of the queues, and no list is kept for this any more.
void ListWaiter::Unhold(Lists::Locked& locked) {
  for (size_t i = 0; i < want_.lists.size(); ++i) {
    if (!places_[i].is_linked()) continue;
    List& list = *locked.Find(want_.lists[i]);
    list.waiting.erase(list.waiting.iterator_to(places_[i]));
    if (want_.move) --list.movers;
  }
  for (const std::string_view name : Names()) {
    --locked.Find(name)->holds;
    locked.DropIfEmpty(name);
  }
  entered_ = false;
}

bool ListWaiter::Leave(Taken& taken) {
  const std::vector<std::string_view> names = Names();
  Lists::Locked locked(lists_.lists_, names);
  if (served_) {
    taken.list = want_.lists[served_list_];
    taken.value = std::move(value_);
    if (!want_.move) {
      List& list = *locked.Find(taken.list);
      list.handed_bytes -= List::CostOf(taken.value);
      list.Release(List::CostOf(taken.value));
    }
  }
  Unhold(locked);
  return served_;
}

ListWaiter::~ListWaiter() {
  if (!entered_) return;
  // What goes back may be moved on to any list by those who wait.
  Lists::Locked all(lists_.lists_);
  if (served_ && !want_.move) {
    List& list = *all.Find(want_.lists[served_list_]);
    list.handed_bytes -= List::CostOf(value_);
    list.Put(want_.from, std::move(value_));
    Lists::Serve(list);
  }
  Unhold(all);
}

}  // namespace prism::memstore
