#include "conformance/document/basic_cases.h"
#include "conformance/document/client.h"
#include "conformance/document/suites.h"

namespace prism::conformance {
namespace documents {
namespace {

constexpr std::string_view kNames =
    "A collection's name and an id are 1 to 4096 bytes of UTF-8; any other is INVALID_ARGUMENT.";
constexpr std::string_view kOneObject =
    "A document is one JSON object (RFC 8259) of at most 16 MiB of UTF-8 text and 64 levels of "
    "nesting; anything else is INVALID_ARGUMENT, with the position where it is not JSON.";
constexpr std::string_view kSameValue =
    "A document comes back as the same JSON value, not as the same text: white space goes, the "
    "order of members may change, and of members with the same name the last one counts.";
constexpr std::string_view kOfItsOwn =
    "Every content that a document ever had under one id has a version of its own, a number above "
    "0.";
constexpr std::string_view kAtomic =
    "Each write is atomic; a reader sees the old document or the new one.";
constexpr std::string_view kGuardedUpdate =
    "With `expected_version` the change is made only if the document has that version; else the "
    "answer is `found = true`, `updated = false` with the actual version, and nothing changes.";

constexpr Case kCases[] = {
    {"documents_come_back",
     {kSameValue, "JSON documents by collection and id: what every document backend offers.",
      "Returns the document with its version; `found = false` if it is absent."},
     &DocumentsComeBack},
    {"id_is_not_in_the_document",
     {"The id stands beside the document, not in it: members named \"id\" or \"_id\" are like any "
      "other."},
     &IdIsNotInTheDocument},
    {"numbers_are_kept",
     {"A number without fraction and exponent that fits in a signed 64-bit integer is kept "
      "exactly; any other number is a double (IEEE 754), and one beyond a double's range is "
      "INVALID_ARGUMENT."},
     &NumbersAreKept},
    {"last_member_of_a_name_counts", {kSameValue}, &LastMemberOfANameCounts},
    {"what_is_no_document_is_refused", {kOneObject}, &WhatIsNoDocumentIsRefused},
    {"nesting_is_limited", {kOneObject}, &NestingIsLimited},
    {"too_large_is_refused", {kOneObject}, &TooLargeIsRefused},
    {"long_names_are_taken", {kNames}, &LongNamesAreTaken},
    {"bad_names_are_refused", {kNames}, &BadNamesAreRefused},
    {"collections_never_meet",
     {"JSON documents by collection and id: what every document backend offers.",
      "A collection exists while it has a document or an index; there is nothing to create or "
      "remove."},
     &CollectionsNeverMeet},
    {"namespaces_never_meet",
     {"JSON documents by collection and id: what every document backend offers."},
     &NamespacesNeverMeet,
     {},
     true},
    {"absence_is_an_answer",
     {"Absence is an answer (`found = false`), never an error.",
      "Changes a document that exists; `found = false`, and nothing happens, if it is absent."},
     &AbsenceIsAnAnswer},
    {"fresh_ids_differ",
     {"Stores a new document under `id`, or under a fresh random id if `id` is empty."},
     &FreshIdsDiffer},
    {"taken_id_stays",
     {"If the id is taken, nothing changes and the answer is `inserted = false` with the version "
      "that is there."},
     &TakenIdStays},
    {"one_of_many_inserts_succeeds",
     {"Of several concurrent inserts of one id exactly one succeeds.", kAtomic},
     &OneOfManyInsertsSucceeds},
    {"replacement_takes_the_place",
     {"`replacement_json` takes the place of the whole document.",
      "Changes a document that exists; `found = false`, and nothing happens, if it is absent."},
     &ReplacementTakesThePlace},
    {"merge_patch_follows_the_rules",
     {"`merge_patch_json` is applied to it by the rules of JSON Merge Patch (RFC 7396): members of "
      "the patch replace those of the document, null removes a member, objects are merged member "
      "by member, arrays are replaced whole."},
     &MergePatchFollowsTheRules},
    {"bad_changes_are_refused",
     {"Exactly one of the two must be given; a patch must be a JSON object.", kOneObject},
     &BadChangesAreRefused},
    {"expected_version_guards_updates", {kGuardedUpdate}, &ExpectedVersionGuardsUpdates},
    {"versions_grow",
     {kOfItsOwn, "Versions of one document grow; by how much is not defined.",
      "Every update makes a new version, even one that leaves the content as it was."},
     &VersionsGrow},
    {"delete_removes",
     {"Removes the document.", "`found` tells whether it existed.",
      "Repeating it leaves the document absent but answers `found = false`."},
     &DeleteRemoves},
    {"expected_version_guards_deletes",
     {"With `expected_version` it is removed only if it has that version; else `deleted = false` "
      "with the actual version."},
     &ExpectedVersionGuardsDeletes},
    {"writes_are_seen_whole",
     {kAtomic, "A read that starts after a write was answered sees that write or a later one."},
     &WritesAreSeenWhole},
    {"no_update_is_lost", {kAtomic, kGuardedUpdate}, &NoUpdateIsLost},
    {"no_merge_is_lost", {kAtomic, kOfItsOwn}, &NoMergeIsLost},
    {"unique_index_forbids",
     {"Where a unique index (document_indexing) forbids the result of a write, the write is "
      "ALREADY_EXISTS naming the index, and nothing changes."},
     &UniqueIndexForbids,
     {&DocumentIndexing::Info()}},
};

constexpr Unproven kUnproven[] = {
    {"A document that is larger than the backend can hold is RESOURCE_EXHAUSTED naming the limit.",
     "how much a backend can hold is its own affair"},
    {"A call that fails with UNAVAILABLE or DEADLINE_EXCEEDED may or may not have been applied.",
     "it permits either"},
};

constexpr Suite kSuite = {&DocumentBasic::Info(), kCases, kUnproven, &RemoveNoted};

}  // namespace
}  // namespace documents

const Suite& DocumentBasicSuite() { return documents::kSuite; }

}  // namespace prism::conformance
