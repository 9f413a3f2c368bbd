#include "drivers/memstore/stream/calls.h"

#include <algorithm>

#include "drivers/contract/checks.h"
#include "drivers/contract/stream.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/stream/messages.h"
#include "drivers/memstore/stream/offset.h"
#include "drivers/memstore/stream/read_pages.h"
#include "prism/interfaces/stream_basic.pb.h"
#include "prism/interfaces/stream_partitioning.pb.h"
#include "prism/interfaces/stream_replay.pb.h"

namespace prism::memstore {
namespace {

using namespace stream::v1;  // NOLINT

constexpr uint32_t kMaxPartitions = Log::kMaxPartitions;

template <class Request>
std::shared_ptr<LogRecord> ToRecord(const Request& request) {
  auto record = std::make_shared<LogRecord>();
  record->payload = request.payload();
  record->key = request.key();
  record->attributes = ToAttributes(request.attributes());
  return record;
}

// The range that a request names, by the end that `to` stands for.
template <class Request>
Result<RecordRange> RangeOf(const Request& request, uint32_t partition) {
  PRISM_RETURN_IF_ERROR(CheckName("stream", request.stream()));
  PRISM_RETURN_IF_ERROR(CheckRange("partition", partition, 0, kMaxPartitions - 1));
  const Result<Place> from = DecodeOffsetIn(partition, "from_offset", request.from_offset());
  if (!from.ok()) return from.status();
  RecordRange range;
  range.name = request.stream();
  range.from = *from;
  return range;
}

template <class Request>
Result<RecordRange> BoundedRangeOf(const Request& request, uint32_t partition) {
  Result<RecordRange> range = RangeOf(request, partition);
  if (range.ok() && request.limit() > 0) range->limit = request.limit();
  if (range.ok()) range->follow = request.follow();
  return range;
}

}  // namespace

StreamCalls::StreamCalls(std::shared_ptr<NamespaceData> data)
    : data_(std::move(data)),
      logs_(data_->streams),
      collector_(data_->now, {[this](int max) { return logs_.Collect(max); },
                              [this] { return logs_.next_due(); }}) {}

Task<Status> StreamCalls::Append(RequestContext&, const AppendRequest& request,
                                 AppendResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckAppend(request));
  const Result<Place> place = logs_.Append(request.stream(), Logs::kByKey, ToRecord(request));
  if (!place.ok()) co_return place.status();
  collector_.After(logs_.next_due());
  response.set_offset(EncodeOffset(*place));
  co_return OkStatus();
}

Task<Status> StreamCalls::AppendToPartition(RequestContext&,
                                            const AppendToPartitionRequest& request,
                                            AppendToPartitionResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckAppend(request));
  PRISM_CO_RETURN_IF_ERROR(CheckRange("partition", request.partition(), 0, kMaxPartitions - 1));
  const Result<Place> place =
      logs_.Append(request.stream(), request.partition(), ToRecord(request));
  if (!place.ok()) co_return place.status();
  collector_.After(logs_.next_due());
  response.set_offset(EncodeOffset(*place));
  co_return OkStatus();
}

Stream<RecordPage> StreamCalls::Read(RequestContext& ctx, const ReadRequest& request) {
  Result<RecordRange> range = BoundedRangeOf(request, 0);
  if (range.ok()) range->sole_partition = true;
  return ReadPages(logs_, ctx, std::move(range));
}

Stream<RecordPage> StreamCalls::ReadPartition(RequestContext& ctx,
                                              const ReadPartitionRequest& request) {
  return ReadPages(logs_, ctx, BoundedRangeOf(request, request.partition()));
}

Stream<RecordPage> StreamCalls::ReplayRange(RequestContext& ctx,
                                            const ReplayRangeRequest& request) {
  Result<RecordRange> range = RangeOf(request, 0);
  if (range.ok()) {
    range->sole_partition = true;
    const auto partitions = logs_.Partitions(request.stream());
    range->to = partitions.empty() ? 0 : partitions[0].next;
    if (!request.to_offset().empty()) {
      const Result<Place> to = DecodeOffsetIn(0, "to_offset", request.to_offset());
      if (to.ok()) {
        range->to = to->sequence;
      } else {
        range = to.status();
      }
    }
  }
  return ReadPages(logs_, ctx, std::move(range));
}

Task<Status> StreamCalls::GetLatestOffset(RequestContext&, const GetLatestOffsetRequest& request,
                                          GetLatestOffsetResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckName("stream", request.stream()));
  const auto partitions = logs_.Partitions(request.stream());
  if (partitions.empty()) co_return OkStatus();
  if (partitions.size() > 1) co_return SeveralPartitions(request.stream());
  response.set_found(partitions[0].records > 0);
  if (response.found()) response.set_offset(EncodeOffset({0, partitions[0].newest}));
  response.set_next_offset(EncodeOffset({0, partitions[0].next}));
  co_return OkStatus();
}

Task<Status> StreamCalls::SetPartitions(RequestContext&, const SetPartitionsRequest& request,
                                        SetPartitionsResponse&) {
  PRISM_CO_RETURN_IF_ERROR(CheckName("stream", request.stream()));
  PRISM_CO_RETURN_IF_ERROR(CheckRange("partitions", request.partitions(), 1, kMaxPartitions));
  co_return logs_.SetPartitions(request.stream(), request.partitions());
}

Task<Status> StreamCalls::GetPartitions(RequestContext&, const GetPartitionsRequest& request,
                                        GetPartitionsResponse& response) {
  PRISM_CO_RETURN_IF_ERROR(CheckName("stream", request.stream()));
  uint32_t index = 0;
  for (const Logs::PartitionInfo& info : logs_.Partitions(request.stream())) {
    stream::v1::Partition& partition = *response.add_partitions();
    partition.set_partition(index);
    partition.set_records(info.records);
    if (info.records > 0) {
      partition.set_oldest_offset(EncodeOffset({index, info.oldest}));
      partition.set_latest_offset(EncodeOffset({index, info.newest}));
    }
    partition.set_next_offset(EncodeOffset({index++, info.next}));
  }
  co_return OkStatus();
}

}  // namespace prism::memstore
