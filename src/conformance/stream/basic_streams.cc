#include "conformance/stream/basic_cases.h"
#include "conformance/stream/client.h"
#include "interfaces/stream_consumer_groups.prism.h"
#include "interfaces/stream_partitioning.prism.h"
#include "interfaces/stream_retention.prism.h"
#include "prism/interfaces/stream_consumer_groups.pb.h"
#include "prism/interfaces/stream_partitioning.pb.h"
#include "prism/interfaces/stream_retention.pb.h"

namespace prism::conformance::streams {
namespace {

using namespace stream::v1;  // NOLINT: many messages of three interfaces

Task<int> Partitions(CaseContext& c, std::string name) {
  const auto response = co_await c.Call(&StreamPartitioningStub::GetPartitions,
                                        Named<GetPartitionsRequest>(std::move(name)));
  co_return response.partitions_size();
}

Task<void> SetPartitions(CaseContext& c, std::string name, uint32_t n) {
  c.Note(name);
  SetPartitionsRequest request = Named<SetPartitionsRequest>(std::move(name));
  request.set_partitions(n);
  (void)co_await c.Call(&StreamPartitioningStub::SetPartitions, request);
}

}  // namespace

Task<void> AbsentStreamReadsAsEmpty(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("absent");
  const std::string longer = name + "-not";
  co_await streams.Append(longer, "elsewhere");
  const auto pages = co_await c.CallAll(&StreamBasicStub::Read, ReadOf(name));
  c.ExpectEq(pages.size(), size_t{0});
  const GetLatestOffsetResponse latest = co_await streams.Latest(name);
  c.Expect(!latest.found() && latest.offset().empty(), "there is no newest record");
  c.ExpectEq(co_await streams.Payloads(longer), Texts(1, "elsewhere"));
}

Task<void> StreamsComeIntoBeing(CaseContext& c) {
  Streams streams(c);
  Texts names;
  for (int i = 0; i < 4; ++i) names.push_back(c.Unique("stream"));
  for (const std::string& name : names) {
    c.Note(name);
    (void)co_await streams.Latest(name);
    c.ExpectEq(co_await Partitions(c, name), 0);
  }
  co_await streams.Append(names[0], "first");
  CreateConsumerGroupRequest group = Named<CreateConsumerGroupRequest>(names[1]);
  group.set_group("group");
  (void)co_await c.Call(&StreamConsumerGroupsStub::CreateConsumerGroup, group);
  SetRetentionRequest retention = Named<SetRetentionRequest>(names[2]);
  retention.mutable_retention()->set_max_records(1'000);
  (void)co_await c.Call(&StreamRetentionStub::SetRetention, retention);
  co_await SetPartitions(c, names[3], 3);
  for (const std::string& name : names) {
    c.ExpectEq(co_await Partitions(c, name), name == names[3] ? 3 : 1);
  }
}

Task<void> SeveralPartitionsAreReadOneByOne(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.Append(name, "while there was one");
  co_await SetPartitions(c, name, 3);
  co_await streams.Append(name, "in any");
  co_await streams.Append(AppendOf(name, "where its key belongs", "key"));
  co_await c.Refused(&StreamBasicStub::Read, ReadOf(name), Code::kFailedPrecondition);
  co_await c.Refused(&StreamBasicStub::GetLatestOffset, Named<GetLatestOffsetRequest>(name),
                     Code::kFailedPrecondition);
  int records = 0;
  for (uint32_t partition = 0; partition < 3; ++partition) {
    ReadPartitionRequest read = Named<ReadPartitionRequest>(name);
    read.set_partition(partition);
    const auto pages = co_await c.CallAll(&StreamPartitioningStub::ReadPartition, read);
    for (const RecordPage& page : pages) records += page.records_size();
  }
  c.ExpectEq(records, 3);
}

Task<void> RemovedRecordsLeaveOffsets(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  Texts offsets;
  for (int i = 0; i < 6; ++i) {
    const std::string key = i % 3 == 0 ? "twice" : "once" + std::to_string(i);
    offsets.push_back(co_await streams.Append(AppendOf(name, std::to_string(i), key)));
  }
  // The first record goes: one of its key follows.
  (void)co_await c.Call(&StreamRetentionStub::Compact, Named<CompactRequest>(name));
  const Texts kept(offsets.begin() + 1, offsets.end());
  for (const std::string& from : {std::string(), offsets[0], offsets[1]}) {
    const std::vector<Record> records = co_await streams.Read(ReadOf(name, from));
    c.ExpectEq(OffsetsOf(records), kept);
  }
}

Task<void> NamespacesNeverMeet(CaseContext& c) {
  Streams here(c);
  Streams there(c.other());
  const std::string name = c.Unique("stream");
  co_await here.Append(name, "here");
  c.ExpectEq(co_await there.Payloads(name), Texts());
  const GetLatestOffsetResponse latest = co_await there.Latest(name);
  c.Expect(!latest.found(), "the other namespace has no such stream");
  co_await there.Append(name, "there");
  c.ExpectEq(co_await here.Payloads(name), Texts(1, "here"));
  c.ExpectEq(co_await there.Payloads(name), Texts(1, "there"));
}

}  // namespace prism::conformance::streams
