#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "interfaces/reflection.prism.h"

namespace prism {

// Server reflection, from the descriptors that are linked into this program. v1alpha has the same
// messages under other names, so its path may lead here too. No state of its own: one object serves
// any number of workers.
class ServerReflectionService final : public ServerReflection {
 public:
  // `services` are the full names to list; each must be part of this program.
  explicit ServerReflectionService(const std::vector<std::string_view>& services)
      : services_(services.begin(), services.end()) {}

  Stream<::grpc::reflection::v1::ServerReflectionResponse> ServerReflectionInfo(
      RequestContext& ctx,
      Stream<::grpc::reflection::v1::ServerReflectionRequest>& requests) override;

  static constexpr std::string_view kService = "grpc.reflection.v1.ServerReflection";
  static constexpr std::string_view kAlphaService = "grpc.reflection.v1alpha.ServerReflection";
  static constexpr std::string_view kAlphaPath =
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

 private:
  std::vector<std::string> services_;
};

}  // namespace prism
