#pragma once

#include <string>
#include <utility>

#include "conformance/stream/client.h"
#include "interfaces/stream_retention.prism.h"
#include "prism/interfaces/stream_retention.pb.h"

namespace prism::conformance::streams {

using stream::v1::CompactRequest;
using stream::v1::DeleteStreamRequest;
using stream::v1::GetRetentionRequest;
using stream::v1::GetRetentionResponse;
using stream::v1::Retention;
using stream::v1::SetRetentionRequest;

Retention MaxRecords(int64_t records);
Retention MaxBytes(int64_t bytes);
Retention MaxAge(int64_t age_ms);
SetRetentionRequest RetentionOf(std::string stream, Retention retention);

// stream_retention as plain functions: all must succeed.
class Keeper {
 public:
  explicit Keeper(Caller& caller) : caller_(caller) {}

  Task<void> Set(std::string stream, Retention retention, Where where = Where::current());
  Task<GetRetentionResponse> Get(std::string stream, Where where = Where::current());
  // How many records were removed.
  Task<uint64_t> Compact(std::string stream, Where where = Where::current());
  // Whether there was such a stream.
  Task<bool> Delete(std::string stream, Where where = Where::current());

 private:
  Caller& caller_;
};

}  // namespace prism::conformance::streams
