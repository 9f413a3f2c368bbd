#pragma once

#include <google/protobuf/text_format.h>

#include "drivers/memstore/calls_fixture.h"
#include "drivers/memstore/document/calls.h"
#include "prism/interfaces/document_basic.pb.h"
#include "prism/interfaces/document_indexing.pb.h"
#include "prism/interfaces/document_query.pb.h"

namespace prism::memstore {

// Documents of one collection, queried by requests in protobuf's text form.
class DocumentQueryFixture : public CallsFixture<DocumentCalls> {
 protected:
  template <class Request>
  static Request Parse(const std::string& text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    request.set_collection("c");
    return request;
  }
  void Insert(const std::string& id, const std::string& json) {
    document::v1::InsertRequest request;
    request.set_collection("c");
    request.set_id(id);
    request.set_json(json);
    EXPECT_TRUE(Ok(&DocumentCalls::Insert, request).inserted());
  }
  std::vector<document::v1::FindResponse> Pages(const document::v1::FindRequest& request,
                                                Code code = Code::kOk) {
    return Drain(backend_.Find(context_, request), code);
  }
  // The ids that a request finds, with a space behind each.
  std::string Find(const std::string& request) {
    std::string ids;
    for (const auto& page : Pages(Parse<document::v1::FindRequest>(request))) {
      for (const auto& document : page.documents()) ids += document.id() + ' ';
    }
    return ids;
  }
  // The same for one condition.
  std::string Where(const std::string& condition) {
    return Find("filter {condition {" + condition + "}}");
  }
  Status CreateIndex(const std::string& index) {
    return Try(&DocumentCalls::CreateIndex,
               Parse<document::v1::CreateIndexRequest>("index {" + index + "}"));
  }
};

}  // namespace prism::memstore
