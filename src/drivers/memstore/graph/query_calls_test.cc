#include <functional>

#include "drivers/memstore/graph/graph_fixture.h"
#include "loop/worker.h"
#include "prism/interfaces/graph_query.pb.h"

namespace prism::memstore {
namespace {

using namespace graph::v1;  // NOLINT

class CypherTest : public GraphFixture {
 protected:
  void SetUp() override {
    Node("ann", "labels: 'Person' " + Text("name", "Ann") + Integer("age", 40));
    Node("bob", "labels: 'Person' " + Text("name", "Bob") + Integer("age", 30));
    Node("cid", "labels: ['Person', 'Admin'] " + Text("name", "Cid") + Number("age", 20.5));
    Node("dee", "labels: 'Person' " + Text("name", "Dee"));
    Node("x", "labels: 'City' " + Text("name", "X"));
    Edge("1", "ann", "bob", "KNOWS", Integer("since", 2000));
    Edge("2", "bob", "cid", "KNOWS", Integer("since", 2010));
    Edge("3", "cid", "dee", "KNOWS", Integer("since", 2020));
    Edge("4", "ann", "cid", "LIKES");
    Edge("5", "ann", "x", "LIVES_IN");
    Edge("6", "bob", "x", "LIVES_IN");
    Edge("7", "dee", "dee", "LIKES");
  }
  std::vector<QueryResponse> Pages(const QueryRequest& request, Code code = Code::kOk) {
    Stream<QueryResponse> stream = backend_.Query(context_, request);
    std::vector<QueryResponse> pages;
    const auto pull = [&]() -> Task<Status> {
      while (QueryResponse* page = co_await stream.Next()) pages.push_back(*page);
      co_return stream.status();
    };
    const Status status = Finish(pull());
    EXPECT_EQ(status.code(), code) << status.ToString();
    message_ = std::string(status.message());
    return pages;
  }
  static QueryRequest NewQuery(const std::string& text) {
    QueryRequest request;
    request.set_dialect("opencypher");
    request.set_text(text);
    return request;
  }
  static std::string Show(const Cell& cell) {
    switch (cell.kind_case()) {
      case Cell::kNode:
        return "(" + cell.node().id() + ")";
      case Cell::kEdge:
        return "[" + cell.edge().id() + "]";
      case Cell::kList: {
        std::string text;
        for (const Cell& element : cell.list().cells()) text += Show(element) + ";";
        return "{" + text + "}";
      }
      case Cell::kValue:
        break;
      default:
        return "null";
    }
    const graph::v1::Value& value = cell.value();
    if (value.kind_case() == graph::v1::Value::kStringValue) return value.string_value();
    const std::string text = value.ShortDebugString();
    return text.substr(text.find(": ") + 2);
  }
  // Cells with commas between, rows with a space behind each.
  std::string Run(const QueryRequest& request) {
    std::string rows;
    for (const auto& page : Pages(request)) {
      for (const auto& row : page.rows()) {
        std::string cells;
        for (const Cell& cell : row.cells()) cells += (cells.empty() ? "" : ",") + Show(cell);
        rows += cells + ' ';
      }
    }
    return rows;
  }
  std::string Run(const std::string& text) { return Run(NewQuery(text)); }
  // The value of an expression.
  std::string Value(const std::string& expression) {
    return Run("MATCH (a {name: 'Ann'}) RETURN " + expression + " AS v");
  }
  void Refused(const std::string& text, const std::string& part) {
    EXPECT_TRUE(Pages(NewQuery(text), Code::kInvalidArgument).empty()) << text;
    EXPECT_NE(message_.find(part), std::string::npos) << text << "\n" << message_;
  }
  std::string message_;
};

TEST_F(CypherTest, MatchesNodes) {
  EXPECT_EQ(Run("MATCH (n) RETURN id(n)"), "ann bob cid dee x ");
  EXPECT_EQ(Run("MATCH (n:City) RETURN n"), "(x) ");
  EXPECT_EQ(Run("match (n:Person:Admin) return n.name"), "Cid ");
  EXPECT_EQ(Run("MATCH (n {name: 'Bob', age: 30}) RETURN n.age"), "30 ");
  EXPECT_EQ(Run("MATCH (n:Nothing) RETURN n"), "");
  EXPECT_EQ(Run("MATCH (n) WHERE id(n) = 'bob' RETURN n.name"), "Bob ");
  EXPECT_EQ(Run("MATCH (n:City) WHERE 'bob' = id(n) RETURN n.name"), "");
}

TEST_F(CypherTest, MatchesEdgesInTheirDirections) {
  EXPECT_EQ(Run("MATCH (a)-[r:KNOWS]->(b) RETURN id(a), id(b), r"),
            "ann,bob,[1] bob,cid,[2] cid,dee,[3] ");
  EXPECT_EQ(Run("MATCH (b {name: 'Bob'})<-[:KNOWS]-(a) RETURN id(a)"), "ann ");
  EXPECT_EQ(Run("MATCH (b {name: 'Bob'})-[:KNOWS]-(a) RETURN id(a) ORDER BY id(a)"), "ann cid ");
  EXPECT_EQ(Run("MATCH (a)-[r:LIKES|:LIVES_IN]->(b) RETURN type(r), id(r) ORDER BY id(r)"),
            "LIKES,4 LIVES_IN,5 LIVES_IN,6 LIKES,7 ");
  EXPECT_EQ(Run("MATCH (:City)--(p) RETURN id(p)"), "ann bob ");
  EXPECT_EQ(Run("MATCH ()-[r {since: 2010}]->() RETURN r"), "[2] ");
  EXPECT_EQ(Run("MATCH (a)-[:LIKES]->(a) RETURN id(a)"), "dee ");
  EXPECT_EQ(Run("MATCH (a)-[:LIKES]-(a) RETURN id(a)"), "dee ");
}

TEST_F(CypherTest, MatchesChainsAndSeveralPatterns) {
  EXPECT_EQ(Run("MATCH (a)-[:KNOWS]->(b)-[:KNOWS]->(c) RETURN id(a), id(b), id(c)"),
            "ann,bob,cid bob,cid,dee ");
  EXPECT_EQ(Run("MATCH (a)-[:KNOWS]->(b), (a)-[:LIVES_IN]->(c)<-[:LIVES_IN]-(b) RETURN id(a)"),
            "ann ");
  EXPECT_EQ(Run("MATCH (a:City), (b:Admin) RETURN id(a), id(b)"), "x,cid ");
  // From the labelled node in the middle to both sides.
  EXPECT_EQ(Run("MATCH (a)-[:KNOWS]->(b:Admin)-[:KNOWS]->(c) RETURN id(a), id(c)"), "bob,dee ");
  EXPECT_EQ(Run("MATCH (a)-[:KNOWS]->(b {age: a.age - 10}) RETURN id(b)"), "bob ");
}

// One edge cannot stand for two parts of a pattern; a node can.
TEST_F(CypherTest, EdgesMatchOnce) {
  EXPECT_EQ(Run("MATCH (:City)--(a)--(b:City) RETURN id(a)"), "");
  EXPECT_EQ(Run("MATCH (a)-[:LIVES_IN]->()<-[:LIVES_IN]-(b) RETURN id(a), id(b)"),
            "ann,bob bob,ann ");
}

TEST_F(CypherTest, MatchesPathsOfVariableLength) {
  EXPECT_EQ(Run("MATCH (a {name: 'Ann'})-[r:KNOWS*1..3]->(b) RETURN id(b), r"),
            "bob,{[1];} cid,{[1];[2];} dee,{[1];[2];[3];} ");
  EXPECT_EQ(Run("MATCH (a {name: 'Ann'})-[:KNOWS*2]->(b) RETURN id(b)"), "cid ");
  EXPECT_EQ(Run("MATCH (a {name: 'Ann'})-[:KNOWS*0..1]->(b) RETURN id(b)"), "ann bob ");
  EXPECT_EQ(Run("MATCH (a {name: 'Ann'})-[:KNOWS*..2]->(b) RETURN id(b)"), "bob cid ");
  EXPECT_EQ(Run("MATCH (b)<-[r:KNOWS*2..2]-(a {name: 'Ann'}) RETURN id(b), r"), "cid,{[2];[1];} ");
  EXPECT_EQ(Run("MATCH (a {name: 'Dee'})-[r:LIKES*1..5]->(b) RETURN size(r)"), "1 ");
  EXPECT_EQ(Run("MATCH (a {name: 'Ann'})-[:KNOWS*1..2]->()-[:KNOWS*1..2]->(c) "
                "RETURN id(c) ORDER BY id(c)"),
            "cid dee dee ");
  EXPECT_EQ(Run("MATCH (a {name: 'Ann'})-[:KNOWS*1..3 {since: 2000}]->(b) RETURN id(b)"), "bob ");
}

TEST_F(CypherTest, Conditions) {
  const auto where = [this](const std::string& condition) {
    return Run("MATCH (n:Person) WHERE " + condition + " RETURN id(n)");
  };
  EXPECT_EQ(where("n.age > 20.5"), "ann bob ");
  EXPECT_EQ(where("n.age >= 20.5 AND n.age <> 30"), "ann cid ");
  EXPECT_EQ(where("n.age < 25 OR n.name = 'Ann'"), "ann cid ");
  EXPECT_EQ(where("n.age = 30 XOR n.name = 'Bob'"), "");
  EXPECT_EQ(where("NOT n.age > 25"), "cid ");
  EXPECT_EQ(where("n.age IS NULL"), "dee ");
  EXPECT_EQ(where("n.age IS NOT NULL AND NOT n:Admin"), "ann bob ");
  EXPECT_EQ(where("n.name IN ['Bob', 'Dee', 1]"), "bob dee ");
  EXPECT_EQ(where("n.name STARTS WITH 'A'"), "ann ");
  EXPECT_EQ(where("n.name ENDS WITH 'b' OR n.name CONTAINS 'i'"), "bob cid ");
  EXPECT_EQ(where("n.name < 5"), "");
  EXPECT_EQ(where("n.missing = n.missing"), "");
  EXPECT_EQ(where("(n.age + 10) * 2 = 80"), "bob ");
}

TEST_F(CypherTest, Values) {
  EXPECT_EQ(Value("1 + 2 * 3 - 4 / 2"), "5 ");
  EXPECT_EQ(Value("7 / 2"), "3 ");
  EXPECT_EQ(Value("7 / 2.0"), "3.5 ");
  EXPECT_EQ(Value("-7 % 3"), "-1 ");
  EXPECT_EQ(Value("'a' + \"b\\n\""), "ab\n ");
  EXPECT_EQ(Value("1 = 1.0"), "true ");
  EXPECT_EQ(Value("1 = 'a'"), "false ");
  EXPECT_EQ(Value("null = null"), "null ");
  EXPECT_EQ(Value("null OR true"), "true ");
  EXPECT_EQ(Value("null AND false"), "false ");
  EXPECT_EQ(Value("null AND true"), "null ");
  EXPECT_EQ(Value("NOT null"), "null ");
  EXPECT_EQ(Value("2 IN [1, null]"), "null ");
  EXPECT_EQ(Value("[1, [2, 'x'], a.age]"), "{1;{2;x;};40;} ");
  EXPECT_EQ(Value("labels(a)"), "{Person;} ");
  EXPECT_EQ(Value("size('\xc3\xa4z')"), "2 ");
  EXPECT_EQ(Value("a.`age` /* a comment */"), "40 ");
  EXPECT_EQ(Value("9223372036854775807"), "9223372036854775807 ");
  EXPECT_EQ(Value("1e3"), "1000 ");
}

TEST_F(CypherTest, Parameters) {
  QueryRequest request = NewQuery("MATCH (n) WHERE n.age > $age AND id(n) = $id RETURN n.name");
  (*request.mutable_parameters())["age"].set_int64_value(20);
  Refused("MATCH (n) WHERE n.age > $age RETURN n", "'age'");
  (*request.mutable_parameters())["id"].set_string_value("bob");
  EXPECT_EQ(Run(request), "Bob ");
  (*request.mutable_parameters())["id"].set_string_value("' OR true OR '");
  EXPECT_EQ(Run(request), "");
  QueryRequest limited = NewQuery("MATCH (n) RETURN id(n) SKIP $s LIMIT $l");
  (*limited.mutable_parameters())["s"].set_int64_value(1);
  (*limited.mutable_parameters())["l"].set_int64_value(2);
  EXPECT_EQ(Run(limited), "bob cid ");
}

TEST_F(CypherTest, OrdersSkipsAndLimits) {
  EXPECT_EQ(Run("MATCH (n:Person) RETURN id(n) ORDER BY n.age"), "cid bob ann dee ");
  EXPECT_EQ(Run("MATCH (n:Person) RETURN id(n) ORDER BY n.age DESC"), "dee ann bob cid ");
  EXPECT_EQ(Run("MATCH (n:Person) RETURN id(n) AS i, n.age AS a ORDER BY a DESC, i SKIP 1 LIMIT 2"),
            "ann,40 bob,30 ");
  EXPECT_EQ(Run("MATCH (n:Person) RETURN id(n) SKIP 3"), "dee ");
  EXPECT_EQ(Run("MATCH (n:Person) RETURN id(n) LIMIT 0"), "");
  EXPECT_EQ(Run("MATCH (n:Person) RETURN id(n) LIMIT 2"), "ann bob ");
  EXPECT_EQ(Run("MATCH (n:Person) RETURN id(n) ORDER BY n:Admin DESC, n.name"), "cid ann bob dee ");
}

TEST_F(CypherTest, Aggregates) {
  EXPECT_EQ(
      Run("MATCH (n:Person) RETURN count(*), count(n.age), sum(n.age), min(n.age), max(n.age)"),
      "4,3,90.5,20.5,40 ");
  EXPECT_EQ(Run("MATCH (a)-[r]->() RETURN type(r) AS t, count(*) AS c ORDER BY c DESC, t"),
            "KNOWS,3 LIKES,2 LIVES_IN,2 ");
  EXPECT_EQ(Run("MATCH (a)-[r]->() RETURN count(DISTINCT type(r))"), "3 ");
  EXPECT_EQ(Run("MATCH (c:City)<--(p) RETURN c.name, collect(p.name)"), "X,{Ann;Bob;} ");
  EXPECT_EQ(Run("MATCH (n:Person) WHERE n.age > 25 RETURN avg(n.age)"), "35 ");
  EXPECT_EQ(Run("MATCH (n:Nothing) RETURN count(n), sum(n.x), avg(n.x), collect(n)"),
            "0,0,null,{} ");
  EXPECT_EQ(Run("MATCH (n:Nothing) RETURN n.x, count(n)"), "");
  EXPECT_EQ(Run("MATCH (a)-[r]->() RETURN DISTINCT type(r) AS t ORDER BY t LIMIT 2"),
            "KNOWS LIKES ");
}

TEST_F(CypherTest, ColumnsAreNamedEvenWithoutRows) {
  const auto pages =
      Pages(NewQuery("MATCH (n:Nothing) RETURN n.name, count(n) AS `how many`, 1+1"));
  ASSERT_EQ(pages.size(), 1u);
  EXPECT_EQ(pages[0].rows_size(), 0);
  ASSERT_EQ(pages[0].columns_size(), 3);
  EXPECT_EQ(pages[0].columns(0), "n.name");
  EXPECT_EQ(pages[0].columns(1), "how many");
  EXPECT_EQ(pages[0].columns(2), "1+1");
}

TEST_F(CypherTest, WholeElementsComeBack) {
  const auto pages = Pages(NewQuery("MATCH (a)-[r:LIKES]->(b:Admin) RETURN a, r"));
  ASSERT_EQ(pages[0].rows_size(), 1);
  EXPECT_EQ(pages[0].rows(0).cells(0).node().properties().at("age").int64_value(), 40);
  EXPECT_EQ(pages[0].rows(0).cells(1).edge().to(), "cid");
}

TEST_F(CypherTest, RefusesWithThePosition) {
  Refused("CREATE (n) RETURN n", "line 1, column 1: 'CREATE' is not supported");
  Refused("MATCH (n)\n  SET n.x = 1", "line 2, column 3: 'SET' is not supported");
  Refused("MATCH (n) DELETE n", "column 11: 'DELETE'");
  Refused("MATCH (n) OPTIONAL MATCH (m) RETURN n", "'OPTIONAL'");
  Refused("MATCH (n) MATCH (m) RETURN n", "column 11: 'MATCH'");
  Refused("MATCH (n) WITH n RETURN n", "'WITH'");
  Refused("MATCH (n) RETURN CASE WHEN true THEN 1 END", "'CASE'");
  Refused("MATCH (n) RETURN n UNION MATCH (m) RETURN m", "'UNION'");
  Refused("MATCH p = (n) RETURN p", "column 7: expected '(' of a node, found 'p'");
  Refused("MATCH (n) RETURN *", "RETURN *");
  Refused("MATCH (n) RETURN m", "'m' is no variable");
  Refused("MATCH (n) RETURN n.x[0]", "lists");
  Refused("MATCH (n) RETURN toUpper(n.x)", "'toUpper' is not supported");
  Refused("MATCH (n) RETURN count(n) + 1", "a column of its own");
  Refused("MATCH (n) RETURN 1 + count(n)", "a column of its own");
  Refused("MATCH (n) WHERE count(n) > 1 RETURN n", "a column of its own");
  Refused("MATCH (n) WHERE 1 < n.x < 3 RETURN n", "chained");
  Refused("MATCH (a)-[*]->(b) RETURN a", "upper bound");
  Refused("MATCH (a)-[*1..33]->(b) RETURN a", "upper bound");
  Refused("MATCH (a)-[*2..]->(b) RETURN a", "upper bound");
  Refused("MATCH (a)-[a]->(b) RETURN a", "already");
  Refused("MATCH (n) RETURN n.x AS a, n.y AS a", "two columns");
  Refused("MATCH (n) RETURN count(n) ORDER BY n.x", "only columns");
  Refused("MATCH (n) RETURN n LIMIT -1", "whole number");
  Refused("MATCH (n) RETURN n LIMIT n.x", "whole number");
  Refused("MATCH (n) RETURN 'abc", "does not end");
  Refused("MATCH (n) RETURN 99999999999999999999", "out of range");
  Refused("MATCH (n) RETURN 1x", "no number");
  Refused("MATCH (n) RETURN n extra stuff", "expected the end of the query, found 'extra'");
  Refused("", "expected MATCH, found the end");
  Refused("MATCH (n) RETURN " + std::string(100, '(') + "1" + std::string(100, ')'), "nesting");
  Refused("MATCH (n) RETURN " + std::string(100, '-') + "1", "nesting");
  Refused(std::string(65537, ' '), "65536");
  Refused("MATCH (n) WHERE \xc3\xa4 = 1 RETURN n", "column 17");
}

TEST_F(CypherTest, RefusesWhatHasNoMeaning) {
  Refused("MATCH (n:City) RETURN n.name - 1", "a string");
  Refused("MATCH (n:City) RETURN 1 / 0", "division by zero");
  Refused("MATCH (n:City) RETURN 9223372036854775807 + 1", "overflow");
  Refused("MATCH (n:City) WHERE n.name RETURN n", "true or false");
  Refused("MATCH (n:City) WHERE true XOR n.name RETURN n", "a string");
  Refused("MATCH (n:City) RETURN type(n)", "a node");
  Refused("MATCH (n:City) RETURN sum(n.name)", "numbers only");
}

TEST_F(CypherTest, KnowsOneDialect) {
  const auto dialects = Ok(&GraphCalls::GetDialects, GetDialectsRequest()).dialects(0);
  EXPECT_EQ(dialects.name(), "opencypher");
  EXPECT_TRUE(dialects.subset());
  EXPECT_FALSE(dialects.description().empty());
  QueryRequest request = NewQuery("MATCH (n) RETURN n");
  request.set_dialect("gremlin");
  EXPECT_TRUE(Pages(request, Code::kInvalidArgument).empty());
  EXPECT_NE(message_.find("opencypher"), std::string::npos);
}

TEST_F(CypherTest, ResultsAreBoundedAndPaged) {
  for (int i = 0; i < 2500; ++i) Node("n" + std::to_string(i), "labels: 'M' " + Integer("i", i));
  const auto pages = Pages(NewQuery("MATCH (n:M) RETURN n.i ORDER BY n.i DESC"));
  ASSERT_EQ(pages.size(), 3u);
  EXPECT_EQ(pages[1].columns(0), "n.i");
  EXPECT_EQ(pages[1].rows(0).cells(0).value().int64_value(), 1499);
  EXPECT_EQ(Run("MATCH (n:M) RETURN n.i ORDER BY n.i DESC SKIP 1 LIMIT 2"), "2498 2497 ");
  const std::string many = "MATCH (a:M), (b:Person) WHERE a.i < 2500 RETURN a.i";
  EXPECT_EQ(Pages(NewQuery(many)).size(), 10u);
  Node("one-more", "labels: 'Person'");
  EXPECT_TRUE(Pages(NewQuery(many), Code::kResourceExhausted).empty());
  EXPECT_TRUE(Pages(NewQuery(many + " ORDER BY a.i"), Code::kResourceExhausted).empty());
  EXPECT_EQ(Run(many + " ORDER BY a.i DESC LIMIT 1"), "2499 ");
  EXPECT_EQ(Run(many + " SKIP 12499"), "999 ");
  EXPECT_EQ(Run("MATCH (a:M), (b:Person) RETURN count(*)"), "12500 ");
}

// On a worker, a query without end lets other calls run, and ends when it is cancelled.
TEST_F(CypherTest, GivesWayAndEndsWhenCancelled) {
  for (int i = 0; i < 100; ++i) Node("n" + std::to_string(i), "labels: 'M'");
  Worker worker(0);
  int turns = 0;
  Code code = Code::kOk;
  RequestContext ctx;
  const QueryRequest request = NewQuery("MATCH (a:M), (b:M), (c:M), (d:M), (e:M) RETURN count(*)");
  const auto run = [&]() -> Task<void> {
    Stream<QueryResponse> stream = backend_.Query(ctx, request);
    while ([[maybe_unused]] QueryResponse* page = co_await stream.Next()) {
    }
    code = stream.status().code();
    worker.Stop();
  };
  std::function<void()> other = [&] {
    if (++turns == 20) ctx.cancellation.Cancel(CancelledError("enough"));
    if (turns < 20) worker.Post(other);
  };
  worker.Post([&] { Spawn(run()); });
  worker.Post(other);
  worker.Run();
  EXPECT_EQ(code, Code::kCancelled);
}

}  // namespace
}  // namespace prism::memstore
