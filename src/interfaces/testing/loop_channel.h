#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "interfaces/interface_info.h"
#include "loop/task.h"
#include "wire/grpc/call.h"

namespace prism::testing {

// Coroutines to resume, in order; the test's stand-in for a worker.
class RunQueue {
 public:
  void Add(std::coroutine_handle<>& waiter) {
    if (waiter) ready_.push_back(std::exchange(waiter, nullptr));
  }
  void Forget(std::coroutine_handle<> waiter) { std::erase(ready_, waiter); }
  void Run() {
    while (!ready_.empty()) {
      const std::coroutine_handle<> handle = ready_.front();
      ready_.pop_front();
      handle.resume();
    }
  }

 private:
  std::deque<std::coroutine_handle<>> ready_;
};

// Both ends of one rpc, joined in memory. The client's end owns it.
class LoopCall final : public grpc::ClientCall {
 public:
  LoopCall(RunQueue& queue, const MethodInfo* method, void* implementation)
      : queue_(queue), server_(*this) {
    if (!method) {
      status_ = UnimplementedError("no such method");
      return;
    }
    serving_ = method->serve(implementation, server_);
    serving_.Start([](void* self) { static_cast<LoopCall*>(self)->Ended(); }, this);
  }
  ~LoopCall() override {
    server_.Cancel(CancelledError("the caller has gone"));
    for (auto handle : {server_.reader, server_.writer, server_.resumed_reader,
                        server_.resumed_writer, reader_}) {
      queue_.Forget(handle);
    }
  }

  Task<Status> Write(Buffer message) override {
    if (status_) co_return *status_;
    server_.received.push_back(std::move(message));
    server_.WakeReader();
    co_return OkStatus();
  }
  void WritesDone() override {
    server_.writes_done = true;
    server_.WakeReader();
  }
  Task<std::optional<Buffer>> Read() override {
    while (replies_.empty() && !status_) {
      Waiting waiting(*this);
      co_await waiting;
    }
    if (replies_.empty()) co_return std::optional<Buffer>();
    std::optional<Buffer> reply = std::move(replies_.front());
    replies_.pop_front();
    server_.WakeWriter();
    co_return reply;
  }
  const Status& status() const override { return *status_; }
  void Cancel() override {
    server_.Cancel(CancelledError("cancelled by the caller"));
    if (!status_) status_ = CancelledError("cancelled by the caller");
    queue_.Add(reader_);
  }
  const Metadata& initial_metadata() const override { return metadata_; }
  const Metadata& trailing_metadata() const override { return metadata_; }

 private:
  struct Waiting {
    explicit Waiting(LoopCall& call) : call(call) {}
    ~Waiting() {
      call.queue_.Forget(handle);
      call.reader_ = nullptr;
    }
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiter) { call.reader_ = handle = waiter; }
    void await_resume() const {}
    LoopCall& call;
    std::coroutine_handle<> handle;
  };

  class Server final : public grpc::ServerCall {
   public:
    explicit Server(LoopCall& call) : call_(call) {}
    RequestContext& context() override { return context_; }
    std::optional<std::string_view> FindMetadata(std::string_view) const override { return {}; }
    void Cancel(Status reason) {
      context_.cancellation.Cancel(std::move(reason));
      WakeReader();
      WakeWriter();
    }
    void WakeReader() {
      if (reader) resumed_reader = reader;
      call_.queue_.Add(reader);
    }
    void WakeWriter() {
      if (writer) resumed_writer = writer;
      call_.queue_.Add(writer);
    }

    std::deque<Buffer> received;
    bool writes_done = false;
    std::coroutine_handle<> reader, writer;                  // suspended
    std::coroutine_handle<> resumed_reader, resumed_writer;  // last put into the queue

   private:
    bool TryRead(std::optional<ReadResult>& result) override {
      if (context_.cancelled()) {
        result.emplace(context_.cancellation.reason());
      } else if (!received.empty()) {
        result.emplace(std::optional<Buffer>(std::move(received.front())));
        received.pop_front();
      } else if (writes_done) {
        result.emplace(std::optional<Buffer>());
      }
      return result.has_value();
    }
    void ResumeWhenReadable(std::coroutine_handle<> waiter) override { reader = waiter; }
    void Send(Buffer message) override {
      call_.replies_.push_back(std::move(message));
      call_.queue_.Add(call_.reader_);
    }
    bool Writable() const override { return call_.replies_.size() < 2; }
    void ResumeWhenWritable(std::coroutine_handle<> waiter) override { writer = waiter; }

    LoopCall& call_;
    RequestContext context_;
  };

  void Ended() {
    if (!status_) status_ = serving_.TakeValue();
    queue_.Add(reader_);
  }

  RunQueue& queue_;
  std::deque<Buffer> replies_;
  std::optional<Status> status_;
  std::coroutine_handle<> reader_;
  Metadata metadata_;
  Server server_;
  Task<Status> serving_;
};

// Leads to one implementation of one interface in the same process. `info` must outlive it.
class LoopChannel final : public grpc::Channel {
 public:
  LoopChannel(const InterfaceInfo& info, void* implementation)
      : info_(info), implementation_(implementation) {}

  std::unique_ptr<grpc::ClientCall> Start(RequestContext&, std::string_view path) override {
    const auto method = std::find_if(info_.methods.begin(), info_.methods.end(),
                                     [&](const MethodInfo& m) { return m.path == path; });
    return std::make_unique<LoopCall>(queue_, method == info_.methods.end() ? nullptr : &*method,
                                      implementation_);
  }
  void Run() { queue_.Run(); }

 private:
  const InterfaceInfo& info_;
  void* implementation_;
  RunQueue queue_;
};

}  // namespace prism::testing
