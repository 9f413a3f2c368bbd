#pragma once

#include <string>

#include "base/status.h"

namespace prism::grpc {

// The serialized google.rpc.Status of an error: its own details if it has some, else an ErrorInfo
// with our hint and whether to retry; empty when there is nothing beyond code and message.
std::string EncodeStatusDetails(const Status& status);

// Attaches received details to `status`, and restores hint and retryable if a Prism sent them.
Status DecodeStatusDetails(Status status, std::string details);

}  // namespace prism::grpc
