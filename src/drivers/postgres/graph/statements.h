#pragma once

#include "drivers/postgres/statement.h"

namespace prism::postgres {

// On the tables `graph_...`; the functions of the schema tell more. Parameters 1 and 2 are the
// namespace and an id unless something else is said.
extern const Statement kGraphCreateNode;  // 3 labels, 4 names, 5 values
extern const Statement kGraphFindNode;    // -> node
extern const Statement kGraphGetNode;     // -> node, id, labels, names, values
extern const Statement kGraphUpdateNode;  // 3 names to remove, 4 names, 5 values, 6 and 7 limits
extern const Statement kGraphDeleteNode;  // 3 edges at most -> found, edges, done
// 1 namespace, 2 from, 3 to, 4 id, 5 place, 6 names, 7 values -> created, from found, to found
extern const Statement kGraphCreateEdge;
extern const Statement kGraphGetEdge;  // -> place: key, more; from, to, names, values
extern const Statement kGraphDeleteEdge;

// 1 nodes, 2 direction, 3 and 4 ranges, 5 inward, 6 after, 7 rows, 8 bytes: -> rows in all, frame,
// inward, key, more, and
extern const Statement kGraphEdges;  // other node's id, names, values
extern const Statement kGraphHops;   // other node, frame's id, names, values
extern const Statement kGraphWays;   // other node, frame's id
// 1 nodes, 2 bytes -> rows in all, index from 1, id, labels, names, values
extern const Statement kGraphNodes;

}  // namespace prism::postgres
