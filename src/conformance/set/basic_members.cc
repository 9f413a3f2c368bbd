#include "conformance/set/basic_cases.h"
#include "conformance/set/client.h"
#include "interfaces/keyvalue_basic.prism.h"
#include "prism/interfaces/keyvalue_basic.pb.h"

namespace prism::conformance::sets::basic {
namespace {

using Flags = std::vector<bool>;

// Refused by all three calls that take members.
Task<void> RefusedMembers(CaseContext& c, std::string set, Members members, std::string_view part,
                          Where where = Where::current()) {
  co_await c.Refused(&SetBasicStub::Add, WithMembers<AddRequest>(set, members),
                     Code::kInvalidArgument, part, where);
  co_await c.Refused(&SetBasicStub::Remove, WithMembers<RemoveRequest>(set, members),
                     Code::kInvalidArgument, part, where);
  co_await c.Refused(&SetBasicStub::Contains, WithMembers<ContainsRequest>(set, members),
                     Code::kInvalidArgument, part, where);
}

}  // namespace

Task<void> MembersComeBack(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members fruits = {"fig", "apple", "pear", "apple"};
  const Members distinct = {"apple", "fig", "pear"};
  co_await sets.Add(set, fruits);
  c.ExpectEq(co_await sets.All(set), distinct);
}

Task<void> MembersAreAnyBytes(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members members = {"",
                           std::string(1, '\0'),
                           std::string("a\0b", 3),
                           "\xff\xfe",
                           "a",
                           "A",
                           "a ",
                           " a",
                           "1",
                           "01",
                           "\n",
                           "\xc3\xa9",
                           "e\xcc\x81"};
  c.ExpectEq(co_await sets.Add(set, members), members.size());
  c.ExpectEq(co_await sets.All(set), Sorted(members));
  const Members near = {std::string(2, '\0'), std::string("a\0", 2), "\xff", "1.0", "\xc3", "aa"};
  c.ExpectEq(co_await sets.Contains(set, near), Flags(near.size(), false));
  const Members empty = {""};
  c.ExpectEq(co_await sets.Remove(set, empty), uint64_t{1});
  c.ExpectEq(co_await sets.Contains(set, empty), Flags(1, false));
}

Task<void> LongMembers(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members longest = LargeMembers(2);
  c.ExpectEq(co_await sets.Add(set, longest), uint64_t{2});
  const Members found = co_await sets.All(set);
  c.Expect(found == longest, "the long members come back whole");
  c.ExpectEq(co_await sets.Contains(set, longest), Flags(2, true));
  const Members too_long = {"short", std::string(kMaxSetMemberBytes + 1, 'x')};
  co_await RefusedMembers(c, set, too_long, "member");
}

Task<void> AddCountsWhatIsNew(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members first = {"a", "b", "a", "a"};
  c.ExpectEq(co_await sets.Add(set, first), uint64_t{2});
  c.ExpectEq(co_await sets.Add(set, first), uint64_t{0});
  const Members more = {"c", "b", "d", "c"};
  c.ExpectEq(co_await sets.Add(set, more), uint64_t{2});
  const Members all = {"a", "b", "c", "d"};
  c.ExpectEq(co_await sets.All(set), all);
}

Task<void> RemoveCountsWhatWasThere(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members all = {"a", "b", "c", "d"};
  const Members some = {"b", "none", "d", "b"};
  const Members rest = {"a", "c"};
  co_await sets.Add(set, all);
  c.ExpectEq(co_await sets.Remove(set, some), uint64_t{2});
  c.ExpectEq(co_await sets.Remove(set, some), uint64_t{0});
  c.ExpectEq(co_await sets.All(set), rest);
}

Task<void> CallsTakeAThousandMembers(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members most = NumberedMembers(0, kMaxSetMembersPerCall);
  c.ExpectEq(co_await sets.Add(set, most), most.size());
  c.ExpectEq(co_await sets.Contains(set, most), Flags(most.size(), true));
  c.ExpectEq(co_await sets.Remove(set, most), most.size());
  const Members none;
  co_await RefusedMembers(c, set, none, "members");
  const Members too_many = NumberedMembers(0, kMaxSetMembersPerCall + 1);
  co_await RefusedMembers(c, set, too_many, "members");
}

Task<void> ContainsAnswersInOrder(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members members = {"a", "b"};
  const Members asked = {"z", "b", "y", "a", "b", "x"};
  const Flags answer = {false, true, false, true, true, false};
  co_await sets.Add(set, members);
  c.ExpectEq(co_await sets.Contains(set, asked), answer);
}

Task<void> AbsentSetHasNoMembers(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members some = {"a", ""};
  const auto pages = co_await sets.Pages(set);
  c.Expect(pages.empty(), "there is no page");
  c.ExpectEq(co_await sets.Contains(set, some), Flags(2, false));
  c.ExpectEq(co_await sets.Remove(set, some), uint64_t{0});
  c.ExpectEq(co_await sets.Clear(set), uint64_t{0});
}

Task<void> SetIsGoneWithItsLastMember(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members both = {"a", "b"};
  for (int round = 0; round < 2; ++round) {
    c.ExpectEq(co_await sets.Add(set, both), uint64_t{2});
    c.ExpectEq(co_await sets.Remove(set, both), uint64_t{2});
    const auto pages = co_await sets.Pages(set);
    c.Expect(pages.empty(), "the set is no page");
    c.ExpectEq(co_await sets.Clear(set), uint64_t{0});
  }
}

Task<void> ClearRemovesAll(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const std::string beside = set + "-beside";
  const Members one = {"stays"};
  co_await sets.Add(beside, one);
  co_await AddMany(c, set, NumberedMembers(0, 2'500));
  c.ExpectEq(co_await sets.Clear(set), uint64_t{2'500});
  c.ExpectEq(co_await sets.Clear(set), uint64_t{0});
  const auto pages = co_await sets.Pages(set);
  c.Expect(pages.empty(), "the set is absent");
  c.ExpectEq(co_await sets.All(beside), one);
}

Task<void> LongNamesAreTaken(CaseContext& c) {
  SetClient sets(c);
  std::string longest = c.Unique("set");
  longest.resize(kMaxSetNameBytes, 'n');
  std::string other = longest;
  other.back() = 'o';
  const std::string unusual = c.Unique("set") + "/\xc3\xa9 \xf0\x9f\x94\x91\n*:{}";
  for (const std::string& name : {longest, other, unusual}) {
    const Members own = {"member of the set that ends with " + name.substr(name.size() - 1)};
    c.ExpectEq(co_await sets.Add(name, own), uint64_t{1});
    c.ExpectEq(co_await sets.All(name), own);
  }
}

Task<void> BadNamesAreRefused(CaseContext& c) {
  const Members one = {"a"};
  for (const std::string& name : BadSetNames()) {
    co_await RefusedMembers(c, name, one, "set");
    co_await c.Refused(&SetBasicStub::GetMembers, MembersOf(name), Code::kInvalidArgument, "set");
    ClearRequest clear;
    clear.set_set(name);
    co_await c.Refused(&SetBasicStub::Clear, clear, Code::kInvalidArgument, "set");
  }
  for (const MethodInfo& method : c.interface().methods) {  // a name that is no UTF-8
    const RawAnswer answer = co_await c.CallRaw(method, "\x0a\x02\xc3\x28\x12\x01x");
    c.ExpectEq(answer.status.code(), Code::kInvalidArgument);
  }
}

Task<void> RefusedCallsChangeNothing(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  const Members there = {"a", "b"};
  co_await sets.Add(set, there);
  const Members mixed = {"a", "new", std::string(kMaxSetMemberBytes + 1, 'x')};
  co_await RefusedMembers(c, set, mixed, "member");
  c.ExpectEq(co_await sets.All(set), there);
}

// Each call goes over another connection than the one before.
Task<void> ReadsSeeAnsweredWrites(CaseContext& c) {
  SetClient sets(c);
  const std::string set = c.Unique("set");
  for (int i = 0; i < 40 && c.ok(); ++i) {
    const Members one = {"member " + std::to_string(i)};
    c.ExpectEq(co_await sets.Add(set, one), uint64_t{1});
    c.ExpectEq(co_await sets.Contains(set, one), Flags(1, true));
    c.ExpectEq(co_await sets.All(set), one);
    c.ExpectEq(co_await sets.Remove(set, one), uint64_t{1});
    c.ExpectEq(co_await sets.Contains(set, one), Flags(1, false));
  }
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  SetClient here(c);
  SetClient there(c.other());
  const std::string set = c.Unique("set");
  const Members ours = {"both", "here"};
  const Members theirs = {"both", "there"};
  c.ExpectEq(co_await here.Add(set, ours), uint64_t{2});
  c.ExpectEq(co_await there.Add(set, theirs), uint64_t{2});
  c.ExpectEq(co_await here.All(set), ours);
  c.ExpectEq(co_await there.Clear(set), uint64_t{2});
  c.ExpectEq(co_await here.All(set), ours);
}

Task<void> OtherModelsNeverMeet(CaseContext& c) {
  SetClient sets(c);
  const std::string name = c.Unique("set");
  keyvalue::v1::SetRequest write;
  write.set_key(name);
  write.set_value("value");
  (void)co_await c.Call(&KeyValueBasicStub::Set, write);
  const Members one = {"a"};
  c.ExpectEq(co_await sets.Add(name, one), uint64_t{1});
  c.ExpectEq(co_await sets.All(name), one);
  c.ExpectEq(co_await sets.Clear(name), uint64_t{1});
  keyvalue::v1::DeleteRequest remove;
  remove.set_key(name);
  const auto removed = co_await c.Call(&KeyValueBasicStub::Delete, remove);
  c.Expect(removed.found(), "the key of the same name is still there");
}

}  // namespace prism::conformance::sets::basic
