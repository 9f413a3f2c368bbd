#include "gateway/method_table.h"

#include "interfaces/all.h"

namespace prism {

MethodTable::MethodTable() {
  for (const InterfaceInfo* info : AllInterfaces()) {
    services_.push_back(info->service);
    for (const MethodInfo& method : info->methods) routes_[method.path] = {.method = &method};
  }
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
