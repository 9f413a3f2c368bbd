#include <algorithm>
#include <map>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_graph.h"

namespace prism::conformance::testing {
namespace graphs {
namespace {

template <class Change>
class WalksOtherwise final : public ForwardWalks {
 public:
  using ForwardWalks::ForwardWalks;
  Stream<TraverseResponse> Traverse(RequestContext& ctx, const TraverseRequest& request) override {
    TraverseRequest changed = request;
    Change::Apply(changed);
    Stream<TraverseResponse> pages = real_.Traverse(ctx, changed);
    while (TraverseResponse* page = co_await pages.Next()) {
      Change::Apply(*page);
      co_yield *page;
    }
    co_return pages.status();
  }
};

struct AlwaysBreadthFirst : Unchanged {
  using Unchanged::Apply;
  static void Apply(TraverseRequest& request) { request.clear_order(); }
};
struct AlwaysDepthFirst : Unchanged {
  using Unchanged::Apply;
  static void Apply(TraverseRequest& request) { request.set_order(TraverseRequest::DEPTH_FIRST); }
};
struct VisitTwice : Unchanged {
  using Unchanged::Apply;
  static void Apply(TraverseResponse& page) {
    const Visit last = page.visits(page.visits_size() - 1);
    *page.add_visits() = last;
  }
};
struct GoOneFurther : Unchanged {
  using Unchanged::Apply;
  static void Apply(TraverseRequest& request) { request.set_max_depth(request.max_depth() + 1); }
};
struct FollowAnyDirection : Unchanged {
  using Unchanged::Apply;
  static void Apply(TraverseRequest& request) { request.clear_direction(); }
};
struct LookAtOneCondition : Unchanged {
  using Unchanged::Apply;
  static void Apply(TraverseRequest& request) {
    auto& conditions = *request.mutable_edge_conditions();
    if (conditions.size() > 1) conditions.DeleteSubrange(1, conditions.size() - 1);
  }
};
struct NeverTruncated : Unchanged {
  using Unchanged::Apply;
  static void Apply(TraverseResponse& page) { page.clear_truncated(); }
};
struct UsuallyVisitAThousand : Unchanged {
  using Unchanged::Apply;
  static void Apply(TraverseRequest& request) {
    if (request.limit() == 0) request.set_limit(1000);
  }
};

// What is wrong about single conditions on nodes.
template <class Change>
struct Conditions : Unchanged {
  using Unchanged::Apply;
  static void Apply(TraverseRequest& request) {
    TraverseRequest before = request;
    request.clear_node_conditions();
    for (PropertyCondition& condition : *before.mutable_node_conditions()) {
      Change::Compare(condition);
      *request.add_node_conditions() = condition;
      if (!Change::kOnlyWhereItIs) continue;
      PropertyCondition& exists = *request.add_node_conditions();
      exists.set_property(condition.property());
      exists.set_operator_(PropertyCondition::EXISTS);
    }
  }
};

// As SQL compares with null.
struct AbsenceIsUnequalToNothing {
  static constexpr bool kOnlyWhereItIs = true;
  static void Compare(PropertyCondition&) {}
};
struct CompareAsIntegers {
  static constexpr bool kOnlyWhereItIs = false;
  static void Compare(PropertyCondition& condition) {
    if (!condition.value().has_double_value()) return;
    const double number = condition.value().double_value();
    condition.mutable_value()->set_int64_value(static_cast<int64_t>(number));
  }
};
// A double is never above or below an integer that is rounded to it.
struct CompareAsDoubles {
  static constexpr bool kOnlyWhereItIs = false;
  static void Compare(PropertyCondition& condition) {
    const double number = condition.value().double_value();
    if (number < 9007199254740992.0) return;
    condition.mutable_value()->set_int64_value(static_cast<int64_t>(number) + 1);
  }
};
struct ContainIsBegin {
  static constexpr bool kOnlyWhereItIs = false;
  static void Compare(PropertyCondition& condition) {
    if (condition.operator_() != PropertyCondition::CONTAINS) return;
    condition.set_operator_(PropertyCondition::STARTS_WITH);
  }
};
struct EqualIsNotLess {
  static constexpr bool kOnlyWhereItIs = false;
  static void Compare(PropertyCondition& condition) {
    if (condition.operator_() != PropertyCondition::LESS_OR_EQUAL) return;
    condition.set_operator_(PropertyCondition::LESS);
  }
};

bool HasOneOf(const Node& node, const google::protobuf::RepeatedPtrField<std::string>& labels) {
  return labels.empty() ||
         std::any_of(labels.begin(), labels.end(), [&node](const std::string& label) {
           return std::count(node.labels().begin(), node.labels().end(), label) > 0;
         });
}

// Walks through what it must not visit, and keeps it to itself.
class PassesThroughOtherNodes final : public ForwardWalks {
 public:
  using ForwardWalks::ForwardWalks;
  Stream<TraverseResponse> Traverse(RequestContext& ctx, const TraverseRequest& request) override {
    TraverseRequest changed = request;
    changed.clear_node_labels();
    Stream<TraverseResponse> pages = real_.Traverse(ctx, changed);
    while (TraverseResponse* page = co_await pages.Next()) {
      TraverseResponse part;
      for (const Visit& visit : page->visits()) {
        const bool chosen = HasOneOf(visit.node(), request.node_labels());
        if (visit.depth() == 0 || chosen) *part.add_visits() = visit;
      }
      part.set_truncated(page->truncated());
      if (part.visits_size() > 0) co_yield part;
    }
    co_return pages.status();
  }
};

class StartMustBeChosenToo final : public ForwardWalks {
 public:
  using ForwardWalks::ForwardWalks;
  Stream<TraverseResponse> Traverse(RequestContext& ctx, const TraverseRequest& request) override {
    Stream<TraverseResponse> pages = real_.Traverse(ctx, request);
    while (TraverseResponse* page = co_await pages.Next()) {
      const Visit& first = page->visits(0);
      if (first.depth() == 0 && !HasOneOf(first.node(), request.node_labels()))
        co_return OkStatus();
      co_yield *page;
    }
    co_return pages.status();
  }
};

// Tells how far a node is, not how far the walk went.
class DepthsAreTheLeast final : public ForwardWalks {
 public:
  using ForwardWalks::ForwardWalks;
  Stream<TraverseResponse> Traverse(RequestContext& ctx, const TraverseRequest& request) override {
    TraverseRequest broad = request;
    broad.set_order(TraverseRequest::BREADTH_FIRST);
    std::map<std::string, uint32_t> depths;
    {
      Stream<TraverseResponse> pages = real_.Traverse(ctx, broad);
      while (TraverseResponse* page = co_await pages.Next()) {
        for (const Visit& visit : page->visits()) depths[visit.node().id()] = visit.depth();
      }
    }
    Stream<TraverseResponse> pages = real_.Traverse(ctx, request);
    while (TraverseResponse* page = co_await pages.Next()) {
      for (Visit& visit : *page->mutable_visits()) visit.set_depth(depths[visit.node().id()]);
      co_yield *page;
    }
    co_return pages.status();
  }
};

class ParentsAreSources final : public ForwardWalks {
 public:
  using ForwardWalks::ForwardWalks;
  Stream<TraverseResponse> Traverse(RequestContext& ctx, const TraverseRequest& request) override {
    Stream<TraverseResponse> pages = real_.Traverse(ctx, request);
    while (TraverseResponse* page = co_await pages.Next()) {
      for (Visit& visit : *page->mutable_visits()) {
        if (visit.edge_id().empty()) continue;
        GetEdgeRequest get;
        get.set_id(visit.edge_id());
        GetEdgeResponse edge;
        Task<Status> read = basic_.GetEdge(ctx, get, edge);
        Status status = co_await read;
        if (!status.ok()) co_return status;
        visit.set_parent_id(edge.edge().from());
      }
      co_yield *page;
    }
    co_return pages.status();
  }
};

class AlwaysHasAPage final : public ForwardWalks {
 public:
  using ForwardWalks::ForwardWalks;
  Stream<TraverseResponse> Traverse(RequestContext& ctx, const TraverseRequest& request) override {
    bool none = true;
    Stream<TraverseResponse> pages = real_.Traverse(ctx, request);
    while (TraverseResponse* page = co_await pages.Next()) {
      none = false;
      co_yield *page;
    }
    if (none && pages.status().ok()) co_yield TraverseResponse();
    co_return pages.status();
  }
};

class AllInOnePage final : public ForwardWalks {
 public:
  using ForwardWalks::ForwardWalks;
  Stream<TraverseResponse> Traverse(RequestContext& ctx, const TraverseRequest& request) override {
    Stream<TraverseResponse> pages = real_.Traverse(ctx, request);
    TraverseResponse all;
    while (TraverseResponse* page = co_await pages.Next()) all.MergeFrom(*page);
    if (all.visits_size() > 0) co_yield all;
    co_return pages.status();
  }
};

constexpr std::string_view kTraversal = "graph_traversal";

template <class Change>
constexpr auto kWalk = &Replace<WalksOtherwise<Change>, GraphTraversal>;

constexpr Fault kFaults[] = {
    {"walk_is_always_breadth_first", kTraversal, "depth_first", kWalk<AlwaysBreadthFirst>},
    {"walk_is_always_depth_first", kTraversal, "breadth_first", kWalk<AlwaysDepthFirst>},
    {"walk_visits_twice", kTraversal, "breadth_first", kWalk<VisitTwice>},
    {"walk_goes_one_further", kTraversal, "edges_are_chosen", kWalk<GoOneFurther>},
    {"walk_follows_any_direction", kTraversal, "edges_are_chosen", kWalk<FollowAnyDirection>},
    {"walk_looks_at_one_condition", kTraversal, "edges_are_chosen", kWalk<LookAtOneCondition>},
    {"walk_is_never_truncated", kTraversal, "limit_truncates", kWalk<NeverTruncated>},
    {"walk_usually_visits_a_thousand", kTraversal, "ten_thousand_is_the_default",
     kWalk<UsuallyVisitAThousand>},
    {"walk_finds_absence_unequal_to_nothing", kTraversal, "operators_compare",
     kWalk<Conditions<AbsenceIsUnequalToNothing>>},
    {"walk_compares_as_integers", kTraversal, "properties_are_compared",
     kWalk<Conditions<CompareAsIntegers>>},
    {"walk_compares_as_doubles", kTraversal, "properties_are_compared",
     kWalk<Conditions<CompareAsDoubles>>},
    {"walk_takes_contain_for_begin", kTraversal, "operators_compare",
     kWalk<Conditions<ContainIsBegin>>},
    {"walk_finds_equal_not_less", kTraversal, "operators_compare",
     kWalk<Conditions<EqualIsNotLess>>},
    {"walk_passes_through_other_nodes", kTraversal, "nodes_are_chosen",
     &Replace<PassesThroughOtherNodes, GraphTraversal>},
    {"walk_chooses_the_start_too", kTraversal, "nodes_are_chosen",
     &Replace<StartMustBeChosenToo, GraphTraversal>},
    {"walk_tells_the_least_depths", kTraversal, "depth_first",
     &Replace<DepthsAreTheLeast, GraphTraversal>},
    {"walk_takes_sources_for_parents", kTraversal, "edges_are_chosen",
     &Replace<ParentsAreSources, GraphTraversal>},
    {"walk_always_has_a_page", kTraversal, "absent_start_has_no_page",
     &Replace<AlwaysHasAPage, GraphTraversal>},
    {"walk_comes_in_one_page", kTraversal, "small_nodes_share_a_page",
     &Replace<AllInOnePage, GraphTraversal>},
};

}  // namespace
}  // namespace graphs

std::span<const Fault> GraphTraversalFaults() { return graphs::kFaults; }

}  // namespace prism::conformance::testing
