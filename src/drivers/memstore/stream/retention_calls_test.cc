#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "drivers/memstore/stream/stream_fixture.h"

namespace prism::memstore {
namespace {

using namespace stream::v1;  // NOLINT
using std::chrono::milliseconds;

class RetentionCalls : public StreamFixture {
 protected:
  void SetRetention(const Retention& retention) {
    SetRetentionRequest request;
    request.set_stream("s");
    *request.mutable_retention() = retention;
    Ok(&StreamCalls::SetRetention, request);
  }
  GetRetentionResponse GetRetention() {
    GetRetentionRequest request;
    request.set_stream("s");
    return Ok(&StreamCalls::GetRetention, request);
  }
  uint64_t Compact() {
    CompactRequest request;
    request.set_stream("s");
    return Ok(&StreamCalls::Compact, request).removed();
  }
};

TEST_F(RetentionCalls, BoundsTheRecords) {
  Retention retention;
  retention.set_max_records(2);
  for (const char* payload : {"a", "b", "c"}) Append(payload);
  SetRetention(retention);
  EXPECT_EQ(Read(), (Texts{"b", "c"}));
  Append("d");
  EXPECT_EQ(Read(), (Texts{"c", "d"}));
}

TEST_F(RetentionCalls, BoundsTheBytesButKeepsTheNewest) {
  Retention retention;
  retention.set_max_bytes(10);
  SetRetention(retention);
  for (const char* payload : {"12345", "12345", "1"}) Append(payload);
  EXPECT_EQ(Read(), (Texts{"12345", "1"}));
  Append("longer than ten");
  EXPECT_EQ(Read(), Texts{"longer than ten"});
}

TEST_F(RetentionCalls, BoundsTheAge) {
  Retention retention;
  retention.set_max_age_ms(100);
  SetRetention(retention);
  Append("a");
  clock_.Advance(milliseconds(60));
  Append("b");
  clock_.Advance(milliseconds(40));
  EXPECT_EQ(Read(), Texts{"b"});
}

TEST_F(RetentionCalls, TheCollectorGivesBackWhatNobodyReads) {
  Retention retention;
  retention.set_max_age_ms(100);
  SetRetention(retention);
  const int64_t before = budget_->used_bytes();
  for (int i = 0; i < 2000; ++i) Append("x");
  EXPECT_EQ(data_->streams.Collect(256), 0) << "nothing is due";
  clock_.Advance(milliseconds(100));
  while (data_->streams.Collect(256) > 0) {
  }
  EXPECT_EQ(budget_->used_bytes(), before);
  EXPECT_EQ(data_->streams.next_due(), kNever);
}

TEST_F(RetentionCalls, IsReplacedAsAWhole) {
  EXPECT_FALSE(GetRetention().found());
  Retention retention;
  retention.set_max_records(1);
  SetRetention(retention);
  EXPECT_EQ(GetRetention().retention().max_records(), 1);
  EXPECT_FALSE(GetRetention().retention().has_max_bytes());
  Retention age;
  age.set_max_age_ms(5);
  SetRetention(age);
  EXPECT_FALSE(GetRetention().retention().has_max_records());
  EXPECT_EQ(GetRetention().retention().max_age_ms(), 5);
  SetRetentionRequest bad;
  bad.set_stream("s");
  bad.mutable_retention()->set_max_bytes(0);
  ExpectRefused(&StreamCalls::SetRetention, bad, "max_bytes");
}

TEST_F(RetentionCalls, CompactKeepsTheLastOfEachKey) {
  Append("a1", "a");
  Append("x");
  const std::string b1 = Append("b1", "b");
  Append("a2", "a");
  const std::string b2 = Append("b2", "b");
  EXPECT_EQ(Compact(), 2u);
  EXPECT_EQ(Read(), (Texts{"x", "a2", "b2"}));
  EXPECT_EQ(Read(b2), Texts{"b2"});
  EXPECT_EQ(Read(b1), (Texts{"a2", "b2"})) << "the offset of a record that is gone";
  EXPECT_EQ(Compact(), 0u);
}

TEST_F(RetentionCalls, CompactTakesEachPartitionByItself) {
  SetPartitions(2);
  for (uint32_t partition : {0u, 1u, 0u, 1u}) {
    AppendToPartitionRequest request;
    request.set_stream("s");
    request.set_partition(partition);
    request.set_key("k");
    request.set_payload(std::to_string(partition));
    Ok(&StreamCalls::AppendToPartition, request);
  }
  EXPECT_EQ(Compact(), 2u);
  EXPECT_EQ(ReadPartition(0), Texts{"0"});
  EXPECT_EQ(ReadPartition(1), Texts{"1"});
}

TEST_F(RetentionCalls, CompactOfManyGoesOnWhileOthersAppend) {
  for (int i = 0; i < 5000; ++i) Append("old", "k" + std::to_string(i % 10));
  RunOnWorker([&]() -> Task<void> {
    CompactRequest request;
    request.set_stream("s");
    CompactResponse response;
    RequestContext context;
    std::thread other([&] {
      for (int i = 0; i < 100; ++i) Append("new", "k" + std::to_string(i % 10));
    });
    const Status status = co_await backend_.Compact(context, request, response);
    EXPECT_TRUE(status.ok());
    other.join();
  });
  // What came before the call's beginning may count as old; the last of each key is there anyhow.
  const Texts all = Read();
  EXPECT_GE(std::count(all.begin(), all.end(), "new"), 10);
  EXPECT_LE(std::count(all.begin(), all.end(), "old"), 10);
  EXPECT_EQ(all.back(), "new");
}

TEST_F(RetentionCalls, OffsetsAreNotUsedAgainAfterDelete) {
  for (int i = 0; i < 3; ++i) Append("old");
  const std::string last = Pages().back().next_offset();
  EXPECT_TRUE(DeleteStream());
  EXPECT_FALSE(DeleteStream());
  EXPECT_TRUE(Read().empty());
  Append("new");
  EXPECT_EQ(Read(last), Texts{"new"});
}

}  // namespace
}  // namespace prism::memstore
