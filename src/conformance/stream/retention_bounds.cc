#include "conformance/stream/groups_client.h"
#include "conformance/stream/partitions_client.h"
#include "conformance/stream/retention_cases.h"
#include "conformance/stream/retention_client.h"

namespace prism::conformance::streams {
namespace {

// "<from>" to "<to - 1>".
Texts NumbersFrom(int from, int to) {
  Texts all = Numbers(to);
  all.erase(all.begin(), all.begin() + from);
  return all;
}

// Records go late or at once, but oldest first and none of `kept`.
Task<void> UntilOnly(CaseContext& c, std::string name, Texts kept, Where where = Where::current()) {
  Streams streams(c);
  co_await c.Until(
      "only those are left that the bounds allow",
      [&]() -> Task<bool> {
        const Texts payloads = co_await streams.Payloads(name, where);
        if (payloads.size() < kept.size()) {
          c.Fail("a record is gone that is within all bounds: " + Show(payloads), where);
          co_return true;
        }
        const auto more = static_cast<std::ptrdiff_t>(payloads.size() - kept.size());
        c.ExpectEq(Texts(payloads.begin() + more, payloads.end()), kept, where);
        co_return more == 0 || !c.ok();
      },
      where);
}

void ExpectBounds(CaseContext& c, const GetRetentionResponse& told, const Retention& expected,
                  Where where = Where::current()) {
  c.Expect(told.found(), "the stream exists", where);
  c.ExpectEq(told.retention().ShortDebugString(), expected.ShortDebugString(), where);
}

}  // namespace

Task<void> RetentionIsReadBack(CaseContext& c) {
  Keeper keeper(c);
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const GetRetentionResponse absent = co_await keeper.Get(name);
  c.Expect(!absent.found(), "there is no such stream");
  Retention all = MaxRecords(1'000);
  all.set_max_age_ms(3'600'000);
  all.set_max_bytes(1 << 20);
  for (const Retention& retention :
       {MaxRecords(7), MaxAge(60'000), all, MaxBytes(4'096), Retention(), MaxRecords(1)}) {
    co_await keeper.Set(name, retention);
    ExpectBounds(c, co_await keeper.Get(name), retention);
  }
  const std::string other = c.Unique("stream");
  co_await streams.Append(other, "a record makes a stream");
  ExpectBounds(c, co_await keeper.Get(other), Retention());
}

Task<void> OldestRecordsGoFirst(CaseContext& c) {
  Keeper keeper(c);
  Streams streams(c);
  const std::string name = c.Unique("stream");
  const Texts offsets = co_await streams.AppendAll(name, Numbers(10));
  co_await keeper.Set(name, MaxRecords(4));
  co_await UntilOnly(c, name, NumbersFrom(6, 10));
  for (int i = 10; i < 13; ++i) co_await streams.Append(name, std::to_string(i));
  co_await UntilOnly(c, name, NumbersFrom(9, 13));
  // The offset of a record that is gone names the first that is left behind it.
  c.ExpectEq(co_await streams.Payloads(ReadOf(name, offsets[2])), NumbersFrom(9, 13));
}

Task<void> BytesAreBounded(CaseContext& c) {
  Keeper keeper(c);
  Streams streams(c);
  const std::string name = c.Unique("stream");
  Texts hundreds;
  for (int i = 0; i < 10; ++i) hundreds.emplace_back(100, static_cast<char>('a' + i));
  co_await streams.AppendAll(name, hundreds);
  co_await keeper.Set(name, MaxBytes(350));
  co_await UntilOnly(c, name, Texts(hundreds.end() - 3, hundreds.end()));
  // The newest stays, whatever its size.
  const std::string large(1'000, 'x');
  co_await streams.Append(name, large);
  co_await UntilOnly(c, name, Texts(1, large));
}

Task<void> AgeIsBounded(CaseContext& c) {
  constexpr int64_t kAgeMs = 150;
  Keeper keeper(c);
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await keeper.Set(name, MaxAge(3'600'000));
  co_await streams.AppendAll(name, Numbers(5));
  c.ExpectEq(co_await streams.Payloads(name), Numbers(5));
  co_await keeper.Set(name, MaxAge(kAgeMs));
  co_await c.Until("all are too old", [&]() -> Task<bool> {
    const Texts payloads = co_await streams.Payloads(name);
    co_return payloads.empty();
  });
  const GetLatestOffsetResponse latest = co_await streams.Latest(name);
  c.Expect(!latest.found(), "there is no newest record");
  co_await keeper.Set(name, MaxAge(3'600'000));
  co_await streams.Append(name, "later");
  c.ExpectEq(co_await streams.Payloads(ReadOf(name, latest.next_offset())), Texts(1, "later"));
}

Task<void> WithinAllBoundsNothingGoes(CaseContext& c) {
  Keeper keeper(c);
  Streams streams(c);
  const std::string name = c.Unique("stream");
  Retention retention = MaxRecords(20);
  retention.set_max_bytes(10'000);
  retention.set_max_age_ms(3'600'000);
  co_await keeper.Set(name, retention);
  for (int i = 0; i < 20 && c.ok(); ++i) {
    co_await streams.Append(name, std::to_string(i));
    c.ExpectEq(co_await streams.Payloads(name), Numbers(i + 1));
  }
  // One bound is enough for a record to go.
  co_await streams.Append(name, "20");
  co_await UntilOnly(c, name, NumbersFrom(1, 21));
}

Task<void> WithoutRetentionAllStays(CaseContext& c) {
  Keeper keeper(c);
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await keeper.Set(name, MaxRecords(2));
  co_await streams.AppendAll(name, Numbers(4));
  co_await UntilOnly(c, name, NumbersFrom(2, 4));
  co_await keeper.Set(name, Retention());
  for (int i = 4; i < 40; ++i) co_await streams.Append(name, std::to_string(i));
  c.ExpectEq(co_await streams.Payloads(name), NumbersFrom(2, 40));
}

Task<void> GroupsDoNotHoldRecords(CaseContext& c) {
  Keeper keeper(c);
  Streams streams(c);
  const std::string name = c.Unique("stream");
  co_await streams.AppendAll(name, Numbers(6));
  Group group(c, name);
  co_await group.Create();
  Member member(c, group, "member", 2);
  const Deliveries taken = co_await member.Take(2);
  co_await keeper.Set(name, MaxRecords(1));
  co_await UntilOnly(c, name, NumbersFrom(5, 6));
  // The member has room: what it had is gone.
  c.ExpectEq(PayloadsOf(co_await member.Take(1)), Texts(1, "5"));
  c.ExpectEq(co_await group.Ack(taken), 0u);
  c.ExpectEq((co_await group.Info()).pending(), 1u);
}

Task<void> BoundsHoldForEachPartition(CaseContext& c) {
  Keeper keeper(c);
  const std::string name = c.Unique("stream");
  Partitioned partitioned(c, name);
  co_await partitioned.Set(2);
  for (int i = 0; i < 5; ++i) co_await partitioned.Append(0, std::to_string(i));
  for (int i = 0; i < 2; ++i) co_await partitioned.Append(1, std::to_string(i));
  co_await keeper.Set(name, MaxRecords(3));
  co_await c.Until("the bound holds", [&]() -> Task<bool> {
    const Texts payloads = co_await partitioned.Payloads(0);
    co_return payloads == NumbersFrom(2, 5);
  });
  c.ExpectEq(co_await partitioned.Payloads(1), Numbers(2));
}

Task<void> BadBoundsAreRefused(CaseContext& c) {
  constexpr int64_t kTwoHundredYearsMs = int64_t{200} * 366 * 24 * 3600 * 1000;
  Keeper keeper(c);
  const std::string name = c.Unique("stream");
  co_await keeper.Set(name, MaxRecords(5));
  for (const int64_t bad : {int64_t{0}, int64_t{-1}, INT64_MIN}) {
    co_await c.Refused(&StreamRetentionStub::SetRetention, RetentionOf(name, MaxRecords(bad)),
                       Code::kInvalidArgument, "max_records");
    co_await c.Refused(&StreamRetentionStub::SetRetention, RetentionOf(name, MaxBytes(bad)),
                       Code::kInvalidArgument, "max_bytes");
    co_await c.Refused(&StreamRetentionStub::SetRetention, RetentionOf(name, MaxAge(bad)),
                       Code::kInvalidArgument, "max_age_ms");
  }
  co_await c.Refused(&StreamRetentionStub::SetRetention,
                     RetentionOf(name, MaxAge(kTwoHundredYearsMs)), Code::kInvalidArgument,
                     "max_age_ms");
  ExpectBounds(c, co_await keeper.Get(name), MaxRecords(5));
  for (const std::string& bad : BadNames()) {
    co_await c.Refused(&StreamRetentionStub::SetRetention, RetentionOf(bad, MaxRecords(5)),
                       Code::kInvalidArgument, "stream");
    co_await c.Refused(&StreamRetentionStub::GetRetention, Named<GetRetentionRequest>(bad),
                       Code::kInvalidArgument, "stream");
    co_await c.Refused(&StreamRetentionStub::Compact, Named<CompactRequest>(bad),
                       Code::kInvalidArgument, "stream");
    co_await c.Refused(&StreamRetentionStub::DeleteStream, Named<DeleteStreamRequest>(bad),
                       Code::kInvalidArgument, "stream");
  }
}

}  // namespace prism::conformance::streams
