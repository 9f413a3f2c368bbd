#include <algorithm>
#include <memory>
#include <set>

#include "conformance/stream/groups_cases.h"
#include "conformance/stream/groups_client.h"
#include "interfaces/stream_partitioning.prism.h"
#include "interfaces/stream_retention.prism.h"
#include "prism/interfaces/stream_partitioning.pb.h"
#include "prism/interfaces/stream_retention.pb.h"

namespace prism::conformance::streams {

using stream::v1::OLDEST;

Task<void> FirstPageComesAtOnce(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  Group group(c, name);
  co_await group.Create();
  Member member(c, group, "member");
  co_await member.Join();
  const GetConsumerGroupInfoResponse info = co_await group.Info();
  c.ExpectEq(info.members_size(), 1);
  if (info.members_size() == 1) c.Expect(info.members(0).joined(), "the member has joined");
  for (int i = 0; i < 20 && c.ok(); ++i) {
    const std::string payload = std::to_string(i);
    co_await streams.Append(name, payload);
    const Deliveries taken = co_await member.Take(1);
    c.ExpectEq(PayloadsOf(taken), Texts(1, payload));
    ExpectCounts(c, taken, 1);
    if (i % 2 == 0) c.ExpectEq(co_await group.Ack(taken), 1u);
  }
}

namespace {

// Members that take turns to receive until all is there.
struct Crowd {
  std::vector<std::unique_ptr<Member>> members;
  Texts came;
  size_t expected = 0;
  void Leave() {
    for (const auto& member : members) member->Leave();
  }
};

Task<void> Receive(CaseContext& c, Group& group, Crowd& crowd, Member& member) {
  while (crowd.came.size() < crowd.expected && c.ok()) {
    const Deliveries page = co_await member.TakePage();
    if (page.empty()) break;
    ExpectCounts(c, page, 1);
    const Texts payloads = PayloadsOf(page);
    crowd.came.insert(crowd.came.end(), payloads.begin(), payloads.end());
    c.ExpectEq(co_await group.Ack(page), page.size());
  }
  crowd.Leave();
}

}  // namespace

Task<void> EachRecordGoesToOneMember(CaseContext& c) {
  constexpr int kEach = 40;
  constexpr int kMembers = 4;
  const std::string name = c.Unique("stream");
  Group group(c, name);
  co_await group.Create();
  Crowd crowd;
  crowd.expected = kWriters * kEach;
  for (int i = 0; i < kMembers; ++i) {
    crowd.members.push_back(std::make_unique<Member>(c, group, "m" + std::to_string(i), 7));
    co_await crowd.members.back()->Join();
  }
  co_await c.Concurrently(kMembers + 1, [&](int client) -> Task<void> {
    if (client == kMembers) {
      co_await AppendAsWriters(c, name, kEach);
    } else {
      co_await Receive(c, group, crowd, *crowd.members[static_cast<size_t>(client)]);
    }
  });
  c.ExpectEq(crowd.came.size(), crowd.expected);
  c.ExpectEq(std::set<std::string>(crowd.came.begin(), crowd.came.end()).size(), crowd.expected);
  const GetConsumerGroupInfoResponse info = co_await group.Info();
  c.Expect(info.pending() == 0 && info.lag() == 0, "all was delivered and acked");
}

Task<void> MaxPendingHoldsBack(CaseContext& c) {
  constexpr size_t kMaxPending = 3;
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(20));
  Group group(c, name);
  co_await group.Create();
  Member member(c, group, "member", kMaxPending);
  Deliveries held = co_await member.Take(kMaxPending);
  Texts came = PayloadsOf(held);
  for (const size_t acks : {1, 2, 3, 1, 3, 2, 1, 3, 1}) {
    const GetConsumerGroupInfoResponse info = co_await group.Info();
    c.ExpectEq(info.pending(), uint64_t{kMaxPending});
    c.ExpectEq(info.lag(), 20 - came.size());
    const Deliveries acked(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(acks));
    held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(acks));
    c.ExpectEq(co_await group.Ack(acked), acks);
    for (const Delivery& next : co_await member.Take(acks)) {
      held.push_back(next);
      came.push_back(next.record().payload());
    }
    if (!c.ok()) co_return;
  }
  c.ExpectEq(came, Numbers(20));
}

// A deadline of a backend may be late, but not early.
Task<void> AckWaitFrees(CaseContext& c) {
  constexpr int64_t kAckWaitMs = 200;
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(2));
  Group group(c, name);
  co_await group.Create(OLDEST, kAckWaitMs);
  const TimePoint before = Clock::now();
  Member member(c, group, "member", 2);
  const Deliveries first = co_await member.Take(2);
  ExpectCounts(c, first, 1);
  const Deliveries acked(first.begin() + 1, first.end());
  c.ExpectEq(co_await group.Ack(acked), 1u);
  const Deliveries again = co_await member.Take(1);
  const auto waited = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - before);
  c.ExpectEq(OffsetsOf(again), Texts(1, first[0].record().offset()));
  ExpectCounts(c, again, 2);
  c.ExpectLe(kAckWaitMs - 10, int64_t{waited.count()}, "the time until it came again");
}

Task<void> LeavingFrees(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(4));
  Group group(c, name);
  co_await group.Create(OLDEST, kShortAckWaitMs);
  {
    Member leaver(c, group, "leaver", 2);
    c.ExpectEq(PayloadsOf(co_await leaver.Take(2)), Numbers(2));
  }
  co_await group.Gone(c, "leaver");
  Member heir(c, group, "heir", 2);
  const Deliveries inherited = co_await heir.Take(2);
  Texts payloads = PayloadsOf(inherited);
  std::sort(payloads.begin(), payloads.end());
  c.ExpectEq(payloads, Numbers(2));
  ExpectCounts(c, inherited, 2);
  c.ExpectEq(co_await group.Ack(inherited), 2u);
  const Deliveries fresh = co_await heir.Take(2);
  ExpectCounts(c, fresh, 1);
  c.ExpectEq(co_await group.Ack(fresh), 2u);
}

Task<void> SecondStreamReplaces(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(2));
  Group group(c, name);
  co_await group.Create(OLDEST, kShortAckWaitMs);
  Member first(c, group, "member");
  (void)co_await first.Take(2);
  Member second(c, group, "member");
  co_await c.Concurrently(2, [&](int client) -> Task<void> {
    if (client == 0) {
      const Status end = co_await first.End();
      c.ExpectEq(end.code(), Code::kAborted);
    } else {
      co_await second.Join();
    }
  });
  // What the first had is free.
  const Deliveries again = co_await second.Take(2);
  ExpectCounts(c, again, 2);
  c.ExpectEq((co_await group.Info()).members_size(), 1);
  c.ExpectEq(co_await group.Ack(again), 2u);
}

namespace {

// Comes, acks half of what it gets, and goes, until all is acked.
struct Churn {
  uint64_t acked = 0;
  uint64_t expected = 0;
  std::set<std::string> seen;
  std::vector<Member*> joined;
  bool complete() const { return acked >= expected; }
};

Task<void> ComeAndGo(CaseContext& c, Group& group, Churn& churn, size_t client) {
  while (!churn.complete() && c.ok()) {
    Member member(c, group, "member" + std::to_string(client), 6);
    churn.joined[client] = &member;
    Deliveries page = co_await member.TakePage();
    for (const std::string& payload : PayloadsOf(page)) churn.seen.insert(payload);
    page.resize((page.size() + 1) / 2);
    if (!page.empty()) churn.acked += co_await group.Ack(page);
    churn.joined[client] = nullptr;
  }
  for (Member* member : churn.joined) {
    if (member) member->Leave();
  }
}

}  // namespace

Task<void> NoneIsLostWhenMembersLeave(CaseContext& c) {
  constexpr int kRecords = 120;
  const std::string name = c.Unique("stream");
  co_await AppendMany(c, name, kRecords);
  Group group(c, name);
  co_await group.Create(OLDEST, kShortAckWaitMs);
  Churn churn;
  churn.expected = kRecords;
  churn.joined.resize(5);
  co_await c.Concurrently(5, [&](int client) -> Task<void> {
    co_await ComeAndGo(c, group, churn, static_cast<size_t>(client));
  });
  c.ExpectEq(churn.acked, uint64_t{kRecords});
  c.ExpectEq(churn.seen.size(), size_t{kRecords});
}

Task<void> GroupsSpanPartitions(CaseContext& c) {
  constexpr int kEach = 20;
  const std::string name = c.Unique("stream");
  c.Note(name);
  auto set = Named<stream::v1::SetPartitionsRequest>(name);
  set.set_partitions(3);
  (void)co_await c.Call(&StreamPartitioningStub::SetPartitions, set);
  Group group(c, name);
  co_await group.Create();
  co_await c.Concurrently(kWriters, [&](int writer) -> Task<void> {
    Streams streams(c);
    for (int i = 0; i < kEach && c.ok(); ++i) {
      const std::string key = std::to_string(writer);
      const std::string payload = key + "/" + std::to_string(i);
      co_await streams.Append(AppendOf(name, payload, key));
    }
  });
  const GetConsumerGroupInfoResponse info = co_await group.Info();
  c.ExpectEq(info.positions_size(), 3);
  c.ExpectEq(info.lag(), uint64_t{kWriters * kEach});
  Member member(c, group, "member", 1'000);
  const Deliveries taken = co_await member.Take(kWriters * kEach);
  CheckWriters(c, PayloadsOf(taken), kEach);
  c.ExpectEq(co_await group.Ack(taken), uint64_t{kWriters * kEach});
  c.ExpectEq(co_await group.Lag(), 0u);
}

Task<void> RemovedRecordsAreNotDelivered(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.Append(AppendOf(name, "superseded while pending", "a"));
  co_await streams.Append(AppendOf(name, "superseded before", "a"));
  Group group(c, name);
  co_await group.Create();
  Member member(c, group, "member", 1);
  const Deliveries taken = co_await member.Take(1);
  co_await streams.Append(AppendOf(name, "newest", "a"));
  (void)co_await c.Call(&StreamRetentionStub::Compact, Named<stream::v1::CompactRequest>(name));
  const Deliveries next = co_await member.Take(1);
  c.ExpectEq(PayloadsOf(next), Texts(1, "newest"));
  c.ExpectEq((co_await group.Info()).pending(), 1u);
  c.ExpectEq(co_await group.Ack(taken), 0u);
  c.ExpectEq(co_await group.Ack(next), 1u);
}

// Who only claims is a member for as long as what it claimed is there.
Task<void> WhoHasNothingIsNoMember(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.Append(AppendOf(name, "superseded", "a"));
  Group group(c, name);
  co_await group.Create();
  Member member(c, group, "member");
  (void)co_await member.Take(1);
  const Deliveries claimed = co_await group.Claim("claimer");
  c.ExpectEq(claimed.size(), size_t{1});
  c.ExpectEq(co_await group.PendingOf("claimer"), 1u);
  co_await streams.Append(AppendOf(name, "newest", "a"));
  (void)co_await c.Call(&StreamRetentionStub::Compact, Named<stream::v1::CompactRequest>(name));
  (void)co_await member.Take(1);
  const GetConsumerGroupInfoResponse info = co_await group.Info();
  c.ExpectEq(info.members_size(), 1);
  c.ExpectEq(info.pending(), 1u);
}

}  // namespace prism::conformance::streams
