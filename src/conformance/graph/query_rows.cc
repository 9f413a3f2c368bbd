#include "conformance/graph/query_cases.h"
#include "conformance/graph/query_client.h"

namespace prism::conformance {

Task<void> RowsComeInOrder(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = co_await MakePeople(c);
  const Words down = {"'d',4", "'c',3", "'b',2", "'a',1"};
  const char* const ordered = "MATCH (n:@) RETURN n.name, n.rank ORDER BY n.rank DESC";
  c.ExpectEq(co_await Ask(c, Asking(ordered, label)), down);
  const Words middle = {"'b'", "'c'"};
  const char* const part = "MATCH (n:@) RETURN n.name ORDER BY n.name SKIP 1 LIMIT 2";
  c.ExpectEq(co_await Ask(c, Asking(part, label)), middle);
  const Words chosen = {"'a'", "'c'", "'d'"};
  const char* const conditions =
      "MATCH (n:@) WHERE n.rank > 2 OR n.name = 'a' RETURN n.name ORDER BY n.name";
  c.ExpectEq(co_await Ask(c, Asking(conditions, label)), chosen);
}

Task<void> EdgesAreMatched(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = co_await MakePeople(c);
  const Words out = {"'b'", "'c'"};
  c.ExpectEq(
      co_await Ask(c, Asking("MATCH (n:@ {name: 'a'})-->(m) RETURN m.name ORDER BY m.name", label)),
      out);
  const Words in = {"'a','LIKES'", "'b','KNOWS'"};
  c.ExpectEq(co_await Ask(c, Asking("MATCH (n:@ {name: 'c'})<-[r]-(m) RETURN m.name, type(r) "
                                    "ORDER BY m.name",
                                    label)),
             in);
  const Words chains = {"'a','c'", "'b','d'"};
  c.ExpectEq(co_await Ask(c, Asking("MATCH (n:@)-[:KNOWS]->()-[:KNOWS]->(m) "
                                    "RETURN n.name, m.name ORDER BY n.name",
                                    label)),
             chains);
  const Words counts = {"5"};
  c.ExpectEq(co_await Ask(c, Asking("MATCH (:@)-[r]->() RETURN count(r)", label)), counts);
}

Task<void> CellsHoldWhatWasFound(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = co_await MakePeople(c);
  const auto pages = co_await c.CallAll(
      &GraphQueryStub::Query,
      Asking("MATCH (n:@ {name: 'a'})-[r:LIKES]->(m) RETURN n, r, m.name, m.missing", label));
  const Words shown = {"(" + label + "-a),[" + label + "-ac],'c',null"};
  c.ExpectEq(RowsOf(pages), shown);
  if (!c.ok()) co_return;
  GraphClient graph(c);
  const Cells& row = pages[0].rows(0);
  const GetNodeResponse node = co_await graph.GetNode(label + "-a");
  c.ExpectEq(TextOf(row.cells(0).node()), TextOf(node.node()));
  const GetEdgeResponse edge = co_await graph.GetEdge(label + "-ac");
  c.ExpectEq(TextOf(row.cells(1).edge()), TextOf(edge.edge()));
  const Words list = {"{'d';}"};
  c.ExpectEq(co_await Ask(c, Asking("MATCH (n:@) WHERE n.rank > 3 RETURN collect(n.name)", label)),
             list);
}

Task<void> NothingFoundNamesTheColumns(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const auto pages =
      co_await c.CallAll(&GraphQueryStub::Query,
                         Asking("MATCH (n:@) RETURN n.a AS first, n.b AS second", c.Unique("no")));
  c.ExpectEq(pages.size(), size_t{1});
  if (!c.ok()) co_return;
  c.ExpectEq(pages[0].rows_size(), 0);
  const Words columns(pages[0].columns().begin(), pages[0].columns().end());
  const Words expected = {"first", "second"};
  c.ExpectEq(columns, expected);
}

Task<void> ParametersAreValues(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = co_await MakePeople(c);
  QueryRequest request = Asking(
      "MATCH (n:@) WHERE n.name = $name OR n.rank > $rank RETURN n.name ORDER BY n.name", label);
  auto& parameters = *request.mutable_parameters();
  parameters["name"] = TextValue("a");
  parameters["rank"].set_double_value(3.5);
  const Words two = {"'a'", "'d'"};
  c.ExpectEq(co_await Ask(c, request), two);
  // Were it text of the query, all would be found.
  parameters["name"] = TextValue("' OR true OR n.name = '");
  const Words one = {"'d'"};
  c.ExpectEq(co_await Ask(c, request), one);
  QueryRequest same = Asking("MATCH (n:@ {name: 'a'}) RETURN $t, $i, $d, $b", label);
  (*same.mutable_parameters())["t"] = TextValue("\xc3\xa4 'quoted' $i");
  (*same.mutable_parameters())["i"] = IntegerValue(std::numeric_limits<int64_t>::min());
  (*same.mutable_parameters())["d"].set_double_value(0.25);
  (*same.mutable_parameters())["b"].set_bool_value(true);
  const Words back = {"'\xc3\xa4 'quoted' $i',-9223372036854775808," + Show(0.25) + ",true"};
  c.ExpectEq(co_await Ask(c, same), back);
}

// Writes and queries go over different connections.
Task<void> QueriesSeeWhatWasWritten(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = co_await MakeNumbers(c, 1);
  GraphClient graph(c);
  for (int i = 1; i <= 20 && c.ok(); ++i) {
    UpdateNodeRequest update;
    update.set_id(label + "-0");
    (*update.mutable_set())["i"] = IntegerValue(i);
    co_await graph.Update(update);
    const Words now = {std::to_string(i)};
    c.ExpectEq(co_await Ask(c, Asking("MATCH (n:@) RETURN n.i", label)), now);
  }
  co_await graph.DeleteNode(label + "-0");
  c.ExpectEq(co_await Ask(c, Asking("MATCH (n:@) RETURN n.i", label)), Words());
}

// Each write sets two properties to the same number.
Task<void> NoElementIsSeenHalfWritten(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = co_await MakeNumbers(c, 1);
  const QueryRequest both = Asking("MATCH (n:@) WHERE n.j = n.j RETURN n.i, n.j", label);
  int seen = 0;
  co_await c.Concurrently(6, [&](int client) -> Task<void> {
    GraphClient graph(c);
    for (int i = 0; i < 40 && c.ok(); ++i) {
      if (client % 2 == 0) {
        UpdateNodeRequest update;
        update.set_id(label + "-0");
        (*update.mutable_set())["i"] = IntegerValue(100 * client + i);
        (*update.mutable_set())["j"] = IntegerValue(100 * client + i);
        co_await graph.Update(update);
        continue;
      }
      const Words rows = co_await Ask(c, both);
      for (const std::string& row : rows) {
        const size_t comma = row.find(',');
        c.ExpectEq(row.substr(0, comma), row.substr(comma + 1));
        ++seen;
      }
    }
  });
  c.Expect(seen > 0, "the node is found while it is written");
}

Task<void> OtherNamespacesAreNotQueried(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = co_await MakeNumbers(c, 3);
  const QueryRequest count = Asking("MATCH (n:@) RETURN count(n)", label);
  const Words three = {"3"};
  const Words none = {"0"};
  c.ExpectEq(co_await Ask(c, count), three);
  c.ExpectEq(co_await Ask(c.other(), count), none);
}

}  // namespace prism::conformance
