#include "wire/grpc/client_channel.h"

#include <utility>

namespace prism::grpc {
ClientChannel::ClientChannel(Worker& worker, ClientOptions options)
    : worker_(worker),
      options_(std::move(options)),
      backoff_(options_.backoff_min, options_.backoff_max, options_.backoff_min) {
  if (options_.calls.authority.empty()) {
    const bool is_unix = options_.target.starts_with("unix:");
    options_.calls.authority = is_unix ? "localhost" : options_.target;
  }
  if (options_.server_name.empty()) {
    Result<Address> address = ParseAddress(options_.target);
    if (address.ok()) options_.server_name = address->host;
  }
  idle_.Set();
}

ClientChannel::~ClientChannel() = default;

std::unique_ptr<ClientCall> ClientChannel::Start(RequestContext& context, std::string_view path) {
  auto call = std::make_unique<OutgoingCall>(options_.calls, context, path);
  if (current_ && !current_->going()) {
    call->OpenOn(*current_);
  } else if (closed_) {
    call->Fail(UnavailableError("the channel to " + options_.target + " is closed"));
  } else if (!dialing_ && Clock::now() < retry_at_) {
    call->Fail(last_failure_);
  } else {
    call->WaitIn(waiting_);
    if (!dialing_) Spawn(RunConnection());
  }
  return call;
}

Task<Result<std::unique_ptr<ByteStream>>> ClientChannel::Dial() {
  const TimePoint deadline = Clock::now() + options_.connect_timeout;
  if (!options_.tls) co_return co_await Connect(worker_, options_.target, deadline);
  co_return co_await ConnectTls(worker_, options_.tls, options_.target, options_.server_name,
                                deadline);
}

void ClientChannel::OnDialFailed(Status status) {
  retry_at_ = Clock::now() + backoff_.Next();
  last_failure_ = std::move(status);
  while (!waiting_.empty()) waiting_.front()->Fail(last_failure_);
}

Task<void> ClientChannel::RunConnection() {
  ++running_;
  idle_.Reset();
  dialing_ = true;
  Result<std::unique_ptr<ByteStream>> bytes = co_await Dial();
  dialing_ = false;
  if (bytes.ok() && !closed_) {
    http2::Session session(worker_, *std::move(bytes), http2::Session::Role::kClient,
                           options_.http2, nullptr);
    sessions_.push_back(&session);
    current_ = &session;
    while (!waiting_.empty()) waiting_.front()->OpenOn(session);
    co_await session.Run();
    std::erase(sessions_, &session);
    if (current_ == &session) current_ = nullptr;
    if (session.settled()) {
      backoff_.Reset();
    } else {
      OnDialFailed(UnavailableError(options_.target + " does not speak HTTP/2").WithRetryable());
    }
  } else if (bytes.ok()) {
    OnDialFailed(CancelledError("the channel is closed"));
  } else {
    OnDialFailed(bytes.status());
  }
  if (--running_ == 0) idle_.Set();
}

Task<void> ClientChannel::Close() {
  closed_ = true;
  for (http2::Session* session : sessions_) session->Abort();
  (void)co_await idle_.Wait();
}

}  // namespace prism::grpc
