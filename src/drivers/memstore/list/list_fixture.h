#pragma once

#include <string>
#include <vector>

#include "drivers/memstore/calls_fixture.h"
#include "drivers/memstore/list/calls.h"
#include "prism/interfaces/list_basic.pb.h"
#include "prism/interfaces/list_range.pb.h"

namespace prism::memstore {

// The basic calls in short, for the tests of all list interfaces.
class ListFixture : public CallsFixture<ListCalls> {
 protected:
  using Strings = std::vector<std::string>;

  uint64_t PushLeft(const std::string& list, const Strings& values) {
    return Ok(&ListCalls::PushLeft, PushOf(list, values)).length();
  }
  uint64_t PushRight(const std::string& list, const Strings& values) {
    return Ok(&ListCalls::PushRight, PushOf(list, values)).length();
  }
  Strings PopLeft(const std::string& list, uint64_t count = 0) {
    return ValuesOf(Ok(&ListCalls::PopLeft, PopOf(list, count)));
  }
  Strings PopRight(const std::string& list, uint64_t count = 0) {
    return ValuesOf(Ok(&ListCalls::PopRight, PopOf(list, count)));
  }
  uint64_t Length(const std::string& list) {
    list::v1::LengthRequest request;
    request.set_list(list);
    return Ok(&ListCalls::Length, request).length();
  }
  Strings All(const std::string& list) {
    list::v1::GetRangeRequest request;
    request.set_list(list);
    return ValuesOf(Ok(&ListCalls::GetRange, request));
  }
  template <class Response>
  static Strings ValuesOf(const Response& response) {
    return {response.values().begin(), response.values().end()};
  }

 private:
  static list::v1::PushRequest PushOf(const std::string& list, const Strings& values) {
    list::v1::PushRequest request;
    request.set_list(list);
    for (const std::string& value : values) request.add_values(value);
    return request;
  }
  static list::v1::PopRequest PopOf(const std::string& list, uint64_t count) {
    list::v1::PopRequest request;
    request.set_list(list);
    request.set_count(count);
    return request;
  }
};

}  // namespace prism::memstore
