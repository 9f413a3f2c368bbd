#include <algorithm>

#include "conformance/set/basic_cases.h"
#include "conformance/set/client.h"

namespace prism::conformance::sets::basic {
namespace {

constexpr int kClients = 8;

// Members that stay, and those that clients add and remove until it is over.
struct Churn {
  std::string set;
  Members stable = NumberedMembers(0, 1'500);
  Members changing = NumberedMembers(10'000, 10'300);
  bool over = false;
};

Task<void> KeepChanging(CaseContext& c, const Churn& churn, int client) {
  SetClient sets(c);
  for (size_t i = static_cast<size_t>(client); !churn.over && c.ok(); i += 7) {
    Members some;
    for (size_t k = 0; k < 5; ++k) some.push_back(churn.changing[(i + k) % churn.changing.size()]);
    co_await sets.Add(churn.set, some);
    co_await sets.Remove(churn.set, some);
  }
}

// `look` is a coroutine that runs while others change the set.
template <class Look>
Task<void> WhileItChanges(CaseContext& c, Churn& churn, Look look) {
  churn.set = c.Unique("set");
  co_await AddMany(c, churn.set, churn.stable);
  co_await c.Concurrently(5, [&](int client) -> Task<void> {
    if (client > 0) {
      co_await KeepChanging(c, churn, client);
    } else {
      co_await look();
      churn.over = true;
    }
  });
}

void CheckListed(CaseContext& c, const Churn& churn, const Members& listed) {
  Members found = Sorted(listed);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  c.Expect(std::includes(found.begin(), found.end(), churn.stable.begin(), churn.stable.end()),
           "each member that stays is returned");
  Members known = churn.stable;
  known.insert(known.end(), churn.changing.begin(), churn.changing.end());
  c.Expect(std::includes(known.begin(), known.end(), found.begin(), found.end()),
           "no member is returned that never was in the set");
}

}  // namespace

// Each client is told of the members that it was first with.
Task<void> EachMemberIsAddedOnce(CaseContext& c) {
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 120);
  uint64_t added = 0;
  co_await c.Concurrently(kClients, [&](int) -> Task<void> {
    SetClient sets(c);
    for (size_t i = 0; i < members.size() && c.ok(); i += 6) {
      Members some(members.begin() + static_cast<ptrdiff_t>(i),
                   members.begin() + static_cast<ptrdiff_t>(i + 6));
      const uint64_t first = co_await sets.Add(set, std::move(some));
      added += first;
    }
  });
  c.ExpectEq(added, members.size());
  SetClient sets(c);
  c.ExpectEq(co_await sets.All(set), members);
}

Task<void> EachMemberIsRemovedOnce(CaseContext& c) {
  SetClient first(c);
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 120);
  co_await first.Add(set, members);
  uint64_t removed = 0;
  co_await c.Concurrently(kClients, [&](int) -> Task<void> {
    SetClient sets(c);
    for (size_t i = 0; i < members.size() && c.ok(); i += 6) {
      Members some(members.begin() + static_cast<ptrdiff_t>(i),
                   members.begin() + static_cast<ptrdiff_t>(i + 6));
      const uint64_t gone = co_await sets.Remove(set, std::move(some));
      removed += gone;
    }
  });
  c.ExpectEq(removed, members.size());
  const auto pages = co_await first.Pages(set);
  c.Expect(pages.empty(), "the set is absent");
}

// What was added is what was cleared, removed and left: each member is counted once on its way in
// and once on its way out.
Task<void> ClearsAndAddsAddUp(CaseContext& c) {
  const std::string set = c.Unique("set");
  uint64_t in = 0;
  uint64_t out = 0;
  co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
    SetClient sets(c);
    for (int i = 0; i < 25 && c.ok(); ++i) {
      if (client % 4 == 0) {
        const uint64_t cleared = co_await sets.Clear(set);
        out += cleared;
        continue;
      }
      const Members some = NumberedMembers(5 * i, 5 * i + 10);
      const uint64_t added = co_await sets.Add(set, some);
      in += added;
      const Members one = {some[0]};
      const uint64_t removed = co_await sets.Remove(set, one);
      out += removed;
    }
  });
  SetClient sets(c);
  const uint64_t left = co_await sets.Clear(set);
  c.ExpectLe(uint64_t{1}, in, "at least one against the members that were added");
  c.ExpectEq(out + left, in);
}

// A group is added and removed as a whole; whoever looks must see all of it or nothing.
Task<void> GroupsAreAddedAtOnce(CaseContext& c) {
  const std::string set = c.Unique("set");
  const Members group = NumberedMembers(0, 200);
  bool over = false;
  co_await c.Concurrently(4, [&](int client) -> Task<void> {
    SetClient sets(c);
    while (client == 0 && !over && c.ok()) {
      co_await sets.Add(set, group);
      co_await sets.Remove(set, group);
    }
    if (client == 0) co_return;
    for (int i = 0; i < 60 && c.ok(); ++i) {
      const std::vector<bool> there = co_await sets.Contains(set, group);
      const auto found = std::count(there.begin(), there.end(), true);
      c.Expect(found == 0 || found == static_cast<ptrdiff_t>(group.size()),
               "a call sees all of the group or nothing, not " + std::to_string(found));
      c.ExpectEq(there.size(), group.size());
    }
    over = true;
  });
}

Task<void> ListingIsWeaklyConsistent(CaseContext& c) {
  Churn churn;
  co_await WhileItChanges(c, churn, [&]() -> Task<void> {
    SetClient sets(c);
    for (int i = 0; i < 8 && c.ok(); ++i) {
      const Members listed = co_await sets.All(churn.set);
      CheckListed(c, churn, listed);
    }
  });
}

Task<void> CursorsMeetWhatStays(CaseContext& c) {
  Churn churn;
  co_await WhileItChanges(c, churn, [&]() -> Task<void> {
    SetClient sets(c);
    Members listed;
    std::string cursor;
    for (int step = 0; step < 200 && c.ok(); ++step) {
      const auto pages = co_await sets.Pages(churn.set, 100, cursor);
      const Members some = Collected(pages);
      listed.insert(listed.end(), some.begin(), some.end());
      cursor = pages.empty() ? "" : pages.back().cursor();
      if (cursor.empty()) break;
    }
    CheckListed(c, churn, listed);
  });
}

}  // namespace prism::conformance::sets::basic
