#include "conformance/stream/partitions_client.h"

namespace prism::conformance::streams {

Task<void> Partitioned::Set(uint32_t partitions, Where where) {
  caller_.Note(stream_);
  (void)co_await caller_.Call(&StreamPartitioningStub::SetPartitions, SetOf(partitions), where);
}

Task<std::vector<Partition>> Partitioned::List(Where where) {
  const auto response = co_await caller_.Call(&StreamPartitioningStub::GetPartitions,
                                              Named<GetPartitionsRequest>(stream_), where);
  co_return std::vector<Partition>(response.partitions().begin(), response.partitions().end());
}

Task<std::string> Partitioned::Append(uint32_t partition, std::string payload, std::string key,
                                      Where where) {
  caller_.Note(stream_);
  auto request = AppendOf(partition, std::move(payload), std::move(key));
  const auto response =
      co_await caller_.Call(&StreamPartitioningStub::AppendToPartition, std::move(request), where);
  if (response.offset().empty()) caller_.Fail("the new record has no offset", where);
  co_return response.offset();
}

Task<std::vector<Record>> Partitioned::Read(uint32_t partition, std::string from, uint64_t limit,
                                            Where where) {
  auto request = ReadOf(partition, std::move(from), limit);
  const auto pages =
      co_await caller_.CallAll(&StreamPartitioningStub::ReadPartition, std::move(request), where);
  co_return RecordsOf(caller_, pages, where);
}

Task<Texts> Partitioned::Payloads(uint32_t partition, Where where) {
  const std::vector<Record> records = co_await Read(partition, "", 0, where);
  co_return PayloadsOf(records);
}

SetPartitionsRequest Partitioned::SetOf(uint32_t partitions) const {
  auto request = Named<SetPartitionsRequest>(stream_);
  request.set_partitions(partitions);
  return request;
}

AppendToPartitionRequest Partitioned::AppendOf(uint32_t partition, std::string payload,
                                               std::string key) const {
  auto request = Named<AppendToPartitionRequest>(stream_);
  request.set_partition(partition);
  request.set_payload(std::move(payload));
  request.set_key(std::move(key));
  return request;
}

ReadPartitionRequest Partitioned::ReadOf(uint32_t partition, std::string from,
                                         uint64_t limit) const {
  auto request = Named<ReadPartitionRequest>(stream_);
  request.set_partition(partition);
  request.set_from_offset(std::move(from));
  request.set_limit(limit);
  return request;
}

}  // namespace prism::conformance::streams
