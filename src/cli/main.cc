#include <iostream>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/conformance_command.h"
#include "cli/generate_command.h"
#include "cli/kv.h"
#include "cli/registry_command.h"
#include "cli/status_command.h"
#include "cli/validate_command.h"

namespace prism::cli {
namespace {

int RunCommand(const ServeOptions& options, const Console&) { return RunServe(options); }
int RunCommand(const KvOptions& options, const Console& console) {
  return RunKv(options, console, std::cin);
}
int RunCommand(const StatusOptions& options, const Console& console) {
  return RunStatus(options, console);
}

int RunCommand(const RegistryOptions& options, const Console& console) {
  return RunRegistry(options, console);
}
int RunCommand(const ValidateOptions& options, const Console& console) {
  return RunValidate(options, console);
}
int RunCommand(const GenerateOptions& options, const Console& console) {
  return RunGenerate(options, console);
}
int RunCommand(const ConformanceOptions& options, const Console& console) {
  return RunConformance(options, console);
}

int Main(std::vector<std::string> words) {
  const Arguments arguments = ParseArguments(std::move(words));
  const Console console = ProcessConsole();
  console.out << arguments.out;
  console.err << arguments.err;
  int exit_code = arguments.exit_code;
  if (arguments.command) {
    exit_code = std::visit([&](const auto& options) { return RunCommand(options, console); },
                           *arguments.command);
  }
  console.out.flush();
  if (console.out || exit_code != kExitOk) return exit_code;
  console.err << "prism: cannot write the output\n";
  return kExitFailed;
}

}  // namespace
}  // namespace prism::cli

int main(int argc, char** argv) {
  return prism::cli::Main(std::vector<std::string>(argv + (argc > 0), argv + argc));
}
