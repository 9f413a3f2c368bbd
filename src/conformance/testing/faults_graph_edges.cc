#include <algorithm>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_graph.h"
#include "conformance/testing/pause.h"

namespace prism::conformance::testing {
namespace graphs {
namespace {

template <class Change>
class ListsOtherwise final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Stream<GetEdgesResponse> GetEdges(RequestContext& ctx, const GetEdgesRequest& request) override {
    GetEdgesRequest changed = request;
    Change::Apply(changed);
    Stream<GetEdgesResponse> pages = real_.GetEdges(ctx, changed);
    while (GetEdgesResponse* page = co_await pages.Next()) {
      Change::Apply(*page);
      co_yield *page;
    }
    co_return pages.status();
  }
};

struct IgnoreLabels : Unchanged {
  using Unchanged::Apply;
  static void Apply(GetEdgesRequest& request) { request.clear_labels(); }
};
struct IgnoreLimit : Unchanged {
  using Unchanged::Apply;
  static void Apply(GetEdgesRequest& request) { request.clear_limit(); }
};
struct OrderById : Unchanged {
  using Unchanged::Apply;
  static void Apply(GetEdgesResponse& page) {
    std::sort(page.mutable_edges()->begin(), page.mutable_edges()->end(),
              [](const Edge& a, const Edge& b) { return a.id() < b.id(); });
  }
};
struct LeaveNoCursor : Unchanged {
  using Unchanged::Apply;
  static void Apply(GetEdgesResponse& page) { page.clear_cursor(); }
};

// First what leaves the node, and then all that reaches it.
class ListsLoopsTwice final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Stream<GetEdgesResponse> GetEdges(RequestContext& ctx, const GetEdgesRequest& request) override {
    for (const Direction direction : {OUT, IN}) {
      if (request.direction() != ANY && request.direction() != direction) continue;
      GetEdgesRequest half = request;
      half.set_direction(direction);
      Stream<GetEdgesResponse> pages = real_.GetEdges(ctx, half);
      while (GetEdgesResponse* page = co_await pages.Next()) co_yield *page;
      if (!pages.status().ok()) co_return pages.status();
    }
    co_return OkStatus();
  }
};

class EndsWithAnEmptyPage final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Stream<GetEdgesResponse> GetEdges(RequestContext& ctx, const GetEdgesRequest& request) override {
    Stream<GetEdgesResponse> pages = real_.GetEdges(ctx, request);
    while (GetEdgesResponse* page = co_await pages.Next()) co_yield *page;
    if (pages.status().ok()) co_yield GetEdgesResponse();
    co_return pages.status();
  }
};

class AllInOnePage final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Stream<GetEdgesResponse> GetEdges(RequestContext& ctx, const GetEdgesRequest& request) override {
    Stream<GetEdgesResponse> pages = real_.GetEdges(ctx, request);
    GetEdgesResponse all;
    while (GetEdgesResponse* page = co_await pages.Next()) {
      all.MergeFrom(*page);
      all.set_cursor(page->cursor());
    }
    if (all.edges_size() > 0) co_yield all;
    co_return pages.status();
  }
};

// With a cursor that is not its own it begins at the first edge.
class TakesAnyCursor final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Stream<GetEdgesResponse> GetEdges(RequestContext& ctx, const GetEdgesRequest& request) override {
    Stream<GetEdgesResponse> pages = real_.GetEdges(ctx, request);
    while (GetEdgesResponse* page = co_await pages.Next()) co_yield *page;
    if (pages.status().ok() || request.cursor().empty()) co_return pages.status();
    GetEdgesRequest changed = request;
    changed.clear_cursor();
    Stream<GetEdgesResponse> others = real_.GetEdges(ctx, changed);
    while (GetEdgesResponse* page = co_await others.Next()) co_yield *page;
    co_return others.status();
  }
};

// Remembers how many edges it told, not which one was the last.
class SkipsAsManyAsItTold final : public ForwardGraph {
 public:
  using ForwardGraph::ForwardGraph;
  Stream<GetEdgesResponse> GetEdges(RequestContext& ctx, const GetEdgesRequest& request) override {
    constexpr int kEdgesOfAPage = 20;
    for (int told = 0;; told += kEdgesOfAPage) {
      GetEdgesResponse part;
      int skipped = 0;
      Stream<GetEdgesResponse> pages = real_.GetEdges(ctx, request);
      while (GetEdgesResponse* page = co_await pages.Next()) {
        for (const Edge& edge : page->edges()) {
          if (skipped++ >= told && part.edges_size() < kEdgesOfAPage) *part.add_edges() = edge;
        }
      }
      if (!pages.status().ok() || part.edges_size() == 0) co_return pages.status();
      co_yield part;
      co_await Pause();
    }
  }
};

constexpr std::string_view kBasic = "graph_basic";

constexpr Fault kFaults[] = {
    {"edges_ignore_labels", kBasic, "labels_restrict",
     &Replace<ListsOtherwise<IgnoreLabels>, GraphBasic>},
    {"edges_ignore_the_limit", kBasic, "cursor_resumes",
     &Replace<ListsOtherwise<IgnoreLimit>, GraphBasic>},
    {"edges_come_by_id", kBasic, "edges_come_in_order",
     &Replace<ListsOtherwise<OrderById>, GraphBasic>},
    {"edges_leave_no_cursor", kBasic, "cursor_resumes",
     &Replace<ListsOtherwise<LeaveNoCursor>, GraphBasic>},
    {"edges_list_loops_twice", kBasic, "loop_comes_once", &Replace<ListsLoopsTwice, GraphBasic>},
    {"edges_end_with_an_empty_page", kBasic, "no_edges_no_page",
     &Replace<EndsWithAnEmptyPage, GraphBasic>},
    {"edges_come_in_one_page", kBasic, "pages_are_bounded", &Replace<AllInOnePage, GraphBasic>},
    {"edges_take_any_cursor", kBasic, "foreign_cursors_are_refused",
     &Replace<TakesAnyCursor, GraphBasic>},
    {"edges_skip_as_many_as_were_told", kBasic, "listing_is_weakly_consistent",
     &Replace<SkipsAsManyAsItTold, GraphBasic>},
};

}  // namespace
}  // namespace graphs

std::span<const Fault> GraphEdgeFaults() { return graphs::kFaults; }

}  // namespace prism::conformance::testing
