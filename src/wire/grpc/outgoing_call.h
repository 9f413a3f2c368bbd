#pragma once

#include <memory>
#include <string>
#include <vector>

#include "wire/grpc/call.h"
#include "wire/grpc/fields.h"
#include "wire/grpc/message_reader.h"
#include "wire/http2/session.h"

namespace prism::grpc {

struct CallOptions {
  std::string authority;
  std::string user_agent = "prism";
  Encoding encoding = Encoding::kIdentity;  // of the messages that we send
  size_t max_message_bytes = 16 * 1024 * 1024;
  size_t send_buffer_bytes = 64 * 1024;  // per call; beyond it Write suspends
};

// One rpc on a client's HTTP/2 stream. May be made before there is a connection: what is written
// then waits in the call.
class OutgoingCall final : public http2::Stream, public ClientCall {
 public:
  // `options` and `context` outlive the call.
  OutgoingCall(const CallOptions& options, RequestContext& context, std::string_view path);
  ~OutgoingCall() override;

  // Sends the request's headers on `session`.
  void OpenOn(http2::Session& session);
  // Ends the call before, or in place of, a stream's own end.
  void Fail(Status status);
  // Puts the call into a list that it leaves when it dies or is opened.
  void WaitIn(std::vector<OutgoingCall*>& list);

  Task<Status> Write(Buffer message) override;
  void WritesDone() override;
  Task<std::optional<Buffer>> Read() override;
  const Status& status() const override { return status_; }
  void Cancel() override { Fail(CancelledError("cancelled by the caller")); }
  const Metadata& initial_metadata() const override { return initial_metadata_; }
  const Metadata& trailing_metadata() const override { return trailing_metadata_; }

 private:
  void OnHeader(const http2::HeaderField& field) override;
  void OnHeadersEnd() override;
  void OnData(Slice data) override;
  void OnEndOfStream() override;
  void OnClosed(uint32_t http2_error) override;
  void OnSent() override;

  void BuildRequest(FieldList& fields);
  Status OutcomeOf(uint32_t http2_error) const;
  void OnMetadata(std::string_view name, std::string_view value);

  void StopWaiting();

  const CallOptions& options_;
  std::vector<OutgoingCall*>* waiting_in_ = nullptr;
  RequestContext& context_;
  std::string path_;
  std::string timeout_;
  FieldStorage storage_;
  Timer deadline_;
  CancelHook cancel_;
  MessageReader reader_;
  Buffer unsent_;  // until there is a stream
  bool writes_done_ = false;

  Metadata initial_metadata_;
  Metadata trailing_metadata_;
  std::string http_status_;
  std::string grpc_status_;
  std::string grpc_message_;
  std::string grpc_details_;
  bool in_trailers_ = false;
  size_t unconsumed_ = 0;
  bool ended_ = false;
  Status status_;
  Event readable_;  // set when there is news for a reader
  Event writable_;
};

}  // namespace prism::grpc
