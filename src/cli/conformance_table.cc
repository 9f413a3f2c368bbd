#include <fmt/format.h>

#include <map>

#include "cli/conformance_command.h"
#include "cli/table.h"
#include "cli/text.h"

namespace prism::cli {
namespace {

using conformance::CaseReport;
using conformance::Counts;
using conformance::InterfaceReport;
using conformance::Outcome;
using conformance::Report;
using Colour = Console::Colour;

std::string Seconds(Duration duration) {
  return fmt::format("{:.2f} s", std::chrono::duration<double>(duration).count());
}

std::string ResultOf(const InterfaceReport& interface) {
  const Counts counts = interface.counts();
  if (counts.failed > 0) return "FAIL";
  if (!interface.claimed) return "not there, refused";
  return counts.passed > 0 ? "pass" : "skipped";
}

void WriteFailures(const Console& console, const InterfaceReport& interface) {
  for (const CaseReport& one : interface.cases) {
    if (one.outcome != Outcome::kFailed) continue;
    console.out << '\n'
                << console.Paint(Colour::kRed, "FAIL") << ' ' << interface.name << ' '
                << console.Paint(Colour::kBold, one.name) << " (" << Seconds(one.took) << ")\n";
    for (const std::string& sentence : one.proves) {
      console.out << "  the contract: " << sentence << '\n';
    }
    for (const conformance::Failure& failure : one.failures) {
      console.out << "  " << failure.file << ':' << failure.line << ": "
                  << Escape(failure.message, Escaping::kLines) << '\n';
    }
  }
}

void WriteSkips(const Console& console, const Report& report) {
  std::map<std::string, std::string> cases_by_reason;
  for (const InterfaceReport& interface : report.interfaces) {
    for (const CaseReport& one : interface.cases) {
      if (one.outcome != Outcome::kSkipped) continue;
      std::string& cases = cases_by_reason[one.skipped_because];
      cases += (cases.empty() ? "" : ", ") + interface.name + "." + one.name;
    }
  }
  for (const auto& [reason, cases] : cases_by_reason) {
    console.out << "\nskipped: " << cases << "\n  " << reason << '\n';
  }
}

}  // namespace

void WriteReport(const Console& console, const Report& report) {
  std::vector<Row> rows = {{"interface", "result", "cases", "passed", "failed", "skipped", "time"}};
  for (const InterfaceReport& interface : report.interfaces) {
    const Counts counts = interface.counts();
    rows.push_back({interface.name, ResultOf(interface), std::to_string(counts.total),
                    std::to_string(counts.passed), std::to_string(counts.failed),
                    std::to_string(counts.skipped), Seconds(interface.took())});
  }
  WriteTable(console, rows);
  for (const InterfaceReport& interface : report.interfaces) WriteFailures(console, interface);
  WriteSkips(console, report);
  const Counts counts = report.counts();
  const std::string verdict =
      fmt::format("{} cases: {} passed, {} failed, {} skipped", counts.total, counts.passed,
                  counts.failed, counts.skipped);
  console.out << '\n'
              << console.Paint(counts.failed > 0 ? Colour::kRed : Colour::kGreen, verdict)
              << " (namespace " << report.name_space << ", " << Seconds(report.took) << ")\n";
}

}  // namespace prism::cli
