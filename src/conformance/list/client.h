#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "conformance/case_context.h"
#include "interfaces/list_basic.prism.h"
#include "prism/interfaces/list_basic.pb.h"

// What the cases of all list interfaces share. Other models have messages of the same names, so
// this has a namespace of its own.
namespace prism::conformance::lists {

using list::v1::ClearRequest;
using list::v1::LengthRequest;
using list::v1::PopRequest;
using list::v1::PushRequest;

inline constexpr size_t kMaxNameBytes = 4096;
inline constexpr size_t kMaxAnswerBytes = 1 << 20;  // unless one element alone has more
inline constexpr int kMaxAnswerElements = 1000;

using Values = std::vector<std::string>;
Values Letters(std::string_view letters);  // "abc": three elements
Values Numbers(int n, int first = 0);      // "0", "1", ...
// How often each value occurs.
std::map<std::string, int> Occurrences(const Values& values);

// A request whose first field is the list's name, as most of the model's are.
template <class Request>
Request Of(std::string list) {
  Request request;
  request.set_list(std::move(list));
  return request;
}
PushRequest PushOf(std::string list, const Values& values);
PopRequest PopOf(std::string list, uint64_t count);
// Names that no list interface takes: none at all, and too long ones.
Values BadNames();

// list_basic as plain functions: all must succeed. Lists that are pushed to are removed after the
// case.
class Lists {
 public:
  explicit Lists(Caller& caller) : caller_(caller) {}

  // The length after the push.
  Task<int64_t> PushLeft(std::string list, Values values, Where where = Where::current());
  Task<int64_t> PushRight(std::string list, Values values, Where where = Where::current());
  Task<Values> PopLeft(std::string list, uint64_t count = 0, Where where = Where::current());
  Task<Values> PopRight(std::string list, uint64_t count = 0, Where where = Where::current());
  Task<int64_t> Length(std::string list, Where where = Where::current());
  // How many elements there were.
  Task<int64_t> Clear(std::string list, Where where = Where::current());
  // Takes all elements, from left to right.
  Task<Values> Drain(std::string list, Where where = Where::current());

 private:
  Caller& caller_;
};

// Clears all lists that were noted, when the namespace has list_basic.
Task<void> ClearNotedLists(CaseContext& c);

}  // namespace prism::conformance::lists
