#include "wire/grpc/outgoing_call.h"

#include <utility>

#include "wire/grpc/metadata.h"

namespace prism::grpc {
namespace {

// "gRPC over HTTP/2", on statuses that come from something that is not a gRPC server.
Code CodeOfHttpStatus(std::string_view http_status) {
  if (http_status == "400") return Code::kInternal;
  if (http_status == "401") return Code::kUnauthenticated;
  if (http_status == "403") return Code::kPermissionDenied;
  if (http_status == "404") return Code::kUnimplemented;
  if (http_status == "429" || http_status == "502" || http_status == "503" ||
      http_status == "504") {
    return Code::kUnavailable;
  }
  return Code::kUnknown;
}

}  // namespace

OutgoingCall::OutgoingCall(const CallOptions& options, RequestContext& context,
                           std::string_view path)
    : options_(options),
      context_(context),
      path_(path),
      deadline_(
          [](void* self) {
            static_cast<OutgoingCall*>(self)->Fail(
                DeadlineExceededError("the call's deadline has passed"));
          },
          this),
      reader_(options.max_message_bytes) {
  writable_.Set();
  deadline_.Arm(context.deadline);
  if (context.cancelled()) {
    Fail(context.cancellation.reason());
    return;
  }
  cancel_.Hook(
      context.cancellation,
      [](void* self) {
        auto* call = static_cast<OutgoingCall*>(self);
        call->Fail(call->context_.cancellation.reason());
      },
      this);
}

OutgoingCall::~OutgoingCall() {
  StopWaiting();
  Cancel();
  Abandon();
}

void OutgoingCall::WaitIn(std::vector<OutgoingCall*>& list) {
  waiting_in_ = &list;
  list.push_back(this);
}

void OutgoingCall::StopWaiting() {
  if (waiting_in_) std::erase(*waiting_in_, this);
  waiting_in_ = nullptr;
}

void OutgoingCall::BuildRequest(FieldList& fields) {
  fields.push_back(http2::Field(":method", "POST"));
  fields.push_back(http2::Field(":scheme", "http"));
  fields.push_back(http2::Field(":path", path_));
  fields.push_back(http2::Field(":authority", options_.authority));
  fields.push_back(http2::Field("te", "trailers"));
  fields.push_back(http2::Field("content-type", "application/grpc"));
  fields.push_back(http2::Field("user-agent", options_.user_agent));
  fields.push_back(http2::Field("grpc-accept-encoding", kAcceptedEncodings));
  if (options_.encoding == Encoding::kGzip) {
    fields.push_back(http2::Field("grpc-encoding", "gzip"));
  }
  if (context_.deadline != kNever) {
    timeout_ = FormatTimeout(context_.deadline - Clock::now());
    fields.push_back(http2::Field("grpc-timeout", timeout_));
  }
  if (!context_.name_space.empty()) {
    const std::string_view kept = storage_.Keep(std::string(context_.name_space));
    fields.push_back(http2::Field("prism-namespace", kept));
  }
  AppendMetadata(context_.metadata, fields, storage_);
}

void OutgoingCall::OpenOn(http2::Session& session) {
  StopWaiting();
  if (ended_) return;
  FieldList fields;
  BuildRequest(fields);
  if (!session.Open(*this, {fields.data(), fields.size()})) {
    return Fail(UnavailableError("the connection is closing").WithRetryable());
  }
  if (!unsent_.empty()) SendData(std::exchange(unsent_, Buffer()));
  if (writes_done_) EndStream();
}

void OutgoingCall::Fail(Status status) {
  StopWaiting();
  if (ended_) return;
  ended_ = true;
  status_ = std::move(status);
  deadline_.Cancel();
  cancel_.Unhook();
  readable_.Set();
  writable_.Set();
  Reset(NGHTTP2_CANCEL);
}

Task<Status> OutgoingCall::Write(Buffer message) {
  if (ended_) co_return status_.ok() ? CancelledError("the call has ended") : status_;
  Buffer framed = FrameMessage(std::move(message), options_.encoding);
  if (session()) {
    SendData(std::move(framed));
  } else {
    unsent_.Append(std::move(framed));
  }
  while (!ended_ && pending_bytes() + unsent_.size() >= options_.send_buffer_bytes) {
    writable_.Reset();
    (void)co_await writable_.Wait();
  }
  co_return ended_ ? status_ : OkStatus();
}

void OutgoingCall::WritesDone() {
  writes_done_ = true;
  EndStream();
}

Task<std::optional<Buffer>> OutgoingCall::Read() {
  while (true) {
    Result<std::optional<Buffer>> next = reader_.Next();
    if (!next.ok()) {
      Fail(next.status());
      // The server may have ended the call well before we read what we cannot take.
      if (status_.ok()) status_ = std::move(next).status();
      co_return std::nullopt;
    }
    if (next->has_value()) co_return std::move(**next);
    if (ended_) {
      if (status_.ok() && reader_.incomplete()) {
        status_ = InternalError("the response ends inside a message");
      }
      co_return std::nullopt;
    }
    Consume(std::exchange(unconsumed_, 0));
    readable_.Reset();
    (void)co_await readable_.Wait();
  }
}

void OutgoingCall::OnHeader(const http2::HeaderField& field) {
  const std::string_view name = field.name();
  const std::string_view value = field.value();
  if (name == ":status") {
    http_status_ = value;
  } else if (name == "grpc-status") {
    grpc_status_ = value;
  } else if (name == "grpc-message") {
    grpc_message_ = value;
  } else if (name == "grpc-status-details-bin") {
    grpc_details_ = value;
  } else if (name == "grpc-encoding") {
    reader_.set_encoding(ParseEncoding(value).value_or(Encoding::kIdentity));
  } else if (IsCustomKey(name) || name == "grpc-accept-encoding") {
    OnMetadata(name, value);
  }
}

void OutgoingCall::OnMetadata(std::string_view name, std::string_view value) {
  std::string text(value);
  if (IsBinaryKey(name)) text = Base64Decode(value).value_or(std::string());
  (in_trailers_ ? trailing_metadata_ : initial_metadata_).emplace_back(name, std::move(text));
}

void OutgoingCall::OnHeadersEnd() {
  const bool informational = http_status_.starts_with('1');
  if (informational) return;
  // A response of trailers only has its status, and its metadata, in the first block.
  if (!grpc_status_.empty() && !in_trailers_) std::swap(trailing_metadata_, initial_metadata_);
  in_trailers_ = true;
}

void OutgoingCall::OnData(Slice data) {
  if (ended_ || http_status_ != "200") return Consume(data.size());
  unconsumed_ += data.size();
  reader_.Append(std::move(data));
  readable_.Set();
}

// A server may end the call before we have: nobody wants the rest of our messages.
void OutgoingCall::OnEndOfStream() {
  OnClosed(NGHTTP2_NO_ERROR);
  if (!writes_done_ || pending_bytes() > 0) Reset(NGHTTP2_NO_ERROR);
}

void OutgoingCall::OnSent() {
  if (pending_bytes() < options_.send_buffer_bytes) writable_.Set();
}

Status OutgoingCall::OutcomeOf(uint32_t http2_error) const {
  // Fields beyond the limit were dropped, the status perhaps among them.
  if (HeaderListTooLarge()) {
    return ResourceExhaustedError("the response's metadata is larger than this client's limit");
  }
  if (!grpc_status_.empty()) return ParseStatus(grpc_status_, grpc_message_, grpc_details_);
  switch (http2_error) {
    case http2::kConnectionLost:
      // With what had been sent: whether the server did it is not known.
      return UnavailableError("the connection to " + options_.authority + " was lost");
    case NGHTTP2_REFUSED_STREAM:
      return UnavailableError("the server is not taking new calls").WithRetryable();
    case NGHTTP2_CANCEL:
      // A server that watches the deadline too may be the first to notice.
      if (Clock::now() >= context_.deadline) {
        return DeadlineExceededError("the call's deadline has passed");
      }
      return CancelledError("the server cancelled the call");
    case NGHTTP2_ENHANCE_YOUR_CALM:
      return ResourceExhaustedError("the server asks for less").WithRetryable();
    case NGHTTP2_NO_ERROR:
      break;
    default:
      return InternalError("HTTP/2 error " + std::string(nghttp2_http2_strerror(http2_error)));
  }
  if (http_status_ == "200") return InternalError("the response has no grpc-status");
  return {CodeOfHttpStatus(http_status_), "HTTP status " + http_status_};
}

void OutgoingCall::OnClosed(uint32_t http2_error) {
  if (ended_) return;
  ended_ = true;
  deadline_.Cancel();
  cancel_.Unhook();
  status_ = OutcomeOf(http2_error);
  readable_.Set();
  writable_.Set();
}

}  // namespace prism::grpc
