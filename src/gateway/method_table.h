#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "interfaces/interface_info.h"

namespace prism {

// Where a path leads: to a method of a namespace's interface, or to one of the gateway's own
// services, which need no namespace.
struct Route {
  const MethodInfo* method = nullptr;
  bool system = false;
  int system_service = 0;  // the place that AddSystemService was given
};

// All rpcs that the gateway knows, by path. Built at start, then read by all workers.
class MethodTable {
 public:
  MethodTable();
  // `service` overrides the interface's own name: for another version with the same messages.
  void AddSystemService(const InterfaceInfo& info, int place, std::string_view service = {});
  // Null when there is no such rpc.
  const Route* Find(std::string_view path) const {
    const auto found = routes_.find(path);
    return found == routes_.end() ? nullptr : &found->second;
  }
  // Full names, for reflection and health.
  const std::vector<std::string_view>& services() const { return services_; }

 private:
  void Add(const InterfaceInfo& info);

  std::unordered_map<std::string_view, Route> routes_;
  std::vector<std::string_view> services_;
  std::vector<std::unique_ptr<std::string>> renamed_;  // paths of AddSystemService's overrides
};

}  // namespace prism
