#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/document/client.h"
#include "interfaces/document_query.prism.h"
#include "prism/interfaces/document_query.pb.h"

namespace prism::conformance::documents {

using document::v1::AggregateRequest;
using document::v1::AggregateResponse;
using document::v1::FindOneRequest;
using document::v1::FindOneResponse;
using document::v1::FindRequest;
using document::v1::FindResponse;

// Reads a message as text (protobuf's text format) into `message`.
void Parse(std::string_view text, google::protobuf::Message& message);
template <class Request>
Request Query(const std::string& collection, std::string_view text) {
  Request request;
  Parse(text, request);
  request.set_collection(collection);
  return request;
}
// The text of a filter with one condition: "path: 'v' operator: EXISTS".
std::string Where1(std::string_view condition);

// document_query on one collection as plain functions: all must succeed.
class Finder {
 public:
  Finder(Caller& caller, std::string collection)
      : caller_(caller), collection_(std::move(collection)) {}

  // Checks what holds of all pages.
  Task<std::vector<FindResponse>> Pages(FindRequest request, Where where = Where::current());
  // The ids in the order in which they came, a space behind each.
  Task<std::string> Ids(std::string query, Where where = Where::current());
  Task<std::string> IdsWhere(std::string condition, Where where = Where::current());
  // "values : results" of each group, a line each; "-" stands for no kind.
  Task<std::string> Aggregate(std::string query, Where where = Where::current());

 private:
  Caller& caller_;
  const std::string collection_;
};

std::string IdsOf(const std::vector<FindResponse>& pages);

// Documents with values of all types under "v", and what conditions on it find among them.
Task<void> InsertOneOfEachType(Collection& documents);
Task<void> CheckConditions(CaseContext& c, std::string collection);

}  // namespace prism::conformance::documents
