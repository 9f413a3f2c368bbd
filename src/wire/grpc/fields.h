#pragma once

#include <boost/container/small_vector.hpp>
#include <forward_list>
#include <string>

#include "base/request_context.h"
#include "base/status.h"
#include "wire/http2/session.h"

namespace prism::grpc {

using FieldList = boost::container::small_vector<nghttp2_nv, 12>;

// Texts that fields of a call refer to until the call's stream is closed.
class FieldStorage {
 public:
  std::string_view Keep(std::string text) { return texts_.emplace_front(std::move(text)); }

 private:
  std::forward_list<std::string> texts_;
};

// Appends the application's entries, base64 for binary ones. Entries with a key that is not the
// application's to set are left out. `metadata` must live as long as `storage`.
void AppendMetadata(const Metadata& metadata, FieldList& fields, FieldStorage& storage);

// grpc-status, grpc-message and, if there is more to say, grpc-status-details-bin.
void AppendStatus(const Status& status, FieldList& fields, FieldStorage& storage);

// The reverse, from the texts of those three fields; empty ones were absent.
Status ParseStatus(std::string_view code, std::string_view message, std::string_view details);

}  // namespace prism::grpc
