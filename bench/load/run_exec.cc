#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "load/modes.h"
#include "load/worker.h"

namespace prism::bench {
namespace {

constexpr uint64_t kAnswerLimitNs = 10'000'000'000;
constexpr useconds_t kRetryUs = 200;

// The server's standard output is dropped, so that this program's stays a report.
[[noreturn]] void Become(const Options& options) {
  std::vector<char*> command = options.command;
  command.push_back(nullptr);
  const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(null, STDOUT_FILENO);
  execvp(command[0], command.data());
  std::perror(command[0]);
  _exit(127);
}

// One Set on a connection of its own.
bool Answers(const Workload& workload, const Address& address) {
  const std::atomic<Phase> phase = Phase::kWarmup;
  Plan plan;
  plan.method = Method::kSet;
  plan.once = true;
  plan.keys = {0};
  Worker worker(plan, workload, address, phase);
  worker.Run();
  return worker.stats().answered == 1;
}

}  // namespace

int RunExec(const Options& options, const Workload& workload, const Address& address) {
  const uint64_t begin = NowNs();
  const pid_t server = fork();
  if (server == 0) Become(options);
  bool answered = false;
  int status = 0;
  bool ended = false;
  while (!answered && !ended && NowNs() - begin < kAnswerLimitNs) {
    answered = Answers(workload, address);
    if (!answered) usleep(kRetryUs);
    ended = waitpid(server, &status, WNOHANG) == server;
  }
  const double ms = static_cast<double>(NowNs() - begin) / 1e6;
  if (!ended) {
    kill(server, SIGTERM);
    waitpid(server, &status, 0);
  }
  if (!answered) {
    std::fprintf(stderr, "prism_load: no answer from the server\n");
    return 1;
  }
  std::printf(options.json ? "{\"first_answer_ms\": %.3f}\n" : "first answer after %.3f ms\n", ms);
  return 0;
}

}  // namespace prism::bench
