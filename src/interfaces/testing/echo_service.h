#pragma once

#include <string>

#include "interfaces/echo.prism.h"
#include "interfaces/testing/echo.pb.h"

namespace prism::testing {

// The echo interface as its contract says. Counts the producers of replies that are alive.
class EchoService final : public Echo {
 public:
  Task<Status> Once(RequestContext&, const EchoRequest& request, EchoReply& response) override {
    if (request.text() == "missing") co_return NotFoundError("no echo");
    if (request.text() == "away") co_return Away();
    response.set_text(request.text());
    co_return OkStatus();
  }

  Stream<EchoReply> Repeat(RequestContext&, const EchoRequest& request) override {
    const Alive alive(*this);
    if (request.text() == "away") co_return Away();
    EchoReply reply;
    for (int i = 0; i < request.count(); ++i) {
      reply.set_text(request.text() + std::to_string(i));
      co_yield reply;
    }
    co_return OkStatus();
  }

  Task<Status> Join(RequestContext&, Stream<EchoRequest>& requests, EchoReply& response) override {
    while (EchoRequest* request = co_await requests.Next()) {
      if (request->text() == "away") co_return Away();
      response.mutable_text()->append(request->text());
    }
    co_return OkStatus();
  }

  Stream<EchoReply> Chat(RequestContext&, Stream<EchoRequest>& requests) override {
    const Alive alive(*this);
    EchoReply reply;
    while (EchoRequest* request = co_await requests.Next()) {
      if (request->text() == "away") co_return Away();
      reply.set_text("re: " + request->text());
      co_yield reply;
      if (request->text() == "bye") break;
    }
    co_return OkStatus();
  }

  int producers() const { return producers_; }

 private:
  static Status Away() { return UnavailableError("the echo is away"); }

  struct Alive {
    explicit Alive(EchoService& service) : service(service) { ++service.producers_; }
    ~Alive() { --service.producers_; }
    EchoService& service;
  };
  int producers_ = 0;
};

}  // namespace prism::testing
