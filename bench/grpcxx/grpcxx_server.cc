// The peer: KeyValueBasicInterface's Get and Set on gRPC C++'s callback API, as its documentation
// has one write it. One process, the library's own threads.

#include <getopt.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/resource_quota.h>
#include <sys/resource.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "prism/interfaces/keyvalue_basic.grpc.pb.h"

namespace {

namespace kv = prism::keyvalue::v1;

// Called by several library threads at once.
class Service final : public kv::KeyValueBasicInterface::CallbackService {
 public:
  grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context, const kv::GetRequest* request,
                                kv::GetResponse* response) override {
    {
      const std::shared_lock lock(mutex_);
      if (const auto found = map_.find(request->key()); found != map_.end()) {
        response->set_found(true);
        response->set_value(found->second);
      }
    }
    return Finish(context);
  }

  grpc::ServerUnaryReactor* Set(grpc::CallbackServerContext* context, const kv::SetRequest* request,
                                kv::SetResponse*) override {
    {
      const std::unique_lock lock(mutex_);
      map_[request->key()] = request->value();
    }
    return Finish(context);
  }

 private:
  static grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  std::shared_mutex mutex_;
  std::unordered_map<std::string, std::string> map_;
};

struct Flags {
  int port = 0;
  int threads = 0;  // the resource quota's limit; 0: the library's default
};

Flags ParseFlags(int argc, char** argv) {
  static constexpr std::array<option, 3> kOptions = {{{"port", required_argument, nullptr, 'p'},
                                                      {"threads", required_argument, nullptr, 't'},
                                                      {}}};
  Flags flags;
  for (int c; (c = getopt_long(argc, argv, "", kOptions.data(), nullptr)) != -1;) {
    if (c != 'p' && c != 't') {
      std::fprintf(stderr, "usage: grpcxx_server [--port N] [--threads N]\n");
      std::exit(2);
    }
    (c == 'p' ? flags.port : flags.threads) = std::atoi(optarg);
  }
  return flags;
}

}  // namespace

int main(int argc, char** argv) {
  const Flags flags = ParseFlags(argc, argv);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  Service service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(flags.port),
                           grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  if (flags.threads > 0) {
    builder.SetResourceQuota(grpc::ResourceQuota().SetMaxThreads(flags.threads));
  }
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    std::fprintf(stderr, "grpcxx_server: cannot listen on port %d\n", flags.port);
    return 1;
  }
  std::printf("listening on 127.0.0.1:%d\n", port);
  std::fflush(stdout);
  server->Wait();
}
