#include "conformance/report.h"

#include <boost/json.hpp>
#include <cstdio>

namespace prism::conformance {
namespace {

namespace json = boost::json;

std::string_view NameOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPassed:
      return "passed";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kSkipped:
      return "skipped";
  }
  return "";
}

double Milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

void AddCounts(json::object& object, const Counts& counts) {
  object["total"] = counts.total;
  object["passed"] = counts.passed;
  object["failed"] = counts.failed;
  object["skipped"] = counts.skipped;
}

json::object ToValue(const CaseReport& one) {
  json::object object{{"name", one.name}, {"result", NameOf(one.outcome)}};
  object["proves"] = json::array(one.proves.begin(), one.proves.end());
  object["duration_ms"] = Milliseconds(one.took);
  if (one.outcome == Outcome::kSkipped) object["reason"] = one.skipped_because;
  json::array failures;
  for (const Failure& failure : one.failures) {
    failures.push_back(
        {{"file", failure.file}, {"line", failure.line}, {"message", failure.message}});
  }
  object["failures"] = std::move(failures);
  return object;
}

json::object ToValue(const InterfaceReport& interface) {
  json::object object{{"interface", interface.name}, {"claimed", interface.claimed}};
  AddCounts(object, interface.counts());
  object["duration_ms"] = Milliseconds(interface.took());
  json::array cases;
  for (const CaseReport& one : interface.cases) cases.push_back(ToValue(one));
  object["cases"] = std::move(cases);
  return object;
}

// As text or the inside of an attribute. Bytes that XML 1.0 has no place for become '?'.
std::string Xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\n') {
      out += "&#10;";
    } else {
      out += byte < 0x20 ? '?' : c;
    }
  }
  return out;
}

std::string Seconds(Duration duration) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3f", Milliseconds(duration) / 1000);
  return text;
}

std::string Attributes(const Counts& counts, Duration took) {
  return " tests=\"" + std::to_string(counts.total) + "\" failures=\"" +
         std::to_string(counts.failed) + "\" errors=\"0\" skipped=\"" +
         std::to_string(counts.skipped) + "\" time=\"" + Seconds(took) + "\"";
}

std::string JunitCase(const std::string& interface, const CaseReport& one) {
  std::string out = "    <testcase classname=\"" + Xml(interface) + "\" name=\"" + Xml(one.name) +
                    "\" time=\"" + Seconds(one.took) + "\">\n";
  if (one.outcome == Outcome::kSkipped) {
    out += "      <skipped message=\"" + Xml(one.skipped_because) + "\"/>\n";
  }
  if (one.outcome == Outcome::kFailed) {
    std::string text;
    for (const Failure& failure : one.failures) {
      text += failure.file + ":" + std::to_string(failure.line) + ": " + failure.message + "\n";
    }
    const std::string first = one.failures.empty() ? "" : one.failures.front().message;
    out += "      <failure message=\"" + Xml(first) + "\">" + Xml(text) + "</failure>\n";
  }
  return out + "    </testcase>\n";
}

}  // namespace

Counts InterfaceReport::counts() const {
  Counts counts;
  for (const CaseReport& one : cases) {
    ++counts.total;
    counts.passed += one.outcome == Outcome::kPassed;
    counts.failed += one.outcome == Outcome::kFailed;
    counts.skipped += one.outcome == Outcome::kSkipped;
  }
  return counts;
}

Duration InterfaceReport::took() const {
  Duration sum{};
  for (const CaseReport& one : cases) sum += one.took;
  return sum;
}

Counts Report::counts() const {
  Counts sum;
  for (const InterfaceReport& interface : interfaces) {
    const Counts counts = interface.counts();
    sum.total += counts.total;
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
  }
  return sum;
}

std::string ToJson(const Report& report) {
  json::object object{{"namespace", report.name_space}};
  AddCounts(object, report.counts());
  object["duration_ms"] = Milliseconds(report.took);
  json::array interfaces;
  for (const InterfaceReport& interface : report.interfaces) {
    interfaces.push_back(ToValue(interface));
  }
  object["interfaces"] = std::move(interfaces);
  return json::serialize(object) + "\n";
}

std::string ToJunit(const Report& report) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"conformance\"" +
                    Attributes(report.counts(), report.took) + ">\n";
  for (const InterfaceReport& interface : report.interfaces) {
    out += "  <testsuite name=\"" + Xml(interface.name) + "\"" +
           Attributes(interface.counts(), interface.took()) + ">\n";
    for (const CaseReport& one : interface.cases) out += JunitCase(interface.name, one);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace prism::conformance
