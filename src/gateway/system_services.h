#pragma once

namespace prism {

// Places of the gateway's own services in the routing table.
inline constexpr int kHealthPlace = 0;
inline constexpr int kReflectionPlace = 1;

}  // namespace prism
