#include <gtest/gtest.h>

#include <thread>

#include "drivers/memstore/stream/stream_fixture.h"

namespace prism::memstore {
namespace {

using namespace stream::v1;  // NOLINT
using std::chrono::milliseconds;

class GroupCalls : public StreamFixture {
 protected:
  ClaimPendingResponse Claim(const std::string& member, int64_t min_idle_ms, uint32_t limit = 0) {
    ClaimPendingRequest request;
    request.set_stream("s");
    request.set_group("g");
    request.set_member(member);
    request.set_min_idle_ms(min_idle_ms);
    request.set_limit(limit);
    return Ok(&StreamCalls::ClaimPending, request);
  }
  bool Seek(const std::string& offset) {
    SeekToOffsetRequest request;
    request.set_stream("s");
    request.set_group("g");
    request.set_offset(offset);
    return Ok(&StreamCalls::SeekToOffset, request).found();
  }
  bool DeleteGroup() {
    DeleteConsumerGroupRequest request;
    request.set_stream("s");
    request.set_group("g");
    return Ok(&StreamCalls::DeleteConsumerGroup, request).found();
  }
  // The next page of a member, which must come.
  static Task<DeliveryPage> Next(Stream<DeliveryPage>& pages) {
    DeliveryPage* page = co_await pages.Next();
    EXPECT_NE(page, nullptr) << pages.status().ToString();
    co_return page ? *page : DeliveryPage();
  }
  // Joins and takes the first page, which says so.
  Task<Stream<DeliveryPage>> Join(StreamCalls& calls, RequestContext& context,
                                  const JoinConsumerGroupRequest& request) {
    Stream<DeliveryPage> pages = calls.JoinConsumerGroup(context, request);
    const DeliveryPage first = co_await Next(pages);
    EXPECT_EQ(first.deliveries_size(), 0);
    co_return pages;
  }
};

TEST_F(GroupCalls, ExistOnceAndBeginWhereTold) {
  EXPECT_FALSE(Info().found());
  Append("a");
  const std::string b = Append("b");
  EXPECT_TRUE(CreateGroup(NEXT));
  EXPECT_FALSE(CreateGroup(OLDEST));
  EXPECT_EQ(Info().lag(), 0u);
  EXPECT_TRUE(DeleteGroup());
  EXPECT_FALSE(DeleteGroup());
  CreateGroup(OFFSET, 0, b);
  EXPECT_EQ(Info().lag(), 1u);
  DeleteGroup();
  CreateGroup();
  EXPECT_EQ(Info().lag(), 2u);
  EXPECT_EQ(Info().positions(0).last_delivered_offset(), "");
}

TEST_F(GroupCalls, RefuseBadArguments) {
  CreateConsumerGroupRequest create;
  create.set_stream("s");
  ExpectRefused(&StreamCalls::CreateConsumerGroup, create, "group");
  create.set_group("g");
  create.set_ack_wait_ms(99);
  ExpectRefused(&StreamCalls::CreateConsumerGroup, create, "ack_wait_ms");
  create.set_ack_wait_ms(0);
  create.set_start(OFFSET);
  ExpectRefused(&StreamCalls::CreateConsumerGroup, create, "offset");
  AckRequest ack;
  ack.set_stream("s");
  ack.set_group("g");
  ExpectRefused(&StreamCalls::Ack, ack, "offsets");
  ack.add_offsets("nonsense");
  ExpectRefused(&StreamCalls::Ack, ack, "offsets");
}

TEST_F(GroupCalls, JoiningNoGroupIsNotFound) {
  RunOnWorker([&]() -> Task<void> {
    const auto request = JoinRequest("m");
    Stream<DeliveryPage> pages = backend_.JoinConsumerGroup(context_, request);
    EXPECT_EQ(co_await pages.Next(), nullptr);
    EXPECT_EQ(pages.status().code(), Code::kNotFound);
  });
}

TEST_F(GroupCalls, GiveEachRecordToOneMember) {
  CreateGroup();
  for (const char* payload : {"a", "b", "c", "d"}) Append(payload);
  RunOnWorker([&]() -> Task<void> {
    StreamCalls calls(data_);
    const auto one = JoinRequest("one", 2);
    const auto two = JoinRequest("two", 2);
    auto first = co_await Join(calls, context_, one);
    auto second = co_await Join(calls, context_, two);
    EXPECT_EQ(Payloads(co_await Next(first)), Of("a", "b"));
    EXPECT_EQ(Payloads(co_await Next(second)), Of("c", "d"));
    const auto info = Info();
    EXPECT_EQ(info.pending(), 4u);
    EXPECT_EQ(info.lag(), 0u);
    EXPECT_EQ(info.members_size(), 2);
    if (info.members_size() != 2) co_return;
    EXPECT_EQ(info.members(0).name(), "one");
    EXPECT_TRUE(info.members(0).joined());
    EXPECT_EQ(info.members(1).pending(), 2u);
  });
}

TEST_F(GroupCalls, MaxPendingHoldsBackUntilAcks) {
  CreateGroup();
  for (const char* payload : {"a", "b", "c"}) Append(payload);
  RunOnWorker([&]() -> Task<void> {
    StreamCalls calls(data_);
    const auto request = JoinRequest("m", 2);
    auto pages = co_await Join(calls, context_, request);
    const DeliveryPage page = co_await Next(pages);
    EXPECT_EQ(Payloads(page), Of("a", "b"));
    const std::string first = page.deliveries(0).record().offset();
    std::thread other([&] {
      std::this_thread::sleep_for(milliseconds(3));
      EXPECT_EQ(Info().pending(), 2u);
      EXPECT_EQ(Ack(Of(first)), 1u);
      EXPECT_EQ(Ack(Of(first)), 0u);
    });
    EXPECT_EQ(Payloads(co_await Next(pages)), Of("c"));
    other.join();
  });
}

TEST_F(GroupCalls, AMemberThatLeavesFreesItsRecords) {
  CreateGroup();
  Append("a");
  RunOnWorker([&]() -> Task<void> {
    StreamCalls calls(data_);
    const auto dead = JoinRequest("dead");
    const auto heir = JoinRequest("heir");
    auto second = co_await Join(calls, context_, heir);
    {
      auto first = co_await Join(calls, context_, dead);
      EXPECT_EQ(Payloads(co_await Next(first)), Of("a"));
    }
    const DeliveryPage page = co_await Next(second);
    EXPECT_EQ(Payloads(page), Of("a"));
    EXPECT_EQ(page.deliveries(0).delivery_count(), 2u);
    EXPECT_EQ(Info().members_size(), 1);
    EXPECT_EQ(Ack(Of(page.deliveries(0).record().offset())), 1u);
    EXPECT_EQ(Info().pending(), 0u);
  });
}

TEST_F(GroupCalls, TheAckWaitFreesARecord) {
  CreateGroup(OLDEST, 100);
  Append("a");
  RunOnWorker([&]() -> Task<void> {
    StreamCalls calls(data_);
    const auto slow = JoinRequest("slow");
    const auto quick = JoinRequest("quick");
    auto first = co_await Join(calls, context_, slow);
    EXPECT_EQ(Payloads(co_await Next(first)), Of("a"));
    auto second = co_await Join(calls, context_, quick);
    std::thread other([&] {
      std::this_thread::sleep_for(milliseconds(3));
      EXPECT_EQ(Info().members(1).pending(), 1u);
      clock_.Advance(milliseconds(100));
    });
    // Nobody calls: the collector must wake the member that waits.
    const DeliveryPage page = co_await Next(second);
    other.join();
    EXPECT_EQ(Payloads(page), Of("a"));
    EXPECT_EQ(page.deliveries(0).delivery_count(), 2u);
  });
}

TEST_F(GroupCalls, ASecondStreamOfAMemberReplacesTheFirst) {
  CreateGroup();
  Append("a");
  RunOnWorker([&]() -> Task<void> {
    StreamCalls calls(data_);
    const auto request = JoinRequest("m");
    auto first = co_await Join(calls, context_, request);
    EXPECT_EQ(Payloads(co_await Next(first)), Of("a"));
    auto second = co_await Join(calls, context_, request);
    EXPECT_EQ(Payloads(co_await Next(second)), Of("a"));
    EXPECT_EQ(co_await first.Next(), nullptr);
    EXPECT_EQ(first.status().code(), Code::kAborted);
    EXPECT_EQ(Info().members(0).pending(), 1u);
  });
}

TEST_F(GroupCalls, ClaimTakesWhatIsIdle) {
  CreateGroup();
  Append("a");
  Append("b");
  RunOnWorker([&]() -> Task<void> {
    StreamCalls calls(data_);
    const auto stuck = JoinRequest("stuck");
    auto pages = co_await Join(calls, context_, stuck);
    EXPECT_EQ(Payloads(co_await Next(pages)), Of("a", "b"));
    clock_.Advance(milliseconds(50));
    EXPECT_EQ(Claim("other", 51).deliveries_size(), 0);
    EXPECT_EQ(Claim("stuck", 0).deliveries_size(), 0) << "its own";
    const auto claimed = Claim("other", 50, 1);
    EXPECT_EQ(claimed.deliveries_size(), 1);
    if (claimed.deliveries_size() != 1) co_return;
    EXPECT_EQ(claimed.deliveries(0).record().payload(), "a");
    EXPECT_EQ(claimed.deliveries(0).delivery_count(), 2u);
    EXPECT_EQ(Info().members(0).name(), "other");
    EXPECT_FALSE(Info().members(0).joined());
    EXPECT_EQ(Ack(Of(claimed.deliveries(0).record().offset())), 1u);
    EXPECT_EQ(Info().members_size(), 1) << "who has neither stream nor records is no member";
  });
}

TEST_F(GroupCalls, SeekingDeliversAgainAndForgetsWhatWasPending) {
  CreateGroup();
  Append("a");
  const std::string b = Append("b");
  RunOnWorker([&]() -> Task<void> {
    StreamCalls calls(data_);
    const auto request = JoinRequest("m");
    auto pages = co_await Join(calls, context_, request);
    EXPECT_EQ((co_await Next(pages)).deliveries_size(), 2);
    EXPECT_EQ(Ack(Of(b)), 1u);
    EXPECT_TRUE(Seek(b));
    EXPECT_EQ(Info().pending(), 0u);
    EXPECT_EQ(Info().lag(), 1u);
    const DeliveryPage page = co_await Next(pages);
    EXPECT_EQ(Payloads(page), Of("b"));
    EXPECT_EQ(page.deliveries(0).delivery_count(), 1u);
    EXPECT_TRUE(Seek(""));
    EXPECT_EQ(Payloads(co_await Next(pages)), Of("a", "b"));
  });
  DeleteGroup();
  EXPECT_FALSE(Seek(b));
}

TEST_F(GroupCalls, SeekByTime) {
  CreateGroup(NEXT);
  std::vector<int64_t> stamps;
  for (const char* payload : {"a", "b", "c"}) {
    Append(payload);
    clock_.Advance(milliseconds(1000));
  }
  const auto pages = Pages();
  for (const auto& record : pages.at(0).records()) stamps.push_back(record.timestamp_unix_ms());
  const auto lag_after = [&](int64_t unix_ms) {
    SeekToTimestampRequest request;
    request.set_stream("s");
    request.set_group("g");
    request.set_timestamp_unix_ms(unix_ms);
    EXPECT_TRUE(Ok(&StreamCalls::SeekToTimestamp, request).found());
    return Info().lag();
  };
  EXPECT_EQ(lag_after(0), 3u);
  EXPECT_EQ(lag_after(stamps[1]), 2u);
  EXPECT_EQ(lag_after(stamps[1] + 1), 1u);
  EXPECT_EQ(lag_after(stamps[2] + 1), 0u);
}

TEST_F(GroupCalls, SpanAllPartitions) {
  CreateGroup();
  SetPartitions(3);
  for (int i = 0; i < 30; ++i) Append(std::to_string(i), "key" + std::to_string(i));
  EXPECT_EQ(Info().positions_size(), 3);
  EXPECT_EQ(Info().lag(), 30u);
  RunOnWorker([&]() -> Task<void> {
    StreamCalls calls(data_);
    const auto request = JoinRequest("m");
    auto pages = co_await Join(calls, context_, request);
    const DeliveryPage page = co_await Next(pages);
    EXPECT_EQ(page.deliveries_size(), 30);
    Texts offsets;
    for (const auto& delivery : page.deliveries()) offsets.push_back(delivery.record().offset());
    EXPECT_EQ(Ack(offsets), 30u);
    EXPECT_EQ(Info().lag(), 0u);
  });
}

TEST_F(GroupCalls, RetentionTakesPendingRecordsAway) {
  CreateGroup();
  Append("a");
  Append("b");
  RunOnWorker([&]() -> Task<void> {
    StreamCalls calls(data_);
    const auto request = JoinRequest("m");
    auto pages = co_await Join(calls, context_, request);
    EXPECT_EQ((co_await Next(pages)).deliveries_size(), 2);
    SetRetentionRequest retention;
    retention.set_stream("s");
    retention.mutable_retention()->set_max_records(1);
    Ok(&StreamCalls::SetRetention, retention);
    EXPECT_EQ(Info().pending(), 1u);
  });
}

TEST_F(GroupCalls, DeletingEndsTheMembersAndGivesAllBack) {
  CreateGroup();
  Append("a");
  RunOnWorker([&]() -> Task<void> {
    StreamCalls calls(data_);
    const auto request = JoinRequest("m", 1000);
    auto pages = co_await Join(calls, context_, request);
    EXPECT_EQ((co_await Next(pages)).deliveries_size(), 1);
    std::thread other([&] {
      std::this_thread::sleep_for(milliseconds(2));
      EXPECT_TRUE(DeleteStream());
    });
    EXPECT_EQ(co_await pages.Next(), nullptr);
    EXPECT_EQ(pages.status().code(), Code::kAborted);
    other.join();
  });
  EXPECT_EQ(budget_->used_bytes(), 0);
}

}  // namespace
}  // namespace prism::memstore
