#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/stream/client.h"
#include "interfaces/stream_partitioning.prism.h"
#include "prism/interfaces/stream_partitioning.pb.h"

namespace prism::conformance::streams {

using stream::v1::AppendToPartitionRequest;
using stream::v1::GetPartitionsRequest;
using stream::v1::Partition;
using stream::v1::ReadPartitionRequest;
using stream::v1::SetPartitionsRequest;

// stream_partitioning as plain functions of one stream: all must succeed.
class Partitioned {
 public:
  Partitioned(Caller& caller, std::string stream) : caller_(caller), stream_(std::move(stream)) {}

  Task<void> Set(uint32_t partitions, Where where = Where::current());
  Task<std::vector<Partition>> List(Where where = Where::current());
  // The new record's offset.
  Task<std::string> Append(uint32_t partition, std::string payload, std::string key = "",
                           Where where = Where::current());
  Task<std::vector<Record>> Read(uint32_t partition, std::string from = "", uint64_t limit = 0,
                                 Where where = Where::current());
  Task<Texts> Payloads(uint32_t partition, Where where = Where::current());

  SetPartitionsRequest SetOf(uint32_t partitions) const;
  AppendToPartitionRequest AppendOf(uint32_t partition, std::string payload,
                                    std::string key = "") const;
  ReadPartitionRequest ReadOf(uint32_t partition, std::string from = "", uint64_t limit = 0) const;

 private:
  Caller& caller_;
  const std::string stream_;
};

}  // namespace prism::conformance::streams
