#include <algorithm>
#include <set>

#include "conformance/graph/query_cases.h"
#include "conformance/graph/query_client.h"

namespace prism::conformance {
namespace {

constexpr Code kBad = Code::kInvalidArgument;
constexpr auto kQuery = &GraphQueryStub::Query;

// Must be refused with a message that tells this line, a column and what was found there.
Task<void> RefusedAt(CaseContext& c, QueryRequest request, std::string line, std::string found,
                     Where where = Where::current()) {
  std::vector<QueryResponse> pages;
  RequestContext context;
  c.Prepare(context);
  GraphQueryStub stub(c.channel());
  Stream<QueryResponse> stream = stub.Query(context, request);
  while (QueryResponse* page = co_await stream.Next()) pages.push_back(*page);
  c.CheckRefused(stream.status(), kBad, found, where);
  c.CheckRefused(stream.status(), kBad, "line " + line, where);
  c.CheckRefused(stream.status(), kBad, "column", where);
  if (!pages.empty()) c.Fail("a refused query must not have pages", where);
}

int RowsIn(const std::vector<QueryResponse>& pages) {
  int rows = 0;
  for (const QueryResponse& page : pages) rows += page.rows_size();
  return rows;
}

// Of as many rows as a node of the label for each of another.
std::string Product(std::string_view end) {
  return "MATCH (a:@), (b:@) RETURN a.i, b.i " + std::string(end);
}

}  // namespace

Task<void> DialectsAreTold(CaseContext& c) {
  const auto known = co_await c.Call(&GraphQueryStub::GetDialects, GetDialectsRequest());
  c.Expect(known.dialects_size() > 0, "there is at least one dialect");
  std::set<std::string> names;
  for (const Dialect& dialect : known.dialects()) {
    c.Expect(!dialect.name().empty(), "a dialect has a name");
    c.Expect(names.insert(dialect.name()).second, "a dialect is told once");
    c.Expect(!dialect.subset() || !dialect.description().empty(), "a subset is described");
  }
  const auto again = co_await c.Call(&GraphQueryStub::GetDialects, GetDialectsRequest());
  c.ExpectEq(TextOf(again), TextOf(known));
}

Task<void> UnknownDialectsAreRefused(CaseContext& c) {
  const auto known = co_await c.Call(&GraphQueryStub::GetDialects, GetDialectsRequest());
  c.Expect(known.dialects_size() > 0, "there is at least one dialect");
  for (const char* const unknown : {"", "esperanto", "OPENCYPHER"}) {
    QueryRequest request = Asking("MATCH (n:@) RETURN n", c.Unique("no"));
    request.set_dialect(unknown);
    for (const Dialect& dialect : known.dialects()) {
      if (dialect.name() != unknown) co_await c.Refused(kQuery, request, kBad, dialect.name());
    }
  }
}

Task<void> BadTextIsRefusedWithItsPlace(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = c.Unique("no");
  co_await RefusedAt(c, Asking("FROBNICATE (n:@) RETURN n", label), "1", "FROBNICATE");
  co_await RefusedAt(c, Asking("MATCH (n:@)\nRETURN n\n  frobnicate", label), "3", "frobnicate");
  co_await RefusedAt(c, Asking("MATCH (n:@)\nWHERE n.x = frob RETURN n", label), "2", "frob");
  co_await c.Refused(kQuery, Asking("", label), kBad);
  co_await c.Refused(kQuery, Asking("MATCH (n:@", label), kBad, "column");
  co_await c.Refused(kQuery, Asking("MATCH (n:@) RETURN 'open", label), kBad, "column");
}

Task<void> QueriesThatWriteAreRefused(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = co_await MakeNumbers(c, 1);
  co_await RefusedAt(c, Asking("CREATE (n:@) RETURN n", label), "1", "CREATE");
  co_await RefusedAt(c, Asking("MERGE (n:@ {i: 1}) RETURN n", label), "1", "MERGE");
  co_await RefusedAt(c, Asking("MATCH (n:@)\nSET n.i = 7 RETURN n", label), "2", "SET");
  co_await RefusedAt(c, Asking("MATCH (n:@)\nREMOVE n.i RETURN n", label), "2", "REMOVE");
  co_await RefusedAt(c, Asking("MATCH (n:@)\nDELETE n", label), "2", "DELETE");
  const Words unchanged = {"0"};
  c.ExpectEq(co_await Ask(c, Asking("MATCH (n:@) RETURN n.i", label)), unchanged);
}

Task<void> MissingParametersAreRefused(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  QueryRequest request =
      Asking("MATCH (n:@) WHERE n.x = $given AND n.y = $lacking RETURN n", c.Unique("no"));
  auto& parameters = *request.mutable_parameters();
  parameters["given"] = IntegerValue(1);
  co_await c.Refused(kQuery, request, kBad, "lacking");
  parameters["lacking"] = IntegerValue(1);
  while (parameters.size() < 256) {
    parameters["p" + std::to_string(parameters.size())] = IntegerValue(1);
  }
  c.ExpectEq(co_await Ask(c, request), Words());
  parameters["more"] = IntegerValue(1);
  co_await c.Refused(kQuery, request, kBad, "parameters");
}

Task<void> TextIsBounded(CaseContext& c) {
  constexpr size_t kMaxText = 65'536;
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = co_await MakeNumbers(c, 1);
  QueryRequest request = Asking("MATCH (n:@) RETURN n.i", label);
  std::string& text = *request.mutable_text();
  text.insert(text.find(" RETURN"), kMaxText - text.size(), ' ');
  const Words found = {"0"};
  c.ExpectEq(co_await Ask(c, request), found);
  text += ' ';
  co_await c.Refused(kQuery, request, kBad, "text");
}

Task<void> RowsOfAPageAreBounded(CaseContext& c) {
  constexpr int kNodes = 40;
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = co_await MakeNumbers(c, kNodes);
  const auto pages = co_await c.CallAll(kQuery, Asking(Product("ORDER BY a.i, b.i"), label));
  c.ExpectEq(RowsIn(pages), kNodes * kNodes);
  for (const QueryResponse& page : pages) {
    c.ExpectLe(page.rows_size(), 1000, "rows of a page");
    c.ExpectEq(page.columns_size(), 2);
    for (const Cells& row : page.rows()) c.ExpectEq(row.cells_size(), 2);
  }
  const Words rows = RowsOf(pages);
  for (size_t i = 0; i < rows.size() && c.ok(); ++i) {
    c.ExpectEq(rows[i], std::to_string(i / kNodes) + "," + std::to_string(i % kNodes));
  }
}

Task<void> BytesOfAPageAreBounded(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = co_await MakeTexts(c, 3, 600'000);
  const auto pages = co_await c.CallAll(kQuery, Asking("MATCH (n:@) RETURN n.text", label));
  c.ExpectEq(RowsIn(pages), 3);
  // Two do not fit in a page, unless they are one row.
  for (const QueryResponse& page : pages) c.ExpectLe(page.rows_size(), 1, "rows of a page");
  const auto large =
      co_await c.CallAll(kQuery, Asking("MATCH (n:@) RETURN n, n.text LIMIT 1", label));
  c.ExpectEq(RowsIn(large), 1);
}

Task<void> ResultsHaveAtMostSoManyRows(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = co_await MakeNumbers(c, 101);
  const auto most = co_await c.CallAll(kQuery, Asking(Product("LIMIT 10000"), label));
  c.ExpectEq(RowsIn(most), 10'000);
  constexpr Code kTooMuch = Code::kResourceExhausted;
  co_await c.Refused(kQuery, Asking(Product("LIMIT 10001"), label), kTooMuch);
  co_await c.Refused(kQuery, Asking(Product(""), label), kTooMuch);
  co_await c.Refused(kQuery, Asking(Product("ORDER BY a.i, b.i SKIP 10200"), label), kTooMuch);
  const Words count = {"10201"};
  c.ExpectEq(co_await Ask(c, Asking("MATCH (a:@), (b:@) RETURN count(*)", label)), count);
}

Task<void> ResultsHaveAtMostSoManyBytes(CaseContext& c) {
  const bool spoken = co_await SpeaksCypher(c);
  if (!spoken) co_return;
  const std::string label = co_await MakeTexts(c, 6, 600'000);
  const auto some = co_await c.CallAll(kQuery, Asking("MATCH (n:@) RETURN n.text", label));
  c.ExpectEq(RowsIn(some), 6);
  co_await c.Refused(kQuery, Asking("MATCH (a:@), (b:@) RETURN a.text", label),
                     Code::kResourceExhausted);
}

}  // namespace prism::conformance
