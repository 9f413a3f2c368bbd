// Feeds arbitrary bytes, arbitrarily sliced, to the generated dispatcher of rpcs of all kinds.
// Links prism_interfaces and prism_echo_proto.
#include <google/protobuf/stubs/logging.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "interfaces/keyvalue_batch.prism.h"
#include "interfaces/keyvalue_cas.prism.h"
#include "interfaces/testing/echo_service.h"
#include "interfaces/testing/scripted_call.h"
#include "prism/interfaces/keyvalue_batch.pb.h"
#include "prism/interfaces/keyvalue_cas.pb.h"

namespace prism::testing {
namespace {

namespace kv = keyvalue::v1;

class FuzzedBatch final : public KeyValueBatch {
 public:
  Task<Status> BatchSet(RequestContext&, const kv::BatchSetRequest&,
                        kv::BatchSetResponse&) override {
    co_return OkStatus();
  }
  Task<Status> BatchGet(RequestContext&, const kv::BatchGetRequest& request,
                        kv::BatchGetResponse& response) override {
    for (const std::string& key : request.keys()) response.add_results()->set_value(key);
    co_return OkStatus();
  }
  Task<Status> BatchDelete(RequestContext&, const kv::BatchDeleteRequest& request,
                           kv::BatchDeleteResponse& response) override {
    for (const std::string& key : request.keys()) response.add_found(!key.empty());
    co_return OkStatus();
  }
};

class FuzzedCas final : public KeyValueCas {
 public:
  Task<Status> CompareAndSwap(RequestContext&, const kv::CompareAndSwapRequest& request,
                              kv::CompareAndSwapResponse& response) override {
    response.set_swapped(!request.has_expected());
    response.set_actual(request.expected());
    co_return OkStatus();
  }
  Task<Status> SetIfAbsent(RequestContext&, const kv::SetIfAbsentRequest& request,
                           kv::SetIfAbsentResponse& response) override {
    response.set_actual(request.value());
    co_return OkStatus();
  }
  Task<Status> CompareAndDelete(RequestContext&, const kv::CompareAndDeleteRequest& request,
                                kv::CompareAndDeleteResponse& response) override {
    response.set_actual(request.expected());
    co_return OkStatus();
  }
};

struct Target {
  const InterfaceInfo* info;
  void* implementation;
};

Target Choose(unsigned number) {
  static FuzzedBatch batch;
  static FuzzedCas cas;
  static EchoService echo;
  switch (number % 3) {
    case 0:
      return {&KeyValueBatch::Info(), static_cast<KeyValueBatch*>(&batch)};
    case 1:
      return {&KeyValueCas::Info(), static_cast<KeyValueCas*>(&cas)};
    default:
      return {&Echo::Info(), static_cast<Echo*>(&echo)};
  }
}

Buffer Sliced(std::string_view bytes, size_t slice_bytes) {
  Buffer buffer;
  for (size_t at = 0; at < bytes.size(); at += slice_bytes) {
    buffer.Append(Slice::Copy(bytes.substr(at, slice_bytes)));
  }
  return buffer;
}

// Serves one call. The first three bytes choose the rpc, the slicing and the number of messages.
void Serve(std::string_view input) {
  const auto byte = [&](size_t at) { return static_cast<unsigned char>(input[at]); };
  const Target target = Choose(byte(0));
  const MethodInfo& method = target.info->methods[byte(0) / 3 % target.info->methods.size()];
  const size_t slice_bytes = byte(1) % 40 + 1;
  const size_t messages = byte(2) % 4;
  input.remove_prefix(3);

  ScriptedCall call;
  call.set_send_limit(100);
  for (size_t left = messages; left > 0; --left) {
    const size_t take = left == 1 ? input.size() : input.size() / left;
    call.Receive(Sliced(input.substr(0, take), slice_bytes));
    input.remove_prefix(take);
  }
  call.ReceiveEnd();
  Serving serving(method, target.implementation, call);
  // A stream of replies may wait for its reader; a long one is cut short.
  for (int i = 0; i < 3 && !serving.done(); ++i) call.TakeSent();
  if (!serving.done()) call.Cancel(CancelledError("enough"));
  if (!serving.done()) std::abort();
  const Status status = serving.status();
  if (status.code() != Code::kOk && status.message().empty()) std::abort();
}

}  // namespace
}  // namespace prism::testing

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static auto* const previous = google::protobuf::SetLogHandler(nullptr);
  static_cast<void>(previous);
  if (size >= 3) prism::testing::Serve({reinterpret_cast<const char*>(data), size});
  return 0;
}
