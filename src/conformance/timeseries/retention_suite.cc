#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

#include "conformance/timeseries/aggregation_client.h"
#include "conformance/timeseries/client.h"
#include "conformance/timeseries/suites.h"
#include "interfaces/timeseries_interpolation.prism.h"
#include "prism/interfaces/timeseries_interpolation.pb.h"

namespace prism::conformance {
namespace {

using timeseries::v1::InterpolateRequest;

constexpr int64_t kMaxAgeMs = kCenturyUs / 1000;
constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kHourUs = kHourMs * 1000;
// What a backend's clock and ours may disagree by.
constexpr int64_t kSlackUs = 100'000;

int64_t NowUs() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

GetRetentionRequest Ask(std::string measurement) {
  GetRetentionRequest request;
  request.set_measurement(std::move(measurement));
  return request;
}

// timeseries_retention as plain functions: all must succeed.
class Retention {
 public:
  explicit Retention(Caller& caller) : caller_(caller) {}

  Task<void> Set(std::string measurement, int64_t max_age_ms, Where where = Where::current()) {
    caller_.Note(measurement);
    (void)co_await caller_.Call(&TimeSeriesRetentionStub::SetRetention,
                                RetentionOf(std::move(measurement), max_age_ms), where);
  }
  Task<std::optional<int64_t>> Get(std::string measurement, Where where = Where::current()) {
    const auto response = co_await caller_.Call(&TimeSeriesRetentionStub::GetRetention,
                                                Ask(std::move(measurement)), where);
    std::optional<int64_t> max_age_ms;
    if (response.found()) max_age_ms = response.max_age_ms();
    if (!response.found() && response.max_age_ms() != 0) {
      caller_.Fail("it is not found but has a maximum age", where);
    }
    co_return max_age_ms;
  }

 private:
  Caller& caller_;
};

// Two series whose points are an hour and five seconds old, an hour less that, and to come.
struct Ages {
  std::string name;
  Samples old;
  Samples young;
};

Task<Ages> FillAges(CaseContext& c) {
  const int64_t now = NowUs();
  const int64_t old = now - kHourUs - 5 * kSecondUs;
  Ages ages = {c.Unique("measurement"), {{kThenUs, 1}, {old, 2}}, {}};
  ages.young = {{now - kHourUs + 60 * kSecondUs, 4}, {now + kHourUs, 8}};
  TimeSeries ts(c);
  for (const char* host : {"a", "b"}) {
    const Tags tags = {{"host", host}};
    co_await ts.Insert(ages.name, tags, ages.old);
    co_await ts.Insert(ages.name, tags, ages.young);
  }
  co_return ages;
}

Texts BothSeries(const Samples& samples) {
  return {TextOf(SeriesOf("", {{"host", "a"}}, samples)),
          TextOf(SeriesOf("", {{"host", "b"}}, samples))};
}

Task<void> SettingComesBack(CaseContext& c) {
  Retention retention(c);
  const std::string name = c.Unique("measurement");
  c.ExpectEq(co_await retention.Get(name), std::nullopt);
  for (const int64_t max_age_ms : {kHourMs, int64_t{1}, kMaxAgeMs, kHourMs + 1, kHourMs}) {
    co_await retention.Set(name, max_age_ms);
    for (int i = 0; i < 4; ++i) c.ExpectEq(co_await retention.Get(name), max_age_ms);
  }
  const std::string other = c.Unique("measurement");
  c.ExpectEq(co_await retention.Get(other), std::nullopt);
}

Task<void> ZeroKeepsForEver(CaseContext& c) {
  TimeSeries ts(c);
  Retention retention(c);
  const std::string name = c.Unique("measurement");
  co_await retention.Set(name, kHourMs);
  co_await retention.Set(name, 0);
  c.ExpectEq(co_await retention.Get(name), std::nullopt);
  const Samples old = {{kFirstTimeUs, 1}, {kThenUs, 2}};
  c.ExpectEq(co_await ts.Insert(name, old), uint64_t{0});
  c.ExpectEq(co_await ts.Points(name), old);
  co_await retention.Set(name, 0);
  c.ExpectEq(co_await ts.Points(name), old);
}

Task<void> NoQuerySeesOldPoints(CaseContext& c) {
  TimeSeries ts(c);
  Retention retention(c);
  const Ages ages = co_await FillAges(c);
  c.ExpectEq((co_await ts.Points(ages.name)).size(), size_t{8});
  co_await retention.Set(ages.name, kHourMs);
  // Over several connections: from the answer on, on every worker.
  for (int i = 0; i < 4; ++i) {
    c.ExpectEq(co_await ts.Series(QueryOf(ages.name)), BothSeries(ages.young));
  }
  QueryRequest request = QueryOf(ages.name);
  request.set_to_unix_us(ages.young[0].first);
  const auto before = co_await ts.Pages(request);
  c.ExpectEq(before.size(), size_t{0});
  request.set_descending(true);
  request.clear_to_unix_us();
  Samples turned = ages.young;
  std::reverse(turned.begin(), turned.end());
  c.ExpectEq(co_await ts.Series(request), BothSeries(turned));
  request.set_descending(false);
  request.set_limit(1);
  const Samples first = {ages.young[0]};
  c.ExpectEq(co_await ts.Points(request), first);
}

Task<void> NoAggregateSeesOldPoints(CaseContext& c) {
  Retention retention(c);
  Aggregates aggregates(c);
  const Ages ages = co_await FillAges(c);
  co_await retention.Set(ages.name, kHourMs);
  const Functions functions = {timeseries::v1::SUM, timeseries::v1::COUNT};
  const Texts young = {"0 () 24 4"};
  c.ExpectEq(co_await aggregates.Rows(AggregateOf(ages.name, kCenturyUs, functions)), young);
  const std::string target = c.Unique("target");
  const RollupRequest rollup =
      RollupOf(ages.name, target, kCenturyUs, timeseries::v1::SUM, 0, kCenturyUs);
  c.ExpectEq(co_await aggregates.Rollup(rollup), uint64_t{1});
  TimeSeries ts(c);
  const Samples sum = {{0, 24}};
  c.ExpectEq(co_await ts.Points(target), sum);
}

// Neither is an old point a value, nor the neighbour of an instant.
Task<void> NoInterpolationSeesOldPoints(CaseContext& c) {
  Retention retention(c);
  const Ages ages = co_await FillAges(c);
  InterpolateRequest request;
  request.set_measurement(ages.name);
  request.set_from_unix_us(ages.old[1].first);
  request.set_to_unix_us(ages.young[0].first + 1);
  request.set_step_us(request.to_unix_us() - 1 - request.from_unix_us());
  request.set_method(timeseries::v1::PREVIOUS);
  const auto interpolate = &TimeSeriesInterpolationStub::Interpolate;
  const auto all = co_await c.CallAll(interpolate, request);
  const Samples both = {ages.old[1], ages.young[0]};
  c.ExpectEq(SortedTexts(SeriesOf(all)), BothSeries(both));
  co_await retention.Set(ages.name, kHourMs);
  const auto seen = co_await c.CallAll(interpolate, request);
  const Samples young = {ages.young[0]};
  c.ExpectEq(SortedTexts(SeriesOf(seen)), BothSeries(young));
  request.set_to_unix_us(ages.young[0].first);
  request.set_from_unix_us(request.from_unix_us() + 1);
  const auto none = co_await c.CallAll(interpolate, request);
  c.ExpectEq(none.size(), size_t{0});
}

Task<void> PointsToComeExpire(CaseContext& c) {
  TimeSeries ts(c);
  Retention retention(c);
  const std::string name = c.Unique("measurement");
  co_await retention.Set(name, kHourMs);
  const int64_t now = NowUs();
  const Samples sent = {{now - kHourUs - 5 * kSecondUs, 1}, {now, 2}, {kThenUs, 3}, {0, 4}};
  c.ExpectEq(co_await ts.Insert(name, sent), uint64_t{3});
  const Samples young = {{now, 2}};
  c.ExpectEq(co_await ts.Points(name), young);
  const Tags other = {{"host", "b"}};
  c.ExpectEq(co_await ts.Insert(name, other, sent), uint64_t{3});
}

// A point that is seen until its time has come, and then no more.
Task<void> PointsExpireInTime(CaseContext& c) {
  TimeSeries ts(c);
  Retention retention(c);
  const std::string name = c.Unique("measurement");
  constexpr int64_t kAgeMs = 50;
  co_await retention.Set(name, kAgeMs);
  const int64_t due = NowUs() + 300'000;
  const Samples samples = {{due - kAgeMs * 1000, 1}, {due + kHourUs, 2}};
  co_await ts.Insert(name, samples);
  const Samples left = {samples[1]};
  while (c.ok()) {
    const int64_t before = NowUs();
    const Samples seen = co_await ts.Points(name);
    if (NowUs() < due - kSlackUs) c.ExpectEq(seen, samples);
    if (before > due + kSlackUs) c.ExpectEq(seen, left);
    if (before > due + kSlackUs) break;
    co_await c.Sleep(std::chrono::milliseconds(10));
  }
}

Task<void> EachMeasurementHasItsOwn(CaseContext& c) {
  TimeSeries ts(c);
  Retention retention(c);
  const std::string name = c.Unique("measurement");
  const std::string longer = name + "2";
  const Samples old = {{kThenUs, 1}};
  co_await ts.Insert(name, old);
  co_await ts.Insert(longer, old);
  co_await retention.Set(name, kHourMs);
  c.ExpectEq(co_await ts.Points(name), Samples());
  c.ExpectEq(co_await ts.Points(longer), old);
  c.ExpectEq(co_await retention.Get(longer), std::nullopt);
}

Task<void> SettingsReplaceEachOther(CaseContext& c) {
  TimeSeries ts(c);
  Retention retention(c);
  const Ages ages = co_await FillAges(c);
  co_await retention.Set(ages.name, kMaxAgeMs);
  c.ExpectEq((co_await ts.Points(ages.name)).size(), size_t{8});
  co_await retention.Set(ages.name, kHourMs);
  c.ExpectEq(co_await ts.Series(QueryOf(ages.name)), BothSeries(ages.young));
  // Now what is old may be stored again, whether it had been cleared or not.
  co_await retention.Set(ages.name, kMaxAgeMs);
  const Samples stored = {{kFirstTimeUs, 1}, ages.old[0], ages.old[1]};
  const Tags tags = {{"host", "a"}};
  c.ExpectEq(co_await ts.Insert(ages.name, tags, stored), uint64_t{1});
  Samples all = ages.old;
  all.insert(all.end(), ages.young.begin(), ages.young.end());
  c.ExpectEq(co_await ts.Points(QueryOf(ages.name, tags)), all);
}

// Of the series that was not written again the old points are there whole or not at all.
Task<void> ExpiredPointsStayWhatTheyWere(CaseContext& c) {
  TimeSeries ts(c);
  Retention retention(c);
  const Ages ages = co_await FillAges(c);
  co_await retention.Set(ages.name, kHourMs);
  co_await retention.Set(ages.name, 0);
  const Tags tags = {{"host", "a"}};
  const Samples seen = co_await ts.Points(QueryOf(ages.name, tags));
  Samples all = ages.old;
  all.insert(all.end(), ages.young.begin(), ages.young.end());
  const bool known = std::includes(all.begin(), all.end(), seen.begin(), seen.end());
  c.Expect(known, "no point comes back but as it was: " + Show(seen));
  const bool kept = std::includes(seen.begin(), seen.end(), ages.young.begin(), ages.young.end());
  c.Expect(kept, "the young points stay: " + Show(seen));
}

// Writers of old and of new points race with the one who sets the retention.
Task<void> NoOldPointSlipsIn(CaseContext& c) {
  const std::string name = c.Unique("measurement");
  const int64_t young = NowUs() + kHourUs;
  bool set = false;
  constexpr int kEach = 30;
  int sent = 0;
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    TimeSeries ts(c);
    Retention retention(c);
    if (client == 0) {
      while (sent < 40 && c.ok()) co_await c.Sleep(std::chrono::milliseconds(1));
      co_await retention.Set(name, kHourMs);
      set = true;
    }
    for (int64_t i = 0; client > 0 && i < kEach && c.ok(); ++i) {
      const int64_t place = i * 8 + client;
      const Samples both = {{kThenUs + place, 1}, {young + place, 2}};
      const bool was_set = set;
      ++sent;
      const uint64_t expired = co_await ts.Insert(name, both);
      if (was_set) c.ExpectEq(expired, uint64_t{1});
      const bool is_set = set;
      const Samples seen = co_await ts.Points(name);
      if (is_set && !seen.empty()) c.ExpectLe(young, seen[0].first, "the times that are kept");
    }
  });
  TimeSeries ts(c);
  const Samples kept = co_await ts.Points(name);
  c.ExpectEq(kept.size(), size_t{5 * kEach});
}

Task<void> OneOfManySettingsStays(CaseContext& c) {
  Retention retention(c);
  const std::string name = c.Unique("measurement");
  for (int round = 0; round < 10 && c.ok(); ++round) {
    const int64_t base = kHourMs + round * 100;
    co_await c.Concurrently(8, [&](int client) -> Task<void> {
      Retention mine(c);
      co_await mine.Set(name, base + client);
    });
    const std::optional<int64_t> first = co_await retention.Get(name);
    const bool of_this_round = first && *first >= base && *first < base + 8;
    c.Expect(of_this_round, "one of the settings stays, not " + Show(first));
    for (int i = 0; i < 4; ++i) c.ExpectEq(co_await retention.Get(name), first);
  }
}

Task<void> BadSettingsAreRefused(CaseContext& c) {
  Retention retention(c);
  const std::string name = c.Unique("measurement");
  co_await retention.Set(name, kHourMs);
  constexpr Code kBad = Code::kInvalidArgument;
  const auto set = &TimeSeriesRetentionStub::SetRetention;
  using Limits = std::numeric_limits<int64_t>;
  for (const int64_t bad : {int64_t{-1}, kMaxAgeMs + 1, Limits::min(), Limits::max()}) {
    co_await c.Refused(set, RetentionOf(name, bad), kBad, "max_age_ms");
  }
  c.ExpectEq(co_await retention.Get(name), kHourMs);
  for (const std::string& bad : BadMeasurements()) {
    co_await c.Refused(set, RetentionOf(bad, kHourMs), kBad, "measurement");
    co_await c.Refused(&TimeSeriesRetentionStub::GetRetention, Ask(bad), kBad, "measurement");
  }
}

Task<void> LongestNameIsTaken(CaseContext& c) {
  Retention retention(c);
  std::string name = c.Unique("measurement");
  name.resize(kMaxMeasurementBytes, 'm');
  co_await retention.Set(name, kHourMs);
  c.ExpectEq(co_await retention.Get(name), kHourMs);
}

Task<void> RetentionsNeverMeet(CaseContext& c) {
  TimeSeries there(c.other());
  Retention here(c);
  Retention other(c.other());
  const std::string name = c.Unique("measurement");
  const Samples old = {{kThenUs, 1}};
  co_await there.Insert(name, old);
  co_await here.Set(name, kHourMs);
  c.ExpectEq(co_await other.Get(name), std::nullopt);
  c.ExpectEq(co_await here.Get(name), kHourMs);
  c.ExpectEq(co_await there.Points(name), old);
}

constexpr std::string_view kExpire =
    "Lets points of the measurement, those that exist and those to come, expire when they are "
    "older than `max_age_ms` by their own time and the server's clock, replacing an earlier "
    "setting.";
constexpr std::string_view kNoRead = "From the answer on no read sees a point older than that;";
constexpr std::string_view kRange =
    "`max_age_ms` is 1 to 3,155,760,000,000 (100 years), or 0, which keeps points for ever again; "
    "anything else is INVALID_ARGUMENT.";
constexpr std::string_view kSetting =
    "Returns the measurement's setting; `found = false` if it keeps points for ever.";
constexpr std::string_view kLengthened =
    "If it is lengthened, points that had expired stay away, or come back if they had not been "
    "cleared yet.";

constexpr const InterfaceInfo* kBasic = &TimeSeriesBasic::Info();
constexpr const InterfaceInfo* kAggregation = &TimeSeriesAggregation::Info();
constexpr const InterfaceInfo* kInterpolation = &TimeSeriesInterpolation::Info();

constexpr Case kCases[] = {
    {"setting_comes_back", {kSetting, kExpire, kRange}, &SettingComesBack},
    {"zero_keeps_for_ever", {kRange, kSetting}, &ZeroKeepsForEver, {kBasic}},
    {"no_query_sees_old_points",
     {"How long points are kept.", kExpire, kNoRead},
     &NoQuerySeesOldPoints,
     {kBasic}},
    {"no_aggregate_sees_old_points", {kNoRead}, &NoAggregateSeesOldPoints, {kBasic, kAggregation}},
    {"no_interpolation_sees_old_points",
     {kNoRead},
     &NoInterpolationSeesOldPoints,
     {kBasic, kInterpolation}},
    {"points_to_come_expire",
     {kExpire, "It may be set before the first point."},
     &PointsToComeExpire,
     {kBasic}},
    {"points_expire_in_time", {kExpire}, &PointsExpireInTime, {kBasic}},
    {"each_measurement_has_its_own", {kExpire}, &EachMeasurementHasItsOwn, {kBasic}},
    {"settings_replace_each_other", {kExpire, kLengthened}, &SettingsReplaceEachOther, {kBasic}},
    {"expired_points_stay_what_they_were", {kLengthened}, &ExpiredPointsStayWhatTheyWere, {kBasic}},
    {"no_old_point_slips_in", {kExpire, kNoRead}, &NoOldPointSlipsIn, {kBasic}},
    {"one_of_many_settings_stays", {kExpire, kSetting}, &OneOfManySettingsStays},
    {"bad_settings_are_refused",
     {kRange, "Limits are those of timeseries_basic."},
     &BadSettingsAreRefused},
    {"longest_name_is_taken", {"Limits are those of timeseries_basic."}, &LongestNameIsTaken},
    {"retentions_never_meet", {kExpire}, &RetentionsNeverMeet, {kBasic}, true},
};

constexpr Unproven kUnproven[] = {
    {"its memory is given back some time later.", "no call tells the memory"},
};

constexpr Suite kSuite = {&TimeSeriesRetention::Info(), kCases, kUnproven, &EmptyNotedMeasurements};

}  // namespace

const Suite& TimeSeriesRetentionSuite() { return kSuite; }

}  // namespace prism::conformance
