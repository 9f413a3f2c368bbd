#include <algorithm>

#include "conformance/live_stream.h"
#include "conformance/set/basic_cases.h"
#include "conformance/set/client.h"

namespace prism::conformance::sets::basic {
namespace {

// A page's cursor behind which there is more; empty after a failure.
Task<std::string> CursorWithin(CaseContext& c, std::string set, Where where = Where::current()) {
  SetClient sets(c);
  const auto pages = co_await sets.Pages(std::move(set), 2, "", where);
  const std::string cursor = pages.empty() ? "" : pages.back().cursor();
  c.Expect(!cursor.empty(), "a page before the end has a cursor", where);
  co_return cursor;
}

}  // namespace

Task<void> PagesHoldAThousandMembers(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 2'500);
  co_await AddMany(c, set, members);
  const auto pages = co_await sets.Pages(set);
  CheckMemberPages(c, pages);
  c.ExpectEq(Sorted(Collected(pages)), members);
  for (size_t i = 0; i + 1 < pages.size(); ++i) {
    c.Expect(!pages[i].cursor().empty(), "a page in the middle has a cursor");
  }
}

Task<void> PagesHoldAMebibyte(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members members = LargeMembers(35);
  for (size_t i = 0; i < members.size(); i += 7) {
    Members some(members.begin() + static_cast<ptrdiff_t>(i),
                 members.begin() + static_cast<ptrdiff_t>(i + 7));
    co_await sets.Add(set, std::move(some));
  }
  const auto pages = co_await sets.Pages(set);
  CheckMemberPages(c, pages);
  c.Expect(Sorted(Collected(pages)) == members, "each member comes once and whole");
}

Task<void> LimitEndsTheStream(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 1'100);
  co_await AddMany(c, set, members);
  for (const uint64_t limit : {0, 1, 7, 1'000, 1'001, 1'100, 5'000}) {
    const auto pages = co_await sets.Pages(set, limit);
    CheckMemberPages(c, pages);
    const Members found = Sorted(Collected(pages));
    const size_t most = limit ? std::min<size_t>(limit, members.size()) : members.size();
    c.ExpectEq(found.size(), most);
    c.Expect(std::includes(members.begin(), members.end(), found.begin(), found.end()),
             "distinct members of the set are returned");
  }
}

// Reads in steps of seven, each with the cursor of the step before.
Task<void> CursorsResume(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 40);
  co_await sets.Add(set, members);
  Members found;
  std::string cursor;
  do {
    const auto pages = co_await sets.Pages(set, 7, cursor);
    const Members step = Collected(pages);
    c.ExpectLe(step.size(), size_t{7}, "members of a step");
    found.insert(found.end(), step.begin(), step.end());
    cursor = pages.empty() ? "" : pages.back().cursor();
  } while (!cursor.empty() && found.size() <= members.size() && c.ok());
  c.ExpectEq(Sorted(found), members);
}

Task<void> CursorsDoNotExpire(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 10);
  co_await sets.Add(set, members);
  const auto first = co_await sets.Pages(set, 4);
  if (first.empty() || first.back().cursor().empty()) co_return c.Fail("there is a cursor");
  const std::string cursor = first.back().cursor();
  Members seen = Collected(first);
  for (int use = 0; use < 2; ++use) {  // a use does not spend it
    const auto pages = co_await sets.Pages(set, 0, cursor);
    Members all = Collected(pages);
    all.insert(all.end(), seen.begin(), seen.end());
    c.ExpectEq(Sorted(all), members);
  }
  c.ExpectEq(co_await sets.Clear(set), uint64_t{10});
  const auto none = co_await sets.Pages(set, 0, cursor);
  c.Expect(none.empty(), "behind the cursor nothing is left");
}

Task<void> ForeignCursorsAreRefused(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const std::string other = set + "0";
  const Members members = NumberedMembers(0, 6);
  co_await sets.Add(set, members);
  co_await sets.Add(other, members);
  const std::string cursor = co_await CursorWithin(c, set);
  co_await c.Refused(&SetBasicStub::GetMembers, MembersOf(other, 0, cursor), Code::kInvalidArgument,
                     "cursor");
}

Task<void> DamagedCursorsAreRefused(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 6);
  co_await sets.Add(set, members);
  const std::string cursor = co_await CursorWithin(c, set);
  if (cursor.empty()) co_return;
  std::string turned = cursor;
  turned.back() = static_cast<char>(turned.back() ^ 1);
  for (const std::string& bad : {std::string("x"), std::string(5000, 'c'), turned,
                                 cursor.substr(0, cursor.size() - 1), cursor + "x"}) {
    co_await c.Refused(&SetBasicStub::GetMembers, MembersOf(set, 0, bad), Code::kInvalidArgument,
                       "cursor");
  }
}

// Both streams are open at once, and the first one is pulled on only at the end.
Task<void> StreamsWaitForTheirCallers(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members members = NumberedMembers(0, 2'500);
  co_await AddMany(c, set, members);
  LiveStream slow(c, &SetBasicStub::GetMembers, MembersOf(set));
  const GetMembersResponse first = co_await slow.Next(c);
  Members found(first.members().begin(), first.members().end());
  c.ExpectEq(co_await sets.All(set), members);
  while (const GetMembersResponse* page = co_await slow.Pull()) {
    found.insert(found.end(), page->members().begin(), page->members().end());
  }
  c.Expect(slow.status().ok(), "the slow stream ends well");
  c.ExpectEq(Sorted(found), members);
}

}  // namespace prism::conformance::sets::basic
