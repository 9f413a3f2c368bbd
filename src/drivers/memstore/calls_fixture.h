#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/request_context.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/test_clock.h"
#include "loop/stream.h"
#include "loop/task.h"

namespace prism::memstore {

// The calls of one data model over a namespace of their own, with a clock that the test moves.
// Calls run without a worker, since they do not suspend.
template <class Calls>
class CallsFixture : public ::testing::Test {
 protected:
  Status Finish(Task<Status> task) {
    task.Start([](void*) {}, nullptr);
    EXPECT_TRUE(task.done());
    return task.done() ? task.TakeValue() : InternalError("the call did not end");
  }

  // Calls a unary rpc that must succeed.
  template <class Request, class Response>
  Response Ok(Task<Status> (Calls::*rpc)(RequestContext&, const Request&, Response&),
              const Request& request) {
    Response response;
    const Status status = Finish((backend_.*rpc)(context_, request, response));
    EXPECT_TRUE(status.ok()) << status.ToString();
    return response;
  }
  // Calls a unary rpc and returns how it ended.
  template <class Request, class Response>
  Status Try(Task<Status> (Calls::*rpc)(RequestContext&, const Request&, Response&),
             const Request& request) {
    Response response;
    return Finish((backend_.*rpc)(context_, request, response));
  }
  template <class Request, class Response>
  void ExpectRefused(Task<Status> (Calls::*rpc)(RequestContext&, const Request&, Response&),
                     const Request& request, const std::string& part) {
    const Status status = Try(rpc, request);
    EXPECT_EQ(status.code(), Code::kInvalidArgument) << status.ToString();
    EXPECT_NE(status.message().find(part), std::string_view::npos) << status.ToString();
  }

  // All elements of a stream that must end with `code`.
  template <class T>
  std::vector<T> Drain(Stream<T> stream, Code code = Code::kOk) {
    std::vector<T> elements;
    EXPECT_EQ(Finish(Pull(stream, elements)).code(), code);
    return elements;
  }

  TestClock clock_;
  RequestContext context_;
  std::shared_ptr<Budget> budget_ = std::make_shared<Budget>("mem", int64_t{1} << 28);
  std::shared_ptr<NamespaceData> data_ =
      std::make_shared<NamespaceData>(budget_, clock_.function());
  Calls backend_{data_};

 private:
  template <class T>
  static Task<Status> Pull(Stream<T>& stream, std::vector<T>& elements) {
    while (T* element = co_await stream.Next()) elements.push_back(*element);
    co_return stream.status();
  }
};

}  // namespace prism::memstore
