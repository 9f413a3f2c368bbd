#pragma once

#include <string>
#include <vector>

#include "conformance/case_context.h"
#include "interfaces/set_basic.prism.h"
#include "prism/interfaces/set_basic.pb.h"

namespace prism::conformance::sets {

using set::v1::AddRequest;
using set::v1::ClearRequest;
using set::v1::ContainsRequest;
using set::v1::GetMembersRequest;
using set::v1::GetMembersResponse;
using set::v1::RemoveRequest;

inline constexpr size_t kMaxSetNameBytes = 4096;
inline constexpr size_t kMaxSetMemberBytes = 65'536;
inline constexpr int kMaxSetMembersPerCall = 1000;
inline constexpr int kMaxSetPageMembers = 1000;
inline constexpr size_t kMaxSetPageBytes = size_t{1} << 20;

using Members = std::vector<std::string>;

// Names that no set interface takes: none at all, and too long ones.
std::vector<std::string> BadSetNames();
// "m000007" and so on, from `from` to before `to`: in ascending order.
Members NumberedMembers(int from, int to);
// `count` members as long as can be, in ascending order.
Members LargeMembers(int count);
Members Sorted(Members members);

// A request that names a set and some members of it.
template <class Request>
Request WithMembers(std::string set, const Members& members) {
  Request request;
  request.set_set(std::move(set));
  for (const std::string& member : members) request.add_members(member);
  return request;
}
GetMembersRequest MembersOf(std::string set, uint64_t limit = 0, std::string cursor = "");

// All members of the pages, as they came.
template <class Page>
Members Collected(const std::vector<Page>& pages) {
  Members all;
  for (const Page& page : pages) {
    all.insert(all.end(), page.members().begin(), page.members().end());
  }
  return all;
}

// What holds of the pages of every stream of members.
template <class Page>
void CheckMemberPages(CaseContext& c, const std::vector<Page>& pages,
                      Where where = Where::current()) {
  for (const Page& page : pages) {
    c.Expect(page.members_size() > 0, "no page is empty", where);
    c.ExpectLe(page.members_size(), kMaxSetPageMembers, "members of a page", where);
    size_t bytes = 0;
    for (const std::string& member : page.members()) bytes += member.size();
    c.ExpectLe(bytes, kMaxSetPageBytes, "bytes of a page", where);
  }
}

// set_basic as plain functions: all must succeed. Sets that are written are cleared after the case.
class SetClient {
 public:
  explicit SetClient(Caller& caller) : caller_(caller) {}

  Task<uint64_t> Add(std::string set, Members members, Where where = Where::current());
  Task<uint64_t> Remove(std::string set, Members members, Where where = Where::current());
  Task<std::vector<bool>> Contains(std::string set, Members members,
                                   Where where = Where::current());
  Task<std::vector<GetMembersResponse>> Pages(std::string set, uint64_t limit = 0,
                                              std::string cursor = "",
                                              Where where = Where::current());
  // Those of all pages, sorted.
  Task<Members> All(std::string set, Where where = Where::current());
  Task<uint64_t> Clear(std::string set, Where where = Where::current());

 private:
  Caller& caller_;
};

// Adds more members than one call takes, several calls at a time.
Task<void> AddMany(CaseContext& c, std::string set, Members members,
                   Where where = Where::current());

// Clears all sets that were noted, when the namespace has set_basic.
Task<void> ClearNotedSets(CaseContext& c);

}  // namespace prism::conformance::sets
