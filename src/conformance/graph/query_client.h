#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/graph/client.h"
#include "interfaces/graph_query.prism.h"
#include "prism/interfaces/graph_query.pb.h"

namespace prism::conformance {

using graph::v1::Cell;
using graph::v1::Cells;
using graph::v1::Dialect;
using graph::v1::GetDialectsRequest;
using graph::v1::GetDialectsResponse;
using graph::v1::QueryRequest;
using graph::v1::QueryResponse;

using Words = std::vector<std::string>;

// The language in which the cases ask, and the plainest of it: a backend may know little.
inline constexpr std::string_view kCypher = "opencypher";

// Whether it is spoken here; else the case is skipped. That there is no dialect at all is a
// failure.
Task<bool> SpeaksCypher(CaseContext& c);

// Every '@' of the text becomes the label, quoted, so that a case finds only its own nodes.
QueryRequest Asking(std::string_view text, std::string_view label);

// A cell in short: (node), [edge], 'text', 12, 1.5, true, null, {a list;}.
std::string ShowCell(const Cell& cell);
// Each row as its cells with commas between.
Words RowsOf(const std::vector<QueryResponse>& pages);

// The rows of a query that must succeed.
Task<Words> Ask(Caller& caller, QueryRequest request, Where where = Where::current());

// "<label>-a" to "<label>-d", with the label and properties: name "a" and rank 1 to name "d" and
// rank 4. Edges KNOWS lead from a to b, b to c and c to d; LIKES from a to c and from d to itself.
// An edge is named after both its nodes: "<label>-ab".
Task<std::string> MakePeople(CaseContext& c);
// `n` nodes with the label and property i, from 0.
Task<std::string> MakeNumbers(CaseContext& c, int n);
// `n` nodes with the label and `bytes` of text.
Task<std::string> MakeTexts(CaseContext& c, int n, size_t bytes);

}  // namespace prism::conformance
