#include "conformance/runner.h"

#include <fnmatch.h>

#include <algorithm>

#include "conformance/case_context.h"
#include "interfaces/all.h"

namespace prism::conformance {
namespace {

constexpr auto kProbeTimeout = std::chrono::seconds(10);
constexpr auto kCleanTimeout = std::chrono::seconds(10);
// A case's calls end at its deadline; this is for what still waits then.
constexpr auto kGrace = std::chrono::seconds(2);

// A task and the timer that gives up on it.
struct Watched {
  Event over;
  static void OnEvent(void* self) { static_cast<Watched*>(self)->over.Set(); }
};

const Suite* FindSuite(std::span<const Suite* const> suites, const InterfaceInfo& info) {
  const auto found = std::find_if(suites.begin(), suites.end(),
                                  [&](const Suite* suite) { return suite->interface == &info; });
  return found == suites.end() ? nullptr : *found;
}

}  // namespace

bool Selected(const std::vector<std::string>& patterns, std::string_view name) {
  const std::string text(name);
  return patterns.empty() || std::any_of(patterns.begin(), patterns.end(), [&](const auto& each) {
           return fnmatch(each.c_str(), text.c_str(), 0) == 0;
         });
}

// Bytes that are no message tell without changing anything: a method that exists refuses them.
Task<Status> Runner::ProbeOne(const InterfaceInfo& info) {
  std::vector<Failure> unused;
  CaseRun run{session_, info, Clock::now() + kProbeTimeout, unused};
  CaseContext c(run);
  const RawAnswer answer = co_await c.CallRaw(info.methods[0], "\x07");
  switch (answer.status.code()) {
    case Code::kUnimplemented:
      co_return OkStatus();
    case Code::kUnavailable:
    case Code::kDeadlineExceeded:
    case Code::kNotFound:
    case Code::kUnauthenticated:
    case Code::kPermissionDenied:
      co_return answer.status;
    default:
      session_.claimed.insert(&info);
      co_return OkStatus();
  }
}

Task<Status> Runner::Probe() {
  for (const InterfaceInfo* info : AllInterfaces()) {
    Task<Status> probe = ProbeOne(*info);
    Status status = co_await probe;
    if (!status.ok()) co_return status;
  }
  co_return OkStatus();
}

Report Runner::Plan(std::span<const Suite* const> suites) {
  Report report;
  report.name_space = session_.name_space;
  for (const InterfaceInfo* info : AllInterfaces()) {
    if (!Selected(selection_.interfaces, info->name)) continue;
    report.interfaces.emplace_back();
  }
  auto next = report.interfaces.begin();
  for (const InterfaceInfo* info : AllInterfaces()) {
    if (!Selected(selection_.interfaces, info->name)) continue;
    PlanInterface(*info, FindSuite(suites, *info), *next++);
  }
  std::erase_if(report.interfaces, [](const InterfaceReport& each) { return each.cases.empty(); });
  return report;
}

void Runner::PlanInterface(const InterfaceInfo& info, const Suite* suite, InterfaceReport& report) {
  report.name = info.name;
  report.claimed = session_.claimed.contains(&info);
  std::vector<std::pair<const Case*, const Suite*>> wanted;
  if (report.claimed && suite) {
    for (const Case& one : suite->cases) wanted.emplace_back(&one, suite);
  }
  for (const Case& one : report.claimed ? CommonCases() : UnclaimedCases()) {
    wanted.emplace_back(&one, nullptr);
  }
  std::erase_if(wanted,
                [&](const auto& each) { return !Selected(selection_.cases, each.first->name); });
  report.cases.resize(wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    const auto [one, of] = wanted[i];
    report.cases[i].name = one->name;
    report.cases[i].proves.assign(one->proves.begin(), one->proves.end());
    jobs_.push_back({one, of, &info, &report.cases[i]});
  }
}

Task<Report> Runner::Run(std::span<const Suite* const> suites) {
  const TimePoint start = Clock::now();
  jobs_.clear();
  next_ = done_ = 0;
  Report report = Plan(suites);
  std::vector<Failure> unused;
  CaseRun run{session_, *AllInterfaces()[0], kNever, unused};
  CaseContext lanes(run);
  co_await lanes.Concurrently(std::max(1, selection_.jobs), [this](int) { return RunLane(); });
  report.took = Clock::now() - start;
  report.stopped = stopped_;
  co_return report;
}

Task<void> Runner::RunLane() {
  while (next_ < jobs_.size()) {
    const Job& job = jobs_[next_++];
    Task<void> run = RunJob(job);
    co_await run;
    ++done_;
    if (listener_) listener_({done_, jobs_.size(), job.interface->name, job.what->name});
  }
}

std::string Runner::ReasonToSkip(const Case& one) const {
  if (stopped_) return "the run was stopped";
  for (const InterfaceInfo* needed : one.needs) {
    if (session_.claimed.contains(needed)) continue;
    return "needs " + std::string(needed->name) + ", which the namespace does not have";
  }
  if (one.needs_other_namespace && session_.other_namespace.empty()) {
    return "needs a second namespace; name one with --other-namespace";
  }
  return "";
}

Task<void> Runner::RunJob(const Job& job) {
  CaseReport& report = *job.report;
  report.skipped_because = ReasonToSkip(*job.what);
  if (!report.skipped_because.empty()) {
    report.outcome = Outcome::kSkipped;
    co_return;
  }
  const TimePoint start = Clock::now();
  CaseRun run{session_, *job.interface, start + selection_.case_timeout, report.failures};
  CaseContext c(run);
  Task<void> body = Finish(run, job.what->run(c), "the case");
  co_await body;
  report.took = Clock::now() - start;
  if (job.suite && job.suite->clean && !run.noted.empty()) {
    run.deadline = Clock::now() + kCleanTimeout;
    Task<void> clean = Finish(run, job.suite->clean(c), "cleaning up");
    co_await clean;
  }
  report.outcome = report.failures.empty() ? Outcome::kPassed : Outcome::kFailed;
  if (report.outcome == Outcome::kPassed && !run.skipped_because.empty()) {
    report.outcome = Outcome::kSkipped;
    report.skipped_because = run.skipped_because;
  }
}

Task<void> Runner::Finish(CaseRun& run, Task<void> body, std::string_view what) {
  Watched watched;
  Timer timer(&Watched::OnEvent, &watched);
  timer.Arm(run.deadline + kGrace);
  body.Start(&Watched::OnEvent, &watched);
  (void)co_await watched.over.Wait();
  if (!body.done()) run.Fail(Where::current(), std::string(what) + " did not end in time");
  // What still waits ends here, with its calls.
  body = Task<void>();
}

}  // namespace prism::conformance
