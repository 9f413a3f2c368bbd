#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "interfaces/interface_info.h"
#include "loop/task.h"

namespace prism::conformance {

class CaseContext;

// One promise of a contract, put to the test. Aggregates of constants: they live as long as the
// program.
struct Case {
  std::string_view name;                 // unique in its suite: "set_replaces"
  std::vector<std::string_view> proves;  // sentences of the contract, word for word
  Task<void> (*run)(CaseContext& c);
  std::vector<const InterfaceInfo*> needs = {};  // beside the suite's own; else it is skipped
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
  std::vector<Case> cases;
  std::vector<Unproven> unproven = {};
  // Removes what the case left behind, see Caller::Note; may be null.
  Task<void> (*clean)(CaseContext& c) = nullptr;
};

// What holds of every interface that a namespace has: calls without a namespace, to an unknown one
// or with bytes that are no message are refused.
std::span<const Case> CommonCases();
// What holds of every interface that a namespace does not have.
std::span<const Case> UnclaimedCases();

}  // namespace prism::conformance
