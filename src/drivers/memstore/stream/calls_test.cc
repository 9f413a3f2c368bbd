#include "drivers/memstore/stream/calls.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "drivers/memstore/stream/stream_fixture.h"

namespace prism::memstore {
namespace {

using namespace stream::v1;  // NOLINT
using std::chrono::milliseconds;

using StreamCallsTest = StreamFixture;

TEST_F(StreamCallsTest, ReadsInTheOrderOfAppending) {
  for (int i = 0; i < 2500; ++i) Append(std::to_string(i));
  const auto pages = Pages();
  ASSERT_EQ(pages.size(), 3u);
  EXPECT_EQ(pages[0].records_size(), 1000);
  const Texts all = Payloads(pages);
  ASSERT_EQ(all.size(), 2500u);
  for (int i = 0; i < 2500; ++i) EXPECT_EQ(all[static_cast<size_t>(i)], std::to_string(i));
}

TEST_F(StreamCallsTest, AStreamThatDoesNotExistReadsAsAnEmptyOne) {
  EXPECT_TRUE(Pages().empty());
  GetLatestOffsetRequest request;
  request.set_stream("s");
  const auto latest = Ok(&StreamCalls::GetLatestOffset, request);
  EXPECT_FALSE(latest.found());
  Append("a");
  EXPECT_EQ(Read(latest.next_offset()), Texts{"a"});
}

TEST_F(StreamCallsTest, AnOffsetIsInclusiveAndNextOffsetContinues) {
  Append("a");
  const std::string second = Append("b");
  Append("c");
  EXPECT_EQ(Read(second), (Texts{"b", "c"}));
  EXPECT_EQ(Read(second, 1), Texts{"b"});
  const auto pages = Pages("", 2);
  ASSERT_EQ(pages.size(), 1u);
  EXPECT_EQ(Read(pages[0].next_offset()), Texts{"c"});
  const std::string end = Pages().back().next_offset();
  EXPECT_TRUE(Read(end).empty());
  Append("d");
  EXPECT_EQ(Read(end), Texts{"d"});
}

TEST_F(StreamCallsTest, ARecordKeepsWhatItWasGiven) {
  AppendRequest request;
  request.set_stream("s");
  request.set_payload(std::string("\0x", 2));
  request.set_key("k");
  (*request.mutable_attributes())["a"] = "1";
  const std::string offset = Ok(&StreamCalls::Append, request).offset();
  clock_.Advance(milliseconds(5000));
  Append("later");
  const auto page = Pages().at(0);
  EXPECT_EQ(page.records(0).offset(), offset);
  EXPECT_EQ(page.records(0).payload(), std::string("\0x", 2));
  EXPECT_EQ(page.records(0).key(), "k");
  EXPECT_EQ(page.records(0).attributes().at("a"), "1");
  EXPECT_NEAR(static_cast<double>(page.records(1).timestamp_unix_ms() -
                                  page.records(0).timestamp_unix_ms()),
              5000, 50);
}

TEST_F(StreamCallsTest, PagesAreBoundedInBytes) {
  for (int i = 0; i < 3; ++i) Append(std::string(600'000, 'x'));
  Append(std::string(3'000'000, 'y'));
  EXPECT_EQ(Pages().size(), 4u);
  EXPECT_EQ(Read().size(), 4u);
}

TEST_F(StreamCallsTest, LatestOffsetIsThatOfTheNewestRecord) {
  Append("a");
  const std::string offset = Append("b");
  GetLatestOffsetRequest request;
  request.set_stream("s");
  const auto latest = Ok(&StreamCalls::GetLatestOffset, request);
  EXPECT_TRUE(latest.found());
  EXPECT_EQ(latest.offset(), offset);
  EXPECT_TRUE(Read(latest.next_offset()).empty());
}

TEST_F(StreamCallsTest, RefusesBadArguments) {
  AppendRequest append;
  ExpectRefused(&StreamCalls::Append, append, "stream");
  append.set_stream("s");
  append.set_key(std::string(4097, 'k'));
  ExpectRefused(&StreamCalls::Append, append, "key");
  append.clear_key();
  (*append.mutable_attributes())[""] = "1";
  ExpectRefused(&StreamCalls::Append, append, "attribute");
  append.mutable_attributes()->clear();
  for (int i = 0; i < 65; ++i) (*append.mutable_attributes())[std::to_string(i)] = "1";
  ExpectRefused(&StreamCalls::Append, append, "attributes");
  for (const char* offset :
       {"x", "0", "0-", "-1", "0-x", "00-1", "0-01", "0-1 ", "1-1", "0-99999999999999999999"}) {
    Pages(offset, 0, Code::kInvalidArgument);
  }
}

TEST_F(StreamCallsTest, ReplayRangeIsHalfOpen) {
  const std::string a = Append("a");
  const std::string b = Append("b");
  const std::string c = Append("c");
  const auto replay = [&](const std::string& from, const std::string& to) {
    ReplayRangeRequest request;
    request.set_stream("s");
    request.set_from_offset(from);
    request.set_to_offset(to);
    return Payloads(Drain(backend_.ReplayRange(context_, request)));
  };
  EXPECT_EQ(replay(a, c), (Texts{"a", "b"}));
  EXPECT_EQ(replay("", b), Texts{"a"});
  EXPECT_EQ(replay(b, ""), (Texts{"b", "c"}));
  EXPECT_TRUE(replay(b, b).empty());
  EXPECT_TRUE(replay(c, a).empty());
}

TEST_F(StreamCallsTest, KeysStayInTheirPartition) {
  SetPartitions(8);
  std::set<std::string> partitions;
  for (int i = 0; i < 100; ++i) {
    const std::string key = "k" + std::to_string(i % 20);
    const std::string offset = Append(key, key);
    partitions.insert(offset.substr(0, offset.find('-')));
  }
  EXPECT_GT(partitions.size(), 3u);
  size_t total = 0;
  std::set<std::string> keys;
  for (uint32_t i = 0; i < 8; ++i) {
    const Texts in = ReadPartition(i);
    const std::set<std::string> distinct(in.begin(), in.end());
    EXPECT_EQ(in.size(), 5 * distinct.size());
    for (const std::string& key : distinct) EXPECT_TRUE(keys.insert(key).second) << key;
    total += in.size();
  }
  EXPECT_EQ(total, 100u);
}

TEST_F(StreamCallsTest, SeveralPartitionsAreNotOneSequence) {
  Append("a");
  SetPartitions(2);
  Pages("", 0, Code::kFailedPrecondition);
  GetLatestOffsetRequest latest;
  latest.set_stream("s");
  EXPECT_EQ(Try(&StreamCalls::GetLatestOffset, latest).code(), Code::kFailedPrecondition);
  EXPECT_EQ(ReadPartition(0), Texts{"a"});
  SetPartitionsRequest fewer;
  fewer.set_stream("s");
  fewer.set_partitions(1);
  EXPECT_EQ(Try(&StreamCalls::SetPartitions, fewer).code(), Code::kFailedPrecondition);
  fewer.set_partitions(257);
  ExpectRefused(&StreamCalls::SetPartitions, fewer, "partitions");
}

TEST_F(StreamCallsTest, APartitionCanBeChosen) {
  SetPartitions(3);
  AppendToPartitionRequest request;
  request.set_stream("s");
  request.set_partition(2);
  request.set_payload("x");
  const std::string offset = Ok(&StreamCalls::AppendToPartition, request).offset();
  EXPECT_EQ(ReadPartition(2), Texts{"x"});
  EXPECT_TRUE(ReadPartition(1).empty());
  request.set_partition(3);
  ExpectRefused(&StreamCalls::AppendToPartition, request, "partition");
  GetPartitionsRequest get;
  get.set_stream("s");
  const auto partitions = Ok(&StreamCalls::GetPartitions, get);
  ASSERT_EQ(partitions.partitions_size(), 3);
  EXPECT_EQ(partitions.partitions(2).latest_offset(), offset);
  EXPECT_EQ(partitions.partitions(2).records(), 1u);
  EXPECT_EQ(partitions.partitions(0).latest_offset(), "");
  ReadPartitionRequest wrong;
  wrong.set_stream("s");
  wrong.set_partition(1);
  wrong.set_from_offset(offset);
  Drain(backend_.ReadPartition(context_, wrong), Code::kInvalidArgument);
}

TEST_F(StreamCallsTest, AFullBackendRefusesAndGivesBack) {
  budget_ = std::make_shared<Budget>("mem", 100'000);
  data_ = std::make_shared<NamespaceData>(budget_, clock_.function());
  StreamCalls calls(data_);
  AppendRequest request;
  request.set_stream("s");
  request.set_payload(std::string(60'000, 'x'));
  AppendResponse response;
  EXPECT_TRUE(Finish(calls.Append(context_, request, response)).ok());
  EXPECT_EQ(Finish(calls.Append(context_, request, response)).code(), Code::kResourceExhausted);
  DeleteStreamRequest gone;
  gone.set_stream("s");
  DeleteStreamResponse deleted;
  EXPECT_TRUE(Finish(calls.DeleteStream(context_, gone, deleted)).ok());
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(StreamCallsTest, FollowingWaitsForMore) {
  RunOnWorker([&]() -> Task<void> {
    ReadRequest request;
    request.set_stream("s");
    request.set_follow(true);
    request.set_limit(3);
    RequestContext context;
    Stream<RecordPage> pages = backend_.Read(context, request);
    std::thread other([&] {
      for (const char* payload : {"a", "b", "c"}) {
        std::this_thread::sleep_for(milliseconds(2));
        Append(payload);
      }
    });
    Texts got;
    while (RecordPage* page = co_await pages.Next()) {
      for (const auto& record : page->records()) got.push_back(record.payload());
    }
    other.join();
    EXPECT_TRUE(pages.status().ok());
    EXPECT_EQ(got, Of("a", "b", "c"));
  });
  EXPECT_TRUE(DeleteStream());
  EXPECT_EQ(budget_->used_bytes(), 0);
}

TEST_F(StreamCallsTest, AFollowerEndsWithItsCall) {
  RunOnWorker([&]() -> Task<void> {
    ReadRequest request;
    request.set_stream("s");
    request.set_follow(true);
    RequestContext context;
    Stream<RecordPage> pages = backend_.Read(context, request);
    Timer timer(
        [](void* self) { static_cast<Cancellation*>(self)->Cancel(CancelledError("gone")); },
        &context.cancellation);
    timer.Arm(Clock::now() + milliseconds(2));
    EXPECT_EQ(co_await pages.Next(), nullptr);
    EXPECT_EQ(pages.status().code(), Code::kCancelled);
  });
  EXPECT_EQ(budget_->used_bytes(), 0) << "a stream that was only waited for is not kept";
}

}  // namespace
}  // namespace prism::memstore
