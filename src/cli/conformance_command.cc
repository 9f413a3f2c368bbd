#include "cli/conformance_command.h"

#include <google/protobuf/stubs/logging.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "base/log.h"
#include "cli/client.h"
#include "cli/text.h"
#include "config/catalog.h"
#include "conformance/conformance.h"
#include "conformance/registry.h"

namespace prism::cli {
namespace {

using conformance::Case;
using conformance::Report;
using conformance::RunRequest;
using conformance::Suite;

// The namespace that is meant: the one that is named, or the only one there is.
Status ChooseNamespace(const Config& config, std::string& name) {
  if (name.empty() && config.namespaces.size() == 1) name = config.namespaces[0].name;
  std::string names;
  for (const NamespaceConfig& each : config.namespaces) {
    if (each.name == name) return OkStatus();
    names += (names.empty() ? "" : ", ") + each.name;
  }
  return InvalidArgumentError(name.empty() ? "which namespace is to be tested?"
                                           : "no namespace '" + name + "' in " + config.file)
      .WithHint("--namespace takes one of: " + names);
}

Result<Config> LoadNamespaces(const std::string& file, RunRequest& request) {
  LoadResult loaded = LoadConfig(file, CatalogOfDrivers());
  if (!loaded.ok()) return InvalidArgumentError(FormatFaults(loaded.faults));
  PRISM_RETURN_IF_ERROR(ChooseNamespace(loaded.config, request.name_space));
  if (!request.other_namespace.empty()) {
    PRISM_RETURN_IF_ERROR(ChooseNamespace(loaded.config, request.other_namespace));
  }
  return std::move(loaded.config);
}

Result<RunRequest> MakeRequest(const ConformanceOptions& options) {
  RunRequest request;
  request.name_space = options.target.name_space;
  request.other_namespace = options.other_namespace;
  request.selection = {options.interfaces, options.cases, options.jobs, options.case_timeout};
  if (!request.name_space.empty() && request.name_space == request.other_namespace) {
    return InvalidArgumentError("--other-namespace must name another one than --namespace");
  }
  if (!options.target.target.empty()) {
    if (request.name_space.empty()) return InvalidArgumentError("--target needs --namespace");
    Result<grpc::ClientOptions> client = MakeClientOptions(options.target);
    if (!client.ok()) return std::move(client).status();
    request.place = *std::move(client);
    return request;
  }
  if (options.config.empty()) {
    if (!request.name_space.empty() || !request.other_namespace.empty()) {
      return InvalidArgumentError("a namespace of what? name a --config or a --target too");
    }
    request.place = conformance::EmbeddedConfig();
    request.name_space = conformance::kEmbeddedNamespace;
    request.other_namespace = conformance::kEmbeddedOther;
    return request;
  }
  Result<Config> config = LoadNamespaces(options.config, request);
  if (!config.ok()) return std::move(config).status();
  request.place = *std::move(config);
  return request;
}

// One line that replaces itself, for a person who waits.
void ShowProgress(const Console& console, const conformance::Progress& progress) {
  std::string line = "  " + std::to_string(progress.done) + "/" + std::to_string(progress.total);
  if (progress.done < progress.total) {
    line += " " + std::string(progress.interface) + " " + std::string(progress.name);
  } else {
    line.clear();
  }
  console.err << "\r\033[K" << line << std::flush;
}

void ListCases(const ConformanceOptions& options, const Console& console) {
  for (const Suite* suite : conformance::AllSuites()) {
    if (!conformance::Selected(options.interfaces, suite->interface->name)) continue;
    for (const Case& one : suite->cases) {
      if (!conformance::Selected(options.cases, one.name)) continue;
      console.out << suite->interface->name << ' '
                  << console.Paint(Console::Colour::kBold, one.name) << '\n';
      for (const std::string_view sentence : one.proves) console.out << "    " << sentence << '\n';
    }
  }
}

std::string Render(const ConformanceOptions& options, const Console& console,
                   const Report& report) {
  if (options.format == ReportFormat::kJson) return ToJson(report);
  if (options.format == ReportFormat::kJunit) return ToJunit(report);
  std::ostringstream text;
  const bool colour = console.colour && options.output_file.empty();
  WriteReport({text, console.err, false, colour}, report);
  return text.str();
}

Status Deliver(const ConformanceOptions& options, const Console& console, const std::string& text) {
  if (options.output_file.empty()) {
    console.out << text;
    return OkStatus();
  }
  std::ofstream file(options.output_file, std::ios::binary);
  file << text;
  file.close();
  if (file) return OkStatus();
  return InvalidArgumentError("cannot write '" + options.output_file + "'");
}

int Refuse(const Console& console, const Status& status) {
  PrintError(console, cli::Format::kText, status);
  return kExitUsage;
}

}  // namespace

int RunConformance(const ConformanceOptions& options, const Console& console) {
  if (options.list) {
    ListCases(options, console);
    return kExitOk;
  }
  signal(SIGPIPE, SIG_IGN);
  // Cases send what is no message on purpose, and expect refusals that are worth a log line.
  google::protobuf::SetLogHandler(nullptr);
  SetLogLevel(LogLevel::kError);
  Result<RunRequest> request = MakeRequest(options);
  if (!request.ok()) return Refuse(console, request.status());
  if (isatty(STDERR_FILENO) == 1) {
    request->on_progress = [&](const auto& progress) { ShowProgress(console, progress); };
  }
  request->stop_on_signals = true;
  const Result<Report> report = conformance::RunSuites(*request, conformance::AllSuites());
  if (!report.ok()) return Refuse(console, report.status());
  if (report->counts().total == 0) {
    return Refuse(console, InvalidArgumentError("no case matches --interface and --case")
                               .WithHint("prism conformance --list shows what there is"));
  }
  const Status delivered = Deliver(options, console, Render(options, console, *report));
  if (!delivered.ok()) return Refuse(console, delivered);
  if (report->counts().failed > 0) return kExitNonconformant;
  return report->stopped ? kExitUsage : kExitOk;
}

}  // namespace prism::cli
