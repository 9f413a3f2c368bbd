#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace prism::conformance {

// An expectation that did not hold.
struct Failure {
  std::string file;  // below src/conformance
  unsigned line = 0;
  std::string message;
};

enum class Outcome { kPassed, kFailed, kSkipped };

struct CaseReport {
  std::string name;
  std::vector<std::string> proves;
  Outcome outcome = Outcome::kPassed;
  std::string skipped_because;
  std::vector<Failure> failures;
  Duration took{};
};

struct Counts {
  size_t total = 0;
  size_t passed = 0;
  size_t failed = 0;
  size_t skipped = 0;
};

struct InterfaceReport {
  std::string name;
  bool claimed = false;  // the namespace has the interface; else its refusals were checked
  std::vector<CaseReport> cases;

  Counts counts() const;
  Duration took() const;
};

// The outcome of a run, in the order of the interfaces.
struct Report {
  std::string name_space;
  std::vector<InterfaceReport> interfaces;
  Duration took{};
  bool stopped = false;  // before all cases had begun

  Counts counts() const;
};

// One JSON object: {"interfaces": [{"interface", "total", "passed", "failed", "cases": [...]}],
// ...}.
std::string ToJson(const Report& report);
// The XML that continuous integration reads: a testsuite per interface.
std::string ToJunit(const Report& report);

}  // namespace prism::conformance
