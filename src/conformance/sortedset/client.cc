#include "conformance/sortedset/client.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>

namespace prism::conformance::sorted {

Members Words(std::string_view text) {
  std::istringstream stream{std::string(text)};
  Members words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

Entries Parsed(std::string_view text) {
  Entries entries;
  for (const std::string& word : Words(text)) {
    const size_t sign = word.find('=');
    entries.emplace_back(word.substr(0, sign), std::strtod(word.c_str() + sign + 1, nullptr));
  }
  return entries;
}

Entries Numbered(int n) {
  Entries entries;
  for (int i = 0; i < n; ++i) entries.emplace_back(std::to_string(1'000'000 + i), i);
  return entries;
}

Members MembersOf(const Entries& entries) {
  Members members;
  for (const auto& [member, score] : entries) members.push_back(member);
  return members;
}

size_t BytesOf(const Entries& entries) {
  size_t bytes = 0;
  for (const auto& [member, score] : entries) bytes += member.size();
  return bytes;
}

AddRequest AddOf(std::string set, const Entries& entries, AddMode mode) {
  AddRequest request;
  request.set_set(std::move(set));
  request.set_mode(mode);
  for (const auto& [member, score] : entries) {
    Entry& entry = *request.add_entries();
    entry.set_member(member);
    entry.set_score(score);
  }
  return request;
}

RemoveRequest RemoveOf(std::string set, const Members& members) {
  RemoveRequest request;
  request.set_set(std::move(set));
  for (const std::string& member : members) request.add_members(member);
  return request;
}

IncrementRequest IncrementOf(std::string set, std::string member, double delta) {
  IncrementRequest request = Of<IncrementRequest>(std::move(set), std::move(member));
  request.set_delta(delta);
  return request;
}

std::vector<std::string> BadNames() { return {"", std::string(kMaxNameBytes + 1, 's')}; }

Task<void> NamesThatAreNoTextAreRefused(CaseContext& c) {
  for (const MethodInfo& method : c.interface().methods) {
    const RawAnswer answer = co_await c.CallRaw(method, "\x0a\x02\xc3\x28");
    c.ExpectEq(answer.status.code(), Code::kInvalidArgument);
  }
}

Task<AddResponse> SortedSet::Add(Entries entries, AddMode mode, Where where) {
  return caller_.Call(&SortedSetBasicStub::Add, AddOf(name_, entries, mode), where);
}

Task<void> SortedSet::Fill(Entries entries, Where where) {
  for (size_t from = 0; from < entries.size(); from += kMaxEntries) {
    const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(from);
    const size_t n = std::min<size_t>(kMaxEntries, entries.size() - from);
    Entries part(begin, begin + static_cast<std::ptrdiff_t>(n));
    const AddResponse counts = co_await Add(std::move(part), ALWAYS, where);
    if (counts.added() != n) {
      caller_.Fail("of " + Show(n) + " new members " + Show(counts.added()) + " were added", where);
    }
  }
}

Task<uint64_t> SortedSet::Remove(Members members, Where where) {
  const RemoveResponse answer =
      co_await caller_.Call(&SortedSetBasicStub::Remove, RemoveOf(name_, members), where);
  co_return answer.removed();
}

Task<std::optional<double>> SortedSet::Score(std::string member, Where where) {
  const GetScoreResponse answer = co_await caller_.Call(
      &SortedSetBasicStub::GetScore, Of<GetScoreRequest>(name_, std::move(member)), where);
  std::optional<double> score;
  if (answer.found()) score = answer.score();
  if (!answer.found() && answer.score() != 0) {
    caller_.Fail("the member is not found but has the score " + Show(answer.score()), where);
  }
  co_return score;
}

Task<double> SortedSet::Increment(std::string member, double delta, Where where) {
  const IncrementResponse answer = co_await caller_.Call(
      &SortedSetBasicStub::Increment, IncrementOf(name_, std::move(member), delta), where);
  co_return answer.score();
}

Task<uint64_t> SortedSet::Size(Where where) {
  const SizeResponse answer =
      co_await caller_.Call(&SortedSetBasicStub::Size, Of<SizeRequest>(name_), where);
  co_return answer.size();
}

Task<uint64_t> SortedSet::Clear(Where where) {
  const ClearResponse answer =
      co_await caller_.Call(&SortedSetBasicStub::Clear, Of<ClearRequest>(name_), where);
  co_return answer.removed();
}

Task<Entries> SortedSet::All(Where where) {
  Entries all;
  for (bool more = true; more;) {
    GetRangeByIndexRequest request = Of<GetRangeByIndexRequest>(name_);
    request.set_start(static_cast<int64_t>(all.size()));
    const GetRangeResponse part =
        co_await caller_.Call(&SortedSetRangeStub::GetRangeByIndex, request, where);
    for (auto& entry : EntriesOf(part)) all.push_back(std::move(entry));
    more = part.more() && !part.entries().empty();
  }
  co_return all;
}

// Whether it succeeds is no promise of the contract that is under test.
Task<void> ClearNoted(CaseContext& c) {
  if (!c.claims(SortedSetBasic::Info())) co_return;
  const std::set<Noted> sets(c.noted().begin(), c.noted().end());
  for (const Noted& noted : sets) {
    Caller caller = c.In(noted.name_space);
    (void)co_await caller.Try(&SortedSetBasicStub::Clear, Of<ClearRequest>(noted.name));
  }
}

}  // namespace prism::conformance::sorted
