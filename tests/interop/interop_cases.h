#pragma once

#include <span>
#include <string_view>

#include "base/status.h"
#include "loop/task.h"
#include "wire/grpc/call.h"

namespace prism {

// One case of gRPC's interop specification, from the client's side: OK if the server behaved, else
// an error that says what was expected. The channel must outlive the task.
struct InteropCase {
  std::string_view name;
  Task<Status> (*run)(grpc::Channel& channel);
};

std::span<const InteropCase> UnaryCases();
std::span<const InteropCase> StreamingCases();
// Null if there is none of that name.
const InteropCase* FindInteropCase(std::string_view name);

// OK if `condition`, else an error with `text`; for the cases' checks.
Status Expect(bool condition, std::string_view text);
// OK if `status` has that code (and, if given, exactly that message).
Status ExpectCode(const Status& status, Code code);
Status ExpectStatus(const Status& status, Code code, std::string_view message);

}  // namespace prism
