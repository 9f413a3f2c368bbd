#include "drivers/memstore/keyvalue/calls.h"

#include <gtest/gtest.h>

#include "drivers/memstore/calls_fixture.h"
#include "prism/interfaces/keyvalue_basic.pb.h"
#include "prism/interfaces/keyvalue_batch.pb.h"
#include "prism/interfaces/keyvalue_cas.pb.h"
#include "prism/interfaces/keyvalue_scan.pb.h"
#include "prism/interfaces/keyvalue_transactional.pb.h"
#include "prism/interfaces/keyvalue_ttl.pb.h"

namespace prism::memstore {
namespace {

using namespace keyvalue::v1;  // NOLINT
using std::chrono::milliseconds;
using B = KeyValueCalls;

template <class Request>
Request WithKey(std::string_view key) {
  Request request;
  request.set_key(std::string(key));
  return request;
}

template <class Request>
Request WithValue(std::string_view key, std::string_view value) {
  Request request = WithKey<Request>(key);
  request.set_value(std::string(value));
  return request;
}

class MemStoreTest : public CallsFixture<KeyValueCalls> {
 protected:
  void Set(std::string_view key, std::string_view value) {
    Ok(&B::Set, WithValue<SetRequest>(key, value));
  }
  std::string Get(std::string_view key) {
    const GetResponse response = Ok(&B::Get, WithKey<GetRequest>(key));
    return response.found() ? response.value() : "(absent)";
  }
  bool Expire(std::string_view key, int64_t ttl_ms) {
    ExpireRequest request = WithKey<ExpireRequest>(key);
    request.set_ttl_ms(ttl_ms);
    return Ok(&B::Expire, request).found();
  }
  CompareAndSwapResponse Swap(std::string_view key, const char* expected, std::string_view value) {
    auto request = WithValue<CompareAndSwapRequest>(key, value);
    if (expected) request.set_expected(expected);
    return Ok(&B::CompareAndSwap, request);
  }
  std::string Begin(int64_t timeout_ms = 0) {
    BeginTransactionRequest request;
    request.set_timeout_ms(timeout_ms);
    return Ok(&B::BeginTransaction, request).transaction_id();
  }
  template <class Request>
  static Request In(const std::string& id, std::string_view key) {
    Request request = WithKey<Request>(key);
    request.set_transaction_id(id);
    return request;
  }
  void SetIn(const std::string& id, std::string_view key, std::string_view value) {
    auto request = In<SetInTransactionRequest>(id, key);
    request.set_value(std::string(value));
    Ok(&B::SetInTransaction, request);
  }
  Status Commit(const std::string& id) {
    CommitRequest request;
    request.set_transaction_id(id);
    return Try(&B::Commit, request);
  }
};

TEST_F(MemStoreTest, SetGetExistsDelete) {
  EXPECT_EQ(Get("a"), "(absent)");
  EXPECT_FALSE(Ok(&B::Exists, WithKey<ExistsRequest>("a")).found());
  Set("a", "1");
  Set("empty", "");
  EXPECT_EQ(Get("a"), "1");
  EXPECT_EQ(Get("empty"), "");
  EXPECT_TRUE(Ok(&B::Exists, WithKey<ExistsRequest>("empty")).found());
  EXPECT_TRUE(Ok(&B::Delete, WithKey<DeleteRequest>("a")).found());
  EXPECT_FALSE(Ok(&B::Delete, WithKey<DeleteRequest>("a")).found());
  EXPECT_EQ(Get("a"), "(absent)");
}

TEST_F(MemStoreTest, KeysOutsideTheLimitsAreRefused) {
  const std::string longest(4096, 'k');
  Set(longest, "v");
  EXPECT_EQ(Get(longest), "v");
  for (const std::string& key : {std::string(), longest + "k"}) {
    const std::string part = key.empty() ? "empty" : "4097 bytes; at most 4096";
    ExpectRefused(&B::Set, WithKey<SetRequest>(key), part);
    ExpectRefused(&B::Get, WithKey<GetRequest>(key), part);
    ExpectRefused(&B::Delete, WithKey<DeleteRequest>(key), part);
    ExpectRefused(&B::Exists, WithKey<ExistsRequest>(key), part);
    ExpectRefused(&B::Expire, WithKey<ExpireRequest>(key), part);
    ExpectRefused(&B::GetTTL, WithKey<GetTTLRequest>(key), part);
    ExpectRefused(&B::Persist, WithKey<PersistRequest>(key), part);
    ExpectRefused(&B::CompareAndSwap, WithKey<CompareAndSwapRequest>(key), part);
    ExpectRefused(&B::SetIfAbsent, WithKey<SetIfAbsentRequest>(key), part);
    ExpectRefused(&B::CompareAndDelete, WithKey<CompareAndDeleteRequest>(key), part);
    ExpectRefused(&B::SetInTransaction, WithKey<SetInTransactionRequest>(key), part);
    ExpectRefused(&B::GetInTransaction, WithKey<GetInTransactionRequest>(key), part);
    ExpectRefused(&B::DeleteInTransaction, WithKey<DeleteInTransactionRequest>(key), part);
  }
}

TEST_F(MemStoreTest, TimeToLive) {
  EXPECT_FALSE(Expire("a", 100));
  EXPECT_FALSE(Ok(&B::GetTTL, WithKey<GetTTLRequest>("a")).found());
  Set("a", "1");
  EXPECT_FALSE(Ok(&B::GetTTL, WithKey<GetTTLRequest>("a")).has_ttl());
  EXPECT_TRUE(Expire("a", 100));
  EXPECT_EQ(Ok(&B::GetTTL, WithKey<GetTTLRequest>("a")).ttl_ms(), 100);
  clock_.Advance(milliseconds(100) - Duration(1));
  const GetTTLResponse left = Ok(&B::GetTTL, WithKey<GetTTLRequest>("a"));
  EXPECT_TRUE(left.found() && left.has_ttl());
  EXPECT_EQ(left.ttl_ms(), 1) << "rounded up";
  clock_.Advance(Duration(1));
  EXPECT_EQ(Get("a"), "(absent)");
  EXPECT_FALSE(Expire("a", 100));
  EXPECT_FALSE(Ok(&B::Delete, WithKey<DeleteRequest>("a")).found());
}

TEST_F(MemStoreTest, PersistAndEveryWriteRemoveTheTimeToLive) {
  Set("a", "1");
  PersistResponse persisted = Ok(&B::Persist, WithKey<PersistRequest>("a"));
  EXPECT_TRUE(persisted.found() && !persisted.removed());
  Expire("a", 10);
  persisted = Ok(&B::Persist, WithKey<PersistRequest>("a"));
  EXPECT_TRUE(persisted.found() && persisted.removed());
  EXPECT_FALSE(Ok(&B::Persist, WithKey<PersistRequest>("none")).found());
  Expire("a", 10);
  Set("a", "2");
  Set("b", "1");
  Expire("b", 10);
  EXPECT_TRUE(Swap("b", "1", "2").swapped());
  clock_.Advance(milliseconds(20));
  EXPECT_EQ(Get("a"), "2");
  EXPECT_EQ(Get("b"), "2");
}

TEST_F(MemStoreTest, TimesToLiveOutsideTheLimitsAreRefused) {
  for (const int64_t ttl_ms : {int64_t{0}, int64_t{-1}, int64_t{3'155'760'000'001}}) {
    ExpireRequest request = WithKey<ExpireRequest>("a");
    request.set_ttl_ms(ttl_ms);
    ExpectRefused(&B::Expire, request, "ttl_ms must be from 1 to 3155760000000");
  }
  Set("a", "1");
  EXPECT_TRUE(Expire("a", 3'155'760'000'000));
  EXPECT_EQ(Get("a"), "1");
}

TEST_F(MemStoreTest, CompareAndSwap) {
  EXPECT_TRUE(Swap("a", nullptr, "1").swapped());
  CompareAndSwapResponse response = Swap("a", nullptr, "2");
  EXPECT_FALSE(response.swapped());
  EXPECT_TRUE(response.found());
  EXPECT_EQ(response.actual(), "1");
  EXPECT_EQ(Swap("a", "x", "2").actual(), "1");
  response = Swap("a", "1", "");
  EXPECT_TRUE(response.swapped());
  EXPECT_FALSE(response.found());
  EXPECT_EQ(response.actual(), "");
  EXPECT_TRUE(Swap("a", "", "3").swapped()) << "an empty value is a value";
  response = Swap("none", "", "1");
  EXPECT_TRUE(!response.swapped() && !response.found());
  EXPECT_EQ(Get("none"), "(absent)");
}

TEST_F(MemStoreTest, SetIfAbsentAndCompareAndDelete) {
  EXPECT_TRUE(Ok(&B::SetIfAbsent, WithValue<SetIfAbsentRequest>("a", "1")).stored());
  const auto again = Ok(&B::SetIfAbsent, WithValue<SetIfAbsentRequest>("a", "2"));
  EXPECT_FALSE(again.stored());
  EXPECT_EQ(again.actual(), "1");
  auto request = WithKey<CompareAndDeleteRequest>("a");
  request.set_expected("2");
  CompareAndDeleteResponse deleted = Ok(&B::CompareAndDelete, request);
  EXPECT_TRUE(!deleted.deleted() && deleted.found());
  EXPECT_EQ(deleted.actual(), "1");
  request.set_expected("1");
  EXPECT_TRUE(Ok(&B::CompareAndDelete, request).deleted());
  request.set_expected("");
  deleted = Ok(&B::CompareAndDelete, request);
  EXPECT_TRUE(!deleted.deleted() && !deleted.found());
}

TEST_F(MemStoreTest, ABatch) {
  BatchSetRequest set;
  for (const auto& [key, value] : {std::pair("a", "1"), {"b", "2"}, {"a", "3"}}) {
    set.add_entries()->set_key(key);
    set.mutable_entries()->rbegin()->set_value(value);
  }
  Ok(&B::BatchSet, set);
  BatchGetRequest get;
  for (const char* key : {"b", "none", "a", "b"}) get.add_keys(key);
  const BatchGetResponse got = Ok(&B::BatchGet, get);
  ASSERT_EQ(got.results_size(), 4);
  EXPECT_EQ(got.results(0).value(), "2");
  EXPECT_FALSE(got.results(1).found());
  EXPECT_EQ(got.results(2).value(), "3");
  EXPECT_TRUE(got.results(3).found());
  BatchDeleteRequest remove;
  for (const char* key : {"a", "none", "a"}) remove.add_keys(key);
  const BatchDeleteResponse removed = Ok(&B::BatchDelete, remove);
  EXPECT_EQ(std::vector<bool>(removed.found().begin(), removed.found().end()),
            (std::vector<bool>{true, false, false}));
  EXPECT_EQ(Ok(&B::BatchGet, BatchGetRequest()).results_size(), 0);
}

TEST_F(MemStoreTest, ABadBatchIsRefusedAsAWhole) {
  BatchSetRequest set;
  set.add_entries()->set_key("a");
  set.add_entries()->set_key("");
  ExpectRefused(&B::BatchSet, set, "entry 1: the key is empty");
  EXPECT_EQ(Get("a"), "(absent)");
  BatchGetRequest get;
  for (int i = 0; i < 1001; ++i) get.add_keys("k");
  ExpectRefused(&B::BatchGet, get, "1001 entries; at most 1000");
  get.mutable_keys()->RemoveLast();
  EXPECT_EQ(Ok(&B::BatchGet, get).results_size(), 1000);
}

TEST_F(MemStoreTest, ABatchGetIsBoundedByTheMessageSize) {
  Set("large", std::string(6 << 20, 'x'));
  BatchGetRequest get;
  for (int i = 0; i < 2; ++i) get.add_keys("large");
  Ok(&B::BatchGet, get);
  get.add_keys("large");
  EXPECT_EQ(Try(&B::BatchGet, get).code(), Code::kResourceExhausted);
}

TEST_F(MemStoreTest, ATransactionFromBeginToCommit) {
  Set("a", "1");
  const std::string id = Begin();
  EXPECT_EQ(Ok(&B::GetInTransaction, In<GetInTransactionRequest>(id, "a")).value(), "1");
  SetIn(id, "b", "2");
  EXPECT_TRUE(Ok(&B::GetInTransaction, In<GetInTransactionRequest>(id, "b")).found());
  EXPECT_TRUE(Ok(&B::DeleteInTransaction, In<DeleteInTransactionRequest>(id, "a")).found());
  EXPECT_FALSE(Ok(&B::DeleteInTransaction, In<DeleteInTransactionRequest>(id, "a")).found());
  EXPECT_FALSE(Ok(&B::GetInTransaction, In<GetInTransactionRequest>(id, "a")).found());
  EXPECT_EQ(Get("a"), "1");
  EXPECT_EQ(Get("b"), "(absent)");
  EXPECT_TRUE(Commit(id).ok());
  EXPECT_EQ(Get("a"), "(absent)");
  EXPECT_EQ(Get("b"), "2");
  EXPECT_EQ(Commit(id).code(), Code::kNotFound);
}

TEST_F(MemStoreTest, TransactionsConflictRollBackAndRunOut) {
  const std::string conflicting = Begin();
  EXPECT_FALSE(Ok(&B::GetInTransaction, In<GetInTransactionRequest>(conflicting, "a")).found());
  Set("a", "1");
  const Status aborted = Commit(conflicting);
  EXPECT_EQ(aborted.code(), Code::kAborted);
  EXPECT_TRUE(aborted.retryable());

  const std::string rolled_back = Begin();
  SetIn(rolled_back, "a", "2");
  RollbackRequest rollback;
  rollback.set_transaction_id(rolled_back);
  Ok(&B::Rollback, rollback);
  EXPECT_EQ(Try(&B::Rollback, rollback).code(), Code::kNotFound);
  EXPECT_EQ(Get("a"), "1");

  const std::string brief = Begin(5);
  const std::string usual = Begin();
  clock_.Advance(milliseconds(5));
  EXPECT_EQ(Commit(brief).code(), Code::kNotFound);
  clock_.Advance(milliseconds(29'994));
  EXPECT_FALSE(Ok(&B::GetInTransaction, In<GetInTransactionRequest>(usual, "x")).found());
  clock_.Advance(milliseconds(1));
  EXPECT_EQ(Commit(usual).code(), Code::kNotFound);
}

TEST_F(MemStoreTest, TimeoutsOutsideTheLimitsAreRefused) {
  for (const int64_t timeout_ms : {int64_t{-1}, int64_t{600'001}}) {
    BeginTransactionRequest request;
    request.set_timeout_ms(timeout_ms);
    ExpectRefused(&B::BeginTransaction, request, "timeout_ms must be from 0 to 600000");
  }
  EXPECT_FALSE(Begin(600'000).empty());
}

TEST_F(MemStoreTest, AnotherWorkersBackendSeesTheSameData) {
  KeyValueCalls other(data_);
  Set("a", "1");
  const std::string id = Begin();
  SetIn(id, "a", "2");
  CommitRequest request;
  request.set_transaction_id(id);
  CommitResponse response;
  EXPECT_TRUE(Finish(other.Commit(context_, request, response)).ok());
  EXPECT_EQ(Get("a"), "2");
}

}  // namespace
}  // namespace prism::memstore
