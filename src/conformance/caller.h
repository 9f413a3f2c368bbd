#pragma once

#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/request_context.h"
#include "conformance/case_run.h"
#include "loop/stream.h"
#include "loop/task.h"
#include "wire/grpc/call.h"

namespace prism::conformance {

// The line of the suite that a failure is reported for; always the last, defaulted argument.
using Where = std::source_location;

template <class Response>
struct Answer {
  Status status;
  Response value;
};

// The answer to bytes that a stub would not send.
struct RawAnswer {
  Status status;
  size_t replies = 0;
};

template <class Stub, class Request, class Response>
using Rpc = Task<Status> (Stub::*)(RequestContext&, const Request&, Response&);
template <class Stub, class Request, class Response>
using StreamRpc = Stream<Response> (Stub::*)(RequestContext&, const Request&);

// Calls rpcs in one namespace. Each call goes out on the next connection, so the calls of a case,
// even one after the other, reach different workers of the gateway. A call that does not go as
// demanded is recorded as a failure of the case, which goes on. Used on the run's worker.
class Caller {
 public:
  Caller(CaseRun& run, std::string_view name_space) : run_(run), name_space_(name_space) {}

  // Must succeed; after a failure the answer is empty.
  //   co_await c.Call(&KeyValueBasicStub::Get, request)
  template <class Stub, class Request, class Response>
  Task<Response> Call(Rpc<Stub, Request, Response> rpc, Request request,
                      Where where = Where::current()) {
    Response response;
    Task<Status> call = Start(rpc, request, response);
    const Status status = co_await call;
    if (!status.ok()) run_.Fail(where, "the call failed: " + Show(status));
    co_return response;
  }

  // May end as it likes.
  template <class Stub, class Request, class Response>
  Task<Answer<Response>> Try(Rpc<Stub, Request, Response> rpc, Request request) {
    Answer<Response> answer;
    Task<Status> call = Start(rpc, request, answer.value);
    answer.status = co_await call;
    co_return answer;
  }

  // Must end with `code` and a message that contains `part`.
  template <class Stub, class Request, class Response>
  Task<void> Refused(Rpc<Stub, Request, Response> rpc, Request request, Code code,
                     std::string_view part = "", Where where = Where::current()) {
    Response response;
    Task<Status> call = Start(rpc, request, response);
    CheckRefused(co_await call, code, part, where);
  }

  // All elements of a server stream, which must end well.
  template <class Stub, class Request, class Response>
  Task<std::vector<Response>> CallAll(StreamRpc<Stub, Request, Response> rpc, Request request,
                                      Where where = Where::current()) {
    std::vector<Response> elements;
    Task<Status> call = Collect(rpc, request, elements);
    const Status status = co_await call;
    if (!status.ok()) run_.Fail(where, "the stream failed: " + Show(status));
    co_return elements;
  }

  // Must end with `code` without an element.
  template <class Stub, class Request, class Response>
  Task<void> Refused(StreamRpc<Stub, Request, Response> rpc, Request request, Code code,
                     std::string_view part = "", Where where = Where::current()) {
    std::vector<Response> elements;
    Task<Status> call = Collect(rpc, request, elements);
    CheckRefused(co_await call, code, part, where);
    if (!elements.empty()) run_.Fail(where, "a refused stream must not have elements");
  }

  // Sends `bytes` as the only request.
  Task<RawAnswer> CallRaw(const MethodInfo& method, std::string bytes);

  // For streams that a case pulls itself: what their call needs. `context` must be fresh.
  void Prepare(RequestContext& context) const;
  grpc::Channel& channel() { return run_.session.NextChannel(); }

  std::string_view name_space() const { return name_space_; }
  // The same in another namespace, whose name must outlive it.
  Caller In(std::string_view name_space) const { return Caller(run_, name_space); }
  // Remembers the name of something that was made, for the suite's `clean`.
  void Note(std::string name) { run_.noted.push_back({name_space_, std::move(name)}); }

  void Fail(std::string message, Where where = Where::current()) {
    run_.Fail(where, std::move(message));
  }
  void CheckRefused(const Status& status, Code code, std::string_view part, Where where) {
    if (status.code() == code && status.message().find(part) != std::string_view::npos) return;
    run_.Fail(where, "expected " + Show(code) +
                         (part.empty() ? "" : " with " + Show(part) + " in its message") +
                         ", got " + Show(status));
  }

 protected:
  template <class Stub, class Request, class Response>
  Task<Status> Start(Rpc<Stub, Request, Response> rpc, const Request& request, Response& response) {
    RequestContext context;
    Prepare(context);
    Stub stub(channel());
    Task<Status> call = (stub.*rpc)(context, request, response);
    co_return co_await call;
  }

  template <class Stub, class Request, class Response>
  Task<Status> Collect(StreamRpc<Stub, Request, Response> rpc, const Request& request,
                       std::vector<Response>& elements) {
    RequestContext context;
    Prepare(context);
    Stub stub(channel());
    Stream<Response> stream = (stub.*rpc)(context, request);
    while (Response* element = co_await stream.Next()) elements.push_back(std::move(*element));
    co_return stream.status();
  }

  CaseRun& run_;
  std::string_view name_space_;
};

}  // namespace prism::conformance
