#pragma once

#include "base/result.h"
#include "cli/options.h"
#include "wire/grpc/client_channel.h"

namespace prism::cli {

// How to reach the gateway that the user named. An error is for the user to fix.
Result<grpc::ClientOptions> MakeClientOptions(const TargetOptions& target);

}  // namespace prism::cli
