#include "cli/kv.h"

#include <utility>

#include "base/utf8.h"
#include "cli/client.h"
#include "cli/text.h"
#include "cli/value_input.h"
#include "loop/worker.h"
#include "wire/grpc/client_channel.h"

namespace prism::cli {
namespace {

// What the user can fix without a call.
Status ReadInputs(KvCall& call, std::istream& in) {
  const KvOptions& options = call.options;
  if (FindInvalidUtf8(options.key) != std::string::npos) {
    return InvalidArgumentError("a key is UTF-8 text");
  }
  if (options.value == "-" && options.expected == "-") {
    return InvalidArgumentError("only one of the two values can come from stdin");
  }
  for (auto [argument, text] :
       {std::pair(&options.value, &call.value), std::pair(&options.expected, &call.expected)}) {
    if (!*argument) continue;
    Result<std::string> read = ReadValue(**argument, in);
    if (!read.ok()) return std::move(read).status();
    *text = *std::move(read);
  }
  return OkStatus();
}

// The server knows its own hints best; these are for when it said nothing.
Status WithLocalHint(Status status, const TargetOptions& target) {
  if (!status.hint().empty()) return status;
  if (status.code() == Code::kUnavailable) {
    return std::move(status).WithHint("is a gateway running on " + target.target +
                                      "? start one with 'prism serve', or name another with "
                                      "--target or PRISM_TARGET");
  }
  if (status.code() == Code::kDeadlineExceeded) {
    return std::move(status).WithHint("give it longer with --timeout");
  }
  if (target.name_space.empty() &&
      (status.code() == Code::kNotFound || status.code() == Code::kInvalidArgument)) {
    return std::move(status).WithHint("name a namespace with --namespace or PRISM_NAMESPACE");
  }
  return status;
}

// Runs the command on the worker's thread and ends its loop.
Task<void> RunOn(Worker& worker, grpc::ClientChannel& channel, KvCall& call, Result<int>& result) {
  {
    Task<Result<int>> command = DispatchKv(call);
    result = co_await command;
  }
  Task<void> close = channel.Close();
  co_await close;
  worker.Stop();
}

Result<int> Connected(KvOptions const& options, grpc::ClientOptions client, const Console& console,
                      std::istream& in) {
  Worker worker(0);
  grpc::ClientChannel channel(worker, std::move(client));
  RequestContext ctx;
  KvCall call{options, ctx, channel, console, {}, {}};
  Status status = ReadInputs(call, in);
  if (!status.ok()) {
    PrintError(console, options.format, status);
    return kExitUsage;
  }
  ctx.name_space = options.target.name_space;
  ctx.deadline = Clock::now() + options.target.timeout;
  Result<int> result = kExitFailed;
  worker.Post([&] { Spawn(RunOn(worker, channel, call, result)); });
  worker.Run();
  return result;
}

}  // namespace

int SayNotFound(const KvCall& call) {
  if (call.json()) return kExitNotFound;
  const std::string& name_space = call.options.target.name_space;
  call.console.err << "prism: no key '" << Escape(call.options.key, Escaping::kOneLine) << "'";
  if (!name_space.empty()) {
    call.console.err << " in namespace '" << Escape(name_space, Escaping::kOneLine) << "'";
  }
  call.console.err << '\n';
  return kExitNotFound;
}

Task<Result<int>> DispatchKv(KvCall& call) {
  switch (call.options.verb) {
    case KvVerb::kSet:
      return KvSet(call);
    case KvVerb::kGet:
      return KvGet(call);
    case KvVerb::kDelete:
      return KvDelete(call);
    case KvVerb::kExists:
      return KvExists(call);
    case KvVerb::kScan:
      return KvScan(call);
    case KvVerb::kCount:
      return KvCount(call);
    case KvVerb::kTtl:
      return KvTtl(call);
    case KvVerb::kExpire:
      return KvExpire(call);
    case KvVerb::kPersist:
      return KvPersist(call);
    case KvVerb::kCas:
      return KvCas(call);
  }
  std::abort();
}

int RunKv(const KvOptions& options, const Console& console, std::istream& in) {
  Result<grpc::ClientOptions> client = MakeClientOptions(options.target);
  if (!client.ok()) {
    PrintError(console, options.format, client.status());
    return kExitUsage;
  }
  const Result<int> result = Connected(options, *std::move(client), console, in);
  if (result.ok()) return *result;
  PrintError(console, options.format, WithLocalHint(result.status(), options.target));
  return kExitFailed;
}

}  // namespace prism::cli
