#pragma once

#include <array>
#include <span>
#include <tuple>
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

// The one declaration of what a class can do:
//   class ListCalls final : public Provides<ListBasic, ListRange> {...};
// The compiler asks for every method; kInterfaces feeds the driver's registry entry.
template <class... Interfaces>
class Provides : public Interfaces... {
 public:
  static constexpr std::array<const InterfaceInfo*, sizeof...(Interfaces)> kInterfaces = {
      &Interfaces::Info()...};

  void* FindPart(const InterfaceInfo& info) {
    void* found = nullptr;
    ((&info == &Interfaces::Info() && (found = static_cast<Interfaces*>(this))) || ...);
    return found;
  }
};

// A backend that is one class:
//   class RedisBackend final : public Implements<RedisBackend, KeyValueBasic, KeyValueScan> {...};
template <class Self, class... Interfaces>
class Implements : public Backend, public Provides<Interfaces...> {
 public:
  Implements() {
    static_assert(std::is_base_of_v<Implements, Self>, "name the class itself first");
  }

  void* Find(const InterfaceInfo& info) final { return this->FindPart(info); }
  std::span<const InterfaceInfo* const> interfaces() const final { return this->kInterfaces; }
};

namespace internal {

template <class... Parts>
constexpr auto JoinInterfaces() {
  std::array<const InterfaceInfo*, (Parts::kInterfaces.size() + ...)> joined{};
  size_t size = 0;
  const auto add = [&](const auto& part) {
    for (const InterfaceInfo* info : part) joined[size++] = info;
  };
  (add(Parts::kInterfaces), ...);
  return joined;
}

}  // namespace internal

// A backend in parts, one class per data model, each of which Provides<> some interfaces and is
// made from the same argument:
//   class MemStoreBackend final : public Composed<KeyValueCalls, ListCalls> {...};
template <class... Parts>
class Composed : public Backend {
 public:
  static constexpr auto kInterfaces = internal::JoinInterfaces<Parts...>();

  template <class Argument>
  explicit Composed(const Argument& argument) : parts_(ForEach<Parts>(argument)...) {}

  void* Find(const InterfaceInfo& info) final {
    void* found = nullptr;
    ((found = std::get<Parts>(parts_).FindPart(info)) || ...);
    return found;
  }
  std::span<const InterfaceInfo* const> interfaces() const final { return kInterfaces; }

 private:
  template <class Part, class Argument>
  static const Argument& ForEach(const Argument& argument) {
    return argument;
  }

  std::tuple<Parts...> parts_;
};

}  // namespace prism
