#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "interfaces/health.prism.h"
#include "loop/worker.h"

namespace prism {

// grpc.health.v1 for one worker: the server as a whole ("") and every service it knows are SERVING
// or, while it drains, NOT_SERVING. Used on that worker.
class HealthService final : public Health {
 public:
  // `services` are full names, as "prism.keyvalue.v1.KeyValueBasicInterface". Serving from the
  // start.
  explicit HealthService(const std::vector<std::string_view>& services);

  // Watchers are told of a change.
  void SetServing(bool serving);
  // NOT_SERVING for good. Watchers are told and their calls ended with UNAVAILABLE, so that a drain
  // does not wait for them.
  void Shutdown();

  Task<Status> Check(RequestContext& ctx, const ::grpc::health::v1::HealthCheckRequest& request,
                     ::grpc::health::v1::HealthCheckResponse& response) override;
  Stream<::grpc::health::v1::HealthCheckResponse> Watch(
      RequestContext& ctx, const ::grpc::health::v1::HealthCheckRequest& request) override;

 private:
  bool Knows(const std::string& service) const {
    return service.empty() || services_.contains(service);
  }

  std::set<std::string, std::less<>> services_;
  bool serving_ = true;
  bool shut_down_ = false;
  Event changed_;  // set for a moment at each change
};

}  // namespace prism
