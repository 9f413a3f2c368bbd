#include "conformance/set/client.h"

#include <algorithm>
#include <set>

namespace prism::conformance::sets {
namespace {

constexpr int kLanes = 16;

}  // namespace

std::vector<std::string> BadSetNames() {
  return {"", std::string(kMaxSetNameBytes + 1, 'n'), std::string(3 * kMaxSetNameBytes, 'n')};
}

Members NumberedMembers(int from, int to) {
  Members members;
  for (int i = from; i < to; ++i) {
    const std::string digits = std::to_string(i);
    members.push_back("m" + std::string(6 - digits.size(), '0') + digits);
  }
  return members;
}

Members LargeMembers(int count) {
  Members members = NumberedMembers(0, count);
  for (std::string& member : members) member.resize(kMaxSetMemberBytes, 'x');
  return members;
}

Members Sorted(Members members) {
  std::sort(members.begin(), members.end());
  return members;
}

GetMembersRequest MembersOf(std::string set, uint64_t limit, std::string cursor) {
  GetMembersRequest request;
  request.set_set(std::move(set));
  request.set_limit(limit);
  request.set_cursor(std::move(cursor));
  return request;
}

Task<uint64_t> SetClient::Add(std::string set, Members members, Where where) {
  caller_.Note(set);
  const auto response = co_await caller_.Call(
      &SetBasicStub::Add, WithMembers<AddRequest>(std::move(set), members), where);
  co_return response.added();
}

Task<uint64_t> SetClient::Remove(std::string set, Members members, Where where) {
  const auto response = co_await caller_.Call(
      &SetBasicStub::Remove, WithMembers<RemoveRequest>(std::move(set), members), where);
  co_return response.removed();
}

Task<std::vector<bool>> SetClient::Contains(std::string set, Members members, Where where) {
  const auto response = co_await caller_.Call(
      &SetBasicStub::Contains, WithMembers<ContainsRequest>(std::move(set), members), where);
  co_return std::vector<bool>(response.contained().begin(), response.contained().end());
}

Task<std::vector<GetMembersResponse>> SetClient::Pages(std::string set, uint64_t limit,
                                                       std::string cursor, Where where) {
  return caller_.CallAll(&SetBasicStub::GetMembers,
                         MembersOf(std::move(set), limit, std::move(cursor)), where);
}

Task<Members> SetClient::All(std::string set, Where where) {
  const auto pages = co_await Pages(std::move(set), 0, "", where);
  co_return Sorted(Collected(pages));
}

Task<uint64_t> SetClient::Clear(std::string set, Where where) {
  ClearRequest request;
  request.set_set(std::move(set));
  const auto response = co_await caller_.Call(&SetBasicStub::Clear, std::move(request), where);
  co_return response.removed();
}

Task<void> AddMany(CaseContext& c, std::string set, Members members, Where where) {
  size_t next = 0;
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    SetClient sets(c);
    while (next < members.size()) {
      const size_t end = std::min(members.size(), next + kMaxSetMembersPerCall);
      Members some(members.begin() + static_cast<ptrdiff_t>(next),
                   members.begin() + static_cast<ptrdiff_t>(end));
      next = end;
      co_await sets.Add(set, std::move(some), where);
    }
  });
}

// Whether it succeeds is no promise of the contract that is under test.
Task<void> ClearNotedSets(CaseContext& c) {
  if (!c.claims(SetBasic::Info())) co_return;
  const std::set<Noted> sets(c.noted().begin(), c.noted().end());
  auto next = sets.begin();
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    while (next != sets.end()) {
      const Noted& noted = *next++;
      Caller caller = c.In(noted.name_space);
      ClearRequest request;
      request.set_set(noted.name);
      (void)co_await caller.Try(&SetBasicStub::Clear, std::move(request));
    }
  });
}

}  // namespace prism::conformance::sets
