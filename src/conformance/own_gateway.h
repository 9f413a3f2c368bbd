#pragma once

#include <string>

#include "base/metrics.h"
#include "config/config.h"
#include "gateway/gateway.h"

namespace prism::conformance {

// A gateway in this process for the time of a run: the backends and namespaces of a configuration
// on a free loopback port, which other users of the machine can reach meanwhile. It has at least
// two workers, or nothing would happen at the same time. Used on `control`.
class OwnGateway {
 public:
  explicit OwnGateway(Worker& control) : gateway_(control, metrics_) {}

  // The address it listens on. Those of the configuration are not touched.
  Task<Result<std::string>> Start(Config config);
  void Stop() { gateway_.Stop(); }

 private:
  MetricsRegistry metrics_;
  Gateway gateway_;
};

}  // namespace prism::conformance
