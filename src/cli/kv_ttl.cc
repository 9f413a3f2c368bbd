#include "cli/kv.h"
#include "cli/text.h"
#include "interfaces/keyvalue_ttl.prism.h"
#include "prism/interfaces/keyvalue_ttl.pb.h"

namespace prism::cli {

Task<Result<int>> KvTtl(KvCall& call) {
  KeyValueTTLStub stub(call.channel);
  keyvalue::v1::GetTTLRequest request;
  request.set_key(call.options.key);
  keyvalue::v1::GetTTLResponse response;
  Task<Status> done = stub.GetTTL(call.ctx, request, response);
  Status status = co_await done;
  if (!status.ok()) co_return status;
  if (call.json()) {
    JsonLine line;
    line.Text("key", call.options.key).Bool("found", response.found());
    if (response.found()) line.Bool("has_ttl", response.has_ttl());
    if (response.has_ttl()) line.Number("ttl_ms", response.ttl_ms());
    call.console.out << std::move(line).Take();
  } else if (response.has_ttl()) {
    call.console.out << FormatDuration(std::chrono::milliseconds(response.ttl_ms())) << '\n';
  } else if (response.found()) {
    call.console.out << "no time to live\n";
  }
  co_return response.found() ? kExitOk : SayNotFound(call);
}

Task<Result<int>> KvExpire(KvCall& call) {
  KeyValueTTLStub stub(call.channel);
  keyvalue::v1::ExpireRequest request;
  request.set_key(call.options.key);
  request.set_ttl_ms(call.options.ttl.count());
  keyvalue::v1::ExpireResponse response;
  Task<Status> done = stub.Expire(call.ctx, request, response);
  Status status = co_await done;
  if (!status.ok()) co_return status;
  if (call.json()) {
    JsonLine line;
    line.Text("key", call.options.key).Bool("found", response.found());
    if (response.found()) line.Number("ttl_ms", request.ttl_ms());
    call.console.out << std::move(line).Take();
  } else if (response.found()) {
    call.console.out << "expires in " << FormatDuration(call.options.ttl) << '\n';
  }
  co_return response.found() ? kExitOk : SayNotFound(call);
}

Task<Result<int>> KvPersist(KvCall& call) {
  KeyValueTTLStub stub(call.channel);
  keyvalue::v1::PersistRequest request;
  request.set_key(call.options.key);
  keyvalue::v1::PersistResponse response;
  Task<Status> done = stub.Persist(call.ctx, request, response);
  Status status = co_await done;
  if (!status.ok()) co_return status;
  if (call.json()) {
    JsonLine line;
    line.Text("key", call.options.key).Bool("found", response.found());
    if (response.found()) line.Bool("removed", response.removed());
    call.console.out << std::move(line).Take();
  } else if (response.found()) {
    call.console.out << (response.removed() ? "stays until deleted\n" : "had no time to live\n");
  }
  co_return response.found() ? kExitOk : SayNotFound(call);
}

}  // namespace prism::cli
