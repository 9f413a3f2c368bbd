#include "cli/kv.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "interfaces/keyvalue_basic.prism.h"
#include "interfaces/keyvalue_cas.prism.h"
#include "interfaces/keyvalue_scan.prism.h"
#include "interfaces/keyvalue_ttl.prism.h"
#include "interfaces/testing/loop_channel.h"
#include "prism/interfaces/keyvalue_basic.pb.h"
#include "prism/interfaces/keyvalue_cas.pb.h"
#include "prism/interfaces/keyvalue_scan.pb.h"
#include "prism/interfaces/keyvalue_ttl.pb.h"

namespace prism::cli {
namespace {

namespace kv = keyvalue::v1;
using Store = std::map<std::string, std::string>;

class BasicFake final : public KeyValueBasic {
 public:
  explicit BasicFake(Store& store) : store_(store) {}
  Task<Status> Set(RequestContext&, const kv::SetRequest& request, kv::SetResponse&) override {
    store_[request.key()] = request.value();
    co_return OkStatus();
  }
  Task<Status> Get(RequestContext&, const kv::GetRequest& request,
                   kv::GetResponse& response) override {
    if (request.key() == "broken") co_return InternalError("oh\033[2J").WithHint("look there");
    const auto found = store_.find(request.key());
    response.set_found(found != store_.end());
    if (response.found()) response.set_value(found->second);
    co_return OkStatus();
  }
  Task<Status> Delete(RequestContext&, const kv::DeleteRequest& request,
                      kv::DeleteResponse& response) override {
    response.set_found(store_.erase(request.key()) > 0);
    co_return OkStatus();
  }
  Task<Status> Exists(RequestContext&, const kv::ExistsRequest& request,
                      kv::ExistsResponse& response) override {
    response.set_found(store_.contains(request.key()));
    co_return OkStatus();
  }

 private:
  Store& store_;
};

// Pages of one row each.
class ScanFake final : public KeyValueScan {
 public:
  explicit ScanFake(Store& store) : store_(store) {}
  Stream<kv::ScanResponse> Scan(RequestContext&, const kv::ScanRequest& request) override {
    uint64_t rows = 0;
    for (const auto& [key, value] : store_) {
      if (!key.starts_with(request.prefix())) continue;
      kv::ScanResponse page;
      page.add_entries()->set_key(key);
      page.mutable_entries(0)->set_value(value);
      page.set_cursor(key);
      co_yield page;
      if (++rows == request.limit()) break;
    }
    co_return OkStatus();
  }
  Stream<kv::KeyResponse> ScanKeys(RequestContext&, const kv::ScanKeysRequest&) override {
    for (const auto& [key, value] : store_) {
      kv::KeyResponse page;
      page.add_keys(key);
      co_yield page;
    }
    co_return UnavailableError("the end is missing");
  }
  Task<Status> Count(RequestContext&, const kv::CountRequest&,
                     kv::CountResponse& response) override {
    response.set_count(store_.size());
    co_return OkStatus();
  }

 private:
  Store& store_;
};

class TtlFake final : public KeyValueTTL {
 public:
  Task<Status> Expire(RequestContext&, const kv::ExpireRequest& request,
                      kv::ExpireResponse& response) override {
    ttl_ms_ = request.ttl_ms();
    response.set_found(request.key() == "k");
    co_return OkStatus();
  }
  Task<Status> GetTTL(RequestContext&, const kv::GetTTLRequest& request,
                      kv::GetTTLResponse& response) override {
    response.set_found(request.key() == "k");
    response.set_has_ttl(response.found() && ttl_ms_ > 0);
    if (response.has_ttl()) response.set_ttl_ms(ttl_ms_);
    co_return OkStatus();
  }
  Task<Status> Persist(RequestContext&, const kv::PersistRequest& request,
                       kv::PersistResponse& response) override {
    response.set_found(request.key() == "k");
    response.set_removed(response.found() && ttl_ms_ > 0);
    ttl_ms_ = 0;
    co_return OkStatus();
  }

 private:
  int64_t ttl_ms_ = 0;
};

class CasFake final : public KeyValueCas {
 public:
  explicit CasFake(Store& store) : store_(store) {}
  Task<Status> CompareAndSwap(RequestContext&, const kv::CompareAndSwapRequest& request,
                              kv::CompareAndSwapResponse& response) override {
    const auto found = store_.find(request.key());
    const bool exists = found != store_.end();
    response.set_swapped(request.has_expected() ? exists && found->second == request.expected()
                                                : !exists);
    if (response.swapped()) {
      store_[request.key()] = request.value();
    } else if (exists) {
      response.set_found(true);
      response.set_actual(found->second);
    }
    co_return OkStatus();
  }
  Task<Status> SetIfAbsent(RequestContext&, const kv::SetIfAbsentRequest&,
                           kv::SetIfAbsentResponse&) override {
    co_return UnimplementedError("not called");
  }
  Task<Status> CompareAndDelete(RequestContext&, const kv::CompareAndDeleteRequest& request,
                                kv::CompareAndDeleteResponse& response) override {
    const auto found = store_.find(request.key());
    response.set_deleted(found != store_.end() && found->second == request.expected());
    if (response.deleted()) store_.erase(found);
    co_return OkStatus();
  }

 private:
  Store& store_;
};

class KvTest : public ::testing::Test {
 protected:
  template <class Interface>
  int Run(KvVerb verb, Interface& fake) {
    options_.verb = verb;
    testing::LoopChannel channel(Interface::Info(), &fake);
    out_.str("");
    err_.str("");
    RequestContext ctx;
    const Console console{out_, err_, terminal_, colour_};
    KvCall call{options_,
                ctx,
                channel,
                console,
                options_.value.value_or(""),
                options_.expected.value_or("")};
    Task<Result<int>> task = DispatchKv(call);
    task.Start([](void*) {}, nullptr);
    channel.Run();
    EXPECT_TRUE(task.done());
    const Result<int> result = task.TakeValue();
    if (result.ok()) return *result;
    PrintError(console, options_.format, result.status());
    return kExitFailed;
  }
  int Basic(KvVerb verb, const std::string& key, std::string value = "") {
    options_.key = key;
    options_.value = std::move(value);
    BasicFake fake(store_);
    return Run<KeyValueBasic>(verb, fake);
  }
  int Scan(KvVerb verb, const std::string& prefix) {
    options_.key = prefix;
    ScanFake fake(store_);
    return Run<KeyValueScan>(verb, fake);
  }
  int Cas(const std::string& key) {
    options_.key = key;
    CasFake fake(store_);
    return Run<KeyValueCas>(KvVerb::kCas, fake);
  }
  int Ttl(KvVerb verb, const std::string& key) {
    options_.key = key;
    return Run<KeyValueTTL>(verb, ttl_);
  }

  Store store_;
  TtlFake ttl_;
  KvOptions options_;
  bool terminal_ = false;
  bool colour_ = false;
  std::ostringstream out_;
  std::ostringstream err_;
};

const std::string kBinary("\0\xff\n", 3);

TEST_F(KvTest, SetGetDeleteExists) {
  EXPECT_EQ(Basic(KvVerb::kSet, "k", "v"), kExitOk);
  EXPECT_EQ(out_.str(), "stored\n");
  EXPECT_EQ(Basic(KvVerb::kExists, "k"), kExitOk);
  EXPECT_EQ(out_.str(), "yes\n");
  EXPECT_EQ(Basic(KvVerb::kGet, "k"), kExitOk);
  EXPECT_EQ(out_.str(), "v");
  EXPECT_EQ(Basic(KvVerb::kDelete, "k"), kExitOk);
  EXPECT_EQ(out_.str(), "deleted\n");
  EXPECT_EQ(Basic(KvVerb::kDelete, "k"), kExitNotFound);
  EXPECT_EQ(Basic(KvVerb::kExists, "k"), kExitNotFound);
  EXPECT_EQ(out_.str(), "no\n");
  options_.target.name_space = "shop";
  EXPECT_EQ(Basic(KvVerb::kGet, "k"), kExitNotFound);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(err_.str(), "prism: no key 'k' in namespace 'shop'\n");
}

TEST_F(KvTest, BytesGoToAPipeAsTheyAreAndToATerminalEscaped) {
  store_["k"] = kBinary;
  Basic(KvVerb::kGet, "k");
  EXPECT_EQ(out_.str(), kBinary);
  terminal_ = true;
  Basic(KvVerb::kGet, "k");
  EXPECT_EQ(out_.str(), "\\x00\\xff\n\n");
}

TEST_F(KvTest, Json) {
  options_.format = Format::kJson;
  store_ = {{"k", "v"}, {"b", kBinary}};
  Basic(KvVerb::kGet, "k");
  EXPECT_EQ(out_.str(), "{\"key\":\"k\",\"found\":true,\"value\":\"v\"}\n");
  Basic(KvVerb::kGet, "b");
  EXPECT_EQ(out_.str(),
            "{\"key\":\"b\",\"found\":true,\"value\":\"AP8K\",\"value_base64\":true}\n");
  EXPECT_EQ(Basic(KvVerb::kGet, "x"), kExitNotFound);
  EXPECT_EQ(out_.str(), "{\"key\":\"x\",\"found\":false}\n");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(KvTest, ErrorsShowCodeMessageAndHintButSteerNoTerminal) {
  EXPECT_EQ(Basic(KvVerb::kGet, "broken"), kExitFailed);
  EXPECT_EQ(err_.str(), "prism: INTERNAL: oh\\x1b[2J\nhint: look there\n");
  options_.format = Format::kJson;
  Basic(KvVerb::kGet, "broken");
  EXPECT_EQ(err_.str(),
            "{\"error\":\"INTERNAL\",\"message\":\"oh\\u001b[2J\",\"hint\":\"look there\"}\n");
}

TEST_F(KvTest, Scan) {
  store_ = {{"a/1", "x\ny"}, {"a/2", "z"}, {"b", "w"}};
  EXPECT_EQ(Scan(KvVerb::kScan, "a/"), kExitOk);
  EXPECT_EQ(out_.str(), "a/1\tx\\ny\na/2\tz\n");
  EXPECT_EQ(Scan(KvVerb::kCount, ""), kExitOk);
  EXPECT_EQ(out_.str(), "3\n");
  terminal_ = colour_ = true;
  options_.limit = 1;
  Scan(KvVerb::kScan, "a/");
  EXPECT_EQ(out_.str(), "\033[36ma/1\033[0m\tx\\ny\n");
  EXPECT_NE(err_.str().find("--limit"), std::string::npos);
  options_.format = Format::kJson;
  Scan(KvVerb::kScan, "b");
  EXPECT_EQ(out_.str(), "{\"key\":\"b\",\"value\":\"w\"}\n");
}

TEST_F(KvTest, AScanThatBreaksOffFails) {
  store_ = {{"a", ""}, {"b", ""}};
  options_.keys_only = true;
  EXPECT_EQ(Scan(KvVerb::kScan, ""), kExitFailed);
  EXPECT_EQ(out_.str(), "a\nb\n");
  EXPECT_NE(err_.str().find("UNAVAILABLE: the end is missing"), std::string::npos);
}

TEST_F(KvTest, TimeToLive) {
  EXPECT_EQ(Ttl(KvVerb::kTtl, "k"), kExitOk);
  EXPECT_EQ(out_.str(), "no time to live\n");
  options_.ttl = std::chrono::seconds(90);
  EXPECT_EQ(Ttl(KvVerb::kExpire, "k"), kExitOk);
  EXPECT_EQ(out_.str(), "expires in 1m 30s\n");
  EXPECT_EQ(Ttl(KvVerb::kTtl, "k"), kExitOk);
  EXPECT_EQ(out_.str(), "1m 30s\n");
  EXPECT_EQ(Ttl(KvVerb::kPersist, "k"), kExitOk);
  EXPECT_EQ(out_.str(), "stays until deleted\n");
  EXPECT_EQ(Ttl(KvVerb::kPersist, "k"), kExitOk);
  EXPECT_EQ(out_.str(), "had no time to live\n");
  for (const KvVerb verb : {KvVerb::kTtl, KvVerb::kExpire, KvVerb::kPersist}) {
    EXPECT_EQ(Ttl(verb, "x"), kExitNotFound);
    EXPECT_EQ(out_.str(), "");
  }
}

TEST_F(KvTest, CompareAndSwap) {
  options_.value = "1";
  EXPECT_EQ(Cas("k"), kExitOk);
  EXPECT_EQ(out_.str(), "swapped\n");
  EXPECT_EQ(Cas("k"), kExitNotFound);
  EXPECT_EQ(err_.str(), "prism: not swapped: the key holds 1\n");
  options_.expected = "1";
  options_.value = "2";
  EXPECT_EQ(Cas("k"), kExitOk);
  EXPECT_EQ(store_["k"], "2");
  EXPECT_EQ(Cas("x"), kExitNotFound);
  EXPECT_EQ(err_.str(), "prism: no key 'x'\n");
  options_.format = Format::kJson;
  EXPECT_EQ(Cas("k"), kExitNotFound);
  EXPECT_EQ(out_.str(), "{\"key\":\"k\",\"swapped\":false,\"found\":true,\"actual\":\"2\"}\n");
}

TEST_F(KvTest, CompareAndDelete) {
  store_["k"] = "";
  options_.remove = true;
  options_.expected = "";
  EXPECT_EQ(Cas("k"), kExitOk);
  EXPECT_EQ(out_.str(), "deleted\n");
  EXPECT_TRUE(store_.empty());
}

TEST(RunKvTest, NobodyThere) {
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in;
  KvOptions options;
  options.key = "k";
  options.target.target = "127.0.0.1:1";
  EXPECT_EQ(RunKv(options, Console{out, err}, in), kExitFailed);
  EXPECT_NE(err.str().find("UNAVAILABLE: cannot connect to 127.0.0.1:1"), std::string::npos);
  EXPECT_NE(err.str().find("hint: is a gateway running on 127.0.0.1:1?"), std::string::npos);
}

TEST(RunKvTest, WrongInput) {
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in;
  KvOptions options;
  options.key = "\xff";
  EXPECT_EQ(RunKv(options, Console{out, err}, in), kExitUsage);
  options.key = "k";
  options.value = "@/no/such/file";
  EXPECT_EQ(RunKv(options, Console{out, err}, in), kExitUsage);
  options.value = options.expected = "-";
  EXPECT_EQ(RunKv(options, Console{out, err}, in), kExitUsage);
  options.value = options.expected = std::nullopt;
  options.target.tls_ca = "/no/such/file";
  EXPECT_EQ(RunKv(options, Console{out, err}, in), kExitUsage);
}

}  // namespace
}  // namespace prism::cli
