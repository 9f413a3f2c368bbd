#include <algorithm>
#include <map>
#include <vector>

#include "conformance/testing/faults.h"
#include "conformance/testing/forwarding_graph.h"

namespace prism::conformance::testing {
namespace graphs {
namespace {

template <class Change>
class AsksOtherwise final : public ForwardQueries {
 public:
  using ForwardQueries::ForwardQueries;
  Stream<QueryResponse> Query(RequestContext& ctx, const QueryRequest& request) override {
    QueryRequest changed = request;
    Change::Apply(changed);
    Stream<QueryResponse> pages = real_.Query(ctx, changed);
    while (QueryResponse* page = co_await pages.Next()) {
      Change::Apply(*page);
      co_yield *page;
    }
    co_return pages.status();
  }
};

struct TakeAnyDialect : Unchanged {
  using Unchanged::Apply;
  static void Apply(QueryRequest& request) { request.set_dialect("opencypher"); }
};
struct TurnRows : Unchanged {
  using Unchanged::Apply;
  static void Apply(QueryResponse& page) {
    std::reverse(page.mutable_rows()->begin(), page.mutable_rows()->end());
  }
};

template <class Change>
struct Cellwise : Unchanged {
  using Unchanged::Apply;
  static void Apply(QueryResponse& page) {
    for (Cells& row : *page.mutable_rows()) {
      for (Cell& cell : *row.mutable_cells()) Change::Spoil(cell);
    }
  }
};
struct NullsAreEmptyTexts {
  static void Spoil(Cell& cell) {
    if (cell.kind_case() == Cell::KIND_NOT_SET) cell.mutable_value()->set_string_value("");
  }
};
struct NodesAreIds {
  static void Spoil(Cell& cell) {
    if (!cell.has_node()) return;
    const std::string id = cell.node().id();
    cell.mutable_node()->Clear();
    cell.mutable_node()->set_id(id);
  }
};

std::string LiteralOf(const Value& value) {
  switch (value.kind_case()) {
    case Value::kStringValue:
      return "'" + value.string_value() + "'";
    case Value::kInt64Value:
      return std::to_string(value.int64_value());
    case Value::kDoubleValue:
      return std::to_string(value.double_value());
    default:
      return value.bool_value() ? "true" : "false";
  }
}

// Puts them into the text as they are.
struct ParametersAreText : Unchanged {
  using Unchanged::Apply;
  static void Apply(QueryRequest& request) {
    std::string& text = *request.mutable_text();
    for (const auto& [name, value] : request.parameters()) {
      const size_t at = text.find("$" + name);
      if (at != std::string::npos) text.replace(at, name.size() + 1, LiteralOf(value));
    }
    request.clear_parameters();
  }
};
struct MissingParametersAreEmpty : Unchanged {
  using Unchanged::Apply;
  static void Apply(QueryRequest& request) {
    const std::string& text = request.text();
    for (size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
      const size_t end = text.find_first_of(" ,)", at);
      const std::string name = text.substr(at + 1, end - at - 1);
      if (!request.parameters().contains(name)) {
        (*request.mutable_parameters())[name].set_string_value("");
      }
    }
  }
};
struct CutTheText : Unchanged {
  using Unchanged::Apply;
  static void Apply(QueryRequest& request) {
    if (request.text().size() > 65'536) request.mutable_text()->resize(65'536);
  }
};

class NamesColumnsOnce final : public ForwardQueries {
 public:
  using ForwardQueries::ForwardQueries;
  Stream<QueryResponse> Query(RequestContext& ctx, const QueryRequest& request) override {
    bool named = false;
    Stream<QueryResponse> pages = real_.Query(ctx, request);
    while (QueryResponse* page = co_await pages.Next()) {
      if (named) page->clear_columns();
      named = true;
      co_yield *page;
    }
    co_return pages.status();
  }
};

class NothingFoundHasNoPage final : public ForwardQueries {
 public:
  using ForwardQueries::ForwardQueries;
  Stream<QueryResponse> Query(RequestContext& ctx, const QueryRequest& request) override {
    Stream<QueryResponse> pages = real_.Query(ctx, request);
    while (QueryResponse* page = co_await pages.Next()) {
      if (page->rows_size() > 0) co_yield *page;
    }
    co_return pages.status();
  }
};

class AllInOnePage final : public ForwardQueries {
 public:
  using ForwardQueries::ForwardQueries;
  Stream<QueryResponse> Query(RequestContext& ctx, const QueryRequest& request) override {
    Stream<QueryResponse> pages = real_.Query(ctx, request);
    QueryResponse all;
    while (QueryResponse* page = co_await pages.Next()) {
      all.mutable_columns()->Swap(page->mutable_columns());
      all.mutable_rows()->MergeFrom(page->rows());
    }
    if (pages.status().ok()) co_yield all;
    co_return pages.status();
  }
};

// What the backend refuses with this code, and what is told instead.
template <Code kCode, class Answer>
class RefusesOtherwise final : public ForwardQueries {
 public:
  using ForwardQueries::ForwardQueries;
  Stream<QueryResponse> Query(RequestContext& ctx, const QueryRequest& request) override {
    Stream<QueryResponse> pages = real_.Query(ctx, request);
    while (QueryResponse* page = co_await pages.Next()) co_yield *page;
    if (pages.status().code() != kCode) co_return pages.status();
    co_return Answer::Tell(request, pages.status());
  }
};
struct NoPlace {
  static Status Tell(const QueryRequest&, const Status&) {
    return InvalidArgumentError("the query is wrong");
  }
};
struct NothingAtAll {
  static Status Tell(const QueryRequest&, const Status&) { return OkStatus(); }
};
struct NothingOfWrites {
  static Status Tell(const QueryRequest& request, const Status& status) {
    return request.text().find("SET ") != std::string::npos ? OkStatus() : status;
  }
};

class RemembersAnswers final : public ForwardQueries {
 public:
  using ForwardQueries::ForwardQueries;
  Stream<QueryResponse> Query(RequestContext& ctx, const QueryRequest& request) override {
    const auto known = answers_.find(request.text());
    if (known != answers_.end()) {
      std::vector<QueryResponse> answer = known->second;
      for (QueryResponse& page : answer) co_yield page;
      co_return OkStatus();
    }
    std::vector<QueryResponse> answer;
    Stream<QueryResponse> pages = real_.Query(ctx, request);
    while (QueryResponse* page = co_await pages.Next()) {
      answer.push_back(*page);
      co_yield *page;
    }
    if (pages.status().ok()) answers_[request.text()] = std::move(answer);
    co_return pages.status();
  }

 private:
  std::map<std::string, std::vector<QueryResponse>> answers_;
};

constexpr std::string_view kQuery = "graph_query";

template <class Change>
constexpr auto kAsk = &Replace<AsksOtherwise<Change>, GraphQuery>;
template <Code kCode, class Answer>
constexpr auto kRefuse = &Replace<RefusesOtherwise<kCode, Answer>, GraphQuery>;

constexpr Fault kFaults[] = {
    {"query_takes_any_dialect", kQuery, "unknown_dialects_are_refused", kAsk<TakeAnyDialect>},
    {"query_turns_rows", kQuery, "rows_come_in_order", kAsk<TurnRows>},
    {"query_takes_nulls_for_texts", kQuery, "cells_hold_what_was_found",
     kAsk<Cellwise<NullsAreEmptyTexts>>},
    {"query_finds_only_ids", kQuery, "cells_hold_what_was_found", kAsk<Cellwise<NodesAreIds>>},
    {"query_takes_parameters_for_text", kQuery, "parameters_are_values", kAsk<ParametersAreText>},
    {"query_needs_no_parameters", kQuery, "missing_parameters_are_refused",
     kAsk<MissingParametersAreEmpty>},
    {"query_cuts_its_text", kQuery, "text_is_bounded", kAsk<CutTheText>},
    {"query_names_columns_once", kQuery, "rows_of_a_page_are_bounded",
     &Replace<NamesColumnsOnce, GraphQuery>},
    {"query_that_finds_nothing_has_no_page", kQuery, "nothing_found_names_the_columns",
     &Replace<NothingFoundHasNoPage, GraphQuery>},
    {"query_comes_in_one_page", kQuery, "bytes_of_a_page_are_bounded",
     &Replace<AllInOnePage, GraphQuery>},
    {"query_tells_no_place", kQuery, "bad_text_is_refused_with_its_place",
     kRefuse<Code::kInvalidArgument, NoPlace>},
    {"query_ignores_writes", kQuery, "queries_that_write_are_refused",
     kRefuse<Code::kInvalidArgument, NothingOfWrites>},
    {"query_keeps_too_much_to_itself", kQuery, "results_have_at_most_so_many_rows",
     kRefuse<Code::kResourceExhausted, NothingAtAll>},
    {"query_remembers_answers", kQuery, "queries_see_what_was_written",
     &Replace<RemembersAnswers, GraphQuery>},
};

}  // namespace
}  // namespace graphs

std::span<const Fault> GraphQueryFaults() { return graphs::kFaults; }

}  // namespace prism::conformance::testing
