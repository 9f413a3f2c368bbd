#include <memory>

#include "conformance/stream/groups_cases.h"
#include "conformance/stream/groups_client.h"

namespace prism::conformance::streams {

using stream::v1::NEXT;
using stream::v1::OFFSET;
using stream::v1::OLDEST;

Task<void> GroupsBeginWhereTold(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const Texts all = Numbers(5);
  const Texts offsets = co_await streams.AppendAll(name, all);
  Group oldest(c, name, "oldest");
  Group next(c, name, "next");
  Group middle(c, name, "middle");
  c.Expect(co_await oldest.Create(OLDEST), "the group was made");
  c.Expect(co_await next.Create(NEXT), "the group was made");
  c.Expect(co_await middle.CreateAt(offsets[2]), "the group was made");
  c.ExpectEq(co_await oldest.Lag(), 5u);
  c.ExpectEq(co_await next.Lag(), 0u);
  c.ExpectEq(co_await middle.Lag(), 3u);
  co_await streams.Append(name, "last");
  Member reads_oldest(c, oldest, "member");
  Member reads_next(c, next, "member");
  Member reads_middle(c, middle, "member");
  c.ExpectEq(PayloadsOf(co_await reads_oldest.Take(5)), all);
  c.ExpectEq(PayloadsOf(co_await reads_next.Take(1)), Texts(1, "last"));
  const Texts rest(all.begin() + 2, all.end());
  c.ExpectEq(PayloadsOf(co_await reads_middle.Take(3)), rest);
}

Task<void> ExistingGroupStays(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const Texts offsets = co_await streams.AppendAll(name, Numbers(4));
  Group group(c, name);
  int made = 0;
  co_await c.Concurrently(6, [&](int) -> Task<void> {
    const bool created = co_await group.Create(OLDEST);
    if (created) ++made;
  });
  c.ExpectEq(made, 1);
  c.Expect(!co_await group.Create(NEXT), "the group exists");
  c.Expect(!co_await group.CreateAt(offsets[3]), "the group exists");
  c.ExpectEq(co_await group.Lag(), 4u);
}

Task<void> DeletingForgets(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(3));
  Group group(c, name);
  co_await group.Create();
  Member member(c, group, "member", 2);
  const Deliveries taken = co_await member.Take(2);
  co_await c.Concurrently(2, [&](int client) -> Task<void> {
    if (client == 0) {
      const Status end = co_await member.End();
      c.ExpectEq(end.code(), Code::kAborted);
    } else {
      const bool found = co_await group.Delete();
      c.Expect(found, "the group was there");
    }
  });
  c.Expect(!co_await group.Delete(), "the group is gone");
  c.ExpectEq((co_await group.Info()).found(), false);
  c.ExpectEq(co_await group.Ack(taken), 0u);
  c.Expect(co_await group.Create(), "it can be made anew");
  c.ExpectEq(co_await group.Lag(), 3u);
  c.ExpectEq((co_await group.Info()).pending(), 0u);
}

Task<void> GroupsAreIndependent(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const std::string other_name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(4));
  co_await streams.Append(other_name, "elsewhere");
  Group one(c, name, "one");
  Group two(c, name, "two");
  Group namesake(c, other_name, "one");
  co_await one.Create();
  co_await two.Create();
  co_await namesake.Create();
  Member of_one(c, one, "member");
  const Deliveries taken = co_await of_one.Take(4);
  c.ExpectEq(co_await two.Ack(taken), 0u);
  c.ExpectEq(co_await one.Ack(taken), 4u);
  Member of_two(c, two, "member");
  c.ExpectEq(PayloadsOf(co_await of_two.Take(4)), Numbers(4));
  Member elsewhere(c, namesake, "member");
  c.ExpectEq(PayloadsOf(co_await elsewhere.Take(1)), Texts(1, "elsewhere"));
}

Task<void> InfoTellsHowFar(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const Texts offsets = co_await streams.AppendAll(name, Numbers(6));
  Group group(c, name);
  co_await group.Create();
  const GetConsumerGroupInfoResponse before = co_await group.Info();
  c.Expect(before.found() && before.members_size() == 0, "the group has no members");
  c.ExpectEq(before.positions_size(), 1);
  if (before.positions_size() == 1) {
    c.ExpectEq(before.positions(0).last_delivered_offset(), "");
    c.ExpectEq(before.positions(0).lag(), 6u);
  }
  Member zoe(c, group, "zoe", 3);
  const Deliveries taken = co_await zoe.Take(3);
  Member anna(c, group, "anna", 1);
  (void)co_await anna.Take(1);
  co_await group.Ack(taken);
  (void)co_await zoe.Take(2);
  const GetConsumerGroupInfoResponse info = co_await group.Info();
  c.ExpectEq(info.pending(), 3u);
  c.ExpectEq(info.lag(), 0u);
  c.ExpectEq(info.members_size(), 2);
  c.ExpectEq(info.positions_size(), 1);
  if (info.members_size() != 2 || info.positions_size() != 1) co_return;
  c.ExpectEq(info.members(0).name(), "anna");
  c.Expect(info.members(0).joined() && info.members(1).joined(), "both have joined");
  c.ExpectEq(info.members(1).pending(), 2u);
  c.ExpectEq(info.positions(0).last_delivered_offset(), offsets[5]);
}

Task<void> HundredGroups(CaseContext& c) {
  constexpr int kGroups = 100;
  constexpr int kTried = 160;
  const std::string name = c.Unique("stream");
  bool refused = false;
  for (int i = 0; i < kTried && !refused && c.ok(); ++i) {
    c.Note(name);
    Group group(c, name, "group" + std::to_string(i));
    const auto made = co_await c.Try(&StreamConsumerGroupsStub::CreateConsumerGroup,
                                     group.Of<CreateConsumerGroupRequest>());
    refused = !made.status.ok();
    if (refused) {
      c.ExpectLe(kGroups, i, "the least number of groups");
      c.CheckRefused(made.status, Code::kResourceExhausted, "group", Where::current());
    } else {
      c.Expect(made.value.created(), "the group was made");
    }
  }
  Group last(c, name, "group99");
  c.ExpectEq((co_await last.Info()).found(), true);
}

Task<void> HundredMembers(CaseContext& c) {
  constexpr size_t kMembers = 100;
  Streams streams(c);
  const std::string name = c.Unique("stream");
  Group group(c, name);
  co_await group.Create();
  std::vector<std::unique_ptr<Member>> members;
  for (size_t i = 0; i < kMembers && c.ok(); ++i) {
    members.push_back(std::make_unique<Member>(c, group, "member" + std::to_string(i), 1));
    co_await members.back()->Join();
  }
  co_await AppendMany(c, name, kMembers);
  // Nobody acks before each has one.
  Deliveries all;
  for (auto& member : members) {
    const Deliveries taken = co_await member->Take(1);
    all.insert(all.end(), taken.begin(), taken.end());
  }
  c.ExpectEq(co_await group.Ack(all), uint64_t{kMembers});
  c.ExpectEq((co_await group.Info()).members_size(), static_cast<int>(kMembers));
}

Task<void> AbsentGroups(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const Texts offsets = co_await streams.AppendAll(name, Numbers(1));
  for (const std::string& stream : {name, name + "-absent"}) {
    Group group(c, stream);
    co_await c.Refused(&StreamConsumerGroupsStub::JoinConsumerGroup, group.Joining("member"),
                       Code::kNotFound);
    c.ExpectEq((co_await group.Info()).found(), false);
    c.ExpectEq(co_await group.Ack(offsets), 0u);
    c.ExpectEq((co_await group.Claim("member")).size(), size_t{0});
    c.Expect(!co_await group.Delete(), "there is no such group");
  }
}

Task<void> GroupNamesAreBounded(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.Append(name, "one");
  const std::string longest(kMaxNameBytes, 'g');
  Group group(c, name, longest);
  c.Expect(co_await group.Create(), "the group was made");
  Member member(c, group, longest);
  c.ExpectEq(PayloadsOf(co_await member.Take(1)), Texts(1, "one"));
  for (const std::string& bad : BadNames()) {
    Group unnamed(c, name, bad);
    co_await c.Refused(&StreamConsumerGroupsStub::CreateConsumerGroup,
                       unnamed.Of<CreateConsumerGroupRequest>(), Code::kInvalidArgument, "group");
    co_await c.Refused(&StreamConsumerGroupsStub::DeleteConsumerGroup,
                       unnamed.Of<DeleteConsumerGroupRequest>(), Code::kInvalidArgument, "group");
    co_await c.Refused(&StreamConsumerGroupsStub::GetConsumerGroupInfo,
                       unnamed.Of<GetConsumerGroupInfoRequest>(), Code::kInvalidArgument, "group");
    co_await c.Refused(&StreamConsumerGroupsStub::JoinConsumerGroup, unnamed.Joining("member"),
                       Code::kInvalidArgument, "group");
    co_await c.Refused(&StreamConsumerGroupsStub::JoinConsumerGroup, group.Joining(bad),
                       Code::kInvalidArgument, "member");
    Group nowhere(c, bad);
    co_await c.Refused(&StreamConsumerGroupsStub::CreateConsumerGroup,
                       nowhere.Of<CreateConsumerGroupRequest>(), Code::kInvalidArgument, "stream");
  }
}

Task<void> BadGroupsAreRefused(CaseContext& c) {
  const std::string name = c.Unique("stream");
  Group group(c, name);
  auto create = group.Of<CreateConsumerGroupRequest>();
  for (const int64_t ack_wait_ms : {int64_t{-1}, int64_t{99}, kMaxIdleMs + 1}) {
    create.set_ack_wait_ms(ack_wait_ms);
    co_await c.Refused(&StreamConsumerGroupsStub::CreateConsumerGroup, create,
                       Code::kInvalidArgument, "ack_wait_ms");
  }
  create.set_ack_wait_ms(kMaxIdleMs);
  create.set_start(OFFSET);
  for (const char* bad : {"", "nonsense"}) {
    create.set_offset(bad);
    co_await c.Refused(&StreamConsumerGroupsStub::CreateConsumerGroup, create,
                       Code::kInvalidArgument, "offset");
  }
  create.set_start(stream::v1::NEXT);
  co_await c.Refused(&StreamConsumerGroupsStub::CreateConsumerGroup, create, Code::kInvalidArgument,
                     "offset");
  create.set_start(static_cast<stream::v1::GroupStart>(77));
  create.clear_offset();
  co_await c.Refused(&StreamConsumerGroupsStub::CreateConsumerGroup, create, Code::kInvalidArgument,
                     "start");
  c.ExpectEq((co_await group.Info()).found(), false);
  c.Expect(co_await group.Create(), "nothing was made before");
  co_await c.Refused(&StreamConsumerGroupsStub::JoinConsumerGroup, group.Joining("member", 1'001),
                     Code::kInvalidArgument, "max_pending");
}

Task<void> GroupsOfNamespacesNeverMeet(CaseContext& c) {
  Streams streams(c);
  Streams there(c.other());
  const std::string name = c.Unique("stream");
  Group here(c, name);
  Group away(c.other(), name);
  co_await here.Create();
  c.ExpectEq((co_await away.Info()).found(), false);
  co_await c.other().Refused(&StreamConsumerGroupsStub::JoinConsumerGroup, away.Joining("member"),
                             Code::kNotFound);
  c.Expect(co_await away.Create(), "the other namespace has no such group");
  co_await there.Append(name, "there");
  co_await streams.Append(name, "here");
  Member member(c, here, "member");
  const Deliveries taken = co_await member.Take(1);
  c.ExpectEq(PayloadsOf(taken), Texts(1, "here"));
  c.ExpectEq(co_await away.Ack(taken), 0u);
  c.Expect(co_await away.Delete(), "the other namespace had such a group");
  c.ExpectEq(co_await here.Ack(taken), 1u);
}

}  // namespace prism::conformance::streams
