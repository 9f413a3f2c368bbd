#include <set>

#include "conformance/queue/basic_cases.h"
#include "conformance/queue/client.h"

namespace prism::conformance::queues::basic {

Task<void> MessagesComeBack(CaseContext& c) {
  QueueClient queue(c);
  EnqueueRequest request = EnqueueOf(c.Unique("queue"), "payload");
  auto& attributes = *request.mutable_attributes();
  attributes["text"] = "\xc3\xa4 \"quoted\"\r\n";
  attributes["Text"] = "another name";
  attributes["empty"] = "";
  const int64_t before = UnixNow() - kClockSlack.count();
  const EnqueueResponse made = co_await queue.Put(request);
  const int64_t after = UnixNow() + kClockSlack.count();
  c.Expect(!made.id().empty() && !made.duplicate(), "a message is made");
  const DequeueResponse got = co_await queue.Dequeue(DequeueOf(request.queue()));
  c.ExpectEq(got.messages_size(), 1);
  if (!c.ok()) co_return;
  const int64_t at = got.messages(0).enqueued_at_unix_ms();
  c.ExpectLe(before, at, "the time of enqueueing");
  c.ExpectLe(at, after, "the time of enqueueing");
  QueueMessage expected;
  expected.set_id(made.id());
  expected.set_payload("payload");
  *expected.mutable_attributes() = request.attributes();
  expected.set_enqueued_at_unix_ms(at);
  c.ExpectEq(AsText(got.messages(0)), AsText(expected));
}

Task<void> IdsDiffer(CaseContext& c) {
  const std::string name = c.Unique("queue");
  std::set<std::string> made;
  co_await c.Concurrently(8, [&](int) -> Task<void> {
    QueueClient queue(c);
    for (int i = 0; i < 10; ++i) {
      const EnqueueResponse one = co_await queue.Put(EnqueueOf(name, "the same"));
      made.insert(one.id());
    }
  });
  c.ExpectEq(made.size(), size_t{80});
  QueueClient queue(c);
  const DequeueResponse all = co_await queue.Dequeue(DequeueOf(name, kMaxMessages));
  std::set<std::string> got;
  for (const QueueMessage& message : all.messages()) got.insert(message.id());
  c.Expect(got == made, "the messages have the ids that were answered");
}

Task<void> NamesOfAllKinds(CaseContext& c) {
  QueueClient queue(c);
  const std::string base = c.Unique("queue");
  const std::vector<std::string> names = {
      base,
      base + std::string(kMaxNameBytes - base.size(), 'q'),
      base + " with spaces, /slashes/, .dots. and \"quotes\"",
      base + "\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\x91",  // of two, three and four bytes
      base + "*?[a]>%_#",
      base + "\r\n\t",
  };
  for (const std::string& name : names) co_await queue.Put(EnqueueOf(name, "in " + name));
  for (const std::string& name : names) {
    const Payloads only = {"in " + name};
    c.ExpectEq(co_await queue.Take(name, 10), only);
  }
  // Whose it is nobody knows: it is looked at, not written.
  const auto seen = co_await c.Try(&QueueBasicStub::Peek, PeekOf("q"));
  c.ExpectEq(seen.status.code(), Code::kOk);
}

Task<void> BadNamesAreRefused(CaseContext& c) {
  co_await RefuseBadNames(c, &QueueBasicStub::Enqueue, EnqueueOf("", "payload"));
  co_await RefuseBadNames(c, &QueueBasicStub::Dequeue, DequeueOf(""));
  co_await RefuseBadNames(c, &QueueBasicStub::Peek, PeekOf(""));
  co_await RefuseNoText(c);
}

Task<void> PayloadsAreAnyBytes(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes += static_cast<char>(i % 256);
  const Payloads payloads = {bytes, "", "after"};
  co_await queue.PutAll(name, payloads);
  c.ExpectEq(co_await queue.Take(name, 10), payloads);
}

// A backend may hold less than a message does, but what it takes it hands out whole.
Task<void> LargePayloads(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  c.Note(name);
  bool refused = false;
  // The largest makes a request as large as a message may be.
  const uint64_t largest = c.max_message_bytes() - name.size() - 7;
  for (const uint64_t size :
       {uint64_t{1} << 10, uint64_t{64} << 10, uint64_t{1} << 20, uint64_t{8} << 20, largest}) {
    if (size > largest) continue;
    Payloads expected = {std::string(size, static_cast<char>('a' + size % 26))};
    const auto put = co_await c.Try(&QueueBasicStub::Enqueue, EnqueueOf(name, expected[0]));
    if (put.status.ok()) {
      c.Expect(!refused, "a larger payload is refused too");
    } else {
      refused = true;
      expected.clear();
      c.Expect(size > 1024, "a payload of 1 KiB is stored");
      c.CheckRefused(put.status, Code::kResourceExhausted, "", Where::current());
      c.Expect(!put.status.message().empty(), "the refusal names the limit");
    }
    const Payloads taken = co_await queue.Take(name);
    c.Expect(taken == expected, "what was stored comes back whole, and only that");
  }
}

Task<void> TooLargeAPayloadIsRefused(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  co_await c.Refused(&QueueBasicStub::Enqueue,
                     EnqueueOf(name, std::string(c.max_message_bytes() + 1, 'x')),
                     Code::kResourceExhausted, "limit");
  const Payloads small = {"small"};
  co_await queue.PutAll(name, small);
  c.ExpectEq(co_await queue.Take(name, 10), small);
}

Task<void> AttributesUpToTheirLimits(CaseContext& c) {
  QueueClient queue(c);
  EnqueueRequest request = EnqueueOf(c.Unique("queue"), "");
  for (int i = 0; i < 32; ++i) {
    const std::string name = std::to_string(100 + i) + std::string(253, 'n');
    (*request.mutable_attributes())[name] = std::string(4096, static_cast<char>('a' + i % 26));
  }
  request.set_deduplication_id(std::string(256, 'd'));
  co_await queue.Put(request);
  const DequeueResponse got = co_await queue.Dequeue(DequeueOf(request.queue()));
  c.ExpectEq(got.messages_size(), 1);
  if (!c.ok()) co_return;
  QueueMessage expected = got.messages(0);
  *expected.mutable_attributes() = request.attributes();
  c.Expect(AsText(got.messages(0)) == AsText(expected), "the attributes come back");
}

Task<void> BadMessagesAreRefused(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  co_await RefuseBadMessages(c, &QueueBasicStub::Enqueue, EnqueueOf(name, "refused"));
  const Payloads good = {"good"};
  co_await queue.PutAll(name, good);
  c.ExpectEq(co_await queue.Take(name, 10), good);
}

Task<void> DuplicatesStoreNothing(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  const std::string other = c.Unique("other");
  const EnqueueResponse first = co_await queue.Put(EnqueueOf(name, "first", "a"));
  const EnqueueResponse again = co_await queue.Put(EnqueueOf(name, "again", "a"));
  c.Expect(!first.duplicate() && again.duplicate(), "the second one is a duplicate");
  c.ExpectEq(again.id(), first.id());
  const EnqueueResponse unlike = co_await queue.Put(EnqueueOf(name, "unlike", "A"));
  c.Expect(!unlike.duplicate() && unlike.id() != first.id(), "another id is no duplicate");
  const EnqueueResponse elsewhere = co_await queue.Put(EnqueueOf(other, "elsewhere", "a"));
  c.Expect(!elsewhere.duplicate(), "in another queue it is no duplicate");
  for (const char* payload : {"without", "without any"}) {
    const EnqueueResponse plain = co_await queue.Put(EnqueueOf(name, payload));
    c.Expect(!plain.duplicate(), "without deduplication id it is no duplicate");
  }
  const Payloads stored = {"first", "unlike", "without", "without any"};
  c.ExpectEq(co_await queue.Take(name, 10), stored);
  const EnqueueResponse late = co_await queue.Put(EnqueueOf(name, "late", "a"));
  c.Expect(late.duplicate() && late.id() == first.id(), "a consumed message has duplicates too");
  c.ExpectEq(co_await queue.Look(name), Payloads());
}

Task<void> DuplicatesOfEveryRpc(CaseContext& c) {
  QueueClient queue(c);
  const std::string name = c.Unique("queue");
  EnqueueWithPriorityRequest urgent = PriorityOf(name, "urgent", 3);
  EnqueueDelayedRequest later = DelayedOf(name, "later", 0);
  urgent.set_deduplication_id("a");
  later.set_deduplication_id("a");
  const EnqueueResponse first = co_await queue.Put(later);
  const EnqueueResponse second = co_await queue.Put(urgent);
  const EnqueueResponse third = co_await queue.Put(EnqueueOf(name, "plain", "a"));
  c.Expect(!first.duplicate() && second.duplicate() && third.duplicate(), "one is stored");
  c.Expect(second.id() == first.id() && third.id() == first.id(), "all answer the id of the first");
  urgent.set_deduplication_id("b");
  later.set_deduplication_id("b");
  const EnqueueResponse other = co_await queue.Put(urgent);
  const EnqueueResponse delayed = co_await queue.Put(later);
  c.Expect(!other.duplicate() && delayed.duplicate(), "the delayed one is a duplicate");
  const Payloads stored = {"urgent", "later"};
  c.ExpectEq(co_await queue.Take(name, 10), stored);
}

Task<void> OneOfManyDuplicatesIsStored(CaseContext& c) {
  for (int round = 0; round < 10 && c.ok(); ++round) {
    const std::string name = c.Unique("queue");
    int stored = 0;
    std::set<std::string> ids;
    co_await c.Concurrently(8, [&](int client) -> Task<void> {
      QueueClient queue(c);
      const auto made = co_await queue.Put(EnqueueOf(name, std::to_string(client), "the same"));
      stored += !made.duplicate();
      ids.insert(made.id());
    });
    c.ExpectEq(stored, 1);
    c.ExpectEq(ids.size(), size_t{1});
    QueueClient queue(c);
    const Payloads all = co_await queue.Take(name, 10);
    c.ExpectEq(all.size(), size_t{1});
  }
}

}  // namespace prism::conformance::queues::basic
