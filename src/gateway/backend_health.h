#pragma once

#include <string>
#include <vector>

#include "gateway/admin.h"
#include "gateway/generation.h"

namespace prism {

// How a configured backend is right now.
struct BackendHealth {
  std::string name;
  std::string driver;
  bool in_use = false;     // a namespace has its data there
  Status health;           // OK, or why calls fail
  std::string durability;  // what an acknowledged write survives; "" if that is not known
};
std::vector<BackendHealth> HealthOf(const Generation& generation);

// False when none of the backends in use can be reached: another gateway might do better. As long
// as one can, its namespaces are served.
bool CanServe(const std::vector<BackendHealth>& backends);
// What /readyz says of the backends that cannot be reached, a line each.
std::string DescribeUnhealthy(const std::vector<BackendHealth>& backends);
// The family prism_backend_up.
std::string ToMetrics(const std::vector<BackendHealth>& backends);

}  // namespace prism
