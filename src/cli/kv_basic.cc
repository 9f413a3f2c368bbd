#include "cli/kv.h"
#include "cli/text.h"
#include "interfaces/keyvalue_basic.prism.h"
#include "prism/interfaces/keyvalue_basic.pb.h"

namespace prism::cli {

Task<Result<int>> KvSet(KvCall& call) {
  KeyValueBasicStub stub(call.channel);
  keyvalue::v1::SetRequest request;
  request.set_key(call.options.key);
  request.set_value(std::move(call.value));
  keyvalue::v1::SetResponse response;
  Task<Status> done = stub.Set(call.ctx, request, response);
  Status status = co_await done;
  if (!status.ok()) co_return status;
  if (call.json()) {
    call.console.out
        << std::move(JsonLine().Text("key", call.options.key).Bool("stored", true)).Take();
  } else {
    call.console.out << "stored\n";
  }
  co_return kExitOk;
}

namespace {

// A person gets text that is safe to look at, a program the bytes and nothing else.
void WriteValue(const KvCall& call, const std::string& value) {
  if (call.console.terminal) {
    call.console.out << Escape(value, Escaping::kLines) << '\n';
  } else {
    call.console.out << value;
  }
}

}  // namespace

Task<Result<int>> KvGet(KvCall& call) {
  KeyValueBasicStub stub(call.channel);
  keyvalue::v1::GetRequest request;
  request.set_key(call.options.key);
  keyvalue::v1::GetResponse response;
  Task<Status> done = stub.Get(call.ctx, request, response);
  Status status = co_await done;
  if (!status.ok()) co_return status;
  if (call.json()) {
    JsonLine line;
    line.Text("key", call.options.key).Bool("found", response.found());
    if (response.found()) line.Bytes("value", response.value());
    call.console.out << std::move(line).Take();
  } else if (response.found()) {
    WriteValue(call, response.value());
  }
  co_return response.found() ? kExitOk : SayNotFound(call);
}

Task<Result<int>> KvDelete(KvCall& call) {
  KeyValueBasicStub stub(call.channel);
  keyvalue::v1::DeleteRequest request;
  request.set_key(call.options.key);
  keyvalue::v1::DeleteResponse response;
  Task<Status> done = stub.Delete(call.ctx, request, response);
  Status status = co_await done;
  if (!status.ok()) co_return status;
  if (call.json()) {
    JsonLine line;
    line.Text("key", call.options.key).Bool("found", response.found());
    call.console.out << std::move(line).Take();
  } else if (response.found()) {
    call.console.out << "deleted\n";
  }
  co_return response.found() ? kExitOk : SayNotFound(call);
}

Task<Result<int>> KvExists(KvCall& call) {
  KeyValueBasicStub stub(call.channel);
  keyvalue::v1::ExistsRequest request;
  request.set_key(call.options.key);
  keyvalue::v1::ExistsResponse response;
  Task<Status> done = stub.Exists(call.ctx, request, response);
  Status status = co_await done;
  if (!status.ok()) co_return status;
  if (call.json()) {
    JsonLine line;
    line.Text("key", call.options.key).Bool("found", response.found());
    call.console.out << std::move(line).Take();
  } else {
    call.console.out << (response.found() ? "yes\n" : "no\n");
  }
  co_return response.found() ? kExitOk : kExitNotFound;
}

}  // namespace prism::cli
