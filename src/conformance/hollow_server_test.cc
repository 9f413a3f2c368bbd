// No case may pass whatever the server does: all must fail against a server that refuses every
// call, and all but those that are about nothing against one that answers every call with nothing.

#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <future>
#include <set>
#include <thread>

#include "conformance/conformance.h"
#include "conformance/registry.h"
#include "interfaces/all.h"
#include "loop/byte_stream.h"
#include "wire/grpc/server.h"

namespace prism::conformance {
namespace {

enum class Hollow { kAnswersNothing, kRefusesAll };

bool AnswersWithOneMessage(std::string_view path) {
  for (const InterfaceInfo* info : AllInterfaces()) {
    for (const MethodInfo& method : info->methods) {
      if (method.path != path) continue;
      return method.kind == MethodInfo::Kind::kUnary ||
             method.kind == MethodInfo::Kind::kClientStream;
    }
  }
  return false;
}

// No bytes are a valid message of any type, with all fields at their defaults.
Task<Status> AnswerNothing(grpc::IncomingCall& call) {
  if (AnswersWithOneMessage(call.path())) {
    Status status = co_await call.Write(Buffer());
    if (!status.ok()) co_return status;
  }
  co_return OkStatus();
}

class HollowServer final : public grpc::CallHandler {
 public:
  explicit HollowServer(Hollow kind) : kind_(kind) {
    std::promise<std::string> address;
    std::future<std::string> known = address.get_future();
    thread_ = std::thread([this, &address] { Serve(address); });
    address_ = known.get();
  }
  ~HollowServer() {
    worker_->Post([this] { over_.Set(); });
    thread_.join();
  }
  const std::string& address() const { return address_; }

  void OnCall(grpc::IncomingCall& call) override {
    if (kind_ == Hollow::kRefusesAll) return call.Finish(UnknownError("no"));
    call.Run(AnswerNothing(call));
  }
  void OnDone(grpc::IncomingCall&) override {}
  void OnGone(grpc::IncomingCall&) override {}

 private:
  void Serve(std::promise<std::string>& address) {
    Worker worker(0);
    worker_ = &worker;
    const Result<int> listener = Listen("127.0.0.1:0", false);
    worker.Post([&] { Spawn(Main(worker, *listener, address)); });
    worker.Run();
  }
  Task<void> Main(Worker& worker, int listener, std::promise<std::string>& address) {
    grpc::Server server(worker, {}, *this);
    {
      Acceptor acceptor(worker, listener, [&](int fd, std::string peer) {
        server.Serve(fd, std::move(peer), nullptr, [] {});
      });
      address.set_value(LocalAddress(listener));
      (void)co_await over_.Wait();
    }
    co_await server.Stop();
    worker.Stop();
  }

  const Hollow kind_;
  Worker* worker_ = nullptr;
  Event over_;
  std::string address_;
  std::thread thread_;
};

// "interface.case" of all that did not fail.
std::set<std::string> NotFailing(Hollow kind) {
  google::protobuf::SetLogHandler(nullptr);
  const HollowServer server(kind);
  grpc::ClientOptions client;
  client.target = server.address();
  RunRequest request;
  request.place = client;
  request.name_space = "here";
  request.other_namespace = "there";
  request.selection.jobs = 32;
  request.selection.case_timeout = std::chrono::seconds(1);
  const Result<Report> report = RunSuites(request, AllSuites());
  EXPECT_TRUE(report.ok()) << report.status().ToString();
  std::set<std::string> names;
  if (!report.ok()) return names;
  EXPECT_GE(report->interfaces.size(), AllSuites().size());
  for (const InterfaceReport& interface : report->interfaces) {
    EXPECT_TRUE(interface.claimed) << interface.name;
    for (const CaseReport& one : interface.cases) {
      if (one.outcome != Outcome::kFailed) names.insert(interface.name + "." + one.name);
    }
  }
  return names;
}

// Cases about absence and doing nothing, which a server that does nothing keeps.
const std::set<std::string> kAboutNothing = {
    "graph_basic.absence_is_an_answer",
    "graph_basic.no_edge_outlives_its_node",
    "graph_basic.no_edges_no_page",
    "graph_basic.update_of_nothing_does_nothing",
    "graph_traversal.absent_start_has_no_page",
    "graph_traversal.other_namespaces_are_not_walked",
    "keyvalue_basic.absence_is_an_answer",
    "keyvalue_basic.key_of_one_byte",
    "keyvalue_batch.empty_batches_are_ok",
    "keyvalue_cas.absent_key_equals_no_value",
    "keyvalue_scan.nothing_is_no_page",
    "keyvalue_transactional.reading_alone_commits",
    "list_basic.absence_is_an_answer",
    "list_indexing.absent_list_is_an_answer",
    "list_range.absent_list_has_no_range",
    "queue_basic.queue_never_written_to_is_empty",
    "timeseries_aggregation.nothing_is_no_page",
    "timeseries_basic.absence_is_no_error",
    "timeseries_interpolation.nothing_is_no_page",
};

TEST(HollowServers, OneThatAnswersNothingFailsAllOthers) {
  EXPECT_EQ(NotFailing(Hollow::kAnswersNothing), kAboutNothing);
}

TEST(HollowServers, OneThatRefusesAllFailsAll) {
  EXPECT_EQ(NotFailing(Hollow::kRefusesAll), std::set<std::string>());
}

}  // namespace
}  // namespace prism::conformance
