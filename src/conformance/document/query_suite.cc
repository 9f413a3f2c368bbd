#include "conformance/document/query_cases.h"
#include "conformance/document/query_client.h"
#include "conformance/document/suites.h"

namespace prism::conformance {
namespace documents {
namespace {

constexpr Case kCases[] = {
    {"conditions_compare_scalars",
     {"Finding documents of one collection by what they hold.",
      "Scalars are null, booleans, numbers and strings.",
      "Only scalars of the same type compare; a condition between different types, or "
      "with an array or object, is false.",
      "A condition holds if it holds for at least one of the values that its path leads"
      " to; so it never holds for a missing member.",
      "NOT_EQUAL is the exception: it is the negation of EQUAL, and holds for documents"
      " that lack the member.",
      "A member that is null is there, and equals null."},
     &ConditionsCompareScalars,
     {&DocumentBasic::Info()}},
    {"numbers_compare_exactly",
     {"Numbers compare by their exact value, integers with doubles too; strings by "
      "their UTF-8 bytes; false is less than true; null equals null."},
     &NumbersCompareExactly,
     {&DocumentBasic::Info()}},
    {"texts_compare_by_bytes",
     {"Numbers compare by their exact value, integers with doubles too; strings by "
      "their UTF-8 bytes; false is less than true; null equals null."},
     &TextsCompareByBytes,
     {&DocumentBasic::Info()}},
    {"filters_combine",
     {"Finding documents of one collection by what they hold.",
      "A condition holds if it holds for at least one of the values that its path leads"
      " to; so it never holds for a missing member."},
     &FiltersCombine,
     {&DocumentBasic::Info()}},
    {"paths_lead_through_objects_and_arrays",
     {"A path names members from the outside in, separated by dots: `address.city`.",
      "A path leads to values.",
      "Where it meets an object it goes on to the member of that name; where it meets "
      "an array with names left, it goes on from each element.",
      "Where it ends at an array, it leads to the array and to each of its elements; "
      "elements that are arrays themselves are not opened further.",
      "Where there is no such member it leads to nothing."},
     &PathsLeadThroughObjectsAndArrays,
     {&DocumentBasic::Info()}},
    {"backslashes_keep_dots",
     {"A backslash makes a dot or a backslash part of a name."},
     &BackslashesKeepDots,
     {&DocumentBasic::Info()}},
    {"largest_filter_is_taken",
     {"It is 1 to 4096 bytes, with at most 64 names, none empty.",
      "A filter is at most 16 levels deep and has at most 1000 conditions and values.",
      "A sort has at most 8 paths."},
     &LargestFilterIsTaken,
     {&DocumentBasic::Info()}},
    {"bad_queries_are_refused",
     {"Limits are those of document_basic.",
      "It is 1 to 4096 bytes, with at most 64 names, none empty.",
      "A filter is at most 16 levels deep and has at most 1000 conditions and values.",
      "A sort has at most 8 paths.", "A scalar.", "A double must be finite."},
     &BadQueriesAreRefused},
    {"other_collections_are_not_searched",
     {"Finding documents of one collection by what they hold.",
      "Without a filter all documents match."},
     &OtherCollectionsAreNotSearched,
     {&DocumentBasic::Info()},
     true},
    {"sort_orders_types_and_values",
     {"A document is placed by the first scalar that a sort path leads to, in the "
      "document's order.",
      "Ascending: documents without one, null, false, true, numbers, strings; "
      "descending is the reverse.",
      "Ties, and everything when nothing is to be sorted by, come by ascending UTF-8 "
      "bytes of the id."},
     &SortOrdersTypesAndValues,
     {&DocumentBasic::Info()}},
    {"sort_takes_several_paths",
     {"Streams the documents that match, in the order of `sort`, page by page."},
     &SortTakesSeveralPaths,
     {&DocumentBasic::Info()}},
    {"pages_hold_a_thousand_documents",
     {"The stream consists of pages: at most 1000 documents and at most 1 MiB of ids "
      "and JSON text unless a single document is larger, which then has a page of its "
      "own.",
      "Streams the documents that match, in the order of `sort`, page by page.",
      "Without a filter all documents match."},
     &PagesHoldAThousandDocuments,
     {&DocumentBasic::Info()}},
    {"pages_hold_a_mebibyte",
     {"The stream consists of pages: at most 1000 documents and at most 1 MiB of ids "
      "and JSON text unless a single document is larger, which then has a page of its "
      "own."},
     &PagesHoldAMebibyte,
     {&DocumentBasic::Info()}},
    {"nothing_found_is_no_page",
     {"No page is empty; a query that finds nothing ends OK without a page."},
     &NothingFoundIsNoPage,
     {&DocumentBasic::Info()}},
    {"cursor_resumes",
     {"`limit` bounds the documents of the whole stream; 0 means no bound.",
      "`cursor` of a page, given with the same collection, filter and sort, resumes "
      "behind that page, also after its documents were deleted.",
      "It does not expire.",
      "It is empty when the end was reached; behind any other there may or may not be "
      "more."},
     &CursorResumes,
     {&DocumentBasic::Info()}},
    {"foreign_cursors_are_refused",
     {"It is opaque; one that is damaged or made for another query is INVALID_ARGUMENT."},
     &ForeignCursorsAreRefused,
     {&DocumentBasic::Info()}},
    {"fields_select",
     {"Streams the documents that match, in the order of `sort`, page by page."},
     &FieldsSelect,
     {&DocumentBasic::Info()}},
    {"find_one_returns_the_first",
     {"Returns the document that Find would return first; `found = false` if none "
      "matches."},
     &FindOneReturnsTheFirst,
     {&DocumentBasic::Info()}},
    {"find_is_weakly_consistent",
     {"Weakly consistent: a document that exists and matches from the start to the end "
      "of the query is returned exactly once; one that is written meanwhile comes once "
      "or not at all, except that one whose sorted-by values change meanwhile may come "
      "twice.",
      "A document comes as it was at some moment of the query, and matches as it comes."},
     &FindIsWeaklyConsistent,
     {&DocumentBasic::Info()}},
    {"groups_are_computed",
     {"Computes over the documents that match, per group.",
      "Documents are in one group if they agree in the first scalar that each of the "
      "`group_by` paths leads to (at most 8; none: one group, and one answer even if "
      "nothing matches).",
      "A group comes with its values in the order of `group_by`, no kind set where "
      "there is no scalar, and its results in the order of `compute` (1 to 16).",
      "Groups come in the ascending order of their values, in pages as of Find, without"
      " a cursor.",
      "COUNT counts documents; with a path, those where it leads to any value.",
      "SUM and AVERAGE take every number the path leads to and pass over all else."},
     &GroupsAreComputed,
     {&DocumentBasic::Info()}},
    {"functions_compute",
     {"SUM and AVERAGE take every number the path leads to and pass over all else.",
      "An average is a double; without numbers it has no kind.",
      "MINIMUM and MAXIMUM take every scalar but null that the path leads to, in the "
      "order of sorting; of equal numbers an integer or a double may come.",
      "Without one they have no kind."},
     &FunctionsCompute,
     {&DocumentBasic::Info()}},
    {"no_groups_are_one_answer",
     {"Documents are in one group if they agree in the first scalar that each of the "
      "`group_by` paths leads to (at most 8; none: one group, and one answer even if "
      "nothing matches).",
      "A sum is an integer if all its numbers are and it fits in 64 bits, else a "
      "double; without numbers it is 0."},
     &NoGroupsAreOneAnswer,
     {&DocumentBasic::Info()}},
    {"sums_are_exact_while_they_fit",
     {"A sum is an integer if all its numbers are and it fits in 64 bits, else a "
      "double; without numbers it is 0."},
     &SumsAreExactWhileTheyFit,
     {&DocumentBasic::Info()}},
    {"many_groups_come_in_pages",
     {"Groups come in the ascending order of their values, in pages as of Find, without"
      " a cursor."},
     &ManyGroupsComeInPages,
     {&DocumentBasic::Info()}},
    {"too_many_groups_are_refused",
     {"More than 10000 groups, or more than 16 MiB of group values, are "
      "RESOURCE_EXHAUSTED."},
     &TooManyGroupsAreRefused,
     {&DocumentBasic::Info()}},
    {"aggregate_is_weakly_consistent",
     {"Documents that are written meanwhile count as they were before or after, or not "
      "at all."},
     &AggregateIsWeaklyConsistent,
     {&DocumentBasic::Info()}},
    {"bad_aggregates_are_refused",
     {"Documents are in one group if they agree in the first scalar that each of the "
      "`group_by` paths leads to (at most 8; none: one group, and one answer even if "
      "nothing matches).",
      "A group comes with its values in the order of `group_by`, no kind set where "
      "there is no scalar, and its results in the order of `compute` (1 to 16)."},
     &BadAggregatesAreRefused},
};

constexpr Unproven kUnproven[] = {
    {"Of a string a backend may look at the first 1024 bytes only.", "it permits either"},
    {"Pages are made only as fast as the caller takes them.",
     "how far a backend reads ahead is not seen from outside"},
};

constexpr Suite kSuite = {&DocumentQuery::Info(), kCases, kUnproven, &RemoveNoted};

}  // namespace
}  // namespace documents

const Suite& DocumentQuerySuite() { return documents::kSuite; }

}  // namespace prism::conformance
