#include "conformance/own_gateway.h"

#include <algorithm>
#include <thread>

namespace prism::conformance {

Task<Result<std::string>> OwnGateway::Start(Config config) {
  config.listeners.assign(1, ListenerConfig{"127.0.0.1:0", false});
  config.admin.clear();
  config.tls.reset();
  const uint64_t cores = std::thread::hardware_concurrency();
  config.workers = std::max<uint64_t>(2, config.workers ? config.workers : cores);
  Task<Status> start = gateway_.Start(std::move(config));
  Status status = co_await start;
  if (!status.ok()) co_return status;
  co_return gateway_.addresses().front();
}

}  // namespace prism::conformance
