#pragma once

#include <array>
#include <span>
#include <type_traits>

#include "interfaces/interface_info.h"

namespace prism {

// An opened store, as one worker sees it for one namespace. Owned by the worker's binding, used on
// its thread; ends no earlier than the last call to it.
class Backend {
 public:
  virtual ~Backend() = default;

  // The implementation of `info`, for MethodInfo::serve or FindAs; null if this backend has none.
  // Constant for the backend's life, so callers look it up once.
  virtual void* Find(const InterfaceInfo& info) = 0;
  virtual std::span<const InterfaceInfo* const> interfaces() const = 0;
};

// The backend's implementation of an interface; null if it has none.
template <class Interface>
Interface* FindAs(Backend& backend) {
  return static_cast<Interface*>(backend.Find(Interface::Info()));
}

// The one declaration of what a backend can do:
//   class RedisBackend final : public Implements<RedisBackend, KeyValueBasic, KeyValueScan> {...};
// The compiler asks for every method; kInterfaces feeds the driver's registry entry.
template <class Self, class... Interfaces>
class Implements : public Backend, public Interfaces... {
 public:
  static constexpr std::array<const InterfaceInfo*, sizeof...(Interfaces)> kInterfaces = {
      &Interfaces::Info()...};

  Implements() {
    static_assert(std::is_base_of_v<Implements, Self>, "name the class itself first");
  }

  void* Find(const InterfaceInfo& info) final {
    void* found = nullptr;
    ((&info == &Interfaces::Info() && (found = static_cast<Interfaces*>(this))) || ...);
    return found;
  }
  std::span<const InterfaceInfo* const> interfaces() const final { return kInterfaces; }
};

}  // namespace prism
