#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string_view>

#include "interfaces/interface_info.h"
#include "loop/task.h"

namespace prism::conformance {

class CaseContext;

// A few constants in a table's row; one too many does not compile.
template <class T, size_t kMax>
class Few {
 public:
  constexpr Few() = default;
  constexpr Few(std::initializer_list<T> items) {
    for (const T& item : items) items_.at(size_++) = item;
  }
  constexpr const T* begin() const { return items_.data(); }
  constexpr const T* end() const { return items_.data() + size_; }

 private:
  std::array<T, kMax> items_{};
  size_t size_ = 0;
};

// One promise of a contract, put to the test: a row of a constant table.
struct Case {
  std::string_view name;            // unique in its suite: "set_replaces"
  Few<std::string_view, 6> proves;  // sentences of the contract, word for word
  Task<void> (*run)(CaseContext& c);
  Few<const InterfaceInfo*, 4> needs = {};  // beside the suite's own; else it is skipped
  bool needs_other_namespace = false;
};

// A sentence that no case proves, and why.
struct Unproven {
  std::string_view sentence;
  std::string_view why;
};

// All cases of one interface. The sentences of its contract are each proved by a case or listed as
// unproven: a test compares them with the comments of the .proto file.
struct Suite {
  const InterfaceInfo* interface;
  std::span<const Case> cases;
  std::span<const Unproven> unproven;
  // Removes what the case left behind, see Caller::Note; may be null.
  Task<void> (*clean)(CaseContext& c) = nullptr;
};

// What holds of every interface that a namespace has: calls without a namespace, to an unknown one
// or with bytes that are no message are refused.
std::span<const Case> CommonCases();
// What holds of every interface that a namespace does not have.
std::span<const Case> UnclaimedCases();

}  // namespace prism::conformance
