#include <algorithm>

#include "conformance/stream/groups_client.h"
#include "conformance/stream/partitioning_cases.h"
#include "conformance/stream/partitions_client.h"

namespace prism::conformance::streams {
namespace {

void ExpectNumbered(CaseContext& c, const std::vector<Partition>& partitions, size_t n,
                    Where where = Where::current()) {
  c.ExpectEq(partitions.size(), n, where);
  for (size_t i = 0; i < partitions.size(); ++i) {
    c.ExpectEq(size_t{partitions[i].partition()}, i, where);
  }
}

}  // namespace

Task<void> PartitionsAreNumbered(CaseContext& c) {
  for (const uint32_t n : {1u, 3u, 256u}) {
    Partitioned partitioned(c, c.Unique("stream"));
    co_await partitioned.Set(n);
    const std::vector<Partition> partitions = co_await partitioned.List();
    ExpectNumbered(c, partitions, n);
    for (const Partition& partition : partitions) {
      c.ExpectEq(partition.records(), 0u);
      c.Expect(partition.oldest_offset().empty() && partition.latest_offset().empty(),
               "it has no record");
    }
  }
}

Task<void> PartitionsGrowAndNeverShrink(CaseContext& c) {
  Partitioned partitioned(c, c.Unique("stream"));
  co_await partitioned.Set(2);
  co_await partitioned.Set(2);
  ExpectNumbered(c, co_await partitioned.List(), 2);
  co_await partitioned.Set(5);
  ExpectNumbered(c, co_await partitioned.List(), 5);
  for (const uint32_t fewer : {1u, 2u, 4u}) {
    co_await c.Refused(&StreamPartitioningStub::SetPartitions, partitioned.SetOf(fewer),
                       Code::kFailedPrecondition, "partitions");
  }
  ExpectNumbered(c, co_await partitioned.List(), 5);
}

// Those that come after a larger number are refused; in the end it is the largest.
Task<void> GrowingAtTheSameTime(CaseContext& c) {
  const std::string name = c.Unique("stream");
  Partitioned partitioned(c, name);
  co_await partitioned.Set(1);
  co_await c.Concurrently(8, [&](int client) -> Task<void> {
    const auto n = static_cast<uint32_t>((client * 5) % 8 + 2);  // 2 to 9, each once
    const auto set = co_await c.Try(&StreamPartitioningStub::SetPartitions, partitioned.SetOf(n));
    const std::vector<Partition> now = co_await partitioned.List();
    c.ExpectLe(size_t{n}, now.size(), "the number of partitions");
    if (!set.status.ok()) c.ExpectEq(set.status.code(), Code::kFailedPrecondition);
  });
  ExpectNumbered(c, co_await partitioned.List(), 9);
}

Task<void> GrowingKeepsRecords(CaseContext& c) {
  constexpr int kEach = 30;
  const std::string name = c.Unique("stream");
  Partitioned partitioned(c, name);
  Texts first(1, co_await partitioned.Append(0, "before"));
  co_await partitioned.Set(2);
  // Appended while the stream grows, each record is in one partition.
  co_await c.Concurrently(2, [&](int client) -> Task<void> {
    for (uint32_t n = 3; client == 0 && n < 7; ++n) co_await partitioned.Set(n);
    if (client == 1) co_await AppendAsWriters(c, name, kEach);
  });
  const std::vector<Record> kept = co_await partitioned.Read(0, first[0], 1);
  c.ExpectEq(OffsetsOf(kept), first);
  Texts all;
  for (uint32_t partition = 0; partition < 6; ++partition) {
    const Texts payloads = co_await partitioned.Payloads(partition);
    all.insert(all.end(), payloads.begin(), payloads.end());
  }
  std::sort(all.begin(), all.end());
  c.Expect(std::adjacent_find(all.begin(), all.end()) == all.end(), "no record is there twice");
  c.ExpectEq(all.size(), size_t{kWriters * kEach + 1});
}

Task<void> GroupsReadNewPartitions(CaseContext& c) {
  const std::string name = c.Unique("stream");
  Partitioned partitioned(c, name);
  co_await partitioned.Append(0, "old");
  Group group(c, name);
  co_await group.Create(stream::v1::NEXT);
  Member member(c, group, "member");
  co_await member.Join();
  co_await partitioned.Set(3);
  for (uint32_t partition = 0; partition < 3; ++partition) {
    const std::string payload = "new in " + std::to_string(partition);
    co_await partitioned.Append(partition, payload);
    c.ExpectEq(PayloadsOf(co_await member.Take(1)), Texts(1, payload));
  }
  const GetConsumerGroupInfoResponse info = co_await group.Info();
  c.ExpectEq(info.positions_size(), 3);
  c.ExpectEq(info.lag(), 0u);
}

Task<void> AbsentStreamHasNone(CaseContext& c) {
  const std::string name = c.Unique("stream");
  Partitioned absent(c, name + "-absent");
  ExpectNumbered(c, co_await absent.List(), 0);
  c.ExpectEq(co_await absent.Payloads(0), Texts());
  // Its first record makes it, with one partition.
  co_await absent.Append(0, "first");
  ExpectNumbered(c, co_await absent.List(), 1);
  c.ExpectEq(co_await absent.Payloads(0), Texts(1, "first"));
}

Task<void> BadNumbersAreRefused(CaseContext& c) {
  Partitioned partitioned(c, c.Unique("stream"));
  co_await partitioned.Set(1);
  for (const uint32_t bad : {0u, 257u, 1'000'000u, UINT32_MAX}) {
    co_await c.Refused(&StreamPartitioningStub::SetPartitions, partitioned.SetOf(bad),
                       Code::kInvalidArgument, "partitions");
  }
  ExpectNumbered(c, co_await partitioned.List(), 1);
  for (const std::string& bad : BadNames()) {
    Partitioned unnamed(c, bad);
    co_await c.Refused(&StreamPartitioningStub::SetPartitions, unnamed.SetOf(2),
                       Code::kInvalidArgument, "stream");
    co_await c.Refused(&StreamPartitioningStub::GetPartitions, Named<GetPartitionsRequest>(bad),
                       Code::kInvalidArgument, "stream");
  }
}

Task<void> PartitionsStayInTheirNamespace(CaseContext& c) {
  const std::string name = c.Unique("stream");
  Partitioned here(c, name);
  Partitioned away(c.other(), name);
  co_await here.Set(3);
  co_await here.Append(2, "here");
  ExpectNumbered(c, co_await away.List(), 0);
  c.ExpectEq(co_await away.Payloads(2), Texts());
  co_await away.Set(2);
  co_await away.Append(1, "there");
  ExpectNumbered(c, co_await here.List(), 3);
  c.ExpectEq(co_await here.Payloads(1), Texts());
  c.ExpectEq(co_await here.Payloads(2), Texts(1, "here"));
}

}  // namespace prism::conformance::streams
