#include "conformance/graph/analytics_cases.h"
#include "conformance/graph/suites.h"

namespace prism::conformance {
namespace {

constexpr const InterfaceInfo* kBasic = &GraphBasic::Info();

constexpr std::string_view kWay =
    "Finds a way from one node to another along edges in `direction`: one of the fewest edges, or "
    "with `weight_property` one of the least sum of that property over its edges.";
constexpr std::string_view kWeights =
    "Edges where the property is missing or no number are then not followed, and one that is "
    "negative and would be considered is FAILED_PRECONDITION naming the edge.";
constexpr std::string_view kLabels =
    "Each of them takes only edges with one of `edge_labels` (at most 64), or all without any.";
constexpr std::string_view kHops =
    "With `max_hops` (at most 1000; 0 means 1000), not to be combined with `weight_property`, only "
    "ways of so many edges are considered.";
constexpr std::string_view kDamping = "`damping` is above 0 and below 1 (0 means 0.85).";
constexpr std::string_view kEnd =
    "It ends after `iterations` (1 to 1000; 0 means 100) or when the ranks change by less than "
    "`tolerance` in sum (0 means 0.000001).";
constexpr std::string_view kPages = "Pages have at most 1000 nodes and 1 MiB, and none is empty.";

constexpr Case kCases[] = {
    {"fewest_edges", {kWay, "Of several such ways any may be returned."}, &FewestEdges, {kBasic}},
    {"directions_are_kept", {kWay}, &DirectionsAreKept, {kBasic}},
    {"labels_are_chosen", {kLabels}, &LabelsAreChosen, {kBasic}},
    {"least_sum", {kWay, kWeights}, &LeastSum, {kBasic}},
    {"negative_edges_are_refused", {kWeights}, &NegativeEdgesAreRefused, {kBasic}},
    {"no_way_is_an_answer",
     {"`found = false` if there is none or a node does not exist."},
     &NoWayIsAnAnswer,
     {kBasic}},
    {"from_a_node_to_itself",
     {"From a node to itself the way has that node, no edge and weight 0."},
     &FromANodeToItself,
     {kBasic}},
    {"hops_are_bounded", {kHops}, &HopsAreBounded, {kBasic}},
    {"long_ways",
     {kHops, "The least way by weight is `found = false` if it has more than 1000 edges."},
     &LongWays,
     {kBasic}},
    {"bad_paths_are_refused",
     {kHops, kLabels, "Limits are those of graph_basic."},
     &BadPathsAreRefused,
     {kBasic}},
    {"other_namespaces_have_their_ways",
     {"A namespace holds one graph."},
     &OtherNamespacesHaveTheirWays,
     {kBasic},
     true},
    {"ranks_follow_the_edges",
     {"Ranks the nodes by PageRank and streams them, the highest rank first and equal ones by id.",
      kLabels},
     &RanksFollowTheEdges,
     {kBasic}},
    {"ranks_sum_up_to_one",
     {"The ranks sum up to 1, but for rounding.",
      "Ranks the nodes by PageRank and streams them, the highest rank first and equal ones by id."},
     &RanksSumUpToOne,
     {kBasic}},
    {"edges_count_several_times",
     {"Several edges between two nodes count several times; the rank of a node without edges out "
      "goes to all nodes alike."},
     &EdgesCountSeveralTimes,
     {kBasic}},
    {"ranks_are_limited",
     {"`limit` bounds the nodes; 0 means all.", kDamping},
     &RanksAreLimited,
     {kBasic}},
    {"ranks_by_label", {kLabels}, &RanksByLabel, {kBasic}},
    {"ranking_ends_when_told", {kEnd}, &RankingEndsWhenTold, {kBasic}},
    {"bad_rankings_are_refused", {kDamping, kEnd, kLabels}, &BadRankingsAreRefused},
    {"components_ignore_directions",
     {"Streams every node with the component it is in: two nodes are in the same one if edges "
      "connect them, whatever their directions.",
      "A component is named by the least id in it, in UTF-8 bytes.",
      "Nodes come by component and then by id, both ascending."},
     &ComponentsIgnoreDirections,
     {kBasic}},
    {"components_come_together",
     {"Nodes come by component and then by id, both ascending."},
     &ComponentsComeTogether,
     {kBasic}},
    {"components_by_label", {kLabels}, &ComponentsByLabel, {kBasic}},
    {"pages_have_at_most_a_thousand",
     {kPages, "Streams every node with the component it is in"},
     &PagesHaveAtMostAThousand,
     {kBasic}},
    {"pages_have_at_most_a_mebibyte", {kPages}, &PagesHaveAtMostAMebibyte, {kBasic}},
};

constexpr Unproven kUnproven[] = {
    {"Computations over the whole graph.", "a heading"},
    {"They work on a graph of at most 1000000 nodes; more, or more than the backend has memory to "
     "work with, is RESOURCE_EXHAUSTED naming the limit.",
     "a graph of that size is too large for a case"},
    {"ShortestPath counts only nodes it comes by.", "shows only beside the limit"},
    {"Other calls are served meanwhile.",
     "the cases of this suite run beside others, but nothing makes a computation last"},
    {"Cancelling ends the work.", "what goes on in the backend cannot be seen from here"},
};

}  // namespace

const Suite& GraphAnalyticsSuite() {
  static const Suite kSuite{&GraphAnalytics::Info(), kCases, kUnproven, &DeleteNotedNodes};
  return kSuite;
}

}  // namespace prism::conformance
