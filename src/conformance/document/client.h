#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/case_context.h"
#include "interfaces/document_basic.prism.h"
#include "interfaces/document_indexing.prism.h"
#include "prism/interfaces/document_basic.pb.h"
#include "prism/interfaces/document_indexing.pb.h"

namespace prism::conformance::documents {

using document::v1::CreateIndexRequest;
using document::v1::CreateIndexResponse;
using document::v1::DeleteRequest;
using document::v1::DeleteResponse;
using document::v1::DropIndexRequest;
using document::v1::GetRequest;
using document::v1::GetResponse;
using document::v1::Index;
using document::v1::InsertRequest;
using document::v1::InsertResponse;
using document::v1::ListIndexesRequest;
using document::v1::UpdateRequest;
using document::v1::UpdateResponse;

inline constexpr size_t kMaxNameBytes = 4096;

// The same text for texts of the same JSON value: members in order, numbers by their value.
std::string Canonical(const std::string& json);
// `{"name":number}`
std::string JsonOf(const std::string& name, int number);

InsertRequest InsertOf(std::string collection, std::string id, std::string json);
UpdateRequest ReplaceOf(std::string collection, std::string id, std::string json);
UpdateRequest MergeOf(std::string collection, std::string id, std::string json);
// Of the requests that begin with a collection and an id.
template <class Request>
Request Of(std::string collection, std::string id) {
  Request request;
  request.set_collection(std::move(collection));
  request.set_id(std::move(id));
  return request;
}
Index IndexOf(std::string name, std::vector<std::string> fields, bool unique = false);
CreateIndexRequest CreateOf(std::string collection, Index index);
std::vector<std::string> BadNames();

using Version = std::optional<uint64_t>;  // that a document must have

// document_basic on one collection as plain functions: all must succeed, whatever they answer.
// Documents are deleted after the case.
class Collection {
 public:
  Collection(Caller& caller, std::string name) : caller_(caller), name_(std::move(name)) {}

  Task<InsertResponse> Insert(std::string id, std::string json, Where where = Where::current());
  Task<GetResponse> Get(std::string id, Where where = Where::current());
  Task<UpdateResponse> Replace(std::string id, std::string json, Version expected = std::nullopt,
                               Where where = Where::current());
  Task<UpdateResponse> Merge(std::string id, std::string patch, Version expected = std::nullopt,
                             Where where = Where::current());
  Task<DeleteResponse> Delete(std::string id, Version expected = std::nullopt,
                              Where where = Where::current());
  // Makes an index, which must be new.
  Task<void> CreateIndex(Index index, Where where = Where::current());

  // In canonical form; "absent" if there is none.
  Task<std::string> Content(std::string id, Where where = Where::current());
  const std::string& name() const { return name_; }

 private:
  Caller& caller_;
  const std::string name_;
};

// Inserts `n` documents with ids "1000" and up, several at a time; `json` makes one's text.
template <class Text>
Task<void> Fill(CaseContext& c, const std::string& collection, int n, Text json) {
  int next = 0;
  co_await c.Concurrently(16, [&](int) -> Task<void> {
    Collection documents(c, collection);
    while (next < n && c.ok()) {
      const int i = next++;
      const InsertResponse made = co_await documents.Insert(std::to_string(1000 + i), json(i));
      c.Expect(made.inserted(), "the document is inserted");
    }
  });
}

void NoteIndex(Caller& caller, const std::string& collection, const std::string& name);
// Removes all documents and indexes that were noted.
Task<void> RemoveNoted(CaseContext& c);

}  // namespace prism::conformance::documents
