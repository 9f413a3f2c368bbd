#include "conformance/stream/groups_client.h"

#include <algorithm>

namespace prism::conformance::streams {

using stream::v1::GroupStart;

Task<bool> Group::Create(CreateConsumerGroupRequest request, Where where) {
  caller_.Note(stream_);
  const auto response = co_await caller_.Call(&StreamConsumerGroupsStub::CreateConsumerGroup,
                                              std::move(request), where);
  co_return response.created();
}

Task<bool> Group::Create(GroupStart start, int64_t ack_wait_ms, Where where) {
  auto request = Of<CreateConsumerGroupRequest>();
  request.set_start(start);
  request.set_ack_wait_ms(ack_wait_ms);
  return Create(std::move(request), where);
}

Task<bool> Group::CreateAt(std::string offset, Where where) {
  auto request = Of<CreateConsumerGroupRequest>();
  request.set_start(stream::v1::OFFSET);
  request.set_offset(std::move(offset));
  return Create(std::move(request), where);
}

Task<bool> Group::Delete(Where where) {
  const auto response = co_await caller_.Call(&StreamConsumerGroupsStub::DeleteConsumerGroup,
                                              Of<DeleteConsumerGroupRequest>(), where);
  co_return response.found();
}

Task<uint64_t> Group::Ack(Texts offsets, Where where) {
  auto request = Of<AckRequest>();
  for (std::string& offset : offsets) request.add_offsets(std::move(offset));
  const auto response =
      co_await caller_.Call(&StreamConsumerGroupsStub::Ack, std::move(request), where);
  co_return response.acked();
}

Task<uint64_t> Group::Ack(Deliveries deliveries, Where where) {
  return Ack(OffsetsOf(deliveries), where);
}

Task<Deliveries> Group::Claim(std::string member, int64_t min_idle_ms, uint32_t limit,
                              Where where) {
  auto request = Of<ClaimPendingRequest>();
  request.set_member(std::move(member));
  request.set_min_idle_ms(min_idle_ms);
  request.set_limit(limit);
  const auto response =
      co_await caller_.Call(&StreamConsumerGroupsStub::ClaimPending, std::move(request), where);
  co_return Deliveries(response.deliveries().begin(), response.deliveries().end());
}

Task<GetConsumerGroupInfoResponse> Group::Info(Where where) {
  return caller_.Call(&StreamConsumerGroupsStub::GetConsumerGroupInfo,
                      Of<GetConsumerGroupInfoRequest>(), where);
}

Task<uint64_t> Group::Lag(Where where) {
  const GetConsumerGroupInfoResponse info = co_await Info(where);
  if (!info.found()) caller_.Fail("there is no such group", where);
  co_return info.lag();
}

Task<uint64_t> Group::PendingOf(std::string member, Where where) {
  const GetConsumerGroupInfoResponse info = co_await Info(where);
  for (const GroupMember& one : info.members()) {
    if (one.name() == member) co_return one.pending();
  }
  co_return 0;
}

Task<void> Group::Gone(CaseContext& c, std::string member, Where where) {
  co_await c.Until(
      "the member is gone: " + member,
      [&]() -> Task<bool> {
        const GetConsumerGroupInfoResponse info = co_await Info(where);
        co_return info.found() &&
            std::none_of(info.members().begin(), info.members().end(),
                         [&](const GroupMember& one) { return one.name() == member; });
      },
      where);
}

JoinConsumerGroupRequest Group::Joining(std::string member, uint32_t max_pending) const {
  auto request = Of<JoinConsumerGroupRequest>();
  request.set_member(std::move(member));
  request.set_max_pending(max_pending);
  return request;
}

Task<void> Member::Join(Where where) {
  const DeliveryPage page = co_await live_.Next(c_, where);
  came_.assign(page.deliveries().begin(), page.deliveries().end());
  joined_ = true;
}

Task<Deliveries> Member::TakePage(Where where) {
  Deliveries came = std::exchange(came_, Deliveries());
  while (came.empty() && c_.ok()) {
    const DeliveryPage* page = co_await live_.Pull();
    if (!page) break;
    if (joined_ && page->deliveries().empty()) c_.Fail("a later page is empty", where);
    joined_ = true;
    came.assign(page->deliveries().begin(), page->deliveries().end());
  }
  co_return came;
}

Task<Deliveries> Member::Take(size_t n, Where where) {
  Deliveries taken;
  while (taken.size() < n && c_.ok()) {
    const Deliveries page = co_await TakePage(where);
    if (page.empty()) c_.Fail("the stream ended: " + Show(live_.status()), where);
    taken.insert(taken.end(), page.begin(), page.end());
  }
  if (taken.size() > n) {
    came_.assign(taken.begin() + static_cast<std::ptrdiff_t>(n), taken.end());
  }
  taken.resize(n);
  co_return taken;
}

Texts PayloadsOf(const Deliveries& deliveries) {
  Texts payloads;
  for (const Delivery& delivery : deliveries) payloads.push_back(delivery.record().payload());
  return payloads;
}

Texts OffsetsOf(const Deliveries& deliveries) {
  Texts offsets;
  for (const Delivery& delivery : deliveries) offsets.push_back(delivery.record().offset());
  return offsets;
}

void ExpectCounts(CaseContext& c, const Deliveries& deliveries, uint32_t count, Where where) {
  for (const Delivery& delivery : deliveries) {
    c.ExpectEq(delivery.delivery_count(), count, where);
  }
}

}  // namespace prism::conformance::streams
