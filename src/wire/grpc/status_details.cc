#include "wire/grpc/status_details.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace prism::grpc {
namespace {

constexpr char kDomain[] = "prism";
constexpr char kHint[] = "hint";
constexpr char kRetryable[] = "retryable";

}  // namespace

std::string EncodeStatusDetails(const Status& status) {
  if (!status.details().empty()) return std::string(status.details());
  if (status.hint().empty() && !status.retryable()) return {};
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(CodeName(status.code())));
  info.set_domain(kDomain);
  if (!status.hint().empty()) (*info.mutable_metadata())[kHint] = std::string(status.hint());
  if (status.retryable()) (*info.mutable_metadata())[kRetryable] = "true";
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(std::string(status.message()));
  wire.add_details()->PackFrom(info);
  return wire.SerializeAsString();
}

Status DecodeStatusDetails(Status status, std::string details) {
  google::rpc::Status wire;
  google::rpc::ErrorInfo info;
  if (wire.ParseFromString(details)) {
    for (const auto& detail : wire.details()) {
      if (!detail.UnpackTo(&info) || info.domain() != kDomain) continue;
      const auto hint = info.metadata().find(kHint);
      if (hint != info.metadata().end()) status = std::move(status).WithHint(hint->second);
      const bool retryable = info.metadata().contains(kRetryable);
      status = std::move(status).WithRetryable(retryable);
    }
  }
  return std::move(status).WithDetails(std::move(details));
}

}  // namespace prism::grpc
