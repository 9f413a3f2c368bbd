#include "conformance/document/client.h"
#include "conformance/document/indexing_cases.h"
#include "conformance/document/suites.h"
#include "interfaces/document_query.prism.h"

namespace prism::conformance {
namespace documents {
namespace {

constexpr Case kCases[] = {
    {"indexes_are_listed",
     {"Indexes of a collection.",
      "Returns the collection's indexes by ascending name; none if it has none."},
     &IndexesAreListed},
    {"same_index_is_not_made_again",
     {"An index's name is 1 to 4096 bytes of UTF-8, unique within the collection.",
      "An index of the same name, fields and `unique` is `created = false`; one of the "
      "same name that differs is ALREADY_EXISTS."},
     &SameIndexIsNotMadeAgain},
    {"dropped_index_is_gone",
     {"Removes the index; `found` tells whether there was one.", "Documents stay as they are."},
     &DroppedIndexIsGone,
     {&DocumentBasic::Info()}},
    {"answers_stay_the_same",
     {"Queries (document_query) that compare an index's fields for equality or ranges "
      "use it by themselves; with and without an index they answer the same.",
      "A document is in the index with each combination of the scalars that the fields "
      "lead to.",
      "Makes an index over the documents that are there and those that will be."},
     &AnswersStayTheSame,
     {&DocumentBasic::Info(), &DocumentQuery::Info()}},
    {"indexes_are_limited",
     {"A collection has at most 16 indexes.", "One index too many is RESOURCE_EXHAUSTED.",
      "An index's name is 1 to 4096 bytes of UTF-8, unique within the collection.",
      "It has 1 to 8 fields, each a path as of document_query, none twice."},
     &IndexesAreLimited},
    {"bad_indexes_are_refused",
     {"An index's name is 1 to 4096 bytes of UTF-8, unique within the collection.",
      "It has 1 to 8 fields, each a path as of document_query, none twice."},
     &BadIndexesAreRefused},
    {"what_does_not_fit_is_refused",
     {"A document with more than 1000 combinations, or with a string of more than 1024 "
      "bytes there, is refused with INVALID_ARGUMENT naming the index, when it is "
      "written or when the index is made."},
     &WhatDoesNotFitIsRefused,
     {&DocumentBasic::Info()}},
    {"other_collections_have_their_own",
     {"Indexes of a collection."},
     &OtherCollectionsHaveTheirOwn,
     {},
     true},
    {"one_of_many_makers_makes_it",
     {"An index of the same name, fields and `unique` is `created = false`; one of the "
      "same name that differs is ALREADY_EXISTS.",
      "An index of this name that another call is building is ABORTED."},
     &OneOfManyMakersMakesIt,
     {&DocumentBasic::Info()}},
    {"unique_forbids_combinations_in_common",
     {"`unique` forbids two documents with a combination in common, numbers compared by"
      " value.",
      "A document is in the index with each combination of the scalars that the fields "
      "lead to."},
     &UniqueForbidsCombinationsInCommon,
     {&DocumentBasic::Info()}},
    {"unique_takes_what_has_no_scalar",
     {"A document where a field leads to no scalar is not restricted; null is a scalar "
      "like any other."},
     &UniqueTakesWhatHasNoScalar,
     {&DocumentBasic::Info()}},
    {"violated_index_is_not_made",
     {"So is a unique index that documents violate, naming it; no index remains then, "
      "nor when the call is cancelled.",
      "Makes an index over the documents that are there and those that will be."},
     &ViolatedIndexIsNotMade,
     {&DocumentBasic::Info()}},
    {"one_of_many_writers_has_the_value",
     {"`unique` forbids two documents with a combination in common, numbers compared by"
      " value."},
     &OneOfManyWritersHasTheValue,
     {&DocumentBasic::Info()}},
    {"nothing_slips_through_the_making",
     {"Writes go on while it is built, and may be refused by it before the call ends.",
      "So is a unique index that documents violate, naming it; no index remains then, "
      "nor when the call is cancelled."},
     &NothingSlipsThroughTheMaking,
     {&DocumentBasic::Info()}},
};

constexpr Unproven kUnproven[] = {
    {"An index that is still being built is not among them.",
     "a small index is made too fast to be seen in the making"},
};

constexpr Suite kSuite = {&DocumentIndexing::Info(), kCases, kUnproven, &RemoveNoted};

}  // namespace
}  // namespace documents

const Suite& DocumentIndexingSuite() { return documents::kSuite; }

}  // namespace prism::conformance
