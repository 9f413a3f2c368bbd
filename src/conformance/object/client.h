#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/case_context.h"
#include "interfaces/object_basic.prism.h"
#include "loop/stream.h"
#include "prism/interfaces/object_basic.pb.h"

namespace prism::conformance::object_basic {

using object::v1::DeleteRequest;
using object::v1::DeleteResponse;
using object::v1::GetRequest;
using object::v1::GetResponse;
using object::v1::HeadRequest;
using object::v1::HeadResponse;
using object::v1::ListRequest;
using object::v1::ListResponse;
using object::v1::ListRow;
using object::v1::PutHeader;
using object::v1::PutRequest;
using object::v1::PutResponse;

inline constexpr size_t kMaxObjectKeyBytes = 4096;
inline constexpr size_t kMaxPieceBytes = size_t{256} << 10;  // of those that Get returns

// Keys that no call takes: none at all, and too long ones.
std::vector<std::string> BadKeys();
// Bytes of all values that do not repeat soon.
std::string Pattern(size_t bytes);

PutHeader HeaderOf(std::string key);
GetRequest GetOf(std::string key, std::string if_etag = "");
HeadRequest HeadOf(std::string key);
DeleteRequest DeleteOf(std::string key, std::string if_etag = "");

// What a Put sends: the header, then the content cut into pieces. `end` that is an error cancels
// the call behind the last piece.
Stream<PutRequest> PartsOf(PutHeader header, std::string content, size_t piece_bytes = 100'000,
                           Status end = OkStatus());
Stream<PutRequest> PartsOf(std::vector<PutRequest> parts);

// May end as it likes. What is stored is deleted after the case if its key was noted.
Task<Answer<PutResponse>> TryPut(Caller& caller, Stream<PutRequest> parts);
// Must be refused as INVALID_ARGUMENT with `part` in the message.
Task<void> PutRefused(Caller& caller, Stream<PutRequest> parts, std::string_view part,
                      Where where = Where::current());

// What a Get returned.
struct Download {
  GetResponse::Header header;
  std::string content;
};

// object_basic as plain functions: all must succeed. Objects that are put are deleted after the
// case.
class ObjectClient {
 public:
  explicit ObjectClient(Caller& caller) : caller_(caller) {}

  // Stored or not.
  Task<PutResponse> Put(PutHeader header, std::string content, size_t piece_bytes = 100'000,
                        Where where = Where::current());
  // Must be stored; returns the etag.
  Task<std::string> Store(std::string key, std::string content, Where where = Where::current());
  // The stream must be as the contract says: a header, then pieces of bounded size that together
  // have the length which the header tells.
  Task<Download> Get(GetRequest request, Where where = Where::current());
  Task<Download> Get(std::string key, Where where = Where::current());
  // The content of an object that must be there.
  Task<std::string> Content(std::string key, Where where = Where::current());
  Task<HeadResponse> Head(std::string key, Where where = Where::current());
  Task<bool> Exists(std::string key, Where where = Where::current());
  Task<DeleteResponse> Delete(std::string key, std::string if_etag = "",
                              Where where = Where::current());

 private:
  Caller& caller_;
};

// Stores an object of a few bytes under each key, several at a time.
Task<void> StoreAll(CaseContext& c, std::vector<std::string> keys);

// Deletes all objects that were noted.
Task<void> DeleteNotedObjects(CaseContext& c);

}  // namespace prism::conformance::object_basic
