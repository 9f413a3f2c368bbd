#include "conformance/stream/retention_client.h"

namespace prism::conformance::streams {

Retention MaxRecords(int64_t records) {
  Retention retention;
  retention.set_max_records(records);
  return retention;
}

Retention MaxBytes(int64_t bytes) {
  Retention retention;
  retention.set_max_bytes(bytes);
  return retention;
}

Retention MaxAge(int64_t age_ms) {
  Retention retention;
  retention.set_max_age_ms(age_ms);
  return retention;
}

SetRetentionRequest RetentionOf(std::string stream, Retention retention) {
  auto request = Named<SetRetentionRequest>(std::move(stream));
  *request.mutable_retention() = std::move(retention);
  return request;
}

Task<void> Keeper::Set(std::string stream, Retention retention, Where where) {
  caller_.Note(stream);
  (void)co_await caller_.Call(&StreamRetentionStub::SetRetention,
                              RetentionOf(std::move(stream), std::move(retention)), where);
}

Task<GetRetentionResponse> Keeper::Get(std::string stream, Where where) {
  return caller_.Call(&StreamRetentionStub::GetRetention,
                      Named<GetRetentionRequest>(std::move(stream)), where);
}

Task<uint64_t> Keeper::Compact(std::string stream, Where where) {
  const auto response = co_await caller_.Call(&StreamRetentionStub::Compact,
                                              Named<CompactRequest>(std::move(stream)), where);
  co_return response.removed();
}

Task<bool> Keeper::Delete(std::string stream, Where where) {
  const auto response = co_await caller_.Call(&StreamRetentionStub::DeleteStream,
                                              Named<DeleteStreamRequest>(std::move(stream)), where);
  co_return response.found();
}

}  // namespace prism::conformance::streams
