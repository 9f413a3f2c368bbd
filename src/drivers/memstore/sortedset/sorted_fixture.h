#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "drivers/memstore/calls_fixture.h"
#include "drivers/memstore/sortedset/calls.h"
#include "prism/interfaces/sortedset_basic.pb.h"
#include "prism/interfaces/sortedset_range.pb.h"

namespace prism::memstore {

// The basic calls in short, for the tests of all sortedset interfaces.
class SortedFixture : public CallsFixture<SortedSetCalls> {
 protected:
  using Entries = std::vector<std::pair<std::string, double>>;
  using Strings = std::vector<std::string>;

  static sortedset::v1::AddRequest AddOf(const std::string& set, const Entries& entries,
                                         sortedset::v1::AddMode mode = sortedset::v1::ALWAYS) {
    sortedset::v1::AddRequest request;
    request.set_set(set);
    request.set_mode(mode);
    for (const auto& [member, score] : entries) {
      sortedset::v1::Entry& entry = *request.add_entries();
      entry.set_member(member);
      entry.set_score(score);
    }
    return request;
  }
  // {added, updated}
  std::pair<int, int> Add(const std::string& set, const Entries& entries,
                          sortedset::v1::AddMode mode = sortedset::v1::ALWAYS) {
    const auto response = Ok(&SortedSetCalls::Add, AddOf(set, entries, mode));
    return {static_cast<int>(response.added()), static_cast<int>(response.updated())};
  }
  uint64_t Size(const std::string& set) {
    sortedset::v1::SizeRequest request;
    request.set_set(set);
    return Ok(&SortedSetCalls::Size, request).size();
  }
  template <class Response>
  static Entries EntriesOf(const Response& response) {
    Entries entries;
    for (const auto& entry : response.entries()) {
      entries.emplace_back(entry.member(), entry.score());
    }
    return entries;
  }
  // The first thousand.
  Entries All(const std::string& set) {
    sortedset::v1::GetRangeByIndexRequest request;
    request.set_set(set);
    return EntriesOf(Ok(&SortedSetCalls::GetRangeByIndex, request));
  }
  static Strings MembersOf(const Entries& entries) {
    Strings members;
    for (const auto& [member, score] : entries) members.push_back(member);
    return members;
  }
  // Members "1000000" and so on with their number as score.
  void AddNumbers(const std::string& set, int count) {
    for (int from = 0; from < count; from += 1000) {
      Entries entries;
      for (int i = from; i < std::min(count, from + 1000); ++i) {
        entries.emplace_back(std::to_string(1'000'000 + i), i);
      }
      Add(set, entries);
    }
  }
};

}  // namespace prism::memstore
