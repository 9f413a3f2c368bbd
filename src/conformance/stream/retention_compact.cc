#include <map>

#include "conformance/stream/partitions_client.h"
#include "conformance/stream/retention_cases.h"
#include "conformance/stream/retention_client.h"

namespace prism::conformance::streams {

Task<void> CompactionKeepsTheNewest(CaseContext& c) {
  Keeper keeper(c);
  Streams streams(c);
  const std::string name = c.Unique("stream");
  Texts offsets;
  Texts kept;
  const std::string keys = "aba-cb-a";  // '-': none; the newest of a, b and c are at 7, 5 and 4
  for (size_t i = 0; i < keys.size(); ++i) {
    const std::string key = keys[i] == '-' ? "" : std::string(1, keys[i]);
    offsets.push_back(co_await streams.Append(AppendOf(name, std::to_string(i), key)));
    const bool superseded = keys[i] != '-' && keys.find(keys[i], i + 1) != std::string::npos;
    if (!superseded) kept.push_back(offsets.back());
  }
  c.ExpectEq(co_await keeper.Compact(name), offsets.size() - kept.size());
  const std::vector<Record> records = co_await streams.Read(ReadOf(name));
  c.ExpectEq(OffsetsOf(records), kept);
  Texts payloads;
  for (const char* payload : {"3", "4", "5", "6", "7"}) payloads.emplace_back(payload);
  c.ExpectEq(PayloadsOf(records), payloads);
  // A record that is gone leaves its offset as a place.
  const std::vector<Record> behind = co_await streams.Read(ReadOf(name, offsets[1], 1));
  c.ExpectEq(OffsetsOf(behind), Texts(1, kept[0]));
}

Task<void> CompactionIsRepeatable(CaseContext& c) {
  Keeper keeper(c);
  Streams streams(c);
  const std::string name = c.Unique("stream");
  c.ExpectEq(co_await keeper.Compact(name), 0u);
  for (int i = 0; i < 6; ++i) {
    co_await streams.Append(AppendOf(name, std::to_string(i), i % 2 == 0 ? "even" : "odd"));
  }
  c.ExpectEq(co_await keeper.Compact(name), 4u);
  c.ExpectEq(co_await keeper.Compact(name), 0u);
  co_await streams.Append(AppendOf(name, "6", "even"));
  c.ExpectEq(co_await keeper.Compact(name), 1u);
  Texts kept;
  kept.emplace_back("5");
  kept.emplace_back("6");
  c.ExpectEq(co_await streams.Payloads(name), kept);
}

Task<void> CompactionOfPartitions(CaseContext& c) {
  Keeper keeper(c);
  const std::string name = c.Unique("stream");
  Partitioned partitioned(c, name);
  co_await partitioned.Set(2);
  for (int i = 0; i < 3; ++i) {
    co_await partitioned.Append(0, std::to_string(i), "key");
    co_await partitioned.Append(1, std::to_string(i), "key");
  }
  co_await partitioned.Append(1, "3", "another");
  c.ExpectEq(co_await keeper.Compact(name), 4u);
  c.ExpectEq(co_await partitioned.Payloads(0), Texts(1, "2"));
  Texts second;
  second.emplace_back("2");
  second.emplace_back("3");
  c.ExpectEq(co_await partitioned.Payloads(1), second);
}

namespace {

constexpr int kKeys = 4;

// The newest record of each key, by number.
std::map<std::string, int> NewestOf(const std::vector<Record>& records) {
  std::map<std::string, int> newest;
  for (const Record& record : records) {
    if (!record.key().empty()) newest[record.key()] = std::atoi(record.payload().c_str());
  }
  return newest;
}

}  // namespace

Task<void> CompactionWhileRecordsCome(CaseContext& c) {
  constexpr int kEach = 60;
  const std::string name = c.Unique("stream");
  std::vector<int> answered(kKeys, -1);
  int writing = kKeys;
  co_await c.Concurrently(kKeys + 2, [&](int client) -> Task<void> {
    Streams streams(c);
    Keeper keeper(c);
    for (int i = 0; client < kKeys && i < kEach && c.ok(); ++i) {
      co_await streams.Append(AppendOf(name, std::to_string(i), "key" + std::to_string(client)));
      answered[static_cast<size_t>(client)] = i;
      if (i % 10 == 0) co_await streams.Append(name, "keyless");
    }
    if (client < kKeys) --writing;
    while (client == kKeys && writing > 0 && c.ok()) co_await keeper.Compact(name);
    while (client > kKeys && writing > 0 && c.ok()) {
      const std::vector<int> before = answered;
      std::map<std::string, int> newest = NewestOf(co_await streams.Read(ReadOf(name)));
      for (int key = 0; key < kKeys; ++key) {
        const int told = before[static_cast<size_t>(key)];
        if (told >= 0) c.ExpectLe(told, newest["key" + std::to_string(key)], "the newest record");
      }
    }
  });
  Keeper keeper(c);
  Streams streams(c);
  co_await keeper.Compact(name);
  const std::vector<Record> records = co_await streams.Read(ReadOf(name));
  c.ExpectEq(records.size(), size_t{kKeys + kKeys * kEach / 10});
  for (const auto& [key, number] : NewestOf(records)) c.ExpectEq(number, kEach - 1);
}

}  // namespace prism::conformance::streams
