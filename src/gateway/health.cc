#include "gateway/health.h"

#include "grpc/health/v1/health.pb.h"

namespace prism {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

HealthService::HealthService(const std::vector<std::string_view>& services)
    : services_(services.begin(), services.end()) {}

void HealthService::SetServing(bool serving) {
  if (serving_ == serving || shut_down_) return;
  serving_ = serving;
  changed_.Set();
  changed_.Reset();
}

void HealthService::Shutdown() {
  serving_ = false;
  shut_down_ = true;
  changed_.Set();
}

Task<Status> HealthService::Check(RequestContext&, const HealthCheckRequest& request,
                                  HealthCheckResponse& response) {
  if (!Knows(request.service())) {
    co_return NotFoundError("no service '" + request.service() + "'");
  }
  response.set_status(serving_ ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING);
  co_return OkStatus();
}

Stream<HealthCheckResponse> HealthService::Watch(RequestContext& ctx,
                                                 const HealthCheckRequest& request) {
  const bool known = Knows(request.service());
  HealthCheckResponse response;
  while (!ctx.cancelled()) {
    // A slow watcher learns the latest state, not every one there was.
    const auto status = !known     ? HealthCheckResponse::SERVICE_UNKNOWN
                        : serving_ ? HealthCheckResponse::SERVING
                                   : HealthCheckResponse::NOT_SERVING;
    if (status != response.status()) {
      response.set_status(status);
      co_yield response;
      continue;
    }
    if (shut_down_) co_return UnavailableError("the gateway is shutting down").WithRetryable();
    (void)co_await changed_.Wait(ctx.cancellation);
  }
  co_return ctx.cancellation.reason();
}

}  // namespace prism
