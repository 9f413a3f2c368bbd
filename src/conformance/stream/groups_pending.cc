#include <map>
#include <set>

#include "conformance/stream/groups_cases.h"
#include "conformance/stream/groups_client.h"

namespace prism::conformance::streams {

using stream::v1::OLDEST;

Task<void> AcksCountThePending(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const Texts offsets = co_await streams.AppendAll(name, Numbers(5));
  Group group(c, name);
  co_await group.Create();
  c.ExpectEq(co_await group.Ack(Texts(offsets)), 0u);
  Member one(c, group, "one", 2);
  Member two(c, group, "two", 2);
  (void)co_await one.Take(2);
  (void)co_await two.Take(2);
  // Of both members, in no order, one twice and one that nobody has.
  Texts mixed(offsets.rbegin(), offsets.rend() - 1);
  mixed.push_back(mixed.back());
  c.ExpectEq(co_await group.Ack(mixed), 3u);
  mixed.erase(mixed.begin());  // now there is room for it
  c.ExpectEq(co_await group.Ack(mixed), 0u);
  c.ExpectEq(co_await group.Ack(Texts(1, offsets[0])), 1u);
}

Task<void> AckedStaysAcked(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(4));
  Group group(c, name);
  co_await group.Create(OLDEST, kShortAckWaitMs);
  {
    Member leaver(c, group, "leaver", 3);
    Deliveries taken = co_await leaver.Take(3);
    taken.erase(taken.begin() + 1);
    c.ExpectEq(co_await group.Ack(taken), 2u);
  }
  co_await group.Gone(c, "leaver");
  Member heir(c, group, "heir");
  Texts came = PayloadsOf(co_await heir.Take(2));
  Texts expected;
  expected.emplace_back("1");
  expected.emplace_back("3");
  c.ExpectEq(came, expected);
}

Task<void> ClaimsTakeOver(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(3));
  Group group(c, name);
  co_await group.Create();
  Member stuck(c, group, "stuck", 3);
  (void)co_await stuck.Take(3);
  c.ExpectEq((co_await group.Claim("claimer", kMaxIdleMs)).size(), size_t{0});
  c.ExpectEq((co_await group.Claim("stuck")).size(), size_t{0});
  const Deliveries some = co_await group.Claim("claimer", 0, 2);
  c.ExpectEq(some.size(), size_t{2});
  ExpectCounts(c, some, 2);
  const Deliveries rest = co_await group.Claim("claimer");
  c.ExpectEq(rest.size(), size_t{1});
  c.ExpectEq(co_await group.PendingOf("stuck"), 0u);
  const GetConsumerGroupInfoResponse info = co_await group.Info();
  c.ExpectEq(info.members_size(), 2);
  if (info.members_size() == 2) {
    c.ExpectEq(info.members(0).name(), "claimer");
    c.Expect(!info.members(0).joined(), "the claimer has no stream");
    c.ExpectEq(info.members(0).pending(), 3u);
  }
  const Deliveries third = co_await group.Claim("another");
  ExpectCounts(c, third, 3);
  c.ExpectEq(co_await group.Ack(third), 3u);
}

Task<void> ClaimsTakeTheLongestIdle(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  Group group(c, name);
  co_await group.Create();
  Member member(c, group, "member");
  for (int i = 0; i < 3; ++i) {
    co_await streams.Append(name, std::to_string(i));
    (void)co_await member.Take(1);
    co_await c.Sleep(std::chrono::milliseconds(15));
  }
  // The first, claimed last, has become the least idle one.
  c.ExpectEq(PayloadsOf(co_await group.Claim("claimer", 0, 1)), Texts(1, "0"));
  co_await c.Sleep(std::chrono::milliseconds(15));
  Texts order;
  order.emplace_back("1");
  order.emplace_back("2");
  order.emplace_back("0");
  c.ExpectEq(PayloadsOf(co_await group.Claim("another", 0)), order);
}

// Where leaving is not seen, the ack wait frees the leaver's records first: it had them earlier.
Task<void> ClaimsTakeTheFreeFirst(CaseContext& c) {
  constexpr int64_t kAckWaitMs = 1'500;
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(3));
  Group group(c, name);
  co_await group.Create(OLDEST, kAckWaitMs);
  Member leaver(c, group, "leaver", 2);
  (void)co_await leaver.Take(2);
  co_await c.Sleep(std::chrono::milliseconds(kAckWaitMs / 5));
  Member stuck(c, group, "stuck", 1);
  (void)co_await stuck.Take(1);
  leaver.Leave();
  const Status end = co_await leaver.End();
  c.ExpectEq(end.code(), Code::kCancelled);
  co_await group.Gone(c, "leaver");
  const Deliveries freed = co_await group.Claim("claimer", kMaxIdleMs);
  c.ExpectEq(PayloadsOf(freed), Numbers(2));
  ExpectCounts(c, freed, 2);
  c.ExpectEq(PayloadsOf(co_await group.Claim("claimer")), Texts(1, "2"));
}

Task<void> ClaimsFillAPage(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const std::string half(size_t{600} << 10, 'x');  // one fits in a page, two do not
  for (int i = 0; i < 3; ++i) co_await streams.Append(name, half);
  Group group(c, name);
  co_await group.Create();
  Member member(c, group, "member");
  (void)co_await member.Take(3);
  for (int i = 0; i < 3; ++i) {
    const Deliveries page = co_await group.Claim("claimer");
    c.ExpectEq(page.size(), size_t{1});
  }
  c.ExpectEq((co_await group.Claim("claimer")).size(), size_t{0});
}

// Each claim of a record counts up, so no record is claimed twice with the same count.
Task<void> ManyClaimsMeetOnce(CaseContext& c) {
  constexpr int kRecords = 60;
  const std::string name = c.Unique("stream");
  co_await AppendMany(c, name, kRecords);
  Group group(c, name);
  co_await group.Create();
  Member stuck(c, group, "stuck", kRecords);
  (void)co_await stuck.Take(kRecords);
  std::map<std::string, std::set<uint32_t>> counts;
  size_t claimed = 0;
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    for (int i = 0; i < 4 && c.ok(); ++i) {
      const Deliveries page = co_await group.Claim("claimer" + std::to_string(client), 0, 7);
      c.ExpectEq(page.size(), size_t{7});
      claimed += page.size();
      for (const Delivery& delivery : page) {
        counts[delivery.record().offset()].insert(delivery.delivery_count());
      }
    }
  });
  size_t different = 0;
  for (const auto& [offset, numbers] : counts) {
    different += numbers.size();
    c.ExpectEq(*numbers.begin(), 2u);
    c.ExpectEq(size_t{*numbers.rbegin()}, numbers.size() + 1);
  }
  c.ExpectEq(different, claimed);
  c.ExpectEq((co_await group.Info()).pending(), uint64_t{kRecords});
}

Task<void> BadClaimsAndAcksAreRefused(CaseContext& c) {
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const Texts offsets = co_await streams.AppendAll(name, Numbers(1));
  Group group(c, name);
  co_await group.Create();
  auto claim = group.Of<ClaimPendingRequest>();
  co_await c.Refused(&StreamConsumerGroupsStub::ClaimPending, claim, Code::kInvalidArgument,
                     "member");
  claim.set_member("member");
  for (const int64_t min_idle_ms : {int64_t{-1}, kMaxIdleMs + 1}) {
    claim.set_min_idle_ms(min_idle_ms);
    co_await c.Refused(&StreamConsumerGroupsStub::ClaimPending, claim, Code::kInvalidArgument,
                       "min_idle_ms");
  }
  claim.set_min_idle_ms(0);
  claim.set_limit(1'001);
  co_await c.Refused(&StreamConsumerGroupsStub::ClaimPending, claim, Code::kInvalidArgument,
                     "limit");
  auto ack = group.Of<AckRequest>();
  co_await c.Refused(&StreamConsumerGroupsStub::Ack, ack, Code::kInvalidArgument, "offsets");
  ack.add_offsets("nonsense");
  co_await c.Refused(&StreamConsumerGroupsStub::Ack, ack, Code::kInvalidArgument, "offsets");
  ack.clear_offsets();
  for (int i = 0; i < 1'001; ++i) ack.add_offsets(offsets[0]);
  co_await c.Refused(&StreamConsumerGroupsStub::Ack, ack, Code::kInvalidArgument, "offsets");
}

}  // namespace prism::conformance::streams
