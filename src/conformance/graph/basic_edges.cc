#include "conformance/graph/basic_cases.h"
#include "conformance/graph/client.h"

namespace prism::conformance {
namespace {

using Ids = std::vector<std::string>;

}  // namespace

Task<void> EdgesComeInOrder(CaseContext& c) {
  GraphClient graph(c);
  const std::string a = c.Unique("a");
  const std::string b = c.Unique("b");
  co_await graph.Create(NodeOf(a));
  co_await graph.Create(NodeOf(b));
  const std::string id = c.Unique("e");
  // In bytes upper case comes before lower case, and both before letters of two bytes.
  co_await graph.Create(EdgeOf(id + "5", a, b, "\xc3\xa4"));
  co_await graph.Create(EdgeOf(id + "9", a, b, "Z"));
  co_await graph.Create(EdgeOf(id + "a", a, b, "a"));
  co_await graph.Create(EdgeOf(id + "B", a, b, "a"));
  co_await graph.Create(EdgeOf(id + "2", b, a, "a"));
  co_await graph.Create(EdgeOf(id + "1", b, a, "b"));
  const Ids out = {id + "9", id + "B", id + "a", id + "5"};
  const Ids in = {id + "2", id + "1"};
  Ids any = out;
  any.insert(any.end(), in.begin(), in.end());
  c.ExpectEq(co_await graph.Edges(a, graph::v1::OUT), out);
  c.ExpectEq(co_await graph.Edges(a, graph::v1::IN), in);
  c.ExpectEq(co_await graph.Edges(a, graph::v1::ANY), any);
}

Task<void> LoopComesOnce(CaseContext& c) {
  GraphClient graph(c);
  const std::string node = c.Unique("node");
  const std::string other = c.Unique("other");
  const std::string id = c.Unique("e");
  co_await graph.Create(NodeOf(node));
  co_await graph.Create(NodeOf(other));
  co_await graph.Create(EdgeOf(id + "loop", node, node, "z"));
  co_await graph.Create(EdgeOf(id + "in", other, node, "a"));
  const Ids out = {id + "loop"};
  c.ExpectEq(co_await graph.Edges(node, graph::v1::OUT), out);
  const Ids in = {id + "in", id + "loop"};
  c.ExpectEq(co_await graph.Edges(node, graph::v1::IN), in);
  const Ids any = {id + "loop", id + "in"};
  c.ExpectEq(co_await graph.Edges(node, graph::v1::ANY), any);
}

Task<void> LabelsRestrict(CaseContext& c) {
  GraphClient graph(c);
  const std::string node = c.Unique("node");
  const std::string id = c.Unique("e");
  co_await graph.Create(NodeOf(node));
  for (const char* label : {"a", "b", "c", "ab"}) {
    co_await graph.Create(EdgeOf(id + label, node, node, label));
  }
  GetEdgesRequest request = EdgesOf(node, graph::v1::OUT);
  for (const char* label : {"c", "a", "none", "a"}) request.add_labels(label);
  const auto some = co_await c.CallAll(&GraphBasicStub::GetEdges, request);
  const Ids chosen = {id + "a", id + "c"};
  c.ExpectEq(IdsOf(some), chosen);
  const Ids all = {id + "a", id + "ab", id + "b", id + "c"};
  c.ExpectEq(co_await graph.Edges(node, graph::v1::OUT), all);
}

Task<void> NoEdgesNoPage(CaseContext& c) {
  GraphClient graph(c);
  const std::string lonely = c.Unique("lonely");
  const std::string absent = c.Unique("absent");
  co_await graph.Create(NodeOf(lonely));
  const Ids ids = {lonely, absent};
  for (const std::string& id : ids) {
    const auto pages = co_await c.CallAll(&GraphBasicStub::GetEdges, EdgesOf(id, graph::v1::ANY));
    c.ExpectEq(pages.size(), size_t{0});
  }
}

// More edges than a page takes, and then a few large ones, of which a page takes only some.
Task<void> PagesAreBounded(CaseContext& c) {
  GraphClient graph(c);
  const std::string node = c.Unique("node");
  const std::string id = c.Unique("e");
  co_await graph.Create(NodeOf(node));
  co_await CreateEdges(c, 1100, node, node, id);
  for (const char* name : {"x", "y", "z"}) {
    Edge large = EdgeOf(id + name, node, node, "zz");
    (*large.mutable_properties())["text"] = TextValue(std::string(600'000, 'x'));
    co_await graph.Create(large);
  }
  const auto pages = co_await c.CallAll(&GraphBasicStub::GetEdges, EdgesOf(node, graph::v1::ANY));
  for (const GetEdgesResponse& page : pages) {
    c.Expect(page.edges_size() > 0, "no page is empty");
    c.ExpectLe(page.edges_size(), 1000, "edges of a page");
    if (page.edges_size() < 2) continue;
    size_t bytes = 0;
    for (const Edge& edge : page.edges()) bytes += edge.ByteSizeLong();
    c.ExpectLe(bytes, size_t{1} << 20, "bytes of a page");
  }
  c.ExpectEq(IdsOf(pages).size(), size_t{1103});
}

Task<void> CursorResumes(CaseContext& c) {
  GraphClient graph(c);
  const std::string node = c.Unique("node");
  co_await graph.Create(NodeOf(node));
  co_await CreateEdges(c, 25, node, node, c.Unique("e"));
  const Ids all = co_await graph.Edges(node, graph::v1::ANY);
  c.ExpectEq(all.size(), size_t{25});
  Ids seen;
  GetEdgesRequest request = EdgesOf(node, graph::v1::ANY);
  request.set_limit(10);
  // At most one more call than pages are needed: behind the last edge there may be a cursor.
  for (int calls = 0; calls < 4; ++calls) {
    const auto pages = co_await c.CallAll(&GraphBasicStub::GetEdges, request);
    const Ids ids = IdsOf(pages);
    c.ExpectLe(ids.size(), size_t{10}, "edges of a stream with a limit");
    seen.insert(seen.end(), ids.begin(), ids.end());
    if (pages.empty() || pages.back().cursor().empty()) break;
    request.set_cursor(pages.back().cursor());
  }
  c.ExpectEq(seen, all);
  const auto whole = co_await c.CallAll(&GraphBasicStub::GetEdges, EdgesOf(node, graph::v1::ANY));
  c.Expect(!whole.empty() && whole.back().cursor().empty(), "the end has no cursor");
}

Task<void> ForeignCursorsAreRefused(CaseContext& c) {
  GraphClient graph(c);
  const std::string node = c.Unique("node");
  const std::string other = c.Unique("other");
  co_await graph.Create(NodeOf(node));
  co_await graph.Create(NodeOf(other));
  co_await CreateEdges(c, 3, node, other, c.Unique("e"));
  GetEdgesRequest request = EdgesOf(node, graph::v1::ANY);
  request.set_limit(1);
  const auto pages = co_await c.CallAll(&GraphBasicStub::GetEdges, request);
  c.Expect(pages.size() == 1 && !pages[0].cursor().empty(), "there is more behind the limit");
  if (!c.ok()) co_return;
  request.set_cursor(pages[0].cursor());
  GetEdgesRequest elsewhere = request;
  elsewhere.set_node_id(other);
  GetEdgesRequest turned = request;
  turned.set_direction(graph::v1::OUT);
  GetEdgesRequest labelled = request;
  labelled.add_labels("many");
  GetEdgesRequest damaged = request;
  (*damaged.mutable_cursor())[damaged.cursor().size() / 2] ^= 1;
  GetEdgesRequest cut = request;
  cut.mutable_cursor()->pop_back();
  const std::vector<GetEdgesRequest> foreign = {elsewhere, turned, labelled, damaged, cut};
  for (const GetEdgesRequest& bad : foreign) {
    co_await c.Refused(&GraphBasicStub::GetEdges, bad, Code::kInvalidArgument, "cursor");
  }
}

// Of each page of a long listing, what lies behind it.
Task<void> LongListingsResume(CaseContext& c) {
  constexpr size_t kEdges = 2100;
  GraphClient graph(c);
  const std::string from = c.Unique("from");
  const std::string to = c.Unique("to");
  const std::string id = c.Unique("e");
  co_await graph.Create(NodeOf(from));
  co_await graph.Create(NodeOf(to));
  co_await CreateEdges(c, kEdges, from, to, id);
  Ids all;
  for (size_t i = 0; i < kEdges; ++i) all.push_back(id + "-" + std::to_string(1000 + i));
  for (GetEdgesRequest request : {EdgesOf(from, graph::v1::OUT), EdgesOf(to, graph::v1::IN)}) {
    const auto pages = co_await c.CallAll(&GraphBasicStub::GetEdges, request);
    c.ExpectEq(IdsOf(pages), all);
    c.ExpectLe(size_t{3}, pages.size(), "the pages of 2100 edges");
    auto behind = all.begin();
    for (size_t i = 0; i < pages.size() && c.ok(); ++i) {
      behind += pages[i].edges_size();
      if (pages[i].cursor().empty()) continue;
      request.set_cursor(pages[i].cursor());
      const auto rest = co_await c.CallAll(&GraphBasicStub::GetEdges, request);
      const Ids expected(behind, all.end());
      c.ExpectEq(IdsOf(rest), expected);
    }
  }
}

namespace {

// While edges between them come and go, those that stay are all seen, once and in order. However
// fast the writes are, they last for some whole listings.
Task<void> ListUnderWrites(CaseContext& c, int edges) {
  GraphClient setup(c);
  const std::string node = c.Unique("node");
  const std::string id = c.Unique("e");
  co_await setup.Create(NodeOf(node));
  co_await CreateEdges(c, edges, node, node, id);
  const Ids stay = co_await setup.Edges(node, graph::v1::OUT);
  c.ExpectEq(stay.size(), static_cast<size_t>(edges));
  bool writing = true;
  int listings = 0;
  co_await c.Concurrently(3, [&](int client) -> Task<void> {
    GraphClient graph(c);
    for (int i = 0; (i < 60 || listings < 6) && client == 0 && c.ok(); ++i) {
      const std::string passing = id + "-" + std::to_string(1000 + edges - 60 + i % 60) + "x";
      co_await graph.Create(EdgeOf(passing, node, node, "many"));
      co_await graph.DeleteEdge(passing);
    }
    if (client == 0) writing = false;
    while (client != 0 && writing && c.ok()) {
      Ids seen = co_await graph.Edges(node, graph::v1::OUT);
      std::erase_if(seen, [](const std::string& edge) { return edge.back() == 'x'; });
      c.ExpectEq(seen, stay);
      ++listings;
    }
  });
}

}  // namespace

Task<void> ListingIsWeaklyConsistent(CaseContext& c) { return ListUnderWrites(c, 200); }
// Edges come and go where one page ends and the next begins, too.
Task<void> LongListingIsWeaklyConsistent(CaseContext& c) { return ListUnderWrites(c, 1040); }

Task<void> BadListingsAreRefused(CaseContext& c) {
  const Ids ids = {"", std::string(kMaxGraphNameBytes + 1, 'x')};
  for (const std::string& id : ids) {
    co_await c.Refused(&GraphBasicStub::GetEdges, EdgesOf(id, graph::v1::ANY),
                       Code::kInvalidArgument, "node_id");
  }
  GetEdgesRequest request = EdgesOf("node", graph::v1::ANY);
  request.add_labels("");
  co_await c.Refused(&GraphBasicStub::GetEdges, request, Code::kInvalidArgument, "label");
  request.clear_labels();
  for (int i = 0; i <= 64; ++i) request.add_labels("l" + std::to_string(i));
  co_await c.Refused(&GraphBasicStub::GetEdges, request, Code::kInvalidArgument, "labels");
}

}  // namespace prism::conformance
