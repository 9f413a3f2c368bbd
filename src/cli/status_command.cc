#include "cli/status_command.h"

#include <vector>

#include "cli/http_get.h"
#include "cli/table.h"
#include "cli/text.h"

namespace prism::cli {
namespace {

using Colour = Console::Colour;

std::string Safe(const std::string& text) { return Escape(text, Escaping::kOneLine); }

void WriteField(const Console& console, std::string_view name, const std::string& value) {
  std::string label(name);
  label.resize(13, ' ');
  console.out << console.Paint(Colour::kDim, label) << value << '\n';
}

std::string StateOf(const Console& console, const GatewayStatus& status) {
  if (status.draining) return console.Paint(Colour::kYellow, "draining");
  if (!status.ready) return console.Paint(Colour::kRed, "not ready");
  return console.Paint(Colour::kGreen, "ready");
}

void WriteConfig(const Console& console, const GatewayStatus::Config& config) {
  WriteField(console, "config",
             Safe(config.file) + ", generation " + std::to_string(config.generation) + ", loaded " +
                 Safe(config.loaded_at));
  if (config.last_error.empty()) return;
  WriteField(console, "last reload", console.Paint(Colour::kRed, "failed, still on the old one"));
  console.out << Escape(config.last_error, Escaping::kLines);
  if (!config.last_error.ends_with('\n')) console.out << '\n';
}

// "cache", or "registry=cache messaging=bus".
std::string BoundTo(const GatewayStatus::Namespace& name_space) {
  std::string text = name_space.backend;
  for (const GatewayStatus::Slot& slot : name_space.slots) {
    text += (text.empty() ? "" : " ") + slot.slot + "=" + slot.backend;
  }
  return text;
}

// All names, or how many where they would fill the screen.
std::string Summary(const std::vector<std::string>& interfaces) {
  constexpr size_t kMaxNames = 8;
  if (interfaces.size() > kMaxNames) return std::to_string(interfaces.size()) + " interfaces";
  std::string text;
  for (const std::string& name : interfaces) text += (text.empty() ? "" : " ") + Safe(name);
  return text;
}

void WriteNamespaces(const Console& console, const GatewayStatus& status) {
  std::vector<Row> rows = {{"NAMESPACE", "BACKEND", "DRIVER", "REQUESTS", "ERRORS", "INTERFACES"}};
  for (const GatewayStatus::Namespace& each : status.namespaces) {
    rows.push_back({Safe(each.name), Safe(BoundTo(each)),
                    Safe(each.pattern.empty() ? each.driver : each.pattern),
                    std::to_string(each.requests), std::to_string(each.errors),
                    Summary(each.interfaces)});
  }
  console.out << '\n';
  WriteTable(console, rows);
}

void WriteBackends(const Console& console, const GatewayStatus& status) {
  std::vector<Row> rows = {{"BACKEND", "DRIVER", "STATE"}};
  for (const GatewayStatus::Backend& each : status.backends) {
    rows.push_back({Safe(each.name), Safe(each.driver),
                    each.healthy ? console.Paint(Colour::kGreen, "healthy")
                                 : console.Paint(Colour::kRed, "unhealthy")});
  }
  console.out << '\n';
  WriteTable(console, rows);
  for (const GatewayStatus::Backend& each : status.backends) {
    if (!each.reason.empty()) console.out << "  " << Safe(each.name + ": " + each.reason) << '\n';
    if (each.durability.empty()) continue;
    console.out << "  " << Safe(each.name + " acknowledges: " + each.durability) << '\n';
  }
}

Status FetchStatus(const StatusOptions& options, std::string& json, GatewayStatus& status) {
  Result<HttpReply> reply = HttpGet(options.admin, "/status", options.timeout);
  if (!reply.ok()) return std::move(reply).status();
  Status failed;
  if (reply->status != 200) {
    failed = UnavailableError("the admin port answered " + std::to_string(reply->status));
  } else if (Result<GatewayStatus> parsed = ParseGatewayStatus(reply->body); !parsed.ok()) {
    failed = std::move(parsed).status();
  } else {
    status = *std::move(parsed);
    json = std::move(reply->body);
  }
  return failed;
}

}  // namespace

void WriteStatus(const Console& console, const GatewayStatus& status) {
  console.out << console.Paint(Colour::kBold, "prism " + Safe(status.version)) << "  "
              << StateOf(console, status) << '\n';
  const std::chrono::seconds uptime(status.uptime_seconds);
  WriteField(console, "uptime", FormatDuration(uptime) + ", since " + Safe(status.started_at));
  WriteField(console, "workers", std::to_string(status.workers));
  WriteField(console, "connections",
             std::to_string(status.connections) + ", " + std::to_string(status.calls_in_flight) +
                 " calls in flight");
  WriteConfig(console, status.config);
  if (!status.namespaces.empty()) WriteNamespaces(console, status);
  if (!status.backends.empty()) WriteBackends(console, status);
}

int RunStatus(const StatusOptions& options, const Console& console) {
  std::string json;
  GatewayStatus status;
  Status fetched = FetchStatus(options, json, status);
  if (!fetched.ok()) {
    PrintError(console, options.format,
               std::move(fetched).WithHint("is " + options.admin +
                                           " the 'admin' address of a running gateway? name "
                                           "another with --admin or PRISM_ADMIN"));
    return kExitFailed;
  }
  if (options.format == Format::kText) {
    WriteStatus(console, status);
  } else {
    console.out << json << (json.ends_with('\n') ? "" : "\n");
  }
  return kExitOk;
}

}  // namespace prism::cli
