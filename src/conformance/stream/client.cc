#include "conformance/stream/client.h"

#include <map>
#include <set>

#include "interfaces/stream_retention.prism.h"
#include "prism/interfaces/stream_retention.pb.h"

namespace prism::conformance::streams {
namespace {

constexpr int kLanes = 16;
constexpr int kMaxPageRecords = 1000;
constexpr size_t kMaxPageBytes = size_t{1} << 20;

size_t BytesOf(const Record& record) {
  size_t bytes = record.key().size() + record.payload().size();
  for (const auto& [name, value] : record.attributes()) bytes += name.size() + value.size();
  return bytes;
}

}  // namespace

AppendRequest AppendOf(std::string stream, std::string payload, std::string key) {
  AppendRequest request;
  request.set_stream(std::move(stream));
  request.set_payload(std::move(payload));
  request.set_key(std::move(key));
  return request;
}

ReadRequest ReadOf(std::string stream, std::string from, uint64_t limit) {
  ReadRequest request;
  request.set_stream(std::move(stream));
  request.set_from_offset(std::move(from));
  request.set_limit(limit);
  return request;
}

ReadRequest FollowOf(std::string stream, std::string from, uint64_t limit) {
  ReadRequest request = ReadOf(std::move(stream), std::move(from), limit);
  request.set_follow(true);
  return request;
}

Texts BadNames() {
  Texts names;
  names.emplace_back();
  names.emplace_back(kMaxNameBytes + 1, 'n');
  names.emplace_back(3 * kMaxNameBytes, 'n');
  return names;
}

Task<std::string> Streams::Append(AppendRequest request, Where where) {
  caller_.Note(request.stream());
  const auto response = co_await caller_.Call(&StreamBasicStub::Append, std::move(request), where);
  if (response.offset().empty()) caller_.Fail("the new record has no offset", where);
  co_return response.offset();
}

Task<std::string> Streams::Append(std::string stream, std::string payload, Where where) {
  return Append(AppendOf(std::move(stream), std::move(payload)), where);
}

Task<Texts> Streams::AppendAll(std::string stream, Texts payloads, Where where) {
  Texts offsets;
  for (const std::string& payload : payloads) {
    offsets.push_back(co_await Append(stream, payload, where));
  }
  co_return offsets;
}

Task<std::vector<Record>> Streams::Read(ReadRequest request, Where where) {
  const auto pages = co_await caller_.CallAll(&StreamBasicStub::Read, std::move(request), where);
  co_return RecordsOf(caller_, pages, where);
}

Task<Texts> Streams::Payloads(ReadRequest request, Where where) {
  const std::vector<Record> records = co_await Read(std::move(request), where);
  co_return PayloadsOf(records);
}

Task<Texts> Streams::Payloads(std::string stream, Where where) {
  return Payloads(ReadOf(std::move(stream)), where);
}

Task<GetLatestOffsetResponse> Streams::Latest(std::string stream, Where where) {
  return caller_.Call(&StreamBasicStub::GetLatestOffset,
                      Named<GetLatestOffsetRequest>(std::move(stream)), where);
}

void CheckPage(Caller& caller, const RecordPage& page, Where where) {
  const int n = page.records_size();
  if (n < 1 || n > kMaxPageRecords) {
    caller.Fail("a page has " + std::to_string(n) + " records", where);
  }
  size_t bytes = 0;
  for (const Record& record : page.records()) bytes += BytesOf(record);
  if (n > 1 && bytes > kMaxPageBytes) {
    caller.Fail("a page has " + std::to_string(bytes) + " bytes", where);
  }
  if (page.next_offset().empty()) caller.Fail("a page has no next_offset", where);
}

std::vector<Record> RecordsOf(Caller& caller, const std::vector<RecordPage>& pages, Where where) {
  std::vector<Record> records;
  for (const RecordPage& page : pages) {
    CheckPage(caller, page, where);
    records.insert(records.end(), page.records().begin(), page.records().end());
  }
  return records;
}

Texts PayloadsOf(const std::vector<Record>& records) {
  Texts payloads;
  for (const Record& record : records) payloads.push_back(record.payload());
  return payloads;
}

Texts PayloadsOf(const RecordPage& page) {
  return PayloadsOf(std::vector<Record>(page.records().begin(), page.records().end()));
}

Texts OffsetsOf(const std::vector<Record>& records) {
  Texts offsets;
  for (const Record& record : records) offsets.push_back(record.offset());
  return offsets;
}

std::string TextOf(const Record& record) {
  std::string text = record.offset() + " " + std::to_string(record.timestamp_unix_ms()) + " " +
                     record.key() + " " + record.payload();
  const std::map<std::string, std::string> attributes(record.attributes().begin(),
                                                      record.attributes().end());
  for (const auto& [name, value] : attributes) text += " " + name + "=" + value;
  return text;
}

Texts Numbers(int n) {
  Texts numbers;
  for (int i = 0; i < n; ++i) numbers.push_back(std::to_string(i));
  return numbers;
}

Task<void> AppendMany(CaseContext& c, std::string stream, int n) {
  int next = 0;
  co_await c.Concurrently(kLanes, [&](int) -> Task<void> {
    Streams streams(c);
    while (next < n && c.ok()) {
      const std::string payload = std::to_string(next++);
      co_await streams.Append(stream, payload);
    }
  });
}

Task<void> AppendAsWriters(CaseContext& c, std::string stream, int each) {
  co_await c.Concurrently(kWriters, [&](int writer) -> Task<void> {
    Streams streams(c);
    for (int i = 0; i < each && c.ok(); ++i) {
      const std::string payload = std::to_string(writer) + "/" + std::to_string(i);
      co_await streams.Append(stream, payload);
    }
  });
}

void CheckWriters(CaseContext& c, const Texts& payloads, int each, Where where) {
  std::map<std::string, Texts> of_writer;
  for (const std::string& payload : payloads) {
    const size_t slash = payload.find('/');
    of_writer[payload.substr(0, slash)].push_back(payload.substr(slash + 1));
  }
  c.ExpectEq(of_writer.size(), size_t{kWriters}, where);
  for (const auto& [writer, numbers] : of_writer) c.ExpectEq(numbers, Numbers(each), where);
}

// Whether it succeeds is no promise of the contract that is under test.
Task<void> DeleteNotedStreams(CaseContext& c) {
  if (!c.claims(StreamRetention::Info())) co_return;
  const std::set<Noted> streams(c.noted().begin(), c.noted().end());
  for (const Noted& noted : streams) {
    Caller caller = c.In(noted.name_space);
    (void)co_await caller.Try(&StreamRetentionStub::DeleteStream,
                              Named<stream::v1::DeleteStreamRequest>(noted.name));
  }
}

}  // namespace prism::conformance::streams
