#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "load/options.h"

namespace prism::bench {

// One call, prepared: the framed request to send and the framed answer to expect.
struct Exchange {
  Method method;
  std::string request;
  std::string reply;  // as protobuf serializes it; another encoding of the same content is as good
};

// All calls of a run: for each key a Set of its value and a Get that must return it. Keys and
// values follow from the seed. Immutable, shared by all threads.
class Workload {
 public:
  explicit Workload(const Options& options);

  size_t size() const { return gets_.size(); }
  const Exchange& Of(Method method, size_t key) const {
    return method == Method::kGet ? gets_[key] : sets_[key];
  }
  const std::string& authority() const { return authority_; }
  const std::string& name_space() const { return name_space_; }

 private:
  std::vector<Exchange> gets_;
  std::vector<Exchange> sets_;
  std::string authority_;
  std::string name_space_;
};

// The ways in which a call or a connection can fail. kNone is success; kRetried is a call that the
// server provably did not process because it was going away: the client's to repeat, no failure.
enum class Failure : uint8_t {
  kNone,
  kRetried,
  kConnect,
  kConnectionLost,
  kReset,
  kTimeout,
  kHttpStatus,
  kContentType,
  kNoGrpcStatus,
  kGrpcStatus,
  kFraming,
  kUnparsable,
  kNotFound,
  kWrongValue,
  kNoGoaway,
};
constexpr size_t kFailures = static_cast<size_t>(Failure::kNoGoaway) + 1;
const char* NameOf(Failure failure);

// What came back for a call.
struct Answer {
  int http_status = 0;
  int grpc_status = -1;  // -1: none came
  bool grpc_content = false;
  std::string grpc_message;
  std::string body;

  void Reset();
};

// Checks everything about an answer that ended without a reset.
Failure Check(const Exchange& exchange, const Answer& answer);

}  // namespace prism::bench
