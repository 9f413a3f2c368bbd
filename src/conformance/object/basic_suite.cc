#include "conformance/object/basic_cases.h"
#include "conformance/object/client.h"
#include "conformance/object/suites.h"

namespace prism::conformance {
namespace object_basic {
namespace {

constexpr std::string_view kKey =
    "A key is 1 to 4096 bytes of UTF-8; any other key is INVALID_ARGUMENT.";
constexpr std::string_view kWhole =
    "An object is whole or not there: a Put becomes visible at one moment, after all its bytes "
    "have arrived and have been checked, and a Get returns the bytes of one Put even when the "
    "object is replaced or deleted meanwhile.";
constexpr std::string_view kEtag =
    "`etag` is an opaque text that names one content of one key: each Put gives another, except "
    "that a backend may give the same etag to a Put of the same bytes.";
constexpr std::string_view kAbsence = "Absence is an answer (`found = false`), never an error.";
constexpr std::string_view kPut =
    "Stores an object, in the place of one of the same key if there is one.";
constexpr std::string_view kParts =
    "The first message is the header, all others are pieces of the content, each of any size that "
    "a message may have; anything else is INVALID_ARGUMENT, as are a size, SHA-256 or CRC32C that "
    "the header announces and the content does not have.";
constexpr std::string_view kNothing = "Nothing is stored if the call fails or is cancelled.";
constexpr std::string_view kCondition =
    "A condition is tested when the object becomes visible: `if_absent` demands that there is no "
    "object of the key, `if_etag` that there is one with this etag.";
constexpr std::string_view kNotStored =
    "One that does not hold is an answer: `stored = false`, with the etag that is there, if any.";
constexpr std::string_view kExactlyOne =
    "Of several Puts with the same condition that exclude each other exactly one is stored.";
constexpr std::string_view kGet =
    "Returns the object or a range of it: first a message with the header, then pieces of at most "
    "256 KiB that together are the range.";
constexpr std::string_view kHead =
    "Describes the object without its content; `found = false` if it is absent.";
constexpr std::string_view kDeleteEtag =
    "With `if_etag` it is removed only if it has that etag, else `deleted = false` with the etag "
    "that is there.";
constexpr std::string_view kList =
    "Streams the keys that begin with `prefix` (0 to 4096 bytes of UTF-8), page by page.";
constexpr std::string_view kDelimiter =
    "With a `delimiter` (at most 16 bytes), keys that have it behind the prefix are not returned; "
    "instead what they have in common, up to and with the first delimiter behind the prefix, comes "
    "once as a row with `common_prefix`.";
constexpr std::string_view kPages = "Pages have at most 1000 rows and 1 MiB, and none is empty.";
constexpr std::string_view kCursor =
    "`cursor` resumes behind its page, with the same prefix and delimiter; it does not expire, is "
    "opaque, and is INVALID_ARGUMENT when damaged or made for another prefix or delimiter.";

constexpr Case kCases[] = {
    {"objects_come_back",
     {"Large immutable objects by key, sent and received in pieces.", kPut, kGet},
     &ObjectsComeBack},
    {"any_bytes_in_any_pieces",
     {"An object has any bytes, also none,", kParts, kGet},
     &AnyBytesInAnyPieces},
    {"put_replaces", {kPut}, &PutReplaces},
    {"etags_name_contents", {kEtag}, &EtagsNameContents},
    {"announced_content_is_checked", {kParts}, &AnnouncedContentIsChecked},
    {"wrong_content_is_refused", {kParts, kNothing, kWhole}, &WrongContentIsRefused},
    {"parts_have_an_order", {kParts, kNothing}, &PartsHaveAnOrder},
    {"headers_have_limits", {kParts, kNothing}, &HeadersHaveLimits},
    {"cancelled_put_stores_nothing", {kNothing}, &CancelledPutStoresNothing},
    {"long_keys_are_taken", {kKey}, &LongKeysAreTaken},
    {"bad_keys_are_refused", {kKey}, &BadKeysAreRefused},
    {"slashes_have_no_meaning",
     {"Slashes have no meaning but the one that List's delimiter gives them."},
     &SlashesHaveNoMeaning},
    {"namespaces_never_meet", {kAbsence}, &NamespacesNeverMeet, {}, true},

    {"absence_is_an_answer",
     {kAbsence, "For an absent object a header with `found = false` is all.", kHead,
      "Repeating it leaves the object absent but answers `found = false`."},
     &AbsenceIsAnAnswer},
    {"ranges_are_cut_out",
     {kGet,
      "`range` begins `offset` bytes from the start and has `length` bytes, or reaches to the end "
      "without `length`; what is beyond the end is left out, so a range that begins there is "
      "empty."},
     &RangesAreCutOut},
    {"suffixes_are_the_last_bytes",
     {"`suffix` is the last so many bytes, or all if there are fewer."},
     &SuffixesAreTheLastBytes},
    {"get_with_an_etag",
     {"With `if_etag` and an object of another etag, the header says `found = true`, `matched = "
      "false`, and no piece follows."},
     &GetWithAnEtag},
    {"head_describes", {kHead}, &HeadDescribes},
    {"delete_removes",
     {"Removes the object.", "`found` tells whether it existed.",
      "Repeating it leaves the object absent but answers `found = false`."},
     &DeleteRemoves},
    {"delete_with_an_etag", {kDeleteEtag}, &DeleteWithAnEtag},
    {"reads_see_answered_writes",
     {"A read that starts after a write was answered sees that write or a later one."},
     &ReadsSeeAnsweredWrites},

    {"if_absent_needs_absence", {kCondition, kNotStored}, &IfAbsentNeedsAbsence},
    {"if_etag_needs_that_object", {kCondition, kNotStored}, &IfEtagNeedsThatObject},
    {"condition_is_tested_at_the_end", {kCondition, kNotStored}, &ConditionIsTestedAtTheEnd},
    {"early_answers_arrive", {"It may come before all pieces were taken."}, &EarlyAnswersArrive},
    {"one_of_many_first_puts_is_stored", {kExactlyOne}, &OneOfManyFirstPutsIsStored},
    {"one_of_many_replacements_is_stored", {kExactlyOne}, &OneOfManyReplacementsIsStored},
    {"no_replacement_is_lost", {kExactlyOne, kCondition}, &NoReplacementIsLost},
    {"put_becomes_visible_at_its_end", {kWhole}, &PutBecomesVisibleAtItsEnd},
    {"get_returns_the_bytes_of_one_put", {kWhole}, &GetReturnsTheBytesOfOnePut},
    {"contents_never_mix", {kWhole}, &ContentsNeverMix},

    {"rows_come_in_order",
     {kList, "Rows come by ascending UTF-8 bytes of key or common prefix."},
     &RowsComeInOrder},
    {"prefix_bounds", {kList}, &PrefixBounds},
    {"delimiter_gathers",
     {kDelimiter, "Rows come by ascending UTF-8 bytes of key or common prefix."},
     &DelimiterGathers},
    {"nothing_is_no_page", {kPages}, &NothingIsNoPage},
    {"pages_hold_a_thousand_rows", {kPages, kDelimiter}, &PagesHoldAThousandRows},
    {"pages_hold_a_mebibyte", {kPages}, &PagesHoldAMebibyte},
    {"limit_bounds_the_stream",
     {"`limit` bounds the rows of the stream; 0 means no bound."},
     &LimitBoundsTheStream},
    {"cursors_resume",
     {kCursor,
      "It is empty when the end was reached; behind any other there may or may not be more."},
     &CursorsResume},
    {"cursors_do_not_expire", {kCursor}, &CursorsDoNotExpire},
    {"foreign_cursors_are_refused", {kCursor}, &ForeignCursorsAreRefused},
    {"damaged_cursors_are_refused", {kCursor}, &DamagedCursorsAreRefused},
    {"bad_listings_are_refused", {kList, kDelimiter}, &BadListingsAreRefused},
    {"listing_is_weakly_consistent",
     {"Weakly consistent: an object that exists from the start to the end is returned exactly "
      "once; one that is stored or deleted meanwhile once or not at all."},
     &ListingIsWeaklyConsistent},
};

constexpr Unproven kUnproven[] = {
    {"up to 5 GiB; more than that, or more than the backend can hold, is RESOURCE_EXHAUSTED naming "
     "the limit.",
     "it would take that many bytes"},
    {"A call that fails with UNAVAILABLE or DEADLINE_EXCEEDED may or may not have been applied.",
     "it permits either"},
};

constexpr Suite kSuite = {&ObjectBasic::Info(), kCases, kUnproven, &DeleteNotedObjects};

}  // namespace
}  // namespace object_basic

const Suite& ObjectBasicSuite() { return object_basic::kSuite; }

}  // namespace prism::conformance
