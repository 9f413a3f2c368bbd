#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/case_context.h"
#include "interfaces/stream_basic.prism.h"
#include "prism/interfaces/stream_basic.pb.h"

namespace prism::conformance::streams {

using stream::v1::AppendRequest;
using stream::v1::GetLatestOffsetRequest;
using stream::v1::GetLatestOffsetResponse;
using stream::v1::ReadRequest;
using stream::v1::Record;
using stream::v1::RecordPage;

using Texts = std::vector<std::string>;

inline constexpr size_t kMaxNameBytes = 4096;

AppendRequest AppendOf(std::string stream, std::string payload, std::string key = "");
ReadRequest ReadOf(std::string stream, std::string from = "", uint64_t limit = 0);
ReadRequest FollowOf(std::string stream, std::string from = "", uint64_t limit = 0);
// Of the requests whose only field that matters is the stream's name.
template <class Request>
Request Named(std::string stream) {
  Request request;
  request.set_stream(std::move(stream));
  return request;
}
// Names that no stream, key, group or member may have: none at all (which a key may), and too long.
Texts BadNames();

// stream_basic as plain functions: all must succeed. Streams that get a record are deleted after
// the case.
class Streams {
 public:
  explicit Streams(Caller& caller) : caller_(caller) {}

  // The new record's offset.
  Task<std::string> Append(AppendRequest request, Where where = Where::current());
  Task<std::string> Append(std::string stream, std::string payload, Where where = Where::current());
  Task<Texts> AppendAll(std::string stream, Texts payloads, Where where = Where::current());
  Task<std::vector<Record>> Read(ReadRequest request, Where where = Where::current());
  Task<Texts> Payloads(ReadRequest request, Where where = Where::current());
  Task<Texts> Payloads(std::string stream, Where where = Where::current());
  Task<GetLatestOffsetResponse> Latest(std::string stream, Where where = Where::current());

 private:
  Caller& caller_;
};

// The records of the pages, none of which may be larger than it should be.
std::vector<Record> RecordsOf(Caller& caller, const std::vector<RecordPage>& pages, Where where);
void CheckPage(Caller& caller, const RecordPage& page, Where where);
Texts PayloadsOf(const std::vector<Record>& records);
Texts PayloadsOf(const RecordPage& page);
Texts OffsetsOf(const std::vector<Record>& records);
// All of a record as text, its attributes by name.
std::string TextOf(const Record& record);
// "0" to "<n - 1>".
Texts Numbers(int n);

// Appends `n` records with the payloads "0" to "<n - 1>" in any order, several at a time.
Task<void> AppendMany(CaseContext& c, std::string stream, int n);
// Several writers append "<writer>/<number>", each its own numbers in order.
inline constexpr int kWriters = 6;
Task<void> AppendAsWriters(CaseContext& c, std::string stream, int each);
// Each of those came once, those of each writer in order.
void CheckWriters(CaseContext& c, const Texts& payloads, int each, Where where = Where::current());

// Deletes all streams that were noted, when the namespace has stream_retention.
Task<void> DeleteNotedStreams(CaseContext& c);

}  // namespace prism::conformance::streams
