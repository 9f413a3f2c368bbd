#include "gateway/method_table.h"

#include <algorithm>

#include "interfaces/all.h"
#include "patterns/registry.h"

namespace prism {

MethodTable::MethodTable() {
  for (const InterfaceInfo* info : AllInterfaces()) Add(*info);
  for (const Pattern& pattern : Patterns()) {
    for (const InterfaceInfo* info : pattern.interfaces) Add(*info);
  }
}

void MethodTable::Add(const InterfaceInfo& info) {
  if (std::ranges::find(services_, info.service) != services_.end()) return;
  services_.push_back(info.service);
  for (const MethodInfo& method : info.methods) routes_[method.path] = {.method = &method};
}

void MethodTable::AddSystemService(const InterfaceInfo& info, int place, std::string_view service) {
  services_.push_back(service.empty() ? info.service : service);
  for (const MethodInfo& method : info.methods) {
    std::string_view path = method.path;
    if (!service.empty()) {
      std::string renamed = "/" + std::string(service) + "/" + std::string(method.name);
      path = *renamed_.emplace_back(std::make_unique<std::string>(std::move(renamed)));
    }
    routes_[path] = {.method = &method, .system = true, .system_service = place};
  }
}

}  // namespace prism
