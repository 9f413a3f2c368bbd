#include <getopt.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "interop_cases.h"
#include "loop/worker.h"
#include "wire/grpc/client_channel.h"

namespace prism {
namespace {

Task<void> RunCase(Worker& worker, const InteropCase& wanted, std::string target, Status& outcome) {
  grpc::ClientOptions options;
  options.target = target;
  grpc::ClientChannel channel(worker, options);
  outcome = co_await wanted.run(channel);
  co_await channel.Close();
  worker.Stop();
}

void PrintUsage() {
  std::fprintf(stderr, "interop_client --target HOST:PORT --case NAME\ncases:\n");
  for (std::span<const InteropCase> cases : {UnaryCases(), StreamingCases()}) {
    for (const InteropCase& one : cases) {
      std::fprintf(stderr, "  %.*s\n", static_cast<int>(one.name.size()), one.name.data());
    }
  }
}

int Main(int argc, char** argv) {
  std::string target, name;
  const option known[] = {
      {"target", required_argument, nullptr, 't'}, {"case", required_argument, nullptr, 'c'}, {}};
  for (int found; (found = getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    if (found == 't') target = optarg;
    if (found == 'c') name = optarg;
  }
  const InteropCase* wanted = FindInteropCase(name);
  if (!wanted || target.empty()) {
    PrintUsage();
    return EXIT_FAILURE;
  }
  signal(SIGPIPE, SIG_IGN);
  Worker worker(0);
  Status outcome;
  worker.Post([&] { Spawn(RunCase(worker, *wanted, target, outcome)); });
  worker.Run();
  std::printf("%s %s %s\n", outcome.ok() ? "PASS" : "FAIL", name.c_str(),
              outcome.ok() ? "" : outcome.ToString().c_str());
  return outcome.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace prism

int main(int argc, char** argv) { return prism::Main(argc, argv); }
