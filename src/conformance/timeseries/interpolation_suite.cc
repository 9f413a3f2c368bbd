#include <algorithm>
#include <cmath>
#include <limits>

#include "conformance/timeseries/client.h"
#include "conformance/timeseries/suites.h"
#include "interfaces/timeseries_interpolation.prism.h"
#include "prism/interfaces/timeseries_interpolation.pb.h"

namespace prism::conformance {
namespace {

using timeseries::v1::InterpolateRequest;
using timeseries::v1::InterpolateResponse;
using timeseries::v1::InterpolationMethod;
using timeseries::v1::LINEAR;
using timeseries::v1::PREVIOUS;

constexpr InterpolationMethod kMethods[] = {LINEAR, PREVIOUS};

InterpolateRequest GridOf(std::string measurement, int64_t from_us, int64_t to_us, int64_t step_us,
                          InterpolationMethod method, int64_t max_gap_us = 0) {
  InterpolateRequest request;
  request.set_measurement(std::move(measurement));
  request.set_from_unix_us(from_us);
  request.set_to_unix_us(to_us);
  request.set_step_us(step_us);
  request.set_method(method);
  request.set_max_gap_us(max_gap_us);
  return request;
}

// timeseries_interpolation as plain functions: all must succeed.
class Interpolator {
 public:
  explicit Interpolator(Caller& caller) : caller_(caller) {}

  Task<std::vector<InterpolateResponse>> Pages(InterpolateRequest request,
                                               Where where = Where::current()) {
    return caller_.CallAll(&TimeSeriesInterpolationStub::Interpolate, std::move(request), where);
  }
  Task<Samples> Points(InterpolateRequest request, Where where = Where::current()) {
    const std::vector<InterpolateResponse> pages = co_await Pages(std::move(request), where);
    co_return PointsOf(pages);
  }
  Task<Texts> Series(InterpolateRequest request, Where where = Where::current()) {
    const std::vector<InterpolateResponse> pages = co_await Pages(std::move(request), where);
    co_return SortedTexts(SeriesOf(pages));
  }

 private:
  Caller& caller_;
};

// A measurement with one series of these points.
Task<std::string> Fill(CaseContext& c, Samples samples) {
  TimeSeries ts(c);
  const std::string name = c.Unique("measurement");
  co_await ts.Insert(name, samples);
  co_return name;
}

Task<void> PointsAreValues(CaseContext& c) {
  Interpolator interpolator(c);
  const Samples samples = {{-10, 0.1}, {0, 5}, {10, -3}, {20, 1e300}, {30, 7}};
  const std::string name = co_await Fill(c, samples);
  for (const InterpolationMethod method : kMethods) {
    c.ExpectEq(co_await interpolator.Points(GridOf(name, -10, 31, 10, method)), samples);
    const Samples inside = {samples[1], samples[3]};
    c.ExpectEq(co_await interpolator.Points(GridOf(name, 0, 30, 20, method)), inside);
    const Samples first = {samples[0]};
    c.ExpectEq(co_await interpolator.Points(GridOf(name, -10, -9, 1, method)), first);
  }
}

// Instants whose parts of the way are powers of two, so that no way of computing rounds.
Task<void> LinearIsOnTheLine(CaseContext& c) {
  Interpolator interpolator(c);
  const Samples samples = {{0, 4}, {8, 12}, {16, 12}, {24, -4}};
  const std::string name = co_await Fill(c, samples);
  const Samples line = {{0, 4},   {2, 6},   {4, 8},  {6, 10}, {8, 12}, {10, 12}, {12, 12},
                        {14, 12}, {16, 12}, {18, 8}, {20, 4}, {22, 0}, {24, -4}};
  c.ExpectEq(co_await interpolator.Points(GridOf(name, 0, 25, 2, LINEAR)), line);
  const Samples odd = {{7, 11}, {12, 12}, {17, 10}, {22, 0}};
  c.ExpectEq(co_await interpolator.Points(GridOf(name, 7, 24, 5, LINEAR)), odd);
}

Task<void> LinesAreClose(CaseContext& c) {
  Interpolator interpolator(c);
  const int64_t last = kThenUs + 1000 * kSecondUs;
  const Samples samples = {{kThenUs, 1}, {last, 1001}};
  const std::string name = co_await Fill(c, samples);
  constexpr int64_t kStep = 7'777'777;
  const Samples line = co_await interpolator.Points(GridOf(name, kThenUs, last, kStep, LINEAR));
  c.ExpectEq(line.size(), size_t{129});
  for (size_t i = 0; i < line.size(); ++i) {
    const int64_t offset = static_cast<int64_t>(i) * kStep;
    const double expected = 1 + static_cast<double>(offset) / kSecondUs;
    c.ExpectEq(line[i].first, kThenUs + offset);
    c.Expect(std::abs(line[i].second - expected) < 1e-9, "the value is on the line");
  }
}

Task<void> PreviousIsKept(CaseContext& c) {
  Interpolator interpolator(c);
  const Samples samples = {{0, 4}, {8, 12}, {11, -1}, {12, -2}};
  const std::string name = co_await Fill(c, samples);
  const Samples steps = {{0, 4}, {3, 4}, {6, 4}, {9, 12}, {12, -2}, {15, -2}, {18, -2}};
  c.ExpectEq(co_await interpolator.Points(GridOf(name, 0, 20, 3, PREVIOUS)), steps);
}

Task<void> NothingIsExtrapolated(CaseContext& c) {
  Interpolator interpolator(c);
  const Samples samples = {{10, 1}, {30, 3}};
  const std::string name = co_await Fill(c, samples);
  const Samples between = {{10, 1}, {15, 1.5}, {20, 2}, {25, 2.5}, {30, 3}};
  c.ExpectEq(co_await interpolator.Points(GridOf(name, 0, 50, 5, LINEAR)), between);
  const Samples behind = {{10, 1}, {20, 1}, {30, 3}, {40, 3}};
  c.ExpectEq(co_await interpolator.Points(GridOf(name, 0, 50, 10, PREVIOUS)), behind);
  const auto before = co_await interpolator.Pages(GridOf(name, 0, 10, 1, PREVIOUS));
  c.ExpectEq(before.size(), size_t{0});
  const auto beyond = co_await interpolator.Pages(GridOf(name, 31, 50, 1, LINEAR));
  c.ExpectEq(beyond.size(), size_t{0});
}

Task<void> NeighboursMayBeOutside(CaseContext& c) {
  Interpolator interpolator(c);
  const Samples samples = {{0, 0}, {64, 64}};
  const std::string name = co_await Fill(c, samples);
  const Samples line = {{16, 16}, {24, 24}};
  c.ExpectEq(co_await interpolator.Points(GridOf(name, 16, 32, 8, LINEAR)), line);
  const Samples flat = {{16, 0}, {24, 0}};
  c.ExpectEq(co_await interpolator.Points(GridOf(name, 16, 32, 8, PREVIOUS)), flat);
  // `to` does not belong to the range; that there is a point changes nothing.
  const Samples up_to = {{32, 32}, {48, 48}};
  c.ExpectEq(co_await interpolator.Points(GridOf(name, 32, 64, 16, LINEAR)), up_to);
}

Task<void> GapsAreBounded(CaseContext& c) {
  Interpolator interpolator(c);
  const Samples samples = {{0, 0}, {8, 8}, {24, 24}, {40, 40}, {44, 44}};
  const std::string name = co_await Fill(c, samples);
  const auto linear = [&](int64_t max_gap_us) {
    return interpolator.Points(GridOf(name, 0, 45, 4, LINEAR, max_gap_us));
  };
  const Samples all = {{0, 0},   {4, 4},   {8, 8},   {12, 12}, {16, 16}, {20, 20},
                       {24, 24}, {28, 28}, {32, 32}, {36, 36}, {40, 40}, {44, 44}};
  c.ExpectEq(co_await linear(0), all);
  c.ExpectEq(co_await linear(16), all);
  const Samples narrow = {{0, 0}, {4, 4}, {8, 8}, {24, 24}, {40, 40}, {44, 44}};
  c.ExpectEq(co_await linear(15), narrow);
  c.ExpectEq(co_await linear(8), narrow);
  const Samples points = {{0, 0}, {8, 8}, {24, 24}, {40, 40}, {44, 44}};
  c.ExpectEq(co_await linear(7), points);
  const auto previous = [&](int64_t max_gap_us) {
    return interpolator.Points(GridOf(name, 0, 60, 4, PREVIOUS, max_gap_us));
  };
  const Samples near = {{0, 0},   {4, 0},   {8, 8},   {12, 8},  {16, 8},  {24, 24},
                        {28, 24}, {32, 24}, {40, 40}, {44, 44}, {48, 44}, {52, 44}};
  c.ExpectEq(co_await previous(8), near);
  c.ExpectEq(co_await previous(11), near);
  c.ExpectEq(co_await previous(1), points);
  const Samples unbounded = co_await previous(0);
  c.ExpectEq(unbounded.size(), size_t{15});
}

Task<void> SeriesAreTakenAlone(CaseContext& c) {
  TimeSeries ts(c);
  Interpolator interpolator(c);
  const std::string name = c.Unique("measurement");
  InsertRequest insert;
  *insert.add_series() = SeriesOf(name, {{"host", "a"}}, {{0, 0}, {20, 20}});
  *insert.add_series() = SeriesOf(name, {{"host", "b"}}, {{10, 100}, {30, 300}});
  *insert.add_series() = SeriesOf(name, {{"host", "b"}, {"disk", "0"}}, {{5, 7}, {15, 9}});
  *insert.add_series() = SeriesOf(name, {{"zone", "z"}}, {{40, 1}});
  co_await ts.Insert(insert);
  const InterpolateRequest all = GridOf(name, 0, 31, 10, LINEAR);
  const Texts lines = {"{disk=0 host=b} 10=8", "{host=a} 0=0 10=10 20=20",
                       "{host=b} 10=100 20=200 30=300"};
  const auto pages = co_await interpolator.Pages(all);
  CheckPages(c, pages, name);
  c.ExpectEq(SortedTexts(SeriesOf(pages)), lines);
  InterpolateRequest some = all;
  (*some.mutable_tags())["host"] = "b";
  const Texts of_b = {lines[0], lines[2]};
  c.ExpectEq(co_await interpolator.Series(some), of_b);
  (*some.mutable_tags())["host"] = "c";
  c.ExpectEq(co_await interpolator.Series(some), Texts());
}

Task<void> NothingIsNoPage(CaseContext& c) {
  Interpolator interpolator(c);
  const std::string absent = c.Unique("absent");
  const std::string name = co_await Fill(c, Every(0, 10));
  for (const InterpolationMethod method : kMethods) {
    for (const InterpolateRequest& request :
         {GridOf(absent, 0, 100, 1, method), GridOf(name, 100, 100, 1, method),
          GridOf(name, 100, 0, 1, method)}) {
      const auto pages = co_await interpolator.Pages(request);
      c.ExpectEq(pages.size(), size_t{0});
    }
  }
}

Task<void> PagesHoldAThousandPoints(CaseContext& c) {
  TimeSeries ts(c);
  Interpolator interpolator(c);
  const std::string name = c.Unique("measurement");
  InsertRequest insert;
  *insert.add_series() = SeriesOf(name, {{"host", "a"}}, {{0, 0}, {4096, 4096}});
  *insert.add_series() = SeriesOf(name, {{"host", "b"}}, {{0, 0}, {4096, 8192}});
  co_await ts.Insert(insert);
  Samples a;
  Samples b;
  for (int i = 0; i < 2048; ++i) {
    a.emplace_back(i, i);
    b.emplace_back(i, 2 * i);
  }
  const auto pages = co_await interpolator.Pages(GridOf(name, 0, 2048, 1, LINEAR));
  CheckPages(c, pages, name);
  c.ExpectLe(size_t{5}, pages.size(), "the pages of 4096 points");
  const Texts expected = {TextOf(SeriesOf(name, {{"host", "a"}}, a)),
                          TextOf(SeriesOf(name, {{"host", "b"}}, b))};
  const bool whole = SortedTexts(SeriesOf(pages)) == expected;
  c.Expect(whole, "each series comes whole, by ascending time, and once");
}

// Tags that make each series of one point about 33 KiB.
Task<void> PagesHoldAMebibyte(CaseContext& c) {
  TimeSeries ts(c);
  Interpolator interpolator(c);
  const std::string name = c.Unique("measurement");
  InsertRequest insert;
  for (int i = 0; i < 40; ++i) {
    Tags tags = {{"host", std::to_string(i)}};
    for (int tag = 0; tag < 31; ++tag) tags["t" + std::to_string(tag)] = std::string(1024, 'v');
    const Samples one = {{0, static_cast<double>(i)}};
    *insert.add_series() = SeriesOf(name, tags, one);
  }
  co_await ts.Insert(insert);
  const auto pages = co_await interpolator.Pages(GridOf(name, 0, 2, 1, PREVIOUS));
  CheckPages(c, pages, name);
  c.ExpectLe(size_t{2}, pages.size(), "the pages of 1.3 MiB");
  c.ExpectEq(SeriesOf(pages).size(), size_t{40});
  c.ExpectEq(PointsOf(pages).size(), size_t{80});
}

Task<void> LargestGridsAreTaken(CaseContext& c) {
  Interpolator interpolator(c);
  const Samples samples = {{kFirstTimeUs, 1}, {kThenUs, 3}, {kLastTimeUs, 5}};
  const std::string name = co_await Fill(c, samples);
  // A million instants, of which few have a value.
  const int64_t from = kThenUs - 1'000 * kSecondUs;
  const Samples then = {{kThenUs, 3}};
  const InterpolateRequest million =
      GridOf(name, from, from + 1'000'000 * kSecondUs, kSecondUs, PREVIOUS, 1);
  c.ExpectEq(co_await interpolator.Points(million), then);
  const Samples coarse = {
      {kFirstTimeUs, 1}, {kFirstTimeUs + kCenturyUs, 1}, {kFirstTimeUs + 2 * kCenturyUs, 3}};
  const InterpolateRequest centuries =
      GridOf(name, kFirstTimeUs, kLastTimeUs, kCenturyUs, PREVIOUS);
  c.ExpectEq(co_await interpolator.Points(centuries), coarse);
}

Task<void> BadGridsAreRefused(CaseContext& c) {
  constexpr Code kBad = Code::kInvalidArgument;
  const auto interpolate = &TimeSeriesInterpolationStub::Interpolate;
  const std::string name = c.Unique("measurement");
  using Limits = std::numeric_limits<int64_t>;
  for (const std::string& bad : BadMeasurements()) {
    co_await c.Refused(interpolate, GridOf(bad, 0, 10, 1, LINEAR), kBad, "measurement");
  }
  for (const Tags& bad : BadTags()) {
    InterpolateRequest request = GridOf(name, 0, 10, 1, LINEAR);
    request.mutable_tags()->insert(bad.begin(), bad.end());
    co_await c.Refused(interpolate, request, kBad, "tag");
  }
  for (const int64_t bad : {kFirstTimeUs - 1, Limits::min()}) {
    co_await c.Refused(interpolate, GridOf(name, bad, 0, kCenturyUs, LINEAR), kBad, "from");
  }
  for (const int64_t bad : {kLastTimeUs + 2, Limits::max()}) {
    co_await c.Refused(interpolate, GridOf(name, 0, bad, kCenturyUs, LINEAR), kBad, "to_unix_us");
  }
  for (const int64_t bad : {int64_t{0}, int64_t{-1}, kCenturyUs + 1, Limits::max()}) {
    co_await c.Refused(interpolate, GridOf(name, 0, 10, bad, LINEAR), kBad, "step_us");
  }
  co_await c.Refused(interpolate, GridOf(name, 0, 1'000'001, 1, LINEAR), kBad, "instants");
  for (const int bad : {0, 3, -1}) {
    const auto method = static_cast<InterpolationMethod>(bad);
    co_await c.Refused(interpolate, GridOf(name, 0, 10, 1, method), kBad, "method");
  }
  for (const int64_t bad : {int64_t{-1}, Limits::min()}) {
    co_await c.Refused(interpolate, GridOf(name, 0, 10, 1, LINEAR, bad), kBad, "max_gap_us");
  }
}

// Points that stay on a line, and writers of others that lie on it too.
Task<void> InterpolationUnderWrites(CaseContext& c) {
  constexpr int kInstants = 1500;
  Samples stay;
  Samples line;
  for (int i = 0; i <= 150; ++i) stay.emplace_back(i * 1024, i * 1024);
  for (int i = 0; i < kInstants; ++i) line.emplace_back(i * 64, i * 64);
  const std::string name = co_await Fill(c, stay);
  bool over = false;
  co_await c.Concurrently(4, [&](int client) -> Task<void> {
    TimeSeries ts(c);
    Interpolator interpolator(c);
    for (int i = 0; client > 0 && !over && c.ok(); ++i) {
      const int64_t time_us = (i * 331 + client) % kInstants * 64 + 32;
      const Samples one = {{time_us, static_cast<double>(time_us)}};
      co_await ts.Insert(name, one);
    }
    for (int i = 0; client == 0 && i < 8 && c.ok(); ++i) {
      const auto pages = co_await interpolator.Pages(GridOf(name, 0, kInstants * 64, 64, LINEAR));
      CheckPages(c, pages, name);
      Samples found = PointsOf(pages);
      for (auto& [time_us, value] : found) value = std::round(value);
      c.ExpectEq(found, line);
    }
    if (client == 0) over = true;
  });
}

Task<void> OtherNamespacesAreNotSeen(CaseContext& c) {
  Interpolator here(c);
  Interpolator there(c.other());
  const Samples samples = {{0, 0}, {20, 20}};
  const std::string name = co_await Fill(c, samples);
  const Samples line = {{0, 0}, {10, 10}, {20, 20}};
  c.ExpectEq(co_await here.Points(GridOf(name, 0, 30, 10, LINEAR)), line);
  c.ExpectEq(co_await there.Points(GridOf(name, 0, 30, 10, LINEAR)), Samples());
  TimeSeries other(c.other());
  const Samples one = {{20, 99}};
  co_await other.Insert(name, one);
  c.ExpectEq(co_await here.Points(GridOf(name, 0, 30, 10, LINEAR)), line);
}

constexpr std::string_view kStreams =
    "Streams, for each series that matches the filter, its value at the instants from, from + "
    "step, from + 2 * step ... below `to`: series after series, in an unspecified order, each by "
    "ascending time, one point per instant that has a value.";
constexpr std::string_view kGrid =
    "`from` and `to` are times as of points, `step_us` is 1 to 3,155,760,000,000,000 (100 years), "
    "and there are at most 1,000,000 instants, else INVALID_ARGUMENT.";
constexpr std::string_view kLinear =
    "LINEAR: else the value on the straight line between the last point before and the first point "
    "after the instant.";
constexpr std::string_view kNoLine =
    "There is none if one of them is missing, or if they are more than `max_gap_us` apart.";
constexpr std::string_view kPrevious =
    "PREVIOUS: else the value of the last point before the instant.";
constexpr std::string_view kNoPrevious =
    "There is none without such a point, or if it lies more than `max_gap_us` before the instant.";
constexpr std::string_view kNeighbours =
    "Points outside [from, to) serve as neighbours as well; nothing is extrapolated.";
constexpr std::string_view kGap = "`max_gap_us` 0 means no bound; negative is INVALID_ARGUMENT.";
constexpr std::string_view kPages =
    "Pages have at most 1000 points and at most 1 MiB unless one point with its tags is larger, a "
    "series that spans pages is named again on each, and no page is empty.";
constexpr std::string_view kAsBasic = "Limits and filters are those of timeseries_basic.";

constexpr const InterfaceInfo* kBasic = &TimeSeriesBasic::Info();

constexpr Case kCases[] = {
    {"points_are_values",
     {"Values at times that have no point.",
      "Where the series has a point at the instant, the value is that point's.", kStreams},
     &PointsAreValues,
     {kBasic}},
    {"linear_is_on_the_line", {kLinear, kStreams}, &LinearIsOnTheLine, {kBasic}},
    {"lines_are_close", {kLinear, kStreams}, &LinesAreClose, {kBasic}},
    {"previous_is_kept", {kPrevious, kStreams}, &PreviousIsKept, {kBasic}},
    {"nothing_is_extrapolated",
     {kNeighbours, kNoLine, kNoPrevious},
     &NothingIsExtrapolated,
     {kBasic}},
    {"neighbours_may_be_outside", {kNeighbours, kStreams}, &NeighboursMayBeOutside, {kBasic}},
    {"gaps_are_bounded", {kNoLine, kNoPrevious, kGap}, &GapsAreBounded, {kBasic}},
    {"series_are_taken_alone", {kStreams, kAsBasic}, &SeriesAreTakenAlone, {kBasic}},
    {"nothing_is_no_page", {kPages}, &NothingIsNoPage, {kBasic}},
    {"pages_hold_a_thousand_points", {kPages, kStreams}, &PagesHoldAThousandPoints, {kBasic}},
    {"pages_hold_a_mebibyte", {kPages}, &PagesHoldAMebibyte, {kBasic}},
    {"largest_grids_are_taken", {kGrid}, &LargestGridsAreTaken, {kBasic}},
    {"bad_grids_are_refused", {kGrid, kGap, kAsBasic}, &BadGridsAreRefused},
    {"interpolation_under_writes",
     {"Points that are written meanwhile are regarded or not."},
     &InterpolationUnderWrites,
     {kBasic}},
    {"other_namespaces_are_not_seen", {kStreams}, &OtherNamespacesAreNotSeen, {kBasic}, true},
};

constexpr Suite kSuite = {&TimeSeriesInterpolation::Info(), kCases, {}, &EmptyNotedMeasurements};

}  // namespace

const Suite& TimeSeriesInterpolationSuite() { return kSuite; }

}  // namespace prism::conformance
