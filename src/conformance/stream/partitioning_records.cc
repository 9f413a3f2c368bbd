#include <map>

#include "conformance/live_stream.h"
#include "conformance/stream/partitioning_cases.h"
#include "conformance/stream/partitions_client.h"

namespace prism::conformance::streams {
namespace {

constexpr uint32_t kPartitions = 3;

}  // namespace

Task<void> AppendsGoWhereTold(CaseContext& c) {
  Partitioned partitioned(c, c.Unique("stream"));
  co_await partitioned.Set(kPartitions);
  std::vector<Texts> offsets(kPartitions);
  for (uint32_t partition = 0; partition < kPartitions; ++partition) {
    for (uint32_t i = 0; i <= partition; ++i) {
      offsets[partition].push_back(
          co_await partitioned.Append(partition, "payload", i == 0 ? "" : "the same key"));
    }
  }
  for (uint32_t partition = 0; partition < kPartitions; ++partition) {
    const std::vector<Record> records = co_await partitioned.Read(partition);
    c.ExpectEq(OffsetsOf(records), offsets[partition]);
    if (records.size() > 1) c.ExpectEq(records[1].key(), "the same key");
  }
}

Task<void> KeysChooseThePartition(CaseContext& c) {
  constexpr int kKeys = 20;
  const std::string name = c.Unique("stream");
  Partitioned partitioned(c, name);
  co_await partitioned.Set(kPartitions);
  co_await c.Concurrently(kKeys, [&](int key) -> Task<void> {
    Streams streams(c);
    for (int i = 0; i < 5 && c.ok(); ++i) {
      co_await streams.Append(AppendOf(name, std::to_string(i), "key" + std::to_string(key)));
      co_await streams.Append(name, "without a key");
    }
  });
  std::map<std::string, Texts> of_key;
  for (uint32_t partition = 0; partition < kPartitions; ++partition) {
    std::map<std::string, Texts> here;
    for (const Record& record : co_await partitioned.Read(partition)) {
      here[record.key()].push_back(record.payload());
    }
    for (const auto& [key, payloads] : here) {
      if (!key.empty()) c.ExpectEq(payloads, Numbers(5));
      of_key[key].insert(of_key[key].end(), payloads.begin(), payloads.end());
    }
  }
  c.ExpectEq(of_key.size(), size_t{kKeys + 1});
  c.ExpectEq(of_key[""].size(), size_t{kKeys * 5});
}

Task<void> OrderHoldsInEachPartition(CaseContext& c) {
  constexpr int kEach = 30;
  Partitioned partitioned(c, c.Unique("stream"));
  co_await partitioned.Set(kPartitions);
  co_await c.Concurrently(kWriters, [&](int writer) -> Task<void> {
    for (int i = 0; i < kEach && c.ok(); ++i) {
      for (uint32_t partition = 0; partition < kPartitions; ++partition) {
        const std::string payload = std::to_string(writer) + "/" + std::to_string(i);
        co_await partitioned.Append(partition, payload);
      }
    }
  });
  for (uint32_t partition = 0; partition < kPartitions; ++partition) {
    const std::vector<Record> records = co_await partitioned.Read(partition);
    CheckWriters(c, PayloadsOf(records), kEach);
    int64_t before = 0;
    for (const Record& record : records) {
      c.ExpectLe(before, record.timestamp_unix_ms(), "timestamps");
      before = record.timestamp_unix_ms();
    }
  }
}

Task<void> PartitionsTellTheirPlaces(CaseContext& c) {
  Partitioned partitioned(c, c.Unique("stream"));
  co_await partitioned.Set(2);
  const std::vector<Partition> empty = co_await partitioned.List();
  Texts offsets;
  for (int i = 0; i < 3; ++i) offsets.push_back(co_await partitioned.Append(1, std::to_string(i)));
  const std::vector<Partition> full = co_await partitioned.List();
  c.ExpectEq(empty.size() + full.size(), size_t{4});
  if (!c.ok()) co_return;
  c.ExpectEq(full[0].records(), 0u);
  c.ExpectEq(full[1].records(), 3u);
  c.ExpectEq(full[1].oldest_offset(), offsets[0]);
  c.ExpectEq(full[1].latest_offset(), offsets[2]);
  co_await partitioned.Append(1, "3");
  const std::vector<Record> before = co_await partitioned.Read(1, empty[1].next_offset());
  c.ExpectEq(PayloadsOf(before), Numbers(4));
  const std::vector<Record> after = co_await partitioned.Read(1, full[1].next_offset());
  c.ExpectEq(PayloadsOf(after), Texts(1, "3"));
}

Task<void> PartitionsReadAsStreamsDo(CaseContext& c) {
  constexpr int kRecords = 5;
  Partitioned partitioned(c, c.Unique("stream"));
  co_await partitioned.Set(2);
  const Texts all = Numbers(kRecords);
  Texts offsets;
  for (const std::string& payload : all) {
    co_await partitioned.Append(0, "beside it");
    offsets.push_back(co_await partitioned.Append(1, payload));
  }
  for (int from = 0; from < kRecords; ++from) {
    for (int limit = 1; limit <= kRecords - from; ++limit) {
      const std::vector<Record> records =
          co_await partitioned.Read(1, offsets[from], static_cast<uint64_t>(limit));
      c.ExpectEq(PayloadsOf(records), Texts(all.begin() + from, all.begin() + from + limit));
    }
    const std::vector<Record> rest = co_await partitioned.Read(1, offsets[from]);
    c.ExpectEq(PayloadsOf(rest), Texts(all.begin() + from, all.end()));
  }
  c.ExpectEq(co_await partitioned.Payloads(1), all);
}

Task<void> PartitionPagesAreBounded(CaseContext& c) {
  Partitioned partitioned(c, c.Unique("stream"));
  co_await partitioned.Set(2);
  for (const size_t kib : {600, 600, 300, 1'200, 100}) {
    co_await partitioned.Append(1, std::string(kib << 10, 'x'));
  }
  const auto pages =
      co_await c.CallAll(&StreamPartitioningStub::ReadPartition, partitioned.ReadOf(1));
  const std::vector<Record> records = RecordsOf(c, pages, Where::current());
  c.ExpectEq(records.size(), size_t{5});
  size_t behind = 0;
  for (const RecordPage& page : pages) {
    behind += static_cast<size_t>(page.records_size());
    const std::vector<Record> rest = co_await partitioned.Read(1, page.next_offset());
    c.ExpectEq(rest.size() + behind, records.size());
  }
}

Task<void> FollowersOfAPartitionWait(CaseContext& c) {
  Partitioned partitioned(c, c.Unique("stream"));
  co_await partitioned.Set(2);
  auto request = partitioned.ReadOf(1);
  request.set_follow(true);
  LiveStream live(c, &StreamPartitioningStub::ReadPartition, request);
  for (int i = 0; i < 10 && c.ok(); ++i) {
    const std::string payload = std::to_string(i);
    Texts came;
    co_await c.Concurrently(2, [&](int client) -> Task<void> {
      if (client == 0) {
        came = PayloadsOf(co_await live.Next(c));
      } else {
        co_await partitioned.Append(0, "beside it");
        co_await partitioned.Append(1, payload);
      }
    });
    c.ExpectEq(came, Texts(1, payload));
  }
  live.Cancel();
  const Status end = co_await live.End(c);
  c.ExpectEq(end.code(), Code::kCancelled);
}

Task<void> OffsetsBelongToTheirPartition(CaseContext& c) {
  Partitioned partitioned(c, c.Unique("stream"));
  co_await partitioned.Set(2);
  const std::string zero = co_await partitioned.Append(0, "zero");
  const std::string one = co_await partitioned.Append(1, "one");
  c.Expect(zero != one, "the partitions' offsets differ");
  for (const auto& request : {partitioned.ReadOf(1, zero), partitioned.ReadOf(0, one),
                              partitioned.ReadOf(0, "nonsense")}) {
    co_await c.Refused(&StreamPartitioningStub::ReadPartition, request, Code::kInvalidArgument,
                       "from_offset");
  }
  c.ExpectEq(PayloadsOf(co_await partitioned.Read(1, one)), Texts(1, "one"));
}

Task<void> MissingPartitions(CaseContext& c) {
  const std::string name = c.Unique("stream");
  Partitioned partitioned(c, name);
  co_await partitioned.Set(2);
  co_await partitioned.Append(1, "there");
  for (const uint32_t missing : {2u, 17u, 255u}) {
    co_await c.Refused(&StreamPartitioningStub::AppendToPartition,
                       partitioned.AppendOf(missing, "nowhere"), Code::kInvalidArgument,
                       "partition");
    const auto pages =
        co_await c.CallAll(&StreamPartitioningStub::ReadPartition, partitioned.ReadOf(missing));
    c.ExpectEq(pages.size(), size_t{0});
  }
  co_await c.Refused(&StreamPartitioningStub::AppendToPartition,
                     partitioned.AppendOf(UINT32_MAX, "nowhere"), Code::kInvalidArgument,
                     "partition");
  Partitioned absent(c, name + "-absent");
  c.Note(name + "-absent");
  co_await c.Refused(&StreamPartitioningStub::AppendToPartition, absent.AppendOf(1, "nowhere"),
                     Code::kInvalidArgument, "partition");
  c.ExpectEq(co_await partitioned.Payloads(0), Texts());
  c.ExpectEq(co_await partitioned.Payloads(1), Texts(1, "there"));
}

Task<void> BadRecordsAreRefused(CaseContext& c) {
  Partitioned partitioned(c, c.Unique("stream"));
  co_await partitioned.Set(1);
  co_await partitioned.Append(0, "good", std::string(kMaxNameBytes, 'k'));
  co_await c.Refused(&StreamPartitioningStub::AppendToPartition,
                     partitioned.AppendOf(0, "bad", std::string(kMaxNameBytes + 1, 'k')),
                     Code::kInvalidArgument, "key");
  auto request = partitioned.AppendOf(0, "bad");
  (*request.mutable_attributes())[""] = "no name";
  co_await c.Refused(&StreamPartitioningStub::AppendToPartition, request, Code::kInvalidArgument,
                     "attribute");
  for (const std::string& bad : BadNames()) {
    Partitioned unnamed(c, bad);
    co_await c.Refused(&StreamPartitioningStub::AppendToPartition, unnamed.AppendOf(0, "bad"),
                       Code::kInvalidArgument, "stream");
    co_await c.Refused(&StreamPartitioningStub::ReadPartition, unnamed.ReadOf(0),
                       Code::kInvalidArgument, "stream");
  }
  c.ExpectEq(co_await partitioned.Payloads(0), Texts(1, "good"));
}

}  // namespace prism::conformance::streams
