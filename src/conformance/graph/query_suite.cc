#include "conformance/graph/query_cases.h"
#include "conformance/graph/query_client.h"
#include "conformance/graph/suites.h"

namespace prism::conformance {
namespace {

constexpr const InterfaceInfo* kBasic = &GraphBasic::Info();

constexpr std::string_view kBadText =
    "Text that the dialect does not allow, or a construct that this backend does not support, is "
    "INVALID_ARGUMENT with line and column and what was found there.";
constexpr std::string_view kPages =
    "A page has at most 1000 rows and 1 MiB, unless a single row is larger.";
constexpr std::string_view kTooMuch =
    "A result of more than 10000 rows or 16 MiB is RESOURCE_EXHAUSTED, before any page came; rows "
    "that are skipped count where they have to be ordered or grouped first.";
constexpr std::string_view kNamesColumns =
    "Every page names the columns; a query that finds nothing has one page without rows, so that "
    "the columns are known.";

constexpr Case kCases[] = {
    {"rows_come_in_order",
     {"Queries in a graph query language.",
      "Runs a query that reads, and streams its rows page by page, in the order that the query "
      "defines."},
     &RowsComeInOrder,
     {kBasic}},
    {"edges_are_matched",
     {"Runs a query that reads, and streams its rows page by page, in the order that the query "
      "defines."},
     &EdgesAreMatched,
     {kBasic}},
    {"cells_hold_what_was_found",
     {"What a cell of a row holds; null if no kind is set."},
     &CellsHoldWhatWasFound,
     {kBasic}},
    {"nothing_found_names_the_columns", {kNamesColumns}, &NothingFoundNamesTheColumns},
    {"parameters_are_values",
     {"`parameters` are what the text calls `$name`, at most 256; they are values and never text "
      "of the query."},
     &ParametersAreValues,
     {kBasic}},
    {"queries_see_what_was_written",
     {"A read that starts after a write was answered sees that write or a later one."},
     &QueriesSeeWhatWasWritten,
     {kBasic}},
    {"no_element_is_seen_half_written",
     {"Calls that read many nodes and edges are weakly consistent: what exists during the whole "
      "call is seen, what is written meanwhile may be seen or not, and no element is seen half "
      "written."},
     &NoElementIsSeenHalfWritten,
     {kBasic}},
    {"other_namespaces_are_not_queried",
     {"A namespace holds one graph."},
     &OtherNamespacesAreNotQueried,
     {kBasic},
     true},
    {"dialects_are_told",
     {"Which ones there are, and how much of them, depends on the backend; GetDialects tells.",
      "Returns the languages that Query understands here, the preferred one first; there is at "
      "least one."},
     &DialectsAreTold},
    {"unknown_dialects_are_refused",
     {"`dialect` is one of those that GetDialects names; another one is INVALID_ARGUMENT naming "
      "these."},
     &UnknownDialectsAreRefused},
    {"bad_text_is_refused_with_its_place", {kBadText}, &BadTextIsRefusedWithItsPlace},
    {"queries_that_write_are_refused",
     {kBadText, "A query that would write is refused the same way."},
     &QueriesThatWriteAreRefused,
     {kBasic}},
    {"missing_parameters_are_refused",
     {"One that the text names and the request lacks is INVALID_ARGUMENT.",
      "`parameters` are what the text calls `$name`, at most 256; they are values and never text "
      "of the query."},
     &MissingParametersAreRefused},
    {"text_is_bounded", {"`text` has at most 64 KiB."}, &TextIsBounded, {kBasic}},
    {"rows_of_a_page_are_bounded", {kPages, kNamesColumns}, &RowsOfAPageAreBounded, {kBasic}},
    {"bytes_of_a_page_are_bounded", {kPages}, &BytesOfAPageAreBounded, {kBasic}},
    {"results_have_at_most_so_many_rows", {kTooMuch}, &ResultsHaveAtMostSoManyRows, {kBasic}},
    {"results_have_at_most_so_many_bytes", {kTooMuch}, &ResultsHaveAtMostSoManyBytes, {kBasic}},
};

constexpr Unproven kUnproven[] = {
    {"Limits are those of graph_basic.", "the cases of graph_basic make what a query can find"},
};

constexpr Suite kSuite = {&GraphQuery::Info(), kCases, kUnproven, &DeleteNotedNodes};

}  // namespace

const Suite& GraphQuerySuite() { return kSuite; }

}  // namespace prism::conformance
