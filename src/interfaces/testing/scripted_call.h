#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "interfaces/interface_info.h"
#include "loop/task.h"
#include "wire/grpc/call.h"

namespace prism::testing {

// A server call whose requests a test lays out beforehand or feeds while it runs, and whose replies
// it reads afterwards.
class ScriptedCall final : public grpc::ServerCall {
 public:
  RequestContext& context() override { return context_; }
  std::optional<std::string_view> FindMetadata(std::string_view) const override { return {}; }

  // The next thing that Read returns.
  void Receive(Buffer message) { Push(std::optional<Buffer>(std::move(message))); }
  void Receive(const google::protobuf::MessageLite& message) {
    Receive(Buffer::Copy(message.SerializeAsString()));
  }
  void ReceiveEnd() { Push(std::optional<Buffer>()); }
  void ReceiveError(Status status) { Push(std::move(status)); }

  void Cancel(Status reason) {
    context_.cancellation.Cancel(std::move(reason));
    Wake(reader_);
    Wake(writer_);
  }
  // Replies that may be pending before Write suspends.
  void set_send_limit(size_t limit) { send_limit_ = limit; }
  // Takes all pending replies, as a peer that reads them.
  std::vector<std::string> TakeSent() {
    std::vector<std::string> sent = std::move(sent_);
    sent_.clear();
    Wake(writer_);
    return sent;
  }
  size_t pending() const { return sent_.size(); }

 private:
  void Push(ReadResult result) {
    received_.push_back(std::move(result));
    Wake(reader_);
  }
  static void Wake(std::coroutine_handle<>& waiter) {
    if (auto handle = std::exchange(waiter, nullptr)) handle.resume();
  }

  bool TryRead(std::optional<ReadResult>& result) override {
    if (context_.cancelled()) {
      result.emplace(context_.cancellation.reason());
    } else if (!received_.empty()) {
      result.emplace(std::move(received_.front()));
      received_.pop_front();
    }
    return result.has_value();
  }
  void ResumeWhenReadable(std::coroutine_handle<> waiter) override { reader_ = waiter; }
  void Send(Buffer message) override { sent_.push_back(message.ToString()); }
  bool Writable() const override { return sent_.size() <= send_limit_; }
  void ResumeWhenWritable(std::coroutine_handle<> waiter) override { writer_ = waiter; }

  RequestContext context_;
  std::deque<ReadResult> received_;
  std::vector<std::string> sent_;
  size_t send_limit_ = 1000;
  std::coroutine_handle<> reader_;
  std::coroutine_handle<> writer_;
};

// A method being served on a scripted call.
class Serving {
 public:
  Serving(const MethodInfo& method, void* implementation, ScriptedCall& call)
      : task_(method.serve(implementation, call)) {
    task_.Start([](void*) {}, nullptr);
  }
  bool done() const { return task_.done(); }
  // Only once, and after done().
  Status status() { return task_.TakeValue(); }

 private:
  Task<Status> task_;
};

}  // namespace prism::testing
