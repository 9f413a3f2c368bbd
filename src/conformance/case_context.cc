#include "conformance/case_context.h"

namespace prism::conformance {

void CaseRun::Fail(const std::source_location& where, std::string message) {
  if (failures.size() >= kMaxFailures) return;
  std::string_view file = where.file_name();
  const size_t folder = file.rfind("src/conformance/");
  if (folder != std::string_view::npos) file.remove_prefix(folder);
  failures.push_back({std::string(file), where.line(), std::move(message)});
}

void Caller::Prepare(RequestContext& context) const {
  context.name_space = name_space_;
  context.deadline = run_.deadline;
}

Task<RawAnswer> Caller::CallRaw(const MethodInfo& method, std::string bytes) {
  RequestContext context;
  Prepare(context);
  const std::unique_ptr<grpc::ClientCall> call = channel().Start(context, method.path);
  {
    Task<Status> write = call->Write(Buffer::Copy(bytes));
    const Status sent = co_await write;
    if (sent.ok()) call->WritesDone();  // else the call has ended; its status tells why
  }
  RawAnswer answer;
  for (;;) {
    Task<std::optional<Buffer>> read = call->Read();
    const std::optional<Buffer> reply = co_await read;
    if (!reply) break;
    ++answer.replies;
  }
  answer.status = call->status();
  co_return answer;
}

std::string CaseContext::Unique(std::string_view hint) {
  return "conformance-" + run_.session.run_id + "-" + std::to_string(++run_.session.names) + "-" +
         std::string(hint);
}

Task<void> CaseContext::Sleep(Duration duration) {
  (void)co_await SleepUntil(Clock::now() + duration, run_.cancellation);
}

}  // namespace prism::conformance
