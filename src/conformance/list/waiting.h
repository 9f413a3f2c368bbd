#pragma once

#include <optional>
#include <string>
#include <utility>

#include "conformance/list/client.h"
#include "interfaces/list_blocking.prism.h"
#include "prism/interfaces/list_blocking.pb.h"

namespace prism::conformance::lists {

using list::v1::BlockingMoveRequest;
using list::v1::BlockingMoveResponse;
using list::v1::BlockingPopRequest;
using list::v1::BlockingPopResponse;
using list::v1::LEFT;
using list::v1::RIGHT;

inline constexpr int64_t kLongMs = 60'000;  // longer than any case lasts

BlockingPopRequest WaitFor(const Values& lists, int64_t timeout_ms = kLongMs);
BlockingPopRequest WaitFor(std::string list, int64_t timeout_ms = kLongMs);
BlockingMoveRequest MoveOf(std::string source, std::string destination,
                           int64_t timeout_ms = kLongMs);
BlockingMoveRequest MoveOf(std::string source, list::v1::End from, std::string destination,
                           list::v1::End to, int64_t timeout_ms);

// A name for a list that is removed after the case, whoever moves something there.
std::string NewList(CaseContext& c, std::string_view hint);

// list_blocking as plain functions: all must succeed. They may wait.
class Blocking {
 public:
  explicit Blocking(Caller& caller) : caller_(caller) {}

  Task<BlockingPopResponse> PopLeft(BlockingPopRequest request, Where where = Where::current());
  Task<BlockingPopResponse> PopRight(BlockingPopRequest request, Where where = Where::current());
  Task<std::optional<std::string>> Move(BlockingMoveRequest request,
                                        Where where = Where::current());

 private:
  void CheckPopped(const BlockingPopResponse& popped, Where where);

  Caller& caller_;
};

// A call that waits while its case does other things. Ended with its object.
template <class Request, class Response>
class Waiting {
 public:
  using Method = Rpc<ListBlockingStub, Request, Response>;
  Waiting(Caller& caller, Method rpc, Request request, Duration deadline = Duration::max())
      : caller_(caller), channel_(caller.channel()), stub_(channel_), request_(std::move(request)) {
    caller_.Prepare(context_);
    if (deadline < context_.deadline - Clock::now()) context_.deadline = Clock::now() + deadline;
    call_ = (stub_.*rpc)(context_, request_, response_);
    call_.Start(&OnDone, this);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  // Ends when what was sent so far has come to the backend. A call that waits gives no sign, but
  // calls that were sent behind it on its own connection are answered when the gateway has it; the
  // pause is for a backend that is further away.
  Task<void> Arrived(CaseContext& c) {
    for (int i = 0; i < 2; ++i) {
      RequestContext context;
      caller_.Prepare(context);
      const LengthRequest request = Of<LengthRequest>("conformance-behind-a-waiting-call");
      list::v1::LengthResponse response;
      ListBasicStub basic(channel_);
      Task<Status> call = basic.Length(context, request, response);
      const Status status = co_await call;
      if (!status.ok()) c.Fail("the call behind the waiting one failed: " + Show(status));
    }
    co_await c.Sleep(std::chrono::milliseconds(5));
  }
  void Cancel() { context_.cancellation.Cancel(CancelledError("the case has seen enough")); }
  bool over() const { return over_.is_set(); }
  Task<Status> End() {
    (void)co_await over_.Wait();
    co_return status_;
  }
  // It must end well, with this element or none.
  Task<void> Expect(CaseContext& c, std::optional<std::string> value,
                    Where where = Where::current()) {
    (void)co_await over_.Wait();
    if (!status_.ok()) c.Fail("the waiting call failed: " + Show(status_), where);
    std::optional<std::string> got;
    if (response_.found()) got = response_.value();
    c.ExpectEq(got, value, where);
  }
  const Response& response() const { return response_; }

 private:
  static void OnDone(void* self) {
    auto* waiting = static_cast<Waiting*>(self);
    waiting->status_ = waiting->call_.TakeValue();
    waiting->over_.Set();
  }

  Caller& caller_;
  grpc::Channel& channel_;
  ListBlockingStub stub_;
  const Request request_;
  RequestContext context_;
  Response response_;
  Status status_;
  Event over_;
  Task<Status> call_;  // the first to go: it uses all others
};

using WaitingPop = Waiting<BlockingPopRequest, BlockingPopResponse>;
using WaitingMove = Waiting<BlockingMoveRequest, BlockingMoveResponse>;

}  // namespace prism::conformance::lists
