#include "cli/kv.h"
#include "cli/text.h"
#include "interfaces/keyvalue_cas.prism.h"
#include "prism/interfaces/keyvalue_cas.pb.h"

namespace prism::cli {
namespace {

struct Outcome {
  bool done = false;
  bool found = false;
  std::string actual;
};

int WriteOutcome(const KvCall& call, std::string_view word, const Outcome& outcome) {
  if (call.json()) {
    JsonLine line;
    line.Text("key", call.options.key).Bool(word, outcome.done);
    if (!outcome.done) line.Bool("found", outcome.found);
    if (outcome.found) line.Bytes("actual", outcome.actual);
    call.console.out << std::move(line).Take();
  } else if (outcome.done) {
    call.console.out << word << '\n';
  } else if (outcome.found) {
    call.console.err << "prism: not " << word << ": the key holds "
                     << Escape(outcome.actual, Escaping::kOneLine) << '\n';
  } else {
    return SayNotFound(call);
  }
  return outcome.done ? kExitOk : kExitNotFound;
}

Task<Result<int>> Swap(KvCall& call) {
  KeyValueCasStub stub(call.channel);
  keyvalue::v1::CompareAndSwapRequest request;
  request.set_key(call.options.key);
  request.set_value(std::move(call.value));
  if (call.options.expected) request.set_expected(std::move(call.expected));
  keyvalue::v1::CompareAndSwapResponse response;
  Task<Status> done = stub.CompareAndSwap(call.ctx, request, response);
  Status status = co_await done;
  if (!status.ok()) co_return status;
  const Outcome outcome{response.swapped(), response.found(), response.actual()};
  co_return WriteOutcome(call, "swapped", outcome);
}

Task<Result<int>> Delete(KvCall& call) {
  KeyValueCasStub stub(call.channel);
  keyvalue::v1::CompareAndDeleteRequest request;
  request.set_key(call.options.key);
  request.set_expected(std::move(call.expected));
  keyvalue::v1::CompareAndDeleteResponse response;
  Task<Status> done = stub.CompareAndDelete(call.ctx, request, response);
  Status status = co_await done;
  if (!status.ok()) co_return status;
  const Outcome outcome{response.deleted(), response.found(), response.actual()};
  co_return WriteOutcome(call, "deleted", outcome);
}

}  // namespace

Task<Result<int>> KvCas(KvCall& call) { return call.options.remove ? Delete(call) : Swap(call); }

}  // namespace prism::cli
