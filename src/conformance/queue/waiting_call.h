#pragma once

#include <utility>

#include "conformance/queue/client.h"

namespace prism::conformance::queues {

// A call that waits at the gateway while the case does other things. It has a connection that the
// case knows, because the gateway sees what comes on one connection in order.
//   WaitingCall call(c, &QueueBasicStub::Dequeue, DequeueOf(name, 1, kLongMs));
//   co_await call.Seen(c);      // the gateway has it
//   ...
//   const DequeueResponse answer = co_await call.End(c);
template <class Stub, class Request, class Response>
class WaitingCall {
 public:
  WaitingCall(Caller& caller, Rpc<Stub, Request, Response> rpc, Request request)
      : channel_(caller.channel()), stub_(channel_), request_(std::move(request)) {
    caller.Prepare(context_);
    task_ = (stub_.*rpc)(context_, request_, response_);
    task_.Start([](void* self) { static_cast<WaitingCall*>(self)->ended_.Set(); }, this);
  }
  WaitingCall(const WaitingCall&) = delete;

  // Ends when the gateway has seen the call, and that it was cancelled if it was.
  Task<void> Seen(CaseContext& c, Where where = Where::current()) {
    RequestContext context;
    c.Prepare(context);
    QueueBasicStub stub(channel_);
    const PeekRequest request = PeekOf(request_.queue());
    PeekResponse unused;
    Task<Status> peek = stub.Peek(context, request, unused);
    const Status status = co_await peek;
    if (!status.ok()) c.Fail("the call failed: " + Show(status), where);
  }
  // It must end well.
  Task<Response> End(CaseContext& c, Where where = Where::current()) {
    (void)co_await ended_.Wait();
    const Status status = task_.TakeValue();
    if (!status.ok()) c.Fail("the call failed: " + Show(status), where);
    co_return response_;
  }
  // Ends it from this side; it must not have ended before.
  Task<void> Cancel(CaseContext& c, Where where = Where::current()) {
    context_.cancellation.Cancel(CancelledError("the case does not want it any more"));
    (void)co_await ended_.Wait();
    c.CheckRefused(task_.TakeValue(), Code::kCancelled, "", where);
    co_await Seen(c, where);
  }

 private:
  grpc::Channel& channel_;
  Stub stub_;
  const Request request_;
  RequestContext context_;
  Response response_;
  Event ended_;
  Task<Status> task_;
};

}  // namespace prism::conformance::queues
