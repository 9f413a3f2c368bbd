#include "conformance/pubsub/filtering_cases.h"
#include "conformance/pubsub/suites.h"
#include "interfaces/pubsub_basic.prism.h"
#include "interfaces/pubsub_filtering.prism.h"

namespace prism::conformance {
namespace {

using namespace pubsub_suite;  // NOLINT: the cases

constexpr std::string_view kWhat =
    "Messages with attributes, and live subscriptions to those whose attributes match a filter.";
constexpr std::string_view kBasic = "Limits, delivery and order are those of pubsub_basic.";
constexpr std::string_view kAttributes =
    "A message has at most 64 attributes: a name of 1 to 256 bytes of UTF-8 and a value of 0 to "
    "4096 bytes of UTF-8.";
constexpr std::string_view kElse = "Anything else is INVALID_ARGUMENT.";
constexpr std::string_view kPublish = "Publish with attributes; none is allowed too.";
constexpr std::string_view kReceives =
    "Receives the messages of the topic that match the filter; without a filter, all.";
constexpr std::string_view kSize =
    "A filter has at most 64 nodes and is nested at most 8 deep; a larger one, or one with a node "
    "without content, is INVALID_ARGUMENT.";
constexpr std::string_view kSoAre =
    "So are names and values in it that no message can have, and a bound that is not a number.";
constexpr std::string_view kAsked = "What is asked of a message's attributes.";
constexpr std::string_view kBytes = "Texts are compared byte by byte.";
constexpr std::string_view kAbsent =
    "An attribute that the message does not have matches nothing, so only `negation` accepts its "
    "absence.";
constexpr std::string_view kNumber =
    "A value that is not wholly a finite decimal number, like `-2`, `0.5` or `1e3`, is not in any "
    "range.";

constexpr Case kCases[] = {
    {"equals_is_the_whole_value", {kAsked, kBytes, kAbsent, kWhat}, &EqualsIsTheWholeValue},
    {"prefix_is_the_beginning", {kAsked, kBytes, kAbsent}, &PrefixIsTheBeginning},
    {"exists_is_of_any_value", {kAsked, kAbsent}, &ExistsIsOfAnyValue},
    {"range_is_of_numbers", {kAsked, kNumber, kAbsent}, &RangeIsOfNumbers},
    {"no_text_is_in_a_range", {kNumber}, &NoTextIsInARange},
    {"lists_combine", {kAsked, kReceives}, &ListsCombine},
    {"negation_accepts_absence", {kAbsent, kNumber}, &NegationAcceptsAbsence},
    {"attributes_come", {kWhat, kPublish}, &AttributesCome, {&PubSubBasic::Info()}},
    {"without_filter_all_come", {kReceives, kPublish}, &WithoutFilterAllCome},
    {"plain_messages_are_filtered_too",
     {kReceives,
      "There is one set of topics: a live subscription (Subscribe, SubscribePattern, "
      "SubscribeFiltered) receives every message of its topics, by whichever rpc it was published.",
      "Ends the stream of a live subscription with OK;"},
     &PlainMessagesAreFilteredToo,
     {&PubSubBasic::Info()}},
    {"only_matching_messages_wait",
     {"Messages that do not match never wait for the subscription."},
     &OnlyMatchingMessagesWait},
    {"each_filter_receives_its_own", {kReceives, kBasic}, &EachFilterReceivesItsOwn},
    {"repeated_is_sent_again",
     {"Repeated, it sends the message again."},
     &RepeatedAttributesAreSentAgain},
    {"largest_filters_are_taken", {kSize}, &LargestFiltersAreTaken},
    {"bad_filters_are_refused", {kSize, kSoAre}, &BadFiltersAreRefused},
    {"largest_attributes_are_taken", {kAttributes}, &LargestAttributesAreTaken},
    {"bad_attributes_are_refused", {kAttributes, kElse}, &BadAttributesAreRefused},
    {"bad_topics_are_refused", {kBasic, kElse}, &BadFilteringTopicsAreRefused},
    {"namespaces_never_meet",
     {"Topics of different namespaces never meet."},
     &FilteringNamespacesNeverMeet,
     {},
     true},
};

constexpr Suite kSuite = {&PubSubFiltering::Info(), kCases, {}};

}  // namespace

const Suite& PubSubFilteringSuite() { return kSuite; }

}  // namespace prism::conformance
