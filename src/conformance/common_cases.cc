// The cases that need no contract: what the gateway does for every interface.

#include "conformance/case_context.h"
#include "conformance/suite.h"

namespace prism::conformance {
namespace {

// A field number of 0: no message of any type.
constexpr char kNoMessage[] = "\x07";

void ExpectRefusal(CaseContext& c, const MethodInfo& method, const RawAnswer& answer, Code code,
                   std::string_view part, Where where = Where::current()) {
  if (answer.status.code() != code ||
      answer.status.message().find(part) == std::string_view::npos) {
    c.Fail(std::string(method.name) + ": expected " + Show(code) + " with " + Show(part) +
               " in its message, got " + Show(answer.status),
           where);
  }
  if (answer.replies > 0) {
    c.Fail(std::string(method.name) + ": a refused call must not have a reply", where);
  }
}

Task<void> NamespaceIsRequired(CaseContext& c) {
  Caller nowhere = c.In("");
  for (const MethodInfo& method : c.interface().methods) {
    const RawAnswer answer = co_await nowhere.CallRaw(method, "");
    ExpectRefusal(c, method, answer, Code::kInvalidArgument, "prism-namespace");
  }
}

Task<void> UnknownNamespaceIsRefused(CaseContext& c) {
  const std::string name = c.Unique("none");
  Caller elsewhere = c.In(name);
  for (const MethodInfo& method : c.interface().methods) {
    const RawAnswer answer = co_await elsewhere.CallRaw(method, "");
    ExpectRefusal(c, method, answer, Code::kNotFound, name);
  }
}

Task<void> UndecodableRequestsAreRefused(CaseContext& c) {
  for (const MethodInfo& method : c.interface().methods) {
    const RawAnswer answer = co_await c.CallRaw(method, kNoMessage);
    ExpectRefusal(c, method, answer, Code::kInvalidArgument, "");
  }
}

// The refusal names the interface that is missing, and its hint what there is and who has it.
Task<void> EveryMethodIsUnimplemented(CaseContext& c) {
  const std::string name(c.interface().name);
  for (const MethodInfo& method : c.interface().methods) {
    const RawAnswer answer = co_await c.CallRaw(method, "");
    ExpectRefusal(c, method, answer, Code::kUnimplemented, "interface " + name);
    ExpectRefusal(c, method, answer, Code::kUnimplemented, c.name_space());
    const std::string_view hint = answer.status.hint();
    c.Expect(hint.find("drivers with " + name + ": ") != std::string_view::npos,
             "the hint " + Show(hint) + " says which drivers have " + name);
    c.Expect(hint.starts_with("it has "), "the hint " + Show(hint) + " says what there is");
  }
}

constexpr Case kCommon[] = {
    {"namespace_is_required", {}, &NamespaceIsRequired},
    {"unknown_namespace_is_refused", {}, &UnknownNamespaceIsRefused},
    {"undecodable_requests_are_refused", {}, &UndecodableRequestsAreRefused},
};

constexpr Case kUnclaimed[] = {
    {"every_method_is_unimplemented", {}, &EveryMethodIsUnimplemented},
    {"namespace_is_required", {}, &NamespaceIsRequired},
    {"unknown_namespace_is_refused", {}, &UnknownNamespaceIsRefused},
};

}  // namespace

std::span<const Case> CommonCases() { return kCommon; }
std::span<const Case> UnclaimedCases() { return kUnclaimed; }

}  // namespace prism::conformance
