#include <algorithm>
#include <set>

#include "conformance/live_stream.h"
#include "conformance/stream/basic_cases.h"
#include "conformance/stream/client.h"

namespace prism::conformance::streams {

Task<void> ReadsBeginWhereTold(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const Texts all = Numbers(6);
  const Texts offsets = co_await streams.AppendAll(name, all);
  c.ExpectEq(std::set<std::string>(offsets.begin(), offsets.end()).size(), all.size());
  c.ExpectEq(co_await streams.Payloads(ReadOf(name, "")), all);
  for (size_t i = 0; i < offsets.size(); ++i) {
    const Texts rest(all.begin() + static_cast<std::ptrdiff_t>(i), all.end());
    c.ExpectEq(co_await streams.Payloads(ReadOf(name, offsets[i])), rest);
  }
}

Task<void> LimitEndsARead(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const Texts all = Numbers(5);
  const Texts offsets = co_await streams.AppendAll(name, all);
  for (uint64_t limit = 1; limit <= 7; ++limit) {
    const Texts first(all.begin(), all.begin() + std::min<std::ptrdiff_t>(limit, 5));
    c.ExpectEq(co_await streams.Payloads(ReadOf(name, "", limit)), first);
  }
  const Texts middle(all.begin() + 2, all.begin() + 4);
  c.ExpectEq(co_await streams.Payloads(ReadOf(name, offsets[2], 2)), middle);
  if (!c.ok()) co_return;
  // A reader that follows ends at its limit as well.
  c.ExpectEq(co_await streams.Payloads(FollowOf(name, offsets[2], 2)), middle);
}

Task<void> PagesAreBounded(CaseContext& c) {
  constexpr int kRecords = 1'050;
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await AppendMany(c, name, kRecords);
  for (const size_t kib : {600, 600, 500, 1'200, 100}) {
    co_await streams.Append(name, std::string(kib << 10, 'x'));
  }
  const auto pages = co_await c.CallAll(&StreamBasicStub::Read, ReadOf(name));
  const std::vector<Record> records = RecordsOf(c, pages, Where::current());
  const Texts offsets = OffsetsOf(records);
  c.ExpectEq(offsets.size(), size_t{kRecords + 5});
  c.ExpectEq(std::set<std::string>(offsets.begin(), offsets.end()).size(), offsets.size());
  // Each page's next_offset continues behind it.
  size_t behind = 0;
  for (const RecordPage& page : pages) {
    behind += static_cast<size_t>(page.records_size());
    const auto next = co_await streams.Read(ReadOf(name, page.next_offset(), 1));
    c.ExpectEq(next.size(), size_t{behind < offsets.size() ? 1u : 0u});
    if (!next.empty()) c.ExpectEq(next[0].offset(), offsets[behind]);
  }
}

Task<void> ReadersKeepTheirOwnPace(CaseContext& c) {
  constexpr int kRecords = 8;
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const std::string half(size_t{600} << 10, 'x');  // one fits in a page, two do not
  for (int i = 0; i < kRecords; ++i) co_await streams.Append(name, half);
  LiveStream slow(c, &StreamBasicStub::Read, ReadOf(name));
  CheckPage(c, co_await slow.Next(c), Where::current());
  const std::vector<Record> quick = co_await streams.Read(ReadOf(name));
  c.ExpectEq(quick.size(), size_t{kRecords});
  for (int i = 1; i < kRecords && c.ok(); ++i) {
    const RecordPage page = co_await slow.Next(c);
    CheckPage(c, page, Where::current());
    if (page.records_size() == 1) c.ExpectEq(page.records(0).offset(), quick[i].offset());
  }
  const Status end = co_await slow.End(c);
  c.ExpectEq(end.code(), Code::kOk);
}

Task<void> LatestIsTheNewest(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  for (int i = 0; i < 20 && c.ok(); ++i) {
    const std::string offset = co_await streams.Append(name, std::to_string(i));
    const GetLatestOffsetResponse latest = co_await streams.Latest(name);
    c.Expect(latest.found(), "the stream has a newest record");
    c.ExpectEq(latest.offset(), offset);
    c.ExpectEq(co_await streams.Payloads(ReadOf(name, latest.next_offset())), Texts());
  }
}

Task<void> PlaceToComeIsAPlace(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const GetLatestOffsetResponse absent = co_await streams.Latest(name);
  co_await streams.Append(name, "one");
  Texts expected(1, "one");
  c.ExpectEq(co_await streams.Payloads(ReadOf(name, absent.next_offset())), expected);
  const GetLatestOffsetResponse latest = co_await streams.Latest(name);
  c.ExpectEq(co_await streams.Payloads(ReadOf(name, latest.next_offset())), Texts());
  co_await streams.AppendAll(name, Numbers(3));
  c.ExpectEq(co_await streams.Payloads(ReadOf(name, latest.next_offset())), Numbers(3));
}

Task<void> FollowWaits(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.Append(name, "before");
  LiveStream live(c, &StreamBasicStub::Read, FollowOf(name));
  c.ExpectEq(PayloadsOf(co_await live.Next(c)), Texts(1, "before"));
  for (int i = 0; i < 20 && c.ok(); ++i) {
    const std::string payload = std::to_string(i);
    Texts came;
    // The reader waits already when the record is appended.
    co_await c.Concurrently(2, [&](int client) -> Task<void> {
      if (client == 0) {
        const RecordPage page = co_await live.Next(c);
        CheckPage(c, page, Where::current());
        came = PayloadsOf(page);
      } else {
        Streams writer(c);
        co_await writer.Append(name, payload);
      }
    });
    c.ExpectEq(came, Texts(1, payload));
  }
  live.Cancel();
  const Status end = co_await live.End(c);
  c.ExpectEq(end.code(), Code::kCancelled);
}

Task<void> FollowMissesNothing(CaseContext& c) {
  constexpr int kEach = 40;
  const std::string name = c.Unique("stream");
  std::vector<Texts> came(3);
  co_await c.Concurrently(4, [&](int client) -> Task<void> {
    if (client == 3) {
      co_await AppendAsWriters(c, name, kEach);
      co_return;
    }
    Streams streams(c);
    came[static_cast<size_t>(client)] =
        co_await streams.Payloads(FollowOf(name, "", uint64_t{kWriters * kEach}));
  });
  for (const Texts& payloads : came) {
    CheckWriters(c, payloads, kEach);
    c.ExpectEq(payloads, came[0]);
  }
}

Task<void> FollowersOfNothingWait(CaseContext& c) {
  const std::string name = c.Unique("stream");
  Texts came;
  co_await c.Concurrently(2, [&](int client) -> Task<void> {
    Streams streams(c);
    if (client == 0) {
      came = co_await streams.Payloads(FollowOf(name, "", 1));
    } else {
      const Texts none = co_await streams.Payloads(name);
      c.ExpectEq(none, Texts());
      co_await streams.Append(name, "first");
    }
  });
  c.ExpectEq(came, Texts(1, "first"));
}

Task<void> NonsenseIsNoOffset(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.Append(name, "one");
  const std::string quote = "no offset's \"text\"";
  for (const std::string& nonsense :
       {std::string("nonsense"), quote, std::string(" "), std::string(5'000, '9')}) {
    co_await c.Refused(&StreamBasicStub::Read, ReadOf(name, nonsense), Code::kInvalidArgument,
                       "from_offset");
    co_await c.Refused(&StreamBasicStub::Read, FollowOf(name, nonsense), Code::kInvalidArgument,
                       "from_offset");
  }
}

}  // namespace prism::conformance::streams
