#include "conformance/stream/partitions_client.h"
#include "conformance/stream/replay_cases.h"
#include "conformance/stream/replay_client.h"

namespace prism::conformance::streams {

Task<void> RangesAreHalfOpen(CaseContext& c) {
  constexpr int kRecords = 5;
  Streams streams(c);
  Replay replay(c);
  const std::string name = c.Unique("stream");
  const Texts all = Numbers(kRecords);
  Texts places = co_await streams.AppendAll(name, all);
  places.push_back((co_await streams.Latest(name)).next_offset());
  for (int from = 0; from <= kRecords && c.ok(); ++from) {
    for (int to = 0; to <= kRecords; ++to) {
      Texts expected;
      if (from < to) expected.assign(all.begin() + from, all.begin() + to);
      c.ExpectEq(co_await replay.Range(name, places[from], places[to]), expected);
    }
    const Texts rest(all.begin() + from, all.end());
    c.ExpectEq(co_await replay.Range(name, places[from]), rest);
    const Texts first(all.begin(), all.begin() + from);
    c.ExpectEq(co_await replay.Range(name, "", places[from]), first);
  }
}

Task<void> RangesEndWhereTheyBegan(CaseContext& c) {
  constexpr int kRecords = 6;
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const std::string half(size_t{600} << 10, 'x');  // one fits in a page, two do not
  for (int i = 0; i < kRecords; ++i) co_await streams.Append(name, half);
  LiveStream live(c, &StreamReplayStub::ReplayRange, RangeOf(name));
  int came = (co_await live.Next(c)).records_size();
  co_await streams.Append(name, "too late");
  while (came < kRecords && c.ok()) {
    const RecordPage page = co_await live.Next(c);
    CheckPage(c, page, Where::current());
    came += page.records_size();
  }
  const Status end = co_await live.End(c);
  c.ExpectEq(end.code(), Code::kOk);
  c.ExpectEq(came, kRecords);
}

Task<void> EmptyRangesHaveNoPage(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const Texts offsets = co_await streams.AppendAll(name, Numbers(3));
  const std::string end = (co_await streams.Latest(name)).next_offset();
  const std::string absent = name + "-absent";
  for (const ReplayRangeRequest& request :
       {RangeOf(name, offsets[1], offsets[1]), RangeOf(name, offsets[2], offsets[0]),
        RangeOf(name, end), RangeOf(name, end, offsets[1]), RangeOf(name, "", offsets[0]),
        RangeOf(absent), RangeOf(absent, offsets[0], offsets[2])}) {
    const auto pages = co_await c.CallAll(&StreamReplayStub::ReplayRange, request);
    c.ExpectEq(pages.size(), size_t{0});
  }
  const auto pages = co_await c.CallAll(&StreamReplayStub::ReplayRange, RangeOf(name));
  c.ExpectEq(pages.size(), size_t{1});
}

Task<void> LongRangesComeInPages(CaseContext& c) {
  constexpr int kRecords = 1'050;
  const std::string name = c.Unique("stream");
  co_await AppendMany(c, name, kRecords);
  Streams streams(c);
  Replay replay(c);
  const std::vector<Record> records = co_await streams.Read(ReadOf(name));
  c.ExpectEq(co_await replay.Range(name), PayloadsOf(records));
  const auto pages = co_await c.CallAll(&StreamReplayStub::ReplayRange, RangeOf(name));
  size_t behind = 0;
  for (const RecordPage& page : pages) {
    behind += static_cast<size_t>(page.records_size());
    c.ExpectEq((co_await replay.Range(name, page.next_offset())).size(), kRecords - behind);
  }
  c.ExpectEq(behind, size_t{kRecords});
}

Task<void> RangesOfPartitionsAreRefused(CaseContext& c) {
  const std::string name = c.Unique("stream");
  Partitioned partitioned(c, name);
  co_await partitioned.Set(2);
  co_await partitioned.Append(0, "zero");
  co_await c.Refused(&StreamReplayStub::ReplayRange, RangeOf(name), Code::kFailedPrecondition);
}

Task<void> BadRangesAreRefused(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.Append(name, "one");
  for (const std::string& bad : BadNames()) {
    co_await c.Refused(&StreamReplayStub::ReplayRange, RangeOf(bad), Code::kInvalidArgument,
                       "stream");
  }
  co_await c.Refused(&StreamReplayStub::ReplayRange, RangeOf(name, "nonsense"),
                     Code::kInvalidArgument, "from_offset");
  co_await c.Refused(&StreamReplayStub::ReplayRange, RangeOf(name, "", "nonsense"),
                     Code::kInvalidArgument, "to_offset");
}

Task<void> BadSeeksAreRefused(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(2));
  Group group(c, name);
  co_await group.Create();
  for (const std::string& bad : BadNames()) {
    const Group nowhere(c, bad);
    const Group unnamed(c, name, bad);
    co_await c.Refused(&StreamReplayStub::SeekToOffset, SeekOf(nowhere, ""), Code::kInvalidArgument,
                       "stream");
    co_await c.Refused(&StreamReplayStub::SeekToOffset, SeekOf(unnamed, ""), Code::kInvalidArgument,
                       "group");
    co_await c.Refused(&StreamReplayStub::SeekToTimestamp, SeekOf(nowhere, int64_t{1}),
                       Code::kInvalidArgument, "stream");
    co_await c.Refused(&StreamReplayStub::SeekToTimestamp, SeekOf(unnamed, int64_t{1}),
                       Code::kInvalidArgument, "group");
  }
  co_await c.Refused(&StreamReplayStub::SeekToOffset, SeekOf(group, "nonsense"),
                     Code::kInvalidArgument, "offset");
  c.ExpectEq(co_await group.Lag(), 2u);
}

Task<void> ReplayStaysInItsNamespace(CaseContext& c) {
  Streams here(c);
  Replay away(c.other());
  const std::string name = c.Unique("stream");
  const Texts offsets = co_await here.AppendAll(name, Numbers(3));
  Group group(c, name);
  co_await group.Create();
  c.ExpectEq(co_await away.Range(name), Texts());
  c.Expect(!co_await away.Seek(group, offsets[2]), "the other namespace has no such group");
  c.Expect(!co_await away.SeekToTime(group, INT64_MAX), "the other namespace has no such group");
  c.ExpectEq(co_await group.Lag(), 3u);
}

}  // namespace prism::conformance::streams
