#include "conformance/stream/partitions_client.h"
#include "conformance/stream/replay_cases.h"
#include "conformance/stream/replay_client.h"

namespace prism::conformance::streams {

using stream::v1::NEXT;
using stream::v1::OLDEST;

Task<void> SeekingBackDeliversAgain(CaseContext& c) {
  Streams streams(c);
  Replay replay(c);
  const std::string name = c.Unique("stream");
  const Texts all = Numbers(5);
  const Texts offsets = co_await streams.AppendAll(name, all);
  Group group(c, name);
  co_await group.Create();
  Member member(c, group, "member", 5);
  const Deliveries first = co_await member.Take(5);
  c.ExpectEq(co_await group.Ack(Texts(offsets.begin(), offsets.begin() + 3)), 3u);
  c.Expect(co_await replay.Seek(group, offsets[1]), "the group is there");
  const Deliveries again = co_await member.Take(4);
  const Texts rest(all.begin() + 1, all.end());
  c.ExpectEq(PayloadsOf(again), rest);
  ExpectCounts(c, again, 1);
  c.ExpectEq((co_await group.Info()).pending(), 4u);
  c.ExpectEq(co_await group.Ack(again), 4u);
}

Task<void> SeekingForwardSkips(CaseContext& c) {
  Streams streams(c);
  Replay replay(c);
  const std::string name = c.Unique("stream");
  const Texts offsets = co_await streams.AppendAll(name, Numbers(6));
  const GetLatestOffsetResponse latest = co_await streams.Latest(name);
  Group group(c, name);
  co_await group.Create();
  c.Expect(co_await replay.Seek(group, offsets[4]), "the group is there");
  c.ExpectEq(co_await group.Lag(), 2u);
  Member member(c, group, "member", 1);
  c.ExpectEq(PayloadsOf(co_await member.Take(1)), Texts(1, "4"));
  // What was pending is so no more, and the next to come is what is appended later.
  c.Expect(co_await replay.Seek(group, latest.next_offset()), "the group is there");
  const GetConsumerGroupInfoResponse info = co_await group.Info();
  c.Expect(info.pending() == 0 && info.lag() == 0, "nothing is pending or to come");
  co_await streams.Append(name, "later");
  c.ExpectEq(PayloadsOf(co_await member.Take(1)), Texts(1, "later"));
}

Task<void> SeekingToTheOldest(CaseContext& c) {
  Streams streams(c);
  Replay replay(c);
  const std::string name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(4));
  Group group(c, name);
  co_await group.Create(NEXT, kShortAckWaitMs);
  c.ExpectEq(co_await group.Lag(), 0u);
  for (int round = 0; round < 3; ++round) {
    c.Expect(co_await replay.Seek(group, ""), "the group is there");
    c.ExpectEq(co_await group.Lag(), 4u);
    {
      Member member(c, group, "member");
      const Deliveries taken = co_await member.Take(4);
      c.ExpectEq(PayloadsOf(taken), Numbers(4));
      c.ExpectEq(co_await group.Ack(taken), 4u);
    }
    co_await group.Gone(c, "member");  // or it would receive what the next move brings back
  }
}

Task<void> OldAcksDoNotCount(CaseContext& c) {
  Streams streams(c);
  Replay replay(c);
  const std::string name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(3));
  Group group(c, name);
  co_await group.Create(OLDEST, kShortAckWaitMs);
  Deliveries taken;
  {
    Member member(c, group, "member");
    taken = co_await member.Take(3);
  }
  co_await group.Gone(c, "member");
  c.Expect(co_await replay.Seek(group, ""), "the group is there");
  c.ExpectEq(co_await group.Ack(taken), 0u);
  c.ExpectEq(co_await group.Lag(), 3u);
  Member heir(c, group, "heir", 2);
  (void)co_await heir.Take(2);
  // Two of them are pending again.
  c.ExpectEq(co_await group.Ack(Deliveries(taken.begin(), taken.begin() + 2)), 2u);
}

Task<void> SeekingByTime(CaseContext& c) {
  constexpr int kRecords = 4;
  Streams streams(c);
  Replay replay(c);
  const std::string name = c.Unique("stream");
  for (int i = 0; i < kRecords; ++i) {
    co_await streams.Append(name, std::to_string(i));
    co_await c.Sleep(std::chrono::milliseconds(10));
  }
  const std::vector<Record> records = co_await streams.Read(ReadOf(name));
  c.ExpectEq(records.size(), size_t{kRecords});
  Group group(c, name);
  co_await group.Create();
  const int64_t oldest = records.empty() ? 0 : records.front().timestamp_unix_ms();
  const int64_t newest = records.empty() ? 0 : records.back().timestamp_unix_ms();
  c.Expect(co_await replay.SeekToTime(group, newest + 1), "the group is there");
  c.ExpectEq(co_await group.Lag(), 0u);
  c.Expect(co_await replay.SeekToTime(group, oldest - 1), "the group is there");
  c.ExpectEq(co_await group.Lag(), uint64_t{kRecords});
  for (size_t i = 0; i < records.size(); ++i) {
    c.Expect(co_await replay.SeekToTime(group, records[i].timestamp_unix_ms()), "it is there");
    c.ExpectEq(co_await group.Lag(), kRecords - i);
    if (i == 0) continue;
    c.Expect(co_await replay.SeekToTime(group, records[i - 1].timestamp_unix_ms() + 1), "it is");
    c.ExpectEq(co_await group.Lag(), kRecords - i);
  }
  if (!c.ok()) co_return;  // there may be nothing to come
  Member member(c, group, "member");
  c.ExpectEq(PayloadsOf(co_await member.Take(1)), Texts(1, std::to_string(kRecords - 1)));
}

// Whatever was under way, the last move holds.
Task<void> SeekingWhileMembersReceive(CaseContext& c) {
  constexpr int kRecords = 60;
  const std::string name = c.Unique("stream");
  Streams streams(c);
  co_await streams.AppendAll(name, Numbers(kRecords));
  Group group(c, name);
  co_await group.Create(OLDEST, kShortAckWaitMs);
  {
    Member member(c, group, "member", 5);
    co_await c.Concurrently(2, [&](int client) -> Task<void> {
      Replay replay(c);
      for (int i = 0; client == 1 && i < 15 && c.ok(); ++i) {
        const bool found = co_await replay.Seek(group, "");
        c.Expect(found, "the group is there");
      }
      if (client == 1) member.Leave();
      while (client == 0 && c.ok()) {
        const Deliveries page = co_await member.TakePage();
        if (page.empty()) break;
        co_await group.Ack(page);
      }
    });
  }
  co_await group.Gone(c, "member");
  Replay replay(c);
  c.Expect(co_await replay.Seek(group, ""), "the group is there");
  c.ExpectEq(co_await group.Lag(), uint64_t{kRecords});
  Member heir(c, group, "heir", kRecords);
  const Deliveries taken = co_await heir.Take(kRecords);
  c.ExpectEq(PayloadsOf(taken), Numbers(kRecords));
  ExpectCounts(c, taken, 1);
  c.ExpectEq(co_await group.Ack(taken), uint64_t{kRecords});
}

Task<void> SeekingInPartitions(CaseContext& c) {
  Replay replay(c);
  const std::string name = c.Unique("stream");
  Partitioned partitioned(c, name);
  co_await partitioned.Set(2);
  Texts offsets;
  for (int i = 0; i < 3; ++i) {
    co_await partitioned.Append(0, "zero");
    offsets.push_back(co_await partitioned.Append(1, "one"));
  }
  Group group(c, name);
  co_await group.Create(OLDEST, kShortAckWaitMs);
  Deliveries taken;
  {
    Member member(c, group, "member");
    taken = co_await member.Take(6);
  }
  co_await group.Gone(c, "member");
  // Only the partition of the offset is moved: in the other one all stays pending.
  c.Expect(co_await replay.Seek(group, offsets[1]), "the group is there");
  const GetConsumerGroupInfoResponse moved = co_await group.Info();
  c.ExpectEq(moved.pending(), 3u);
  c.ExpectEq(moved.lag(), 2u);
  c.ExpectEq(co_await group.Ack(taken), 3u);
  c.Expect(co_await replay.Seek(group, ""), "the group is there");
  c.ExpectEq(co_await group.Lag(), 6u);
  c.Expect(co_await replay.SeekToTime(group, INT64_MAX), "the group is there");
  c.ExpectEq(co_await group.Lag(), 0u);
  c.Expect(co_await replay.SeekToTime(group, 0), "the group is there");
  c.ExpectEq(co_await group.Lag(), 6u);
}

Task<void> SeekingMovesOneGroup(CaseContext& c) {
  Streams streams(c);
  Replay replay(c);
  const std::string name = c.Unique("stream");
  const Texts offsets = co_await streams.AppendAll(name, Numbers(4));
  Group moved(c, name, "moved");
  Group other(c, name, "other");
  co_await moved.Create();
  co_await other.Create();
  c.Expect(co_await replay.Seek(moved, offsets[3]), "the group is there");
  c.ExpectEq(co_await moved.Lag(), 1u);
  c.ExpectEq(co_await other.Lag(), 4u);
}

Task<void> SeekingNoGroup(CaseContext& c) {
  Streams streams(c);
  Replay replay(c);
  const std::string name = c.Unique("stream");
  const Texts offsets = co_await streams.AppendAll(name, Numbers(1));
  Group there(c, name, "there");
  co_await there.Create();
  c.Expect(co_await replay.Seek(there, ""), "the group is there");
  for (const std::string& stream : {name, name + "-absent"}) {
    Group absent(c, stream, "absent");
    c.Expect(!co_await replay.Seek(absent, ""), "there is no such group");
    c.Expect(!co_await replay.Seek(absent, offsets[0]), "there is no such group");
    c.Expect(!co_await replay.SeekToTime(absent, 1), "there is no such group");
    c.ExpectEq((co_await absent.Info()).found(), false);
  }
}

}  // namespace prism::conformance::streams
