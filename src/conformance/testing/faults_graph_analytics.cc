#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_graph.h"

namespace prism::conformance::testing {
namespace graphs {
namespace {

constexpr int kRowsOfAPage = 1000;

template <class Change>
class FindsOtherwise final : public ForwardAnalytics {
 public:
  using ForwardAnalytics::ForwardAnalytics;
  Task<Status> ShortestPath(RequestContext& ctx, const ShortestPathRequest& request,
                            ShortestPathResponse& response) override {
    ShortestPathRequest changed = request;
    Change::Apply(changed);
    Task<Status> find = real_.ShortestPath(ctx, changed, response);
    Status status = co_await find;
    Change::Apply(response);
    co_return status;
  }
};

struct FollowAnyDirection : Unchanged {
  using Unchanged::Apply;
  static void Apply(ShortestPathRequest& request) { request.set_direction(ANY); }
};
struct ForgetWeights : Unchanged {
  using Unchanged::Apply;
  static void Apply(ShortestPathRequest& request) { request.clear_weight_property(); }
};
struct ForgetHops : Unchanged {
  using Unchanged::Apply;
  static void Apply(ShortestPathRequest& request) { request.clear_max_hops(); }
};
// One that is as long as a way may be, too.
struct CutLongWays : Unchanged {
  using Unchanged::Apply;
  static void Apply(ShortestPathResponse& way) {
    if (way.edge_ids_size() >= 1000) way.Clear();
  }
};
struct StayingIsNoWay : Unchanged {
  using Unchanged::Apply;
  static void Apply(ShortestPathResponse& way) {
    if (way.node_ids_size() == 1) way.Clear();
  }
};
struct TurnTheWay : Unchanged {
  using Unchanged::Apply;
  static void Apply(ShortestPathResponse& way) {
    std::reverse(way.mutable_node_ids()->begin(), way.mutable_node_ids()->end());
    std::reverse(way.mutable_edge_ids()->begin(), way.mutable_edge_ids()->end());
  }
};

// Goes around them in silence.
class NegativeEdgesAreNoWay final : public ForwardAnalytics {
 public:
  using ForwardAnalytics::ForwardAnalytics;
  Task<Status> ShortestPath(RequestContext& ctx, const ShortestPathRequest& request,
                            ShortestPathResponse& response) override {
    Task<Status> find = real_.ShortestPath(ctx, request, response);
    Status status = co_await find;
    if (status.code() == Code::kFailedPrecondition) co_return OkStatus();
    co_return status;
  }
};

class AnyNodeReachesItself final : public ForwardAnalytics {
 public:
  using ForwardAnalytics::ForwardAnalytics;
  Task<Status> ShortestPath(RequestContext& ctx, const ShortestPathRequest& request,
                            ShortestPathResponse& response) override {
    Task<Status> find = real_.ShortestPath(ctx, request, response);
    Status status = co_await find;
    if (status.ok() && !response.found() && request.from() == request.to()) {
      response.set_found(true);
      response.add_node_ids(request.from());
    }
    co_return status;
  }
};

// Changes the request and the whole answer, which then comes in pages again: of as many nodes as
// are allowed, however large.
template <class Change>
class RanksOtherwise final : public ForwardAnalytics {
 public:
  using ForwardAnalytics::ForwardAnalytics;
  Stream<PageRankResponse> PageRank(RequestContext& ctx, const PageRankRequest& request) override {
    PageRankRequest changed = request;
    Change::Apply(changed);
    Stream<PageRankResponse> pages = real_.PageRank(ctx, changed);
    PageRankResponse all;
    while (PageRankResponse* page = co_await pages.Next()) all.MergeFrom(*page);
    Change::Apply(all);
    for (int i = 0; i < all.nodes_size(); i += kRowsOfAPage) {
      PageRankResponse part;
      const int end = std::min(all.nodes_size(), i + kRowsOfAPage);
      for (int at = i; at < end; ++at) *part.add_nodes() = all.nodes(at);
      co_yield part;
    }
    co_return pages.status();
  }
};

struct IgnoreDamping : Unchanged {
  using Unchanged::Apply;
  static void Apply(PageRankRequest& request) {
    if (request.damping() > 0 && request.damping() < 1) request.clear_damping();
  }
};
struct IgnoreLimit : Unchanged {
  using Unchanged::Apply;
  static void Apply(PageRankRequest& request) { request.clear_limit(); }
};
struct IgnoreIterations : Unchanged {
  using Unchanged::Apply;
  static void Apply(PageRankRequest& request) { request.clear_iterations(); }
};
struct IgnoreTolerance : Unchanged {
  using Unchanged::Apply;
  static void Apply(PageRankRequest& request) { request.clear_tolerance(); }
};
// As some do whose ranks are 1 on the average.
struct RanksSumUpToTheirNumber : Unchanged {
  using Unchanged::Apply;
  static void Apply(PageRankResponse& all) {
    for (RankedNode& node : *all.mutable_nodes()) node.set_rank(node.rank() * all.nodes_size());
  }
};
struct LowestFirst : Unchanged {
  using Unchanged::Apply;
  static void Apply(PageRankResponse& all) {
    std::reverse(all.mutable_nodes()->begin(), all.mutable_nodes()->end());
  }
};
struct EqualOnesTurned : Unchanged {
  using Unchanged::Apply;
  static void Apply(PageRankResponse& all) {
    std::sort(all.mutable_nodes()->begin(), all.mutable_nodes()->end(),
              [](const RankedNode& a, const RankedNode& b) {
                return a.rank() != b.rank() ? a.rank() > b.rank() : a.id() > b.id();
              });
  }
};

template <class Change>
class ConnectsOtherwise final : public ForwardAnalytics {
 public:
  using ForwardAnalytics::ForwardAnalytics;
  Stream<ConnectedComponentsResponse> ConnectedComponents(
      RequestContext& ctx, const ConnectedComponentsRequest& request) override {
    ConnectedComponentsRequest changed = request;
    Change::Apply(changed);
    Stream<ConnectedComponentsResponse> pages = real_.ConnectedComponents(ctx, changed);
    ConnectedComponentsResponse all;
    while (ConnectedComponentsResponse* page = co_await pages.Next()) all.MergeFrom(*page);
    Change::Apply(all);
    for (int i = 0; i < all.members_size(); i += Change::kRows) {
      ConnectedComponentsResponse part;
      const int end = std::min(all.members_size(), i + Change::kRows);
      for (int at = i; at < end; ++at) *part.add_members() = all.members(at);
      co_yield part;
    }
    co_return pages.status();
  }
};

struct SameComponents : Unchanged {
  static constexpr int kRows = kRowsOfAPage;
};

template <class Less>
void SortMembers(ConnectedComponentsResponse& all, Less less) {
  std::sort(all.mutable_members()->begin(), all.mutable_members()->end(), less);
}

struct NamedByTheGreatest : SameComponents {
  using SameComponents::Apply;
  static void Apply(ConnectedComponentsResponse& all) {
    std::map<std::string, std::string> names;
    for (const ComponentMember& member : all.members()) {
      std::string& name = names[member.component()];
      name = std::max(name, member.id());
    }
    for (ComponentMember& member : *all.mutable_members()) {
      member.set_component(names[member.component()]);
    }
    SortMembers(all, [](const ComponentMember& a, const ComponentMember& b) {
      return std::tie(a.component(), a.id()) < std::tie(b.component(), b.id());
    });
  }
};
struct OrderedById : SameComponents {
  using SameComponents::Apply;
  static void Apply(ConnectedComponentsResponse& all) {
    SortMembers(all,
                [](const ComponentMember& a, const ComponentMember& b) { return a.id() < b.id(); });
  }
};
struct WithoutLonelyNodes : SameComponents {
  using SameComponents::Apply;
  static void Apply(ConnectedComponentsResponse& all) {
    std::map<std::string, int> sizes;
    for (const ComponentMember& member : all.members()) ++sizes[member.component()];
    ConnectedComponentsResponse kept;
    for (const ComponentMember& member : all.members()) {
      if (sizes[member.component()] > 1) *kept.add_members() = member;
    }
    all.Swap(&kept);
  }
};
struct InOnePage : Unchanged {
  static constexpr int kRows = 1'000'000;
};

// Of all three.
struct AnyLabel : SameComponents {
  using SameComponents::Apply;
  static void Apply(ShortestPathRequest& request) { request.clear_edge_labels(); }
  static void Apply(PageRankRequest& request) { request.clear_edge_labels(); }
  static void Apply(ConnectedComponentsRequest& request) { request.clear_edge_labels(); }
};

constexpr std::string_view kAnalytics = "graph_analytics";

template <class Change>
constexpr auto kFind = &Replace<FindsOtherwise<Change>, GraphAnalytics>;
template <class Change>
constexpr auto kRank = &Replace<RanksOtherwise<Change>, GraphAnalytics>;
template <class Change>
constexpr auto kConnect = &Replace<ConnectsOtherwise<Change>, GraphAnalytics>;

constexpr Fault kFaults[] = {
    {"path_follows_any_direction", kAnalytics, "directions_are_kept", kFind<FollowAnyDirection>},
    {"path_takes_any_label", kAnalytics, "labels_are_chosen", kFind<AnyLabel>},
    {"path_forgets_weights", kAnalytics, "least_sum", kFind<ForgetWeights>},
    {"path_forgets_hops", kAnalytics, "hops_are_bounded", kFind<ForgetHops>},
    {"path_cuts_long_ways", kAnalytics, "long_ways", kFind<CutLongWays>},
    {"path_needs_an_edge", kAnalytics, "from_a_node_to_itself", kFind<StayingIsNoWay>},
    {"path_comes_backwards", kAnalytics, "fewest_edges", kFind<TurnTheWay>},
    {"path_goes_around_negative_edges", kAnalytics, "negative_edges_are_refused",
     &Replace<NegativeEdgesAreNoWay, GraphAnalytics>},
    {"path_of_an_absent_node", kAnalytics, "no_way_is_an_answer",
     &Replace<AnyNodeReachesItself, GraphAnalytics>},
    {"ranks_take_any_label", kAnalytics, "ranks_by_label", kRank<AnyLabel>},
    {"ranks_ignore_damping", kAnalytics, "ranks_are_limited", kRank<IgnoreDamping>},
    {"ranks_ignore_the_limit", kAnalytics, "ranks_are_limited", kRank<IgnoreLimit>},
    {"ranks_ignore_iterations", kAnalytics, "ranking_ends_when_told", kRank<IgnoreIterations>},
    {"ranks_ignore_tolerance", kAnalytics, "ranking_ends_when_told", kRank<IgnoreTolerance>},
    {"ranks_sum_up_to_their_number", kAnalytics, "ranks_sum_up_to_one",
     kRank<RanksSumUpToTheirNumber>},
    {"ranks_come_from_the_lowest", kAnalytics, "ranks_follow_the_edges", kRank<LowestFirst>},
    {"ranks_that_are_equal_are_turned", kAnalytics, "ranks_sum_up_to_one", kRank<EqualOnesTurned>},
    {"ranks_take_any_room", kAnalytics, "pages_have_at_most_a_mebibyte", kRank<Unchanged>},
    {"components_take_any_label", kAnalytics, "components_by_label", kConnect<AnyLabel>},
    {"components_are_named_by_the_greatest", kAnalytics, "components_ignore_directions",
     kConnect<NamedByTheGreatest>},
    {"components_come_by_id", kAnalytics, "components_come_together", kConnect<OrderedById>},
    {"components_have_no_lonely_nodes", kAnalytics, "components_ignore_directions",
     kConnect<WithoutLonelyNodes>},
    {"components_take_any_room", kAnalytics, "pages_have_at_most_a_mebibyte",
     kConnect<SameComponents>},
    {"components_come_in_one_page", kAnalytics, "pages_have_at_most_a_thousand",
     kConnect<InOnePage>},
};

}  // namespace
}  // namespace graphs

std::span<const Fault> GraphAnalyticsFaults() { return graphs::kFaults; }

}  // namespace prism::conformance::testing
