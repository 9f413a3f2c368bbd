#pragma once

#include <istream>
#include <string>

#include "base/request_context.h"
#include "base/result.h"
#include "cli/console.h"
#include "cli/options.h"
#include "loop/task.h"

namespace prism::grpc {
class Channel;
}

namespace prism::cli {

// One `prism kv` command under way.
struct KvCall {
  const KvOptions& options;
  RequestContext& ctx;
  grpc::Channel& channel;
  const Console& console;
  std::string value;     // what options.value stands for
  std::string expected;  // and options.expected

  bool json() const { return options.format == Format::kJson; }
};

// Each calls the gateway, writes the answer to the console and returns the exit code, or the error
// of the call. `call` must outlive the task.
Task<Result<int>> KvSet(KvCall& call);
Task<Result<int>> KvGet(KvCall& call);
Task<Result<int>> KvDelete(KvCall& call);
Task<Result<int>> KvExists(KvCall& call);
Task<Result<int>> KvScan(KvCall& call);
Task<Result<int>> KvCount(KvCall& call);
Task<Result<int>> KvTtl(KvCall& call);
Task<Result<int>> KvExpire(KvCall& call);
Task<Result<int>> KvPersist(KvCall& call);
Task<Result<int>> KvCas(KvCall& call);
// The one that the options name.
Task<Result<int>> DispatchKv(KvCall& call);

// Writes the line that tells that the key is absent, if text was asked for; returns kExitNotFound.
int SayNotFound(const KvCall& call);

// Connects, runs the command and returns the process's exit code. Values may come from `in`.
int RunKv(const KvOptions& options, const Console& console, std::istream& in);

}  // namespace prism::cli
