#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "conformance/case_run.h"
#include "conformance/report.h"
#include "conformance/suite.h"
#include "loop/task.h"

namespace prism::conformance {

// Which cases to run, and how. Patterns are shell patterns: "keyvalue_*".
struct Selection {
  std::vector<std::string> interfaces;  // empty: all that the gateway knows
  std::vector<std::string> cases;       // empty: all
  int jobs = 4;                         // cases at a time
  Duration case_timeout = std::chrono::seconds(30);
};

struct Progress {
  size_t done = 0;
  size_t total = 0;
  std::string_view interface;  // of the case that ended last
  std::string_view name;
};

// Runs suites against the namespace of a session, which is reached through its channels. Used on
// the channels' worker; alive until Run has ended.
class Runner {
 public:
  Runner(Session& session, const Selection& selection) : session_(session), selection_(selection) {}

  void OnProgress(std::function<void(const Progress&)> listener) { listener_ = listener; }
  // Cases that have not begun are skipped.
  void Stop() { stopped_ = true; }

  // Finds out by a call to each interface which of them the namespace has, and keeps it in the
  // session. An error if the gateway does not answer or has no such namespace.
  Task<Status> Probe();
  Task<Report> Run(std::span<const Suite* const> suites);

 private:
  // A case and where its outcome goes.
  struct Job {
    const Case* what;
    const Suite* suite;  // null for a case that all interfaces have in common
    const InterfaceInfo* interface;
    CaseReport* report;
  };

  Report Plan(std::span<const Suite* const> suites);
  void PlanInterface(const InterfaceInfo& info, const Suite* suite, InterfaceReport& report);
  Task<Status> ProbeOne(const InterfaceInfo& info);
  Task<void> RunLane();
  Task<void> RunJob(const Job& job);
  std::string ReasonToSkip(const Case& one) const;
  Task<void> Finish(CaseRun& run, Task<void> body, std::string_view what);

  Session& session_;
  const Selection& selection_;
  std::function<void(const Progress&)> listener_;
  bool stopped_ = false;
  std::vector<Job> jobs_;
  size_t next_ = 0;
  size_t done_ = 0;
};

// Whether one of the patterns matches; true if there is none.
bool Selected(const std::vector<std::string>& patterns, std::string_view name);

}  // namespace prism::conformance
