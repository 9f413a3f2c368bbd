#include <algorithm>

#include "conformance/live_stream.h"
#include "conformance/object/basic_cases.h"
#include "conformance/object/client.h"

namespace prism::conformance::object_basic {
namespace {

constexpr int kClients = 8;

PutHeader IfAbsent(std::string key) {
  PutHeader header = HeaderOf(std::move(key));
  header.set_if_absent(true);
  return header;
}

PutHeader IfEtag(std::string key, std::string etag) {
  PutHeader header = HeaderOf(std::move(key));
  header.set_if_etag(std::move(etag));
  return header;
}

// A Put that is half sent when `meanwhile`, a coroutine that must outlive it, is run.
template <class Meanwhile>
Stream<PutRequest> Interrupted(PutHeader header, std::string half, Meanwhile& meanwhile) {
  PutRequest part;
  *part.mutable_header() = std::move(header);
  co_yield part;
  part.set_piece(half);
  co_yield part;
  {
    Task<void> run = meanwhile();
    co_await run;
  }
  part.set_piece(half);
  co_yield part;
  co_return OkStatus();
}

// Content that tells who put it in each of its bytes, and by its size too.
std::string Uniform(int writer) {
  return std::string(270'000 + static_cast<size_t>(writer), static_cast<char>('a' + writer));
}

void ExpectNotStored(CaseContext& c, const PutResponse& put, std::string_view etag,
                     Where where = Where::current()) {
  c.Expect(!put.stored(), "it is not stored", where);
  c.ExpectEq(put.etag(), etag, where);
  c.ExpectEq(put.size(), uint64_t{0}, where);
}

}  // namespace

Task<void> IfAbsentNeedsAbsence(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  const PutResponse first = co_await objects.Put(IfAbsent(key), "first");
  c.Expect(first.stored(), "there was no object");
  const PutResponse second = co_await objects.Put(IfAbsent(key), "second");
  ExpectNotStored(c, second, first.etag());
  c.ExpectEq(co_await objects.Content(key), "first");
  PutHeader no_condition = HeaderOf(key);
  no_condition.set_if_absent(false);
  const PutResponse third = co_await objects.Put(no_condition, "third");
  c.Expect(third.stored(), "false is no condition");
  co_await objects.Delete(key);
  const PutResponse again = co_await objects.Put(IfAbsent(key), "again");
  c.Expect(again.stored(), "what was deleted is absent");
}

Task<void> IfEtagNeedsThatObject(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  const PutResponse absent = co_await objects.Put(IfEtag(key, "some etag"), "never");
  ExpectNotStored(c, absent, "");
  c.ExpectEq(co_await objects.Exists(key), false);
  const std::string first = co_await objects.Store(key, "first");
  const PutResponse second = co_await objects.Put(IfEtag(key, first), "second");
  c.Expect(second.stored() && second.etag() != first, "the etag matched, and is another now");
  const PutResponse stale = co_await objects.Put(IfEtag(key, first), "never");
  ExpectNotStored(c, stale, second.etag());
  c.ExpectEq(co_await objects.Content(key), "second");
}

// The condition holds when the Put begins, and no more when it ends.
Task<void> ConditionIsTestedAtTheEnd(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  std::string there;
  auto store = [&]() -> Task<void> { there = co_await objects.Store(key, "in between"); };
  const Answer<PutResponse> absent =
      co_await TryPut(c, Interrupted(IfAbsent(key), Pattern(300'000), store));
  c.Expect(absent.status.ok(), "a condition that does not hold is an answer");
  ExpectNotStored(c, absent.value, there);
  c.ExpectEq(co_await objects.Content(key), "in between");
  auto replace = [&]() -> Task<void> { there = co_await objects.Store(key, "once more"); };
  const std::string before = there;
  const Answer<PutResponse> stale =
      co_await TryPut(c, Interrupted(IfEtag(key, before), Pattern(300'000), replace));
  ExpectNotStored(c, stale.value, there);
  c.ExpectEq(co_await objects.Content(key), "once more");
  auto remove = [&]() -> Task<void> { (void)co_await objects.Delete(key); };
  const Answer<PutResponse> gone =
      co_await TryPut(c, Interrupted(IfEtag(key, there), Pattern(300'000), remove));
  ExpectNotStored(c, gone.value, "");
  c.ExpectEq(co_await objects.Exists(key), false);
}

// More bytes than flow control lets through unread: whether the backend takes them or not, the
// answer must arrive.
Task<void> EarlyAnswersArrive(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  const std::string etag = co_await objects.Store(key, "there");
  const PutResponse put = co_await objects.Put(IfAbsent(key), Pattern(4'000'000), 50'000);
  ExpectNotStored(c, put, etag);
  c.ExpectEq(co_await objects.Content(key), "there");
}

Task<void> OneOfManyFirstPutsIsStored(CaseContext& c) {
  for (int round = 0; round < 5 && c.ok(); ++round) {
    const std::string key = c.Unique("object");
    std::vector<int> winners;
    co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
      ObjectClient objects(c);
      const PutResponse put = co_await objects.Put(IfAbsent(key), Uniform(client));
      if (put.stored()) winners.push_back(client);
    });
    c.ExpectEq(winners.size(), size_t{1});
    if (winners.empty()) co_return;
    ObjectClient objects(c);
    const std::string content = co_await objects.Content(key);
    c.Expect(content == Uniform(winners[0]), "the object is that of the one who was told so");
  }
}

Task<void> OneOfManyReplacementsIsStored(CaseContext& c) {
  const std::string key = c.Unique("object");
  ObjectClient first(c);
  std::string etag = co_await first.Store(key, "first");
  for (int round = 0; round < 5 && c.ok(); ++round) {
    std::vector<std::string> stored;
    co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
      ObjectClient objects(c);
      const std::string content = Uniform(client) + std::to_string(round);
      const PutResponse put = co_await objects.Put(IfEtag(key, etag), content);
      if (put.stored()) stored.push_back(put.etag());
    });
    c.ExpectEq(stored.size(), size_t{1});
    if (stored.empty()) co_return;
    etag = stored[0];
    const HeadResponse head = co_await first.Head(key);
    c.ExpectEq(head.info().etag(), etag);
  }
}

// Clients append to the same object, each behind what it read: no letter may be missing.
Task<void> NoReplacementIsLost(CaseContext& c) {
  constexpr int kAppends = 5;
  const std::string key = c.Unique("object");
  ObjectClient first(c);
  co_await first.Store(key, "");
  co_await c.Concurrently(kClients, [&](int client) -> Task<void> {
    ObjectClient objects(c);
    for (int done = 0; done < kAppends && c.ok();) {
      const Download now = co_await objects.Get(key);
      const std::string more = now.content + static_cast<char>('a' + client);
      const PutResponse put = co_await objects.Put(IfEtag(key, now.header.info().etag()), more);
      done += put.stored();
    }
  });
  std::string content = co_await first.Content(key);
  std::sort(content.begin(), content.end());
  std::string expected;
  for (int client = 0; client < kClients; ++client) {
    expected += std::string(kAppends, static_cast<char>('a' + client));
  }
  c.ExpectEq(content, expected);
}

// Looks around while half of the content has been sent.
Task<void> PutBecomesVisibleAtItsEnd(CaseContext& c) {
  ObjectClient objects(c);
  const std::string fresh = c.Unique("object");
  const std::string there = c.Unique("object");
  c.Note(fresh);
  co_await objects.Store(there, "old");
  const std::string half = Pattern(300'000);
  ListRequest list;
  list.set_prefix(fresh);
  std::string arriving;
  auto look = [&]() -> Task<void> {
    for (int i = 0; i < 5; ++i) {
      c.ExpectEq(co_await objects.Content(there), "old");
      if (arriving == there) continue;
      c.ExpectEq(co_await objects.Exists(fresh), false);
      const auto listed = co_await c.CallAll(&ObjectBasicStub::List, list);
      c.Expect(listed.empty(), "what has not arrived is not listed");
    }
  };
  for (const std::string& key : {fresh, there}) {
    arriving = key;
    const Answer<PutResponse> put = co_await TryPut(c, Interrupted(HeaderOf(key), half, look));
    c.Expect(put.status.ok() && put.value.stored(), "it is stored at last");
    const std::string content = co_await objects.Content(key);
    c.Expect(content == half + half, "both halves are there");
  }
}

// The object is replaced, then deleted, behind the first piece that its reader took.
Task<void> GetReturnsTheBytesOfOnePut(CaseContext& c) {
  ObjectClient objects(c);
  const std::string key = c.Unique("object");
  const std::string contents[] = {Pattern(3'000'000), std::string(2'000'000, 'b')};
  for (const std::string& content : contents) {
    co_await objects.Store(key, content);
    LiveStream reader(c, &ObjectBasicStub::Get, GetOf(key));
    const GetResponse header = co_await reader.Next(c);
    c.ExpectEq(header.header().length(), content.size());
    GetResponse part = co_await reader.Next(c);
    std::string got = part.piece();
    co_await objects.Store(key, "other");
    co_await objects.Delete(key);
    while (const GetResponse* next = co_await reader.Pull()) got += next->piece();
    c.Expect(reader.status().ok(), "the reader's stream ends well");
    c.Expect(got == content, "the reader has the bytes of one Put");
  }
}

// Writers replace and delete the object all the time: whatever a reader gets is of one of them.
Task<void> ContentsNeverMix(CaseContext& c) {
  const std::string key = c.Unique("object");
  int writing = 3;
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    ObjectClient objects(c);
    if (client < 3) {
      for (int i = 0; i < 12 && c.ok(); ++i) {
        co_await objects.Store(key, Uniform(client));
        if (i % 4 == 3) co_await objects.Delete(key);
      }
      --writing;
      co_return;
    }
    while (writing > 0 && c.ok()) {
      const Download got = co_await objects.Get(key);
      if (!got.header.found()) continue;
      c.ExpectEq(got.content.size(), got.header.info().size());
      const int writer = got.content.empty() ? -1 : got.content[0] - 'a';
      c.Expect(writer >= 0 && writer < 3 && got.content == Uniform(writer),
               "the content is that of one Put");
    }
  });
  ObjectClient objects(c);
  co_await objects.Store(key, "last");
  c.ExpectEq(co_await objects.Content(key), "last");
}

}  // namespace prism::conformance::object_basic
