#include <set>

#include "conformance/queue/dead_letter_cases.h"
#include "conformance/queue/dead_letter_client.h"

namespace prism::conformance::queues::dead_letter {
namespace {

// All pages of dead letters, at most `max_pages`.
Task<std::vector<GetDeadLetterQueueResponse>> Pages(CaseContext& c, const std::string& queue,
                                                    uint64_t limit, size_t max_pages) {
  std::vector<GetDeadLetterQueueResponse> pages;
  GetDeadLetterQueueRequest request = DeadOf(queue, limit);
  for (bool more = true; more && pages.size() < max_pages;) {
    pages.push_back(co_await c.Call(&QueueDeadLetterStub::GetDeadLetterQueue, request));
    more = !pages.back().cursor().empty();
    request.set_cursor(pages.back().cursor());
  }
  c.Expect(!pages.empty() && pages.back().cursor().empty(), "the end has no cursor");
  co_return pages;
}

Payloads PayloadsOfAll(const std::vector<GetDeadLetterQueueResponse>& pages) {
  Payloads all;
  for (const GetDeadLetterQueueResponse& page : pages) {
    const Payloads some = PayloadsOf(page);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace

Task<void> NoConfigurationIsNotFound(CaseContext& c) {
  DeadLetters dead(c);
  const GetDeadLetterQueueResponse none = co_await dead.Get();
  c.Expect(!none.found() && none.ByteSizeLong() == 0, "there is no configuration");
  co_await dead.Configure(1000);
  const GetDeadLetterQueueResponse found = co_await dead.Get();
  GetDeadLetterQueueResponse expected;
  expected.set_found(true);
  expected.set_max_receives(1000);
  expected.set_dead_letter_queue(dead.dead());
  c.ExpectEq(found.ShortDebugString(), expected.ShortDebugString());
}

// More messages than a page takes, and a few large ones.
Task<void> PagesAreBounded(CaseContext& c) {
  DeadLetters dead(c);
  Payloads sent = Numbered("m", 1050);
  for (const size_t bytes : {400'000, 700'000, 300'000, 700'000}) sent.emplace_back(bytes, 'p');
  co_await dead.Bury(sent);
  const auto pages = co_await Pages(c, dead.queue(), 0, 20);
  for (const GetDeadLetterQueueResponse& page : pages) {
    c.ExpectEq(page.ready_count(), uint64_t{sent.size()});
    c.Expect(page.messages_size() > 0, "no page is empty");
    c.ExpectLe(page.messages_size(), 1000, "messages of a page");
    size_t bytes = 0;
    for (const DeadMessage& each : page.messages()) bytes += BytesOf(each.message());
    c.ExpectLe(bytes, kMaxAnswerBytes, "bytes of a page");
  }
  c.Expect(PayloadsOfAll(pages) == sent, "all messages are on a page, in order");
}

// Also when what was read has gone since, and more has come.
Task<void> CursorResumes(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters dead(c);
  const Payloads sent = Numbered("m", 25);
  co_await dead.Bury(sent);
  const auto pages = co_await Pages(c, dead.queue(), 10, 4);
  for (const GetDeadLetterQueueResponse& page : pages) {
    c.ExpectLe(page.messages_size(), 10, "messages of a page");
  }
  c.ExpectEq(PayloadsOfAll(pages), sent);
  if (!c.ok()) co_return;
  c.ExpectEq(co_await queue.Take(dead.dead(), 12), Payloads(sent.begin(), sent.begin() + 12));
  GetDeadLetterQueueRequest request = DeadOf(dead.queue());
  request.set_cursor(pages[0].cursor());
  const auto rest = co_await c.Call(&QueueDeadLetterStub::GetDeadLetterQueue, request);
  c.ExpectEq(PayloadsOf(rest), Payloads(sent.begin() + 12, sent.end()));
  c.ExpectEq(rest.ready_count(), uint64_t{13});
}

Task<void> DamagedCursorsAreRefused(CaseContext& c) {
  DeadLetters dead(c);
  co_await dead.Bury(Numbered("m", 3));
  const GetDeadLetterQueueResponse page = co_await dead.Get(1);
  c.Expect(!page.cursor().empty(), "there is more behind the limit");
  if (!c.ok()) co_return;
  std::string turned = page.cursor();
  turned[turned.size() / 2] ^= 1;
  const std::string cut = page.cursor().substr(0, page.cursor().size() - 1);
  const Payloads cursors = {turned, cut, page.cursor() + "x", "x"};
  for (const std::string& cursor : cursors) {
    GetDeadLetterQueueRequest request = DeadOf(dead.queue());
    request.set_cursor(cursor);
    co_await c.Refused(&QueueDeadLetterStub::GetDeadLetterQueue, request, Code::kInvalidArgument,
                       "cursor");
  }
}

// Neither what is in flight there, nor what was put there by others.
Task<void> OnlyReadyOnesAreListed(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters dead(c);
  Receiver receiver(c);
  co_await dead.Bury(Numbered("m", 3));
  co_await queue.PutAll(dead.dead(), Payloads(1, "plain"));
  const QueueDelivery held = co_await receiver.One(dead.dead(), kLongMs);
  c.ExpectEq(held.message().payload(), "m0");
  const GetDeadLetterQueueResponse page = co_await dead.Get();
  const Payloads ready = {"m1", "m2"};
  c.ExpectEq(PayloadsOf(page), ready);
  c.ExpectEq(page.ready_count(), uint64_t{2});
  c.ExpectEq(co_await dead.Redrive(10), uint64_t{2});
  c.ExpectEq(co_await queue.Look(dead.queue()), ready);
  c.ExpectEq(co_await queue.Look(dead.dead()), Payloads(1, "plain"));
  c.ExpectEq(co_await receiver.Release(dead.dead(), held.receipt()), true);
  c.ExpectEq(co_await dead.Redrive(10), uint64_t{1});
  const Payloads all = {"m1", "m2", "m0"};
  c.ExpectEq(co_await queue.Take(dead.queue(), 10), all);
}

Task<void> RedriveMovesBack(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters dead(c);
  co_await dead.Configure(1);
  EnqueueRequest request = EnqueueOf(dead.queue(), "payload");
  (*request.mutable_attributes())["name"] = "value";
  co_await queue.Put(request);
  const PeekResponse before = co_await queue.Peek(PeekOf(dead.queue()));
  co_await dead.Fail();
  co_await dead.UntilDead(1);
  co_await queue.PutAll(dead.queue(), Payloads(1, "ahead"));
  c.ExpectEq(co_await dead.Redrive(1), uint64_t{1});
  co_await queue.PutAll(dead.queue(), Payloads(1, "behind"));
  const DequeueResponse after = co_await queue.Dequeue(DequeueOf(dead.queue(), 10));
  const Payloads expected = {"ahead", "payload", "behind"};
  c.ExpectEq(PayloadsOf(after), expected);
  if (!c.ok()) co_return;
  c.ExpectEq(AsText(after.messages(1)), AsText(before.messages(0)));
  c.ExpectEq(co_await queue.Look(dead.dead()), Payloads());
  const GetDeadLetterQueueResponse page = co_await dead.Get();
  c.ExpectEq(page.ready_count(), uint64_t{0});
}

Task<void> RedriveTakesTheFirst(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters dead(c);
  const Payloads sent = Numbered("m", 6);
  co_await dead.Bury(sent);
  c.ExpectEq(co_await dead.Redrive(2), uint64_t{2});
  c.ExpectEq(co_await queue.Look(dead.queue()), Payloads(sent.begin(), sent.begin() + 2));
  const GetDeadLetterQueueResponse page = co_await dead.Get();
  c.ExpectEq(PayloadsOf(page), Payloads(sent.begin() + 2, sent.end()));
  c.ExpectEq(co_await dead.Redrive(1000), uint64_t{4});
  c.ExpectEq(co_await queue.Look(dead.queue()), sent);
  // They begin anew: each may be received as often as before.
  const Payloads again = co_await dead.Fail(6);
  c.ExpectEq(again, sent);
  co_await dead.UntilDead(6);
}

Task<void> RedriveOfNothingMovesNone(CaseContext& c) {
  QueueClient queue(c);
  DeadLetters dead(c);
  c.ExpectEq(co_await dead.Redrive(10), uint64_t{0});
  co_await dead.Configure(5);
  co_await queue.PutAll(dead.dead(), Payloads(1, "not from there"));
  c.ExpectEq(co_await dead.Redrive(10), uint64_t{0});
  c.ExpectEq(co_await queue.Look(dead.queue()), Payloads());
  c.ExpectEq(co_await queue.Take(dead.dead(), 10), Payloads(1, "not from there"));
}

Task<void> ConcurrentRedrivesMoveEachOnce(CaseContext& c) {
  constexpr uint64_t kTotal = 100;
  DeadLetters dead(c);
  const Payloads sent = Numbered("m", kTotal);
  co_await dead.Bury(sent);
  uint64_t moved = 0;
  std::multiset<std::string> got;
  co_await c.Concurrently(8, [&](int client) -> Task<void> {
    QueueClient queue(c);
    while (got.size() < kTotal && c.ok()) {
      const uint64_t some = co_await dead.Redrive(3);
      moved += some;
      const std::string& from = client == 0 ? dead.dead() : dead.queue();
      const Payloads taken = co_await queue.Take(from, 2, 5);
      got.insert(taken.begin(), taken.end());
    }
  });
  c.Expect(got == std::multiset<std::string>(sent.begin(), sent.end()), "each comes once");
  c.ExpectLe(moved, kTotal, "messages that were moved");
}

Task<void> BadRequestsAreRefused(CaseContext& c) {
  constexpr Code kBad = Code::kInvalidArgument;
  constexpr auto kConfigure = &QueueDeadLetterStub::ConfigureDeadLetter;
  DeadLetters dead(c);
  co_await dead.Configure(7);
  co_await RefuseBadNames(c, kConfigure, ConfigureOf("", 1, dead.dead()));
  co_await RefuseBadNames(c, &QueueDeadLetterStub::GetDeadLetterQueue, DeadOf(""));
  co_await RefuseBadNames(c, &QueueDeadLetterStub::Redrive, RedriveOf("", 1));
  co_await RefuseNoText(c);
  co_await c.Refused(kConfigure, ConfigureOf(dead.queue(), 1, ""), kBad, "dead_letter_queue");
  co_await c.Refused(kConfigure, ConfigureOf(dead.queue(), 0, dead.dead()), kBad, "max_receives");
  co_await c.Refused(kConfigure, ConfigureOf(dead.queue(), 1001, dead.dead()), kBad,
                     "max_receives");
  co_await c.Refused(kConfigure, ConfigureOf(dead.queue(), 1, dead.queue()), kBad,
                     "dead_letter_queue");
  co_await c.Refused(kConfigure, ConfigureOf(dead.queue(), 1, std::string(kMaxNameBytes + 1, 'd')),
                     kBad, "dead_letter_queue");
  for (const uint32_t max : {0u, 1001u, ~0u}) {
    co_await c.Refused(&QueueDeadLetterStub::Redrive, RedriveOf(dead.queue(), max), kBad,
                       "max_messages");
  }
  const GetDeadLetterQueueResponse kept = co_await dead.Get();
  c.ExpectEq(kept.max_receives(), 7u);
}

}  // namespace prism::conformance::queues::dead_letter
