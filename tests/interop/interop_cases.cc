#include "interop_cases.h"

#include <string>

namespace prism {

const InteropCase* FindInteropCase(std::string_view name) {
  for (std::span<const InteropCase> cases : {UnaryCases(), StreamingCases()}) {
    for (const InteropCase& one : cases) {
      if (one.name == name) return &one;
    }
  }
  return nullptr;
}

Status Expect(bool condition, std::string_view text) {
  return condition ? OkStatus() : UnknownError("expected " + std::string(text));
}

Status ExpectCode(const Status& status, Code code) {
  return Expect(status.code() == code, std::string(CodeName(code)) + ", got " + status.ToString());
}

Status ExpectStatus(const Status& status, Code code, std::string_view message) {
  PRISM_RETURN_IF_ERROR(ExpectCode(status, code));
  return Expect(status.message() == message, "the message '" + std::string(message) + "', got '" +
                                                 std::string(status.message()) + "'");
}

}  // namespace prism
