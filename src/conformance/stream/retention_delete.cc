#include "conformance/stream/groups_client.h"
#include "conformance/stream/retention_cases.h"
#include "conformance/stream/retention_client.h"

namespace prism::conformance::streams {

Task<void> DeletedStreamsAreGone(CaseContext& c) {
  Keeper keeper(c);
  Streams streams(c);
  const std::string name = c.Unique("stream");
  c.Expect(!co_await keeper.Delete(name), "there is no such stream yet");
  co_await streams.AppendAll(name, Numbers(3));
  co_await keeper.Set(name, MaxRecords(1'000));
  c.Expect(co_await keeper.Delete(name), "the stream was there");
  c.Expect(!co_await keeper.Delete(name), "the stream is gone");
  c.ExpectEq(co_await streams.Payloads(name), Texts());
  c.ExpectEq((co_await streams.Latest(name)).found(), false);
  c.ExpectEq((co_await keeper.Get(name)).found(), false);
  co_await streams.Append(name, "another");
  c.ExpectEq(co_await streams.Payloads(name), Texts(1, "another"));
  c.ExpectEq((co_await keeper.Get(name)).retention().has_max_records(), false);
}

Task<void> OneOfManyDeletesFindsIt(CaseContext& c) {
  const std::string name = c.Unique("stream");
  for (int round = 0; round < 10 && c.ok(); ++round) {
    Streams streams(c);
    co_await streams.Append(name, "something");
    int found = 0;
    co_await c.Concurrently(4, [&](int) -> Task<void> {
      Keeper keeper(c);
      const bool deleted = co_await keeper.Delete(name);
      if (deleted) ++found;
    });
    c.ExpectEq(found, 1);
  }
}

Task<void> DeletingEndsMembers(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(3));
  Group group(c, name);
  co_await group.Create();
  Member member(c, group, "member");
  const Deliveries taken = co_await member.Take(3);
  co_await c.Concurrently(2, [&](int client) -> Task<void> {
    Keeper keeper(c);
    if (client == 0) {
      const Status end = co_await member.End();
      c.ExpectEq(end.code(), Code::kAborted);
    } else {
      const bool found = co_await keeper.Delete(name);
      c.Expect(found, "the stream was there");
    }
  });
  co_await streams.Append(name, "another");
  c.ExpectEq((co_await group.Info()).found(), false);
  c.ExpectEq(co_await group.Ack(taken), 0u);
}

// What a follower sees of a later stream is not promised, only that it waits.
Task<void> FollowersOutliveAStream(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.Append(name, "first");
  LiveStream live(c, &StreamBasicStub::Read, FollowOf(name));
  c.ExpectEq(PayloadsOf(co_await live.Next(c)), Texts(1, "first"));
  bool over = false;
  co_await c.Concurrently(2, [&](int client) -> Task<void> {
    Keeper keeper(c);
    for (const RecordPage* page = nullptr; client == 0;) {
      page = co_await live.Pull();
      if (!page) break;
    }
    if (client == 0) {
      c.Expect(over, "a follower waits until its caller ends it");
      c.ExpectEq(live.status().code(), Code::kCancelled);
      co_return;
    }
    for (int round = 0; round < 5 && c.ok(); ++round) {
      const bool found = co_await keeper.Delete(name);
      c.Expect(found, "the stream was there");
      co_await streams.Append(name, "another");
    }
    over = true;
    live.Cancel();
  });
}

Task<void> RetentionStaysInItsNamespace(CaseContext& c) {
  Streams here(c);
  Keeper away(c.other());
  Keeper keeper(c);
  const std::string name = c.Unique("stream");
  for (int i = 0; i < 4; ++i) co_await here.Append(AppendOf(name, std::to_string(i), "key"));
  c.ExpectEq(co_await away.Compact(name), 0u);
  c.ExpectEq((co_await away.Get(name)).found(), false);
  c.Expect(!co_await away.Delete(name), "the other namespace has no such stream");
  co_await away.Set(name, MaxRecords(1));
  c.ExpectEq((co_await keeper.Get(name)).retention().has_max_records(), false);
  c.Expect(co_await away.Delete(name), "the other namespace has such a stream now");
  c.ExpectEq(co_await here.Payloads(name), Numbers(4));
}

}  // namespace prism::conformance::streams
