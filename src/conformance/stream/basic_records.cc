#include "conformance/stream/basic_cases.h"
#include "conformance/stream/client.h"

namespace prism::conformance::streams {
namespace {

AppendRequest WithAttributes(std::string stream, int n, std::string name, std::string value) {
  AppendRequest request = AppendOf(std::move(stream), "payload", "key");
  for (int i = 0; i < n; ++i) {
    std::string own = name;
    if (n > 1) own += std::to_string(i);
    (*request.mutable_attributes())[own] = value;
  }
  return request;
}

void CheckRecord(CaseContext& c, const Record& record, const AppendRequest& appended,
                 Where where = Where::current()) {
  c.ExpectEq(record.payload(), appended.payload(), where);
  c.ExpectEq(record.key(), appended.key(), where);
  c.ExpectEq(record.attributes_size(), appended.attributes_size(), where);
  for (const auto& [name, value] : appended.attributes()) {
    const auto found = record.attributes().find(name);
    c.Expect(found != record.attributes().end() && found->second == value,
             "the attribute comes back: " + Show(name), where);
  }
}

}  // namespace

Task<void> RecordsComeBack(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  std::vector<AppendRequest> sent;
  sent.push_back(AppendOf(name, "payload", "key"));
  sent.push_back(AppendOf(name, std::string("\0\xff\x80 bytes", 9)));
  sent.push_back(AppendOf(name, ""));
  sent.push_back(AppendOf(name, "", "schl\xc3\xbcssel"));
  sent.push_back(WithAttributes(name, 3, "attribute", "value \xc3\xa4"));
  (*sent.back().mutable_attributes())["empty"] = "";
  Texts offsets;
  for (const AppendRequest& request : sent) offsets.push_back(co_await streams.Append(request));
  const std::vector<Record> records = co_await streams.Read(ReadOf(name));
  c.ExpectEq(OffsetsOf(records), offsets);
  for (size_t i = 0; i < records.size() && i < sent.size(); ++i) {
    CheckRecord(c, records[i], sent[i]);
  }
}

Task<void> RecordsNeverChange(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.Append(AppendOf(name, "one", "key"));
  co_await streams.Append(WithAttributes(name, 2, "attribute", "value"));
  const std::vector<Record> before = co_await streams.Read(ReadOf(name));
  c.ExpectEq(before.size(), size_t{2});
  co_await streams.Append(AppendOf(name, "another", "key"));
  for (int reader = 0; reader < 4; ++reader) {
    const std::vector<Record> after = co_await streams.Read(ReadOf(name));
    c.ExpectEq(after.size(), size_t{3});
    for (size_t i = 0; i < before.size() && i < after.size(); ++i) {
      c.ExpectEq(TextOf(after[i]), TextOf(before[i]));
    }
  }
}

// The clock of the backend need not agree with ours, but it counts milliseconds.
Task<void> TimeNeverDecreases(CaseContext& c) {
  constexpr int64_t kYear2001 = 1'000'000'000'000;
  constexpr int64_t kYear5138 = 100'000'000'000'000;
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await AppendMany(c, name, 200);
  const std::string waited = co_await streams.Append(name, "last but one");
  co_await c.Sleep(std::chrono::milliseconds(20));
  co_await streams.Append(name, "last");
  const std::vector<Record> records = co_await streams.Read(ReadOf(name));
  c.ExpectEq(records.size(), size_t{202});
  int64_t before = kYear2001;
  for (const Record& record : records) {
    c.ExpectLe(before, record.timestamp_unix_ms(), "timestamps");
    before = record.timestamp_unix_ms();
  }
  c.ExpectLe(before, kYear5138, "the newest timestamp");
  if (records.size() != 202) co_return;
  c.ExpectLe(records[200].timestamp_unix_ms() + 10, before, "the time between two records");
}

Task<void> OneAfterTheOther(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  Texts sent;
  for (int i = 0; i < 40 && c.ok(); ++i) {
    sent.push_back(i % 4 == 3 ? "repeated" : std::to_string(i));
    co_await streams.Append(name, sent.back());
    c.ExpectEq(co_await streams.Payloads(name), sent);
  }
}

Task<void> NoneIsLostOrComesTwice(CaseContext& c) {
  constexpr int kEach = 60;
  const std::string name = c.Unique("stream");
  co_await AppendAsWriters(c, name, kEach);
  Streams streams(c);
  const Texts payloads = co_await streams.Payloads(name);
  c.ExpectEq(payloads.size(), size_t{kWriters * kEach});
  CheckWriters(c, payloads, kEach);
}

Task<void> LongNamesAreTaken(CaseContext& c) {
  Streams streams(c);
  std::string name = c.Unique("stream");
  name.resize(kMaxNameBytes, 's');
  AppendRequest request = WithAttributes(name, 64, "a", std::string(4096, 'v'));
  request.set_key(std::string(kMaxNameBytes, 'k'));
  co_await streams.Append(request);
  const AppendRequest long_name = WithAttributes(name, 1, std::string(256, 'a'), "v");
  co_await streams.Append(long_name);
  const std::vector<Record> records = co_await streams.Read(ReadOf(name));
  c.ExpectEq(records.size(), size_t{2});
  if (records.size() != 2) co_return;
  CheckRecord(c, records[0], request);
  CheckRecord(c, records[1], long_name);
  const std::string other = name.substr(0, kMaxNameBytes - 1);
  c.ExpectEq((co_await streams.Payloads(other)).size(), size_t{0});
}

Task<void> BadNamesAreRefused(CaseContext& c) {
  Streams streams(c);
  for (const std::string& name : BadNames()) {
    co_await c.Refused(&StreamBasicStub::Append, AppendOf(name, "x"), Code::kInvalidArgument,
                       "stream");
    co_await c.Refused(&StreamBasicStub::Read, ReadOf(name), Code::kInvalidArgument, "stream");
    co_await c.Refused(&StreamBasicStub::GetLatestOffset, Named<GetLatestOffsetRequest>(name),
                       Code::kInvalidArgument, "stream");
  }
  const std::string name = c.Unique("stream");
  co_await streams.Append(name, "good");
  co_await c.Refused(&StreamBasicStub::Append,
                     AppendOf(name, "bad", std::string(kMaxNameBytes + 1, 'k')),
                     Code::kInvalidArgument, "key");
  c.ExpectEq((co_await streams.Payloads(name)).size(), size_t{1});
}

Task<void> BadAttributesAreRefused(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.Append(name, "good");
  std::vector<AppendRequest> bad;
  bad.push_back(WithAttributes(name, 65, "a", "v"));
  bad.push_back(WithAttributes(name, 1, "", "v"));
  bad.push_back(WithAttributes(name, 1, std::string(257, 'a'), "v"));
  bad.push_back(WithAttributes(name, 1, "a", std::string(4097, 'v')));
  for (const AppendRequest& request : bad) {
    co_await c.Refused(&StreamBasicStub::Append, request, Code::kInvalidArgument, "attribute");
  }
  c.ExpectEq((co_await streams.Payloads(name)).size(), size_t{1});
}

// A backend may hold less than a message; how much, it says by refusing the rest.
Task<void> LargePayloads(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  c.Note(name);
  Texts stored;
  bool refused = false;
  for (const uint64_t size : {uint64_t{1} << 10, uint64_t{64} << 10, uint64_t{1} << 20,
                              uint64_t{2} << 20, c.max_message_bytes() - 512}) {
    if (size > c.max_message_bytes() - 512) continue;
    const std::string payload(size, static_cast<char>('a' + size % 26));
    const auto append = co_await c.Try(&StreamBasicStub::Append, AppendOf(name, payload));
    if (append.status.ok()) {
      c.Expect(!refused, "a larger payload is refused too");
      stored.push_back(payload);
    } else {
      refused = true;
      c.Expect(size > 1024, "a payload of 1 KiB is appended");
      c.CheckRefused(append.status, Code::kResourceExhausted, "", Where::current());
    }
  }
  c.Expect(co_await streams.Payloads(name) == stored, "what was appended is read back whole");
}

Task<void> TooLargeAPayloadIsRefused(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.Append(name, "small");
  co_await c.Refused(&StreamBasicStub::Append,
                     AppendOf(name, std::string(c.max_message_bytes() + 1, 'x')),
                     Code::kResourceExhausted, "limit");
  c.ExpectEq((co_await streams.Payloads(name)).size(), size_t{1});
}

}  // namespace prism::conformance::streams
