#include <gtest/gtest.h>

#include "drivers/memstore/calls_fixture.h"
#include "drivers/memstore/keyvalue/calls.h"
#include "prism/interfaces/keyvalue_scan.pb.h"
#include "prism/interfaces/keyvalue_ttl.pb.h"

namespace prism::memstore {
namespace {

using namespace keyvalue::v1;  // NOLINT
using std::chrono::milliseconds;

class MemStoreScanTest : public CallsFixture<KeyValueCalls> {
 protected:
  void Fill(const std::string& prefix, int count, const std::string& value = "v") {
    for (int i = 0; i < count; ++i) {
      const std::string digits = std::to_string(1'000'000 + i);
      ASSERT_TRUE(data_->store.Set(prefix + digits, value).ok());
    }
  }
  std::vector<ScanResponse> Scan(const std::string& prefix, uint64_t limit = 0,
                                 const std::string& cursor = "", Code code = Code::kOk) {
    ScanRequest request;
    request.set_prefix(prefix);
    request.set_limit(limit);
    request.set_cursor(cursor);
    return Drain(backend_.Scan(context_, request), code);
  }
  std::vector<KeyResponse> ScanKeys(const std::string& prefix, uint64_t limit = 0,
                                    const std::string& cursor = "", Code code = Code::kOk) {
    ScanKeysRequest request;
    request.set_prefix(prefix);
    request.set_limit(limit);
    request.set_cursor(cursor);
    return Drain(backend_.ScanKeys(context_, request), code);
  }
  uint64_t Count(const std::string& prefix) {
    CountRequest request;
    request.set_prefix(prefix);
    return Ok(&KeyValueCalls::Count, request).count();
  }
};

TEST_F(MemStoreScanTest, PagesHaveAThousandRowsAtMost) {
  Fill("a", 2500);
  Fill("b", 10);
  const auto pages = Scan("a");
  ASSERT_EQ(pages.size(), 3u);
  EXPECT_EQ(pages[0].entries_size(), 1000);
  EXPECT_EQ(pages[2].entries_size(), 500);
  EXPECT_FALSE(pages[1].cursor().empty());
  EXPECT_TRUE(pages[2].cursor().empty());
  std::string last;
  for (const auto& page : pages) {
    for (const auto& entry : page.entries()) {
      EXPECT_LT(last, entry.key());
      EXPECT_EQ(entry.value(), "v");
      last = entry.key();
    }
  }
  EXPECT_EQ(ScanKeys("").size(), 3u);
}

TEST_F(MemStoreScanTest, PagesHaveAMebibyteAtMostUnlessOneRowIsLarger) {
  Fill("m", 5, std::string(400'000, 'x'));
  Fill("n", 1, std::string(3'000'000, 'x'));
  Fill("o", 1);
  const auto pages = Scan("");
  ASSERT_EQ(pages.size(), 5u);
  EXPECT_EQ(pages[0].entries_size(), 2);
  EXPECT_EQ(pages[2].entries_size(), 1);
  EXPECT_EQ(pages[3].entries_size(), 1);
  EXPECT_EQ(pages[3].entries(0).value().size(), 3'000'000u);
  EXPECT_EQ(ScanKeys("").size(), 1u) << "values do not count where they are not sent";
}

TEST_F(MemStoreScanTest, NothingFoundIsNoPage) {
  EXPECT_TRUE(Scan("").empty());
  Fill("a", 3);
  EXPECT_TRUE(Scan("b").empty());
  EXPECT_TRUE(ScanKeys("a1000000x").empty());
  EXPECT_EQ(Count("b"), 0u);
}

TEST_F(MemStoreScanTest, LimitBoundsTheStreamAndTheCursorResumesIt) {
  Fill("a", 2500);
  const auto first = ScanKeys("a", 1200);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[1].keys_size(), 200);
  data_->store.Delete(first[1].keys(199));
  const auto rest = ScanKeys("a", 0, first[1].cursor());
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].keys(0), "a1001200");
  EXPECT_EQ(rest[0].keys_size() + rest[1].keys_size(), 1300);
  EXPECT_TRUE(ScanKeys("a", 2499).back().cursor().empty()) << "the limit is also the end";
}

TEST_F(MemStoreScanTest, AForeignCursorIsRefused) {
  Fill("a", 10);
  const std::string cursor = Scan("a", 5)[0].cursor();
  EXPECT_EQ(Scan("a", 0, cursor)[0].entries_size(), 5);
  std::string damaged = cursor;
  damaged.back() ^= 1;
  Scan("a", 0, damaged, Code::kInvalidArgument);
  Scan("a", 0, "short", Code::kInvalidArgument);
  Scan("a1", 0, cursor, Code::kInvalidArgument);
  ScanKeys("a", 0, cursor, Code::kInvalidArgument);
  Scan(std::string(4097, 'p'), 0, "", Code::kInvalidArgument);
}

TEST_F(MemStoreScanTest, PrefixesEndWhereTheNextBegins) {
  for (const char* key : {"a", "a\xf4\x8f\xbf\xbf", "a\xf4\x8f\xbf\xbfz", "b"}) {
    ASSERT_TRUE(data_->store.Set(key, "v").ok());
  }
  EXPECT_EQ(Count("a"), 3u);
  EXPECT_EQ(Count("a\xf4\x8f\xbf\xbf"), 2u);
  EXPECT_EQ(Count(""), 4u);
  ASSERT_TRUE(data_->store.Set("\xff\xff", "v").ok());
  EXPECT_EQ(Count("\xff"), 1u);
}

TEST_F(MemStoreScanTest, ExpiredKeysAreNotScannedNorCounted) {
  Fill("a", 3);
  ExpireRequest expire;
  expire.set_key("a1000001");
  expire.set_ttl_ms(10);
  Ok(&KeyValueCalls::Expire, expire);
  EXPECT_EQ(Count("a"), 3u);
  clock_.Advance(milliseconds(10));
  EXPECT_EQ(Count("a"), 2u);
  EXPECT_EQ(Scan("a")[0].entries_size(), 2);
}

TEST_F(MemStoreScanTest, ACancelledScanEndsWithTheReason) {
  Fill("a", 10);
  context_.cancellation.Cancel(DeadlineExceededError("too late"));
  EXPECT_TRUE(Scan("a", 0, "", Code::kDeadlineExceeded).empty());
}

TEST_F(MemStoreScanTest, CountingManyKeysLetsTheWorkerDoOtherThings) {
  Fill("a", 20'000);
  Worker worker(0);
  CountRequest request;
  CountResponse response;
  Task<Status> counting = backend_.Count(context_, request, response);
  bool other_ran_first = false;
  worker.Post([&] {
    counting.Start([](void* self) { static_cast<Worker*>(self)->Stop(); }, &worker);
    worker.Post([&] { other_ran_first = !counting.done(); });
  });
  worker.Run();
  ASSERT_TRUE(counting.done());
  EXPECT_TRUE(counting.TakeValue().ok());
  EXPECT_EQ(response.count(), 20'000u);
  EXPECT_TRUE(other_ran_first);
}

// With the real clock: what nobody touches any more must still be given back.
TEST(MemStoreCollection, TheWorkersTimerFreesWhatHasExpired) {
  const auto budget = std::make_shared<Budget>("mem", int64_t{1} << 28);
  const auto data = std::make_shared<NamespaceData>(budget, &Clock::now);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(data->store.Set(std::to_string(i), "v").ok());
  Worker worker(0);
  struct Watch {
    Store& store;
    Worker& worker;
    std::unique_ptr<KeyValueCalls> backend;
    Timer timer{[](void* self) { static_cast<Watch*>(self)->Look(); }, this};
    void Look() {
      if (store.size() > 0) return timer.Arm(Clock::now() + milliseconds(5));
      backend.reset();
      worker.Stop();
    }
  } watch{data->store, worker, nullptr};
  RequestContext context;
  worker.Post([&] {
    watch.backend = std::make_unique<KeyValueCalls>(data);
    for (int i = 0; i < 1000; ++i) {
      ExpireRequest request;
      request.set_key(std::to_string(i));
      request.set_ttl_ms(1);
      ExpireResponse response;
      Task<Status> call = watch.backend->Expire(context, request, response);
      call.Start([](void*) {}, nullptr);
    }
    watch.Look();
  });
  worker.Run();
  EXPECT_EQ(data->store.size(), 0u);
  EXPECT_EQ(budget->used_bytes(), 0);
}

}  // namespace
}  // namespace prism::memstore
