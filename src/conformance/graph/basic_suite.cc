#include "conformance/graph/basic_cases.h"
#include "conformance/graph/client.h"
#include "conformance/graph/suites.h"

namespace prism::conformance {
namespace {

constexpr Case kCases[] = {
    {"nodes_come_back",
     {"A property graph: nodes with labels, directed edges with one label, both with "
      "properties.",
      "Makes a node under `id`, or under a fresh random id if `id` is empty.",
      "Returns the node with its labels, in ascending order, and its properties.",
      "A property is a string, a signed 64-bit integer, a finite double or a boolean."},
     &NodesComeBack},
    {"labels_are_a_set",
     {"A node has at most 64 labels; their order and repetitions have no meaning.",
      "Returns the node with its labels, in ascending order, and its properties."},
     &LabelsAreASet},
    {"fresh_ids_differ",
     {"Makes a node under `id`, or under a fresh random id if `id` is empty.",
      "Makes an edge under `id`, or under a fresh random id if `id` is empty."},
     &FreshIdsDiffer},
    {"taken_node_stays",
     {"If the id is taken, nothing changes and the answer is `created = false`."},
     &TakenNodeStays},
    {"one_of_many_makers_succeeds",
     {"Each write is atomic, except DeleteNode as stated there.",
      "If the id is taken, nothing changes and the answer is `created = false`."},
     &OneOfManyMakersSucceeds},
    {"update_changes_properties",
     {"Changes properties of a node: those in `remove` go, then those in `set` are added or "
      "replaced; the others stay."},
     &UpdateChangesProperties},
    {"update_of_nothing_does_nothing",
     {"`found = false`, and nothing happens, if there is no such node."},
     &UpdateOfNothingDoesNothing},
    {"update_is_atomic",
     {"A read that starts after a write was answered sees that write or a later one.",
      "Each write is atomic, except DeleteNode as stated there."},
     &UpdateIsAtomic},
    {"delete_node_takes_its_edges",
     {"Removes the node and all edges from and to it.",
      "`edges` tells how many edges this call removed.", "A repetition answers `found = false`.",
      "An edge never exists without both of its nodes."},
     &DeleteNodeTakesItsEdges},
    {"delete_of_many_edges",
     {"Removes the node and all edges from and to it.",
      "`edges` tells how many edges this call removed."},
     &DeleteOfManyEdges},
    {"no_edge_outlives_its_node",
     {"An edge never exists without both of its nodes.",
      "A node with more than 1000 edges loses edges first, a part at a time, and other "
      "callers may see it with the rest; edges that are made meanwhile go too."},
     &NoEdgeOutlivesItsNode},
    {"no_edge_outlives_a_long_delete",
     {"A node with more than 1000 edges loses edges first, a part at a time, and other "
      "callers may see it with the rest; edges that are made meanwhile go too.",
      "`edges` tells how many edges this call removed."},
     &NoEdgeOutlivesALongDelete},
    {"edges_come_back",
     {"Returns the edge.", "Makes an edge under `id`, or under a fresh random id if `id` is empty.",
      "An edge leads from one node to another or to the same one.",
      "There may be several edges between two nodes, also of the same label.",
      "Nodes and edges have ids of their own: a node and an edge may have the same id."},
     &EdgesComeBack},
    {"edges_need_both_nodes",
     {"If one of the nodes does not exist or the id is taken, nothing changes and the answer "
      "is `created = false`, with `from_found` and `to_found`; if both are true, the id is "
      "taken."},
     &EdgesNeedBothNodes},
    {"delete_edge_keeps_its_nodes",
     {"Removes the edge; its nodes stay.", "A repetition answers `found = false`."},
     &DeleteEdgeKeepsItsNodes},
    {"absence_is_an_answer",
     {"Absence is an answer (`found = false`), never an error."},
     &AbsenceIsAnAnswer},
    {"long_names_are_taken",
     {"Ids of nodes, ids of edges, labels and property names are 1 to 4096 bytes of UTF-8; "
      "any other is INVALID_ARGUMENT."},
     &LongNamesAreTaken},
    {"bad_names_are_refused",
     {"Ids of nodes, ids of edges, labels and property names are 1 to 4096 bytes of UTF-8; "
      "any other is INVALID_ARGUMENT."},
     &BadNamesAreRefused},
    {"too_much_is_refused",
     {"A node has at most 64 labels; their order and repetitions have no meaning.",
      "A node or edge has at most 256 properties, together with labels at most 1 MiB; more "
      "is INVALID_ARGUMENT."},
     &TooMuchIsRefused},
    {"too_much_of_an_edge_is_refused",
     {"A node or edge has at most 256 properties, together with labels at most 1 MiB; more "
      "is INVALID_ARGUMENT."},
     &TooMuchOfAnEdgeIsRefused},
    {"updates_may_not_grow_a_node_too_large",
     {"A node or edge has at most 256 properties, together with labels at most 1 MiB; more "
      "is INVALID_ARGUMENT."},
     &UpdatesMayNotGrowANodeTooLarge},
    {"no_property_is_null",
     {"A property is a string, a signed 64-bit integer, a finite double or a boolean.",
      "A property without a kind is INVALID_ARGUMENT; there is no null."},
     &NoPropertyIsNull},
    {"namespaces_never_meet", {"A namespace holds one graph."}, &NamespacesNeverMeet, {}, true},
    {"edges_come_in_order",
     {"Which edges of a node: those that leave it, those that reach it, or all of them.",
      "Streams the edges of a node, page by page: first those that leave it, then those that "
      "reach it, each by ascending label and then by ascending id, in UTF-8 bytes."},
     &EdgesComeInOrder},
    {"loop_comes_once",
     {"An edge from a node to itself leaves and reaches it; for ANY it comes once, as one "
      "that leaves."},
     &LoopComesOnce},
    {"labels_restrict", {"`labels` restricts to these labels; none means all."}, &LabelsRestrict},
    {"no_edges_no_page", {"A node without edges, or an absent one, has no page."}, &NoEdgesNoPage},
    {"pages_are_bounded",
     {"A page has at most 1000 edges and 1 MiB, unless a single edge is larger.",
      "No page is empty.", "`limit` bounds the edges of the stream; 0 means no bound."},
     &PagesAreBounded},
    {"cursor_resumes",
     {"`limit` bounds the edges of the stream; 0 means no bound.",
      "`cursor` resumes behind its page with the same node, direction and labels; it does "
      "not expire, is opaque, and is INVALID_ARGUMENT when damaged or made for others.",
      "It is empty when the end was reached; behind any other there may or may not be more."},
     &CursorResumes},
    {"foreign_cursors_are_refused",
     {"`cursor` resumes behind its page with the same node, direction and labels; it does "
      "not expire, is opaque, and is INVALID_ARGUMENT when damaged or made for others."},
     &ForeignCursorsAreRefused},
    {"long_listings_resume",
     {"A page has at most 1000 edges and 1 MiB, unless a single edge is larger.",
      "`cursor` resumes behind its page with the same node, direction and labels; it does "
      "not expire, is opaque, and is INVALID_ARGUMENT when damaged or made for others.",
      "It is empty when the end was reached; behind any other there may or may not be more."},
     &LongListingsResume},
    {"listing_is_weakly_consistent",
     {"Calls that read many nodes and edges are weakly consistent: what exists during the "
      "whole call is seen, what is written meanwhile may be seen or not, and no element is "
      "seen half written."},
     &ListingIsWeaklyConsistent},
    {"long_listing_is_weakly_consistent",
     {"Calls that read many nodes and edges are weakly consistent: what exists during the "
      "whole call is seen, what is written meanwhile may be seen or not, and no element is "
      "seen half written."},
     &LongListingIsWeaklyConsistent},
    {"bad_listings_are_refused",
     {"Ids of nodes, ids of edges, labels and property names are 1 to 4096 bytes of UTF-8; "
      "any other is INVALID_ARGUMENT."},
     &BadListingsAreRefused},
};

constexpr Unproven kUnproven[] = {
    {"For all graph interfaces:", "it promises nothing"},
    {"What does not fit in the backend is RESOURCE_EXHAUSTED naming the limit.",
     "it would take filling the backend"},
    {"A call that fails with UNAVAILABLE or DEADLINE_EXCEEDED may or may not have been "
     "applied.",
     "it permits either"},
    {"A call that fails then has removed some; repeat it.",
     "no case can make the backend fail half way"},
};

constexpr Suite kSuite = {&GraphBasic::Info(), kCases, kUnproven, &DeleteNotedNodes};

}  // namespace

const Suite& GraphBasicSuite() { return kSuite; }

}  // namespace prism::conformance
