#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "interfaces/backend.h"

// Backends that break a contract in one way each: what the suites must notice.
namespace prism::conformance::testing {

// Stands in front of a MemStore for those interfaces that Find knows.
class Part {
 public:
  virtual ~Part() = default;
  virtual void* Find(const InterfaceInfo& info) = 0;
};

// One wrong implementation in place of the right one.
template <class Fake, class Interface>
class Replaced final : public Part {
 public:
  explicit Replaced(Backend& real) : fake_(real) {}
  void* Find(const InterfaceInfo& info) override {
    return &info == &Interface::Info() ? static_cast<Interface*>(&fake_) : nullptr;
  }

 private:
  Fake fake_;
};

template <class Fake, class Interface>
std::unique_ptr<Part> Replace(Backend& real) {
  return std::make_unique<Replaced<Fake, Interface>>(real);
}

struct Fault {
  std::string_view name;  // also of its backend
  std::string_view interface;
  std::string_view caught_by;  // a case of that interface's suite
  std::unique_ptr<Part> (*make)(Backend& real);
};

std::span<const Fault> BasicFaults();
std::span<const Fault> TtlFaults();
std::span<const Fault> CasFaults();
std::span<const Fault> BatchFaults();
std::span<const Fault> ScanFaults();
std::span<const Fault> TransactionalFaults();

// Opens a MemStore with the fault that the backend is named after; "none" has no fault. The name
// "one_namespace" is that of a MemStore whose namespaces are all the same, "unclaimed" of one that
// serves more than it claims, and "missing" of one that serves less.
inline constexpr std::string_view kFaultyDriver = "faulty";
inline constexpr std::string_view kOverservingDriver = "overserving";

}  // namespace prism::conformance::testing
