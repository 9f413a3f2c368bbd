#include "wire/grpc/incoming_call.h"

#include <array>
#include <utility>

#include "wire/grpc/metadata.h"

namespace prism::grpc {
namespace {

constexpr std::string_view kContentType = "application/grpc";

// What a call without a body costs: itself, its task's frames and nghttp2's stream.
constexpr size_t kCallBytes = 2048;

// "application/grpc", or the same with "+proto" or a parameter behind it.
bool IsGrpc(std::string_view content_type) {
  if (!content_type.starts_with(kContentType)) return false;
  const std::string_view rest = content_type.substr(kContentType.size());
  return rest.empty() || rest[0] == '+' || rest[0] == ';';
}

enum class Header {
  kPath,
  kMethod,
  kContentType,
  kNamespace,
  kTimeout,
  kEncoding,
  kAcceptEncoding,
  kIgnored,
  kMetadata
};

// By length first: most names then take one comparison.
Header Lookup(std::string_view name) {
  switch (name.size()) {
    case 2:
      if (name == "te") return Header::kIgnored;
      break;
    case 5:
      if (name == ":path") return Header::kPath;
      break;
    case 7:
      if (name == ":method") return Header::kMethod;
      break;
    case 12:
      if (name == "content-type") return Header::kContentType;
      if (name == "grpc-timeout") return Header::kTimeout;
      break;
    case 13:
      if (name == "grpc-encoding") return Header::kEncoding;
      break;
    case 15:
      if (name == "prism-namespace") return Header::kNamespace;
      break;
    case 20:
      if (name == "grpc-accept-encoding") return Header::kAcceptEncoding;
      break;
    default:
      break;
  }
  return name[0] == ':' ? Header::kIgnored : Header::kMetadata;
}

}  // namespace

IncomingCall::IncomingCall(Worker& worker, CallHandler& handler, const CallLimits& limits,
                           http2::Session& session)
    : worker_(worker),
      handler_(handler),
      limits_(limits),
      deadline_([](void* self) { static_cast<IncomingCall*>(self)->OnDeadline(); }, this),
      started_(session.last_read()),
      reader_(limits.max_message_bytes) {
  context_.incoming = this;
}

IncomingCall::~IncomingCall() {
  handler_.OnGone(*this);
  ReleaseCharges();
}

void IncomingCall::OnHeader(const http2::HeaderField& field) {
  if (headers_done_) return;  // a request's trailers say nothing to us
  const std::string_view value = field.value();
  switch (Lookup(field.name())) {
    case Header::kPath:
      path_.emplace(field);
      break;
    case Header::kMethod:
      is_post_ = value == "POST";
      break;
    case Header::kContentType:
      is_grpc_ = IsGrpc(value);
      break;
    case Header::kNamespace:
      name_space_.emplace(field);
      context_.name_space = name_space_->value();
      break;
    case Header::kTimeout:
      timeout_ = ParseTimeout(value);
      bad_timeout_ = !timeout_;
      break;
    case Header::kEncoding:
      encoding_ = ParseEncoding(value);
      break;
    case Header::kAcceptEncoding:
      accepts_gzip_ = value.find("gzip") != std::string_view::npos;
      break;
    case Header::kIgnored:
      break;
    case Header::kMetadata:
      metadata_.emplace_back(field);
  }
}

void IncomingCall::OnHeadersEnd() {
  if (headers_done_) return;
  headers_done_ = true;
  if (!is_post_) return RefuseHttp("405");
  if (!is_grpc_) return RefuseHttp("415");
  Status status = CheckHeaders();
  if (!status.ok()) return Finish(std::move(status));
  reader_.set_encoding(*encoding_);
  if (timeout_) {
    context_.deadline = started_ + *timeout_;
    if (Clock::now() >= context_.deadline) return OnDeadline();
    deadline_.Arm(context_.deadline);
  }
  handler_.OnCall(*this);
}

Status IncomingCall::CheckHeaders() {
  if (HeaderListTooLarge()) {
    return ResourceExhaustedError("the request's metadata is larger than the limit of " +
                                  std::to_string(session()->options().max_header_list_bytes) +
                                  " bytes")
        .WithHint("raise limits.header_list_bytes");
  }
  if (bad_timeout_) return InvalidArgumentError("malformed grpc-timeout");
  if (encoding_) return OkStatus();
  context_.response_headers.emplace_back("grpc-accept-encoding", kAcceptedEncodings);
  return UnimplementedError("unknown grpc-encoding; this server accepts " +
                            std::string(kAcceptedEncodings));
}

// Not a gRPC call, so the answer is one that any HTTP client understands.
void IncomingCall::RefuseHttp(std::string_view http_status) {
  finished_ = true;
  outcome_ = InvalidArgumentError("not a gRPC request");
  handler_.OnDone(*this);
  static constexpr std::string_view kText = "this port serves gRPC\n";
  const std::array fields = {http2::Field(":status", http_status),
                             http2::Field("content-type", "text/plain")};
  SendHeaders(fields, false);
  SendData(Buffer::Copy(kText));
  EndStream();
}

std::optional<std::string_view> IncomingCall::FindMetadata(std::string_view key) const {
  for (const SharedField& field : metadata_) {
    if (field.name() != key) continue;
    if (!IsBinaryKey(key)) return field.value();
    std::optional<std::string> decoded = Base64Decode(field.value());
    if (!decoded) return std::nullopt;
    return decoded_.emplace_front(std::move(*decoded));
  }
  return std::nullopt;
}

bool IncomingCall::ChargeTo(LocalByteBudget* overall, LocalByteBudget* own) {
  budgets_[0] = overall;
  budgets_[1] = own;
  const size_t bytes = kCallBytes + header_bytes();
  if (!Charge(bytes)) {
    budgets_[0] = budgets_[1] = nullptr;
    return false;
  }
  base_charge_ = bytes;
  return true;
}

void IncomingCall::ReleaseCharges() {
  Discharge(std::exchange(base_charge_, 0) + std::exchange(read_charge_, 0) +
            std::exchange(send_charge_, 0));
  budgets_[0] = budgets_[1] = nullptr;
}

bool IncomingCall::Charge(size_t bytes) {
  if (budgets_[0] && !budgets_[0]->TryAcquire(bytes)) return false;
  if (!budgets_[1] || budgets_[1]->TryAcquire(bytes)) return true;
  if (budgets_[0]) budgets_[0]->Release(bytes);
  return false;
}

void IncomingCall::Discharge(size_t bytes) {
  if (bytes == 0) return;
  if (budgets_[0]) budgets_[0]->Release(bytes);
  if (budgets_[1]) budgets_[1]->Release(bytes);
}

void IncomingCall::OnData(Slice data) {
  const size_t size = data.size();
  received_bytes_ += size;
  if (finished_) return Consume(size);
  if (!Charge(size)) {
    Consume(size);
    return Finish(ResourceExhaustedError("too many bytes in flight")
                      .WithRetryable()
                      .WithHint("raise limits.in_flight_bytes, of the gateway or the namespace"));
  }
  read_charge_ += size;
  unconsumed_ += size;
  // More behind a whole message is a fault, for the task to find.
  if (waiting_ && reader_.Ready()) StartTask();
  reader_.Append(std::move(data));
  if (!waiting_ && !read_waiter_.waiting()) return;
  if (!reader_.Ready()) {
    // Whoever waits for a message has none, so the rest of it must be let in.
    Consume(std::exchange(unconsumed_, 0));
  } else if (!waiting_) {
    read_waiter_.Resume();
  } else if (reader_.failed()) {
    StartTask();
  }
}

void IncomingCall::OnEndOfStream() {
  half_closed_ = true;
  if (waiting_) return StartTask();
  if (read_waiter_.waiting()) read_waiter_.Resume();
}

bool IncomingCall::TryRead(std::optional<ReadResult>& result) {
  if (context_.cancelled()) {
    result.emplace(context_.cancellation.reason());
    return true;
  }
  // The last message is the reader's no longer: what stays charged is what we hold.
  if (read_charge_ > reader_.held_bytes()) {
    Discharge(read_charge_ - reader_.held_bytes());
    read_charge_ = reader_.held_bytes();
  }
  ReadResult next = reader_.Next();
  if (next.ok() && !next->has_value()) {
    if (!half_closed_) {
      if (!finished_) Consume(std::exchange(unconsumed_, 0));
      return false;
    }
    if (reader_.incomplete()) next = InternalError("the request ends inside a message");
  }
  result.emplace(std::move(next));
  return true;
}

void IncomingCall::AppendResponseHeaders(FieldList& fields) {
  fields.push_back(http2::Field(":status", "200"));
  fields.push_back(http2::Field("content-type", kContentType));
  if (encoding_ == Encoding::kGzip && accepts_gzip_) {
    fields.push_back(http2::Field("grpc-encoding", "gzip"));
  }
  AppendMetadata(context_.response_headers, fields, field_storage_);
}

void IncomingCall::SendResponseHeaders() {
  headers_sent_ = true;
  FieldList fields;
  AppendResponseHeaders(fields);
  SendHeaders({fields.data(), fields.size()}, false);
}

void IncomingCall::Send(Buffer message) {
  if (finished_) return;
  if (!headers_sent_) SendResponseHeaders();
  // Answered in kind: a caller that compresses gets compressed answers, if it takes them.
  const Encoding encoding = accepts_gzip_ ? *encoding_ : Encoding::kIdentity;
  Buffer framed = FrameMessage(std::move(message), encoding);
  const size_t size = framed.size();
  if (!Charge(size)) {
    return Finish(ResourceExhaustedError("too many bytes in flight")
                      .WithHint("raise limits.in_flight_bytes, of the gateway or the namespace"));
  }
  send_charge_ += size;
  sent_bytes_ += size;
  SendData(std::move(framed));
}

void IncomingCall::OnSent() {
  if (send_charge_ > pending_bytes()) {
    Discharge(send_charge_ - pending_bytes());
    send_charge_ = pending_bytes();
  }
  if (Writable()) write_waiter_.Schedule(worker_);
}

void IncomingCall::AppendTrailers(FieldList& fields) {
  AppendStatus(outcome_, fields, field_storage_);
  AppendMetadata(context_.response_trailers, fields, field_storage_);
}

void IncomingCall::Finish(Status status) {
  if (finished_) return;
  finished_ = true;
  outcome_ = std::move(status);
  deadline_.Cancel();
  handler_.OnDone(*this);
  FieldList fields;
  if (!headers_sent_) AppendResponseHeaders(fields);
  AppendTrailers(fields);
  if (headers_sent_) {
    EndWithTrailers({fields.data(), fields.size()});
  } else {
    SendHeaders({fields.data(), fields.size()}, true);
  }
  Consume(std::exchange(unconsumed_, 0));
  StopPeer();
  if (!running_) return metadata_.clear();
  context_.cancellation.Cancel(outcome_.ok() ? CancelledError("the call has ended") : outcome_);
  read_waiter_.Schedule(worker_);
  write_waiter_.Schedule(worker_);
}

// Nobody will read the rest of the request, and the stream would live until its end.
void IncomingCall::StopPeer() {
  if (!half_closed_) ResetWhenSent(NGHTTP2_NO_ERROR);
}

void IncomingCall::OnDeadline() { Finish(DeadlineExceededError("the call's deadline has passed")); }

void IncomingCall::OnClosed(uint32_t) {
  closed_ = true;
  deadline_.Cancel();
  if (!finished_) {
    finished_ = true;
    outcome_ = CancelledError("the caller went away");
    if (headers_done_) handler_.OnDone(*this);
    context_.cancellation.Cancel(outcome_);
  }
  read_waiter_.Schedule(worker_);
  write_waiter_.Schedule(worker_);
  DeleteIfOver();
}

void IncomingCall::Run(Task<Status> task) {
  task_ = std::move(task);
  StartTask();
}

void IncomingCall::RunWhenComplete(Task<Status> task) {
  task_ = std::move(task);
  waiting_ = true;
}

void IncomingCall::StartTask() {
  waiting_ = false;
  if (finished_) return;
  running_ = true;
  task_.Start([](void* self) { static_cast<IncomingCall*>(self)->OnTaskDone(); }, this);
}

void IncomingCall::OnTaskDone() {
  running_ = false;
  // A handler may end with a read of its own still pending.
  read_waiter_.Clear();
  write_waiter_.Clear();
  Finish(task_.TakeValue());
  DeleteIfOver();
}

void IncomingCall::DeleteIfOver() {
  if (closed_ && !running_) delete this;
}

}  // namespace prism::grpc
