#include "drivers/contract/checks.h"
#include "drivers/contract/graph.h"
#include "drivers/memstore/data.h"
#include "drivers/memstore/graph/calls.h"
#include "drivers/memstore/graph/cypher_match.h"
#include "drivers/memstore/graph/cypher_parser.h"
#include "drivers/memstore/graph/cypher_result.h"
#include "prism/interfaces/graph_query.pb.h"

namespace prism::memstore {
namespace {

using namespace graph::v1;  // NOLINT

constexpr std::string_view kDialect = "opencypher";
constexpr int kMaxParameters = 256;
constexpr int kPageRows = 1000;
constexpr size_t kPageBytes = 1024 * 1024;

Status ReadParameters(const QueryRequest& request, cypher::Parameters& parameters) {
  PRISM_RETURN_IF_ERROR(CheckRange("parameters", request.parameters_size(), 0, kMaxParameters));
  for (const auto& [name, value] : request.parameters()) {
    Result<PropertyValue> read = ReadValue(name, value);
    if (!read.ok()) return std::move(read).status();
    parameters.insert_or_assign(name, *std::move(read));
  }
  return OkStatus();
}

void WriteCell(const cypher::CypherValue& value, Cell& cell) {
  if (const auto* node = value.If<GraphNodePtr>()) {
    WriteNode(**node, *cell.mutable_node());
  } else if (const auto* edge = value.If<GraphEdgePtr>()) {
    WriteEdge(**edge, *cell.mutable_edge());
  } else if (const auto* list = value.If<cypher::CypherList>()) {
    Cells& cells = *cell.mutable_list();
    for (const cypher::CypherValue& element : **list) WriteCell(element, *cells.add_cells());
  } else if (const auto* truth = value.If<bool>()) {
    cell.mutable_value()->set_bool_value(*truth);
  } else if (const auto* integer = value.If<int64_t>()) {
    cell.mutable_value()->set_int64_value(*integer);
  } else if (const auto* real = value.If<double>()) {
    cell.mutable_value()->set_double_value(*real);
  } else if (const auto* text = value.If<std::string>()) {
    cell.mutable_value()->set_string_value(*text);
  }
}

}  // namespace

Stream<QueryResponse> GraphCalls::Query(RequestContext& ctx, const QueryRequest& request) {
  if (request.dialect() != kDialect) {
    co_return InvalidArgumentError("dialect '" + request.dialect() +
                                   "' is not one of those spoken here: " + std::string(kDialect));
  }
  cypher::Parameters parameters;
  PRISM_CO_RETURN_IF_ERROR(ReadParameters(request, parameters));
  const Result<cypher::Query> query = cypher::ParseQuery(request.text(), parameters);
  if (!query.ok()) co_return query.status();
  cypher::ResultBuilder builder(*query);
  cypher::Matcher matcher(graph_, *query, [&builder](const cypher::Bindings& bindings) {
    return builder.Add(bindings);
  });
  PRISM_CO_RETURN_IF_ERROR(co_await matcher.Run(ctx));
  Result<std::vector<cypher::Row>> rows = builder.Finish();
  if (!rows.ok()) co_return std::move(rows).status();
  QueryResponse page;
  for (const cypher::Item& item : query->items) page.add_columns(item.name);
  size_t bytes = 0;
  for (const cypher::Row& row : *rows) {
    Cells written;
    for (const cypher::CypherValue& value : row) WriteCell(value, *written.add_cells());
    const size_t size = written.ByteSizeLong();
    const bool full = page.rows_size() == kPageRows || bytes + size > kPageBytes;
    if (full && page.rows_size() > 0) {
      co_yield page;
      PRISM_CO_RETURN_IF_ERROR(ctx.cancellation.reason());
      page.clear_rows();
      bytes = 0;
    }
    bytes += size;
    *page.add_rows() = std::move(written);
  }
  co_yield page;
  co_return OkStatus();
}

Task<Status> GraphCalls::GetDialects(RequestContext&, const GetDialectsRequest&,
                                     GetDialectsResponse& response) {
  Dialect& dialect = *response.add_dialects();
  dialect.set_name(std::string(kDialect));
  dialect.set_subset(true);
  dialect.set_description(std::string(cypher::SubsetDescription()));
  co_return OkStatus();
}

}  // namespace prism::memstore
