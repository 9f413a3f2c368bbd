// An independent client: Debian's gRPC C++ library against a running gateway.
//
//   grpcxx_client HOST:PORT NAMESPACE
//
// Sets, gets, misses, deletes and scans, compressed and not, and looks at the errors that it is
// given. Prints PASS, or FAIL with the reason, and exits accordingly.

#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "prism/interfaces/keyvalue_basic.grpc.pb.h"
#include "prism/interfaces/keyvalue_scan.grpc.pb.h"

namespace {

namespace pb = prism::keyvalue::v1;

void Require(bool condition, const std::string& what) {
  if (condition) return;
  std::printf("FAIL %s\n", what.c_str());
  std::exit(1);
}

void Require(const grpc::Status& status, const std::string& what) {
  Require(status.ok(), what + ": " + status.error_message());
}

class Client {
 public:
  Client(const std::string& target, std::string name_space)
      : channel_(grpc::CreateChannel(target, grpc::InsecureChannelCredentials())),
        basic_(pb::KeyValueBasicInterface::NewStub(channel_)),
        scan_(pb::KeyValueScanInterface::NewStub(channel_)),
        namespace_(std::move(name_space)) {}

  void SetAndGet(const std::string& value, grpc_compression_algorithm compression) {
    grpc::ClientContext set_context;
    grpc::ClientContext get_context;
    Prepare(set_context, namespace_);
    Prepare(get_context, namespace_);
    set_context.set_compression_algorithm(compression);
    get_context.set_compression_algorithm(compression);
    pb::SetRequest set;
    set.set_key("cxx/key");
    set.set_value(value);
    pb::SetResponse stored;
    Require(basic_->Set(&set_context, set, &stored), "Set");
    pb::GetRequest get;
    get.set_key("cxx/key");
    pb::GetResponse got;
    Require(basic_->Get(&get_context, get, &got), "Get");
    Require(got.found() && got.value() == value, "Get returns what was set");
  }

  void ScanFinds() {
    grpc::ClientContext context;
    Prepare(context, namespace_);
    pb::ScanRequest request;
    request.set_prefix("cxx/");
    auto pages = scan_->Scan(&context, request);
    pb::ScanResponse page;
    int rows = 0;
    while (pages->Read(&page)) rows += page.entries_size();
    Require(pages->Finish(), "Scan");
    Require(rows == 1, "Scan finds one row");
  }

  void DeleteOnce() {
    for (const bool there : {true, false}) {
      grpc::ClientContext context;
      Prepare(context, namespace_);
      pb::DeleteRequest request;
      request.set_key("cxx/key");
      pb::DeleteResponse response;
      Require(basic_->Delete(&context, request, &response), "Delete");
      Require(response.found() == there, "Delete tells whether the key existed");
    }
  }

  void UnknownNamespace() {
    grpc::ClientContext context;
    Prepare(context, "no-such");
    pb::GetResponse response;
    const grpc::Status status = basic_->Get(&context, pb::GetRequest(), &response);
    Require(status.error_code() == grpc::StatusCode::NOT_FOUND, "an unknown namespace: NOT_FOUND");
    Require(status.error_message().find("no-such") != std::string::npos, "the error names it");
  }

 private:
  static void Prepare(grpc::ClientContext& context, const std::string& name_space) {
    context.AddMetadata("prism-namespace", name_space);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  }

  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<pb::KeyValueBasicInterface::Stub> basic_;
  std::unique_ptr<pb::KeyValueScanInterface::Stub> scan_;
  std::string namespace_;
};

}  // namespace

int main(int argc, char** argv) {
  Require(argc == 3, "usage: grpcxx_client HOST:PORT NAMESPACE");
  Client client(argv[1], argv[2]);
  client.SetAndGet("value", GRPC_COMPRESS_NONE);
  client.SetAndGet(std::string(100'000, 'z'), GRPC_COMPRESS_GZIP);
  client.SetAndGet(std::string("\0\xff", 2), GRPC_COMPRESS_NONE);
  client.ScanFinds();
  client.DeleteOnce();
  client.UnknownNamespace();
  std::printf("PASS\n");
  return 0;
}
