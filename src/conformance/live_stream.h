#pragma once

#include <memory>
#include <utility>

#include "conformance/case_context.h"

namespace prism::conformance {

// A server stream that stays open while the case does other things, such as a subscription. Pulled
// by one coroutine at a time; ended by Cancel or with its object.
//   LiveStream live(c, &PubSubBasicStub::Subscribe, request);
//   const auto event = co_await live.Next(c);     // must come
template <class Stub, class Request, class Response>
class LiveStream {
 public:
  LiveStream(Caller& caller, StreamRpc<Stub, Request, Response> rpc, Request request)
      : request_(std::move(request)), stub_(caller.channel()) {
    caller.Prepare(context_);
    stream_ = (stub_.*rpc)(context_, request_);
  }

  // The next element, which must come before the case's deadline; else a failure and an empty one.
  Task<Response> Next(CaseContext& c, Where where = Where::current()) {
    Response* element = co_await stream_.Next();
    if (element) co_return std::move(*element);
    c.Fail("the stream ended: " + Show(stream_.status()), where);
    co_return Response();
  }
  // How it ends, for a stream that must have no more elements.
  Task<Status> End(CaseContext& c, Where where = Where::current()) {
    const Response* element = co_await stream_.Next();
    if (element) c.Fail("the stream has one more element", where);
    co_return stream_.status();
  }
  // The next element or null at the end, as Stream::Next.
  auto Pull() { return stream_.Next(); }
  const Status& status() const { return stream_.status(); }
  void Cancel() { context_.cancellation.Cancel(CancelledError("the case has seen enough")); }

 private:
  RequestContext context_;
  Request request_;
  Stub stub_;
  Stream<Response> stream_;
};

}  // namespace prism::conformance
