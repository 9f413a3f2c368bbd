#pragma once

#include <string>
#include <vector>

#include "drivers/memstore/calls_fixture.h"
#include "drivers/memstore/log/on_worker.h"
#include "drivers/memstore/stream/calls.h"
#include "prism/interfaces/stream_basic.pb.h"
#include "prism/interfaces/stream_consumer_groups.pb.h"
#include "prism/interfaces/stream_partitioning.pb.h"
#include "prism/interfaces/stream_replay.pb.h"
#include "prism/interfaces/stream_retention.pb.h"

namespace prism::memstore {

class StreamFixture : public CallsFixture<StreamCalls> {
 protected:
  using Texts = std::vector<std::string>;

  // Instead of braces, which g++ 12 cannot have beside a co_await.
  template <class... T>
  static Texts Of(const T&... texts) {
    Texts all;
    (all.emplace_back(texts), ...);
    return all;
  }

  std::string Append(const std::string& payload, const std::string& key = "",
                     const std::string& stream = "s") {
    stream::v1::AppendRequest request;
    request.set_stream(stream);
    request.set_payload(payload);
    request.set_key(key);
    return Ok(&StreamCalls::Append, request).offset();
  }
  std::vector<stream::v1::RecordPage> Pages(const std::string& from = "", uint64_t limit = 0,
                                            Code code = Code::kOk) {
    stream::v1::ReadRequest request;
    request.set_stream("s");
    request.set_from_offset(from);
    request.set_limit(limit);
    return Drain(backend_.Read(context_, request), code);
  }
  Texts Read(const std::string& from = "", uint64_t limit = 0) {
    return Payloads(Pages(from, limit));
  }
  Texts ReadPartition(uint32_t partition) {
    stream::v1::ReadPartitionRequest request;
    request.set_stream("s");
    request.set_partition(partition);
    return Payloads(Drain(backend_.ReadPartition(context_, request)));
  }
  static Texts Payloads(const std::vector<stream::v1::RecordPage>& pages) {
    Texts payloads;
    for (const auto& page : pages) {
      for (const auto& record : page.records()) payloads.push_back(record.payload());
    }
    return payloads;
  }
  static Texts Payloads(const stream::v1::DeliveryPage& page) {
    Texts payloads;
    for (const auto& delivery : page.deliveries()) payloads.push_back(delivery.record().payload());
    return payloads;
  }

  bool CreateGroup(stream::v1::GroupStart start = stream::v1::OLDEST, int64_t ack_wait_ms = 0,
                   const std::string& offset = "") {
    stream::v1::CreateConsumerGroupRequest request;
    request.set_stream("s");
    request.set_group("g");
    request.set_start(start);
    request.set_offset(offset);
    request.set_ack_wait_ms(ack_wait_ms);
    return Ok(&StreamCalls::CreateConsumerGroup, request).created();
  }
  static stream::v1::JoinConsumerGroupRequest JoinRequest(const std::string& member,
                                                          uint32_t max_pending = 0) {
    stream::v1::JoinConsumerGroupRequest request;
    request.set_stream("s");
    request.set_group("g");
    request.set_member(member);
    request.set_max_pending(max_pending);
    return request;
  }
  uint64_t Ack(const Texts& offsets) {
    stream::v1::AckRequest request;
    request.set_stream("s");
    request.set_group("g");
    for (const std::string& offset : offsets) request.add_offsets(offset);
    return Ok(&StreamCalls::Ack, request).acked();
  }
  stream::v1::GetConsumerGroupInfoResponse Info() {
    stream::v1::GetConsumerGroupInfoRequest request;
    request.set_stream("s");
    request.set_group("g");
    return Ok(&StreamCalls::GetConsumerGroupInfo, request);
  }
  void SetPartitions(uint32_t partitions) {
    stream::v1::SetPartitionsRequest request;
    request.set_stream("s");
    request.set_partitions(partitions);
    Ok(&StreamCalls::SetPartitions, request);
  }
  bool DeleteStream() {
    stream::v1::DeleteStreamRequest request;
    request.set_stream("s");
    return Ok(&StreamCalls::DeleteStream, request).found();
  }
};

}  // namespace prism::memstore
