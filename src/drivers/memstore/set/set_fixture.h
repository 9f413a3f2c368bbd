#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "drivers/memstore/calls_fixture.h"
#include "drivers/memstore/set/calls.h"
#include "prism/interfaces/set_basic.pb.h"
#include "prism/interfaces/set_cardinality.pb.h"

namespace prism::memstore {

// The basic calls in short, for the tests of all set interfaces.
class SetFixture : public CallsFixture<SetCalls> {
 protected:
  using Strings = std::vector<std::string>;

  uint64_t Add(const std::string& set, const Strings& members) {
    return Ok(&SetCalls::Add, WithMembers<set::v1::AddRequest>(set, members)).added();
  }
  uint64_t Remove(const std::string& set, const Strings& members) {
    return Ok(&SetCalls::Remove, WithMembers<set::v1::RemoveRequest>(set, members)).removed();
  }
  uint64_t Size(const std::string& set) {
    set::v1::SizeRequest request;
    request.set_set(set);
    return Ok(&SetCalls::Size, request).size();
  }
  std::vector<set::v1::GetMembersResponse> Pages(const std::string& set, uint64_t limit = 0,
                                                 const std::string& cursor = "",
                                                 Code code = Code::kOk) {
    set::v1::GetMembersRequest request;
    request.set_set(set);
    request.set_limit(limit);
    request.set_cursor(cursor);
    return Drain(backend_.GetMembers(context_, request), code);
  }
  // All members, sorted.
  Strings All(const std::string& set) { return Sorted(Pages(set)); }

  template <class Request>
  static Request WithMembers(const std::string& set, const Strings& members) {
    Request request;
    request.set_set(set);
    for (const std::string& member : members) request.add_members(member);
    return request;
  }
  template <class Page>
  static Strings Sorted(const std::vector<Page>& pages) {
    Strings members;
    for (const Page& page : pages) {
      members.insert(members.end(), page.members().begin(), page.members().end());
    }
    std::sort(members.begin(), members.end());
    return members;
  }
  static Strings Numbers(int from, int to) {
    Strings numbers;
    for (int i = from; i < to; ++i) numbers.push_back(std::to_string(i));
    return numbers;
  }
  // More than one call takes.
  void AddNumbers(const std::string& set, int from, int to) {
    for (int i = from; i < to; i += 1000) Add(set, Numbers(i, std::min(i + 1000, to)));
  }
};

}  // namespace prism::memstore
