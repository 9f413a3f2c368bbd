#include "conformance/timeseries/basic_cases.h"
#include "conformance/timeseries/client.h"
#include "conformance/timeseries/suites.h"

namespace prism::conformance {
namespace {

using namespace points;  // NOLINT: the cases of the table

constexpr std::string_view kReplaced =
    "a point of the same series and time is replaced, and of several in one request the last one "
    "stays.";
constexpr std::string_view kOnePerTime = "A series has at most one point per time.";
constexpr std::string_view kLimit =
    "`limit` bounds the points of the whole stream; 0 means no bound.";
constexpr std::string_view kOrderOfSeries =
    "The order of the series is unspecified but the same over all pages.";
constexpr std::string_view kPages =
    "Pages have at most 1000 points and at most 1 MiB of points and tags unless a single point "
    "with its tags is larger.";
constexpr std::string_view kResumes =
    "`cursor` of a page, given in a new request that is otherwise the same but for `limit`, "
    "resumes behind that page.";
constexpr std::string_view kOpaque =
    "It is opaque and does not expire; one that is damaged or of another query is "
    "INVALID_ARGUMENT.";
constexpr std::string_view kNothingStored =
    "At most 1000 points per request, and no request of which any part is INVALID_ARGUMENT stores "
    "anything.";
constexpr std::string_view kMeasurements = "A measurement is 1 to 4096 bytes of UTF-8.";
constexpr std::string_view kTags =
    "A series has at most 32 tags, whose names are 1 to 256 bytes and whose values are 1 to 1024 "
    "bytes.";
constexpr std::string_view kTimes =
    "Times are microseconds since 1970-01-01 UTC, from -2,208,988,800,000,000 (1900-01-01) to "
    "below 7,258,118,400,000,000 (2200-01-01); a value is any finite double.";
constexpr std::string_view kElse = "Anything else is INVALID_ARGUMENT.";
constexpr std::string_view kAbsence =
    "A measurement or series that does not exist is an empty answer, never an error.";

constexpr Case kCases[] = {
    {"points_come_back",
     {"Numbers over time.", "A point is a time and a value.", "Stores points, in whatever order",
      "A series needs no creation and exists while it has points.",
      "the points of each by ascending time"},
     &PointsComeBack},
    {"points_are_replaced", {kReplaced, kOnePerTime}, &PointsAreReplaced},
    {"tags_make_the_series",
     {"A series is a measurement's name and a set of tags.",
      "Two requests with the same measurement and the same tags, in whatever order, mean the same "
      "series; no tags are a series too."},
     &TagsMakeTheSeries},
    {"similar_tags_are_other_series",
     {"A series is a measurement's name and a set of tags."},
     &SimilarTagsAreOtherSeries},
    {"filters_choose",
     {"A filter is a set of tags: a series matches if it has every one of them with that value, "
      "whatever tags it has beside.",
      "The empty filter matches every series of the measurement."},
     &FiltersChoose},
    {"ranges_are_half_open",
     {"A range of time is [from, to): `from` belongs to it, `to` does not.",
      "Where `from` is not set it begins before every point, where `to` is not set it ends behind "
      "every point.",
      "One whose `to` is not above its `from` is empty, which is not an error."},
     &RangesAreHalfOpen},
    {"descending_turns_the_order",
     {"Streams the points in the range of the series that match the filter: series after series, "
      "and the points of each by ascending time, or by descending time if `descending`."},
     &DescendingTurnsTheOrder},
    {"latest_point",
     {"With a filter that names one series, `descending` and a limit of 1 it finds the latest "
      "point."},
     &LatestPoint},
    {"repetition_stores_once",
     {"repeating it stores all, once.", kOnePerTime},
     &RepetitionStoresOnce},
    {"expired_points_are_counted",
     {"Points that are already older than the measurement's retention are not stored, which is "
      "not an error but counted in `expired`."},
     &ExpiredPointsAreCounted,
     {&TimeSeriesRetention::Info()}},
    {"absence_is_no_error",
     {kAbsence, "No page is empty; a query that finds nothing ends OK without a page."},
     &AbsenceIsNoError},
    {"namespaces_never_meet", {kAbsence}, &NamespacesNeverMeet, {}, true},
    {"largest_is_taken", {kMeasurements, kTags, kTimes, kNothingStored}, &LargestIsTaken},
    {"bad_points_are_refused",
     {kMeasurements, kTags, kTimes, kElse, kNothingStored},
     &BadPointsAreRefused},
    {"too_many_points_are_refused", {kNothingStored}, &TooManyPointsAreRefused},
    {"bad_queries_are_refused", {kMeasurements, kTags, kElse}, &BadQueriesAreRefused},
    {"pages_hold_a_thousand_points",
     {kPages, "A series that spans pages is named again on each.",
      "No page is empty; a query that finds nothing ends OK without a page."},
     &PagesHoldAThousandPoints},
    {"pages_hold_a_mebibyte", {kPages}, &PagesHoldAMebibyte},
    {"many_series_share_a_page", {kPages, kOrderOfSeries}, &ManySeriesShareAPage},
    {"limit_bounds_the_stream", {kLimit}, &LimitBoundsTheStream},
    {"cursors_resume", {kResumes, kOrderOfSeries, kLimit}, &CursorsResume},
    {"empty_cursor_means_the_end",
     {"An empty one means that the end was reached; behind any other there may or may not be more "
      "points."},
     &EmptyCursorMeansTheEnd},
    {"cursors_may_be_used_again", {kResumes, kOpaque}, &CursorsMayBeUsedAgain},
    {"foreign_cursors_are_refused", {kOpaque}, &ForeignCursorsAreRefused},
    {"damaged_cursors_are_refused", {kOpaque}, &DamagedCursorsAreRefused},
    {"reads_see_their_writes",
     {"A read that starts after a write was answered sees that write or a later one."},
     &ReadsSeeTheirWrites},
    {"no_point_is_lost",
     {"A read that starts after a write was answered sees that write or a later one."},
     &NoPointIsLost},
    {"last_writer_stays", {kReplaced, kOnePerTime}, &LastWriterStays},
    {"queries_are_weakly_consistent",
     {"Weakly consistent: a point that exists from the start to the end of the query is returned "
      "exactly once, one that is written or expires meanwhile once or not at all."},
     &QueriesAreWeaklyConsistent},
};

constexpr Unproven kUnproven[] = {
    {"Readers may see a part of a request's points before the others.", "it permits either"},
    {"A call that fails otherwise than by INVALID_ARGUMENT may have stored some of them;",
     "it permits either"},
};

constexpr Suite kSuite = {&TimeSeriesBasic::Info(), kCases, kUnproven, &EmptyNotedMeasurements};

}  // namespace

const Suite& TimeSeriesBasicSuite() { return kSuite; }

}  // namespace prism::conformance
