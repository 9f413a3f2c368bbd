#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/live_stream.h"
#include "conformance/stream/client.h"
#include "interfaces/stream_consumer_groups.prism.h"
#include "prism/interfaces/stream_consumer_groups.pb.h"

namespace prism::conformance::streams {

using stream::v1::AckRequest;
using stream::v1::ClaimPendingRequest;
using stream::v1::CreateConsumerGroupRequest;
using stream::v1::DeleteConsumerGroupRequest;
using stream::v1::Delivery;
using stream::v1::DeliveryPage;
using stream::v1::GetConsumerGroupInfoRequest;
using stream::v1::GetConsumerGroupInfoResponse;
using stream::v1::GroupMember;
using stream::v1::JoinConsumerGroupRequest;

using Deliveries = std::vector<Delivery>;

// Some backends learn that a member left only when this is over.
inline constexpr int64_t kShortAckWaitMs = 1'000;
inline constexpr int64_t kMaxIdleMs = 43'200'000;

// stream_consumer_groups as plain functions of one group: all must succeed.
class Group {
 public:
  Group(Caller& caller, std::string stream, std::string name = "group")
      : caller_(caller), stream_(std::move(stream)), name_(std::move(name)) {}

  // Whether it was made.
  Task<bool> Create(stream::v1::GroupStart start = stream::v1::OLDEST, int64_t ack_wait_ms = 0,
                    Where where = Where::current());
  Task<bool> CreateAt(std::string offset, Where where = Where::current());
  Task<bool> Delete(Where where = Where::current());
  Task<uint64_t> Ack(Texts offsets, Where where = Where::current());
  Task<uint64_t> Ack(Deliveries deliveries, Where where = Where::current());
  Task<Deliveries> Claim(std::string member, int64_t min_idle_ms = 0, uint32_t limit = 0,
                         Where where = Where::current());
  Task<GetConsumerGroupInfoResponse> Info(Where where = Where::current());
  Task<uint64_t> Lag(Where where = Where::current());
  // What is pending for the member, 0 if there is none of that name.
  Task<uint64_t> PendingOf(std::string member, Where where = Where::current());
  // Waits until it neither has a stream nor records.
  Task<void> Gone(CaseContext& c, std::string member, Where where = Where::current());

  // A request for this group.
  template <class Request>
  Request Of() const {
    Request request;
    request.set_stream(stream_);
    request.set_group(name_);
    return request;
  }
  JoinConsumerGroupRequest Joining(std::string member, uint32_t max_pending = 0) const;

 private:
  Task<bool> Create(CreateConsumerGroupRequest request, Where where);

  Caller& caller_;
  const std::string stream_;
  const std::string name_;
};

// The open stream of a member, which leaves with its object.
class Member {
 public:
  Member(CaseContext& c, const Group& group, std::string name, uint32_t max_pending = 0)
      : c_(c),
        live_(c, &StreamConsumerGroupsStub::JoinConsumerGroup,
              group.Joining(std::move(name), max_pending)) {}

  // The first page, which says that it has joined; records in it are kept for Take.
  Task<void> Join(Where where = Where::current());
  // The next `n` deliveries, which must come; after a failure the missing ones are empty.
  Task<Deliveries> Take(size_t n, Where where = Where::current());
  // Those that came in the next page, or none at the stream's end.
  Task<Deliveries> TakePage(Where where = Where::current());
  // How the stream ends, which must have no more pages.
  Task<Status> End(Where where = Where::current()) { return live_.End(c_, where); }
  void Leave() { live_.Cancel(); }

 private:
  CaseContext& c_;
  LiveStream<StreamConsumerGroupsStub, JoinConsumerGroupRequest, DeliveryPage> live_;
  Deliveries came_;
  bool joined_ = false;
};

Texts PayloadsOf(const Deliveries& deliveries);
Texts OffsetsOf(const Deliveries& deliveries);
// All of them were delivered for the `count`th time.
void ExpectCounts(CaseContext& c, const Deliveries& deliveries, uint32_t count,
                  Where where = Where::current());

}  // namespace prism::conformance::streams
