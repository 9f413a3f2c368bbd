#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/case_context.h"
#include "interfaces/sortedset_basic.prism.h"
#include "interfaces/sortedset_range.prism.h"
#include "prism/interfaces/sortedset_basic.pb.h"
#include "prism/interfaces/sortedset_range.pb.h"

namespace prism::conformance::sorted {

using namespace sortedset::v1;  // NOLINT: only the model's suites include this

inline constexpr size_t kMaxNameBytes = 4096;
inline constexpr size_t kMaxMemberBytes = 65'536;
inline constexpr int kMaxEntries = 1000;            // of a call and of an answer
inline constexpr size_t kMaxAnswerBytes = 1 << 20;  // of members
inline constexpr const InterfaceInfo* kRange = &SortedSetRange::Info();

using Entries = std::vector<std::pair<std::string, double>>;
using Members = std::vector<std::string>;

// Entries as text: "a=1 b=-inf".
Entries Parsed(std::string_view text);
// Members as text: "a b c".
Members Words(std::string_view text);
// Members "1000000" and up, each with its index as its score: `n` of them in order.
Entries Numbered(int n);
Members MembersOf(const Entries& entries);
template <class Response>
Entries EntriesOf(const Response& response) {
  Entries entries;
  for (const Entry& entry : response.entries()) entries.emplace_back(entry.member(), entry.score());
  return entries;
}
size_t BytesOf(const Entries& entries);

// A request about one sorted set.
template <class Request>
Request Of(std::string set) {
  Request request;
  request.set_set(std::move(set));
  return request;
}
template <class Request>
Request Of(std::string set, std::string member) {
  Request request;
  request.set_set(std::move(set));
  request.set_member(std::move(member));
  return request;
}
AddRequest AddOf(std::string set, const Entries& entries, AddMode mode = ALWAYS);
RemoveRequest RemoveOf(std::string set, const Members& members);
IncrementRequest IncrementOf(std::string set, std::string member, double delta);

// Names that no sortedset interface takes.
std::vector<std::string> BadNames();
// Each method must refuse requests whose field 1, a name, is no UTF-8.
Task<void> NamesThatAreNoTextAreRefused(CaseContext& c);

// One sorted set, by plain functions that must succeed. It is removed after the case.
class SortedSet {
 public:
  SortedSet(Caller& caller, std::string name) : caller_(caller), name_(std::move(name)) {
    caller_.Note(name_);
  }
  explicit SortedSet(CaseContext& c) : SortedSet(c, c.Unique("sorted")) {}

  const std::string& name() const { return name_; }

  Task<AddResponse> Add(Entries entries, AddMode mode = ALWAYS, Where where = Where::current());
  Task<AddResponse> Add(std::string_view entries, AddMode mode = ALWAYS,
                        Where where = Where::current()) {
    return Add(Parsed(entries), mode, where);
  }
  // Any number of new members, a thousand at a time; all must be added.
  Task<void> Fill(Entries entries, Where where = Where::current());
  Task<uint64_t> Remove(Members members, Where where = Where::current());
  Task<uint64_t> Remove(std::string_view members, Where where = Where::current()) {
    return Remove(Words(members), where);
  }
  Task<std::optional<double>> Score(std::string member, Where where = Where::current());
  Task<double> Increment(std::string member, double delta, Where where = Where::current());
  Task<uint64_t> Size(Where where = Where::current());
  Task<uint64_t> Clear(Where where = Where::current());

  // All of it in order, by sortedset_range, part by part.
  Task<Entries> All(Where where = Where::current());

 private:
  Caller& caller_;
  const std::string name_;
};

// Removes all sorted sets that were noted, when the namespace has sortedset_basic.
Task<void> ClearNoted(CaseContext& c);

}  // namespace prism::conformance::sorted
