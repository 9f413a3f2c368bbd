#include "drivers/postgres/graph/statements.h"

namespace prism::postgres {

constexpr Statement kGraphCreateNode(
    "graph_create_node",
    "INSERT INTO graph_nodes (namespace, id, size, labels, names, vals) "
    "VALUES ($1::text, $2::bytea, length($2::bytea) + 48 + graph_size($3::bytea[], $3::bytea[]) "
    "+ graph_size($4::bytea[], $5::bytea[]), $3::bytea[], $4::bytea[], $5::bytea[]) "
    "ON CONFLICT DO NOTHING");

#define PRISM_GRAPH_HERE "namespace = $1::text AND digest = sha256($2::bytea)"

constexpr Statement kGraphFindNode("graph_find_node",
                                   "SELECT node FROM graph_nodes WHERE " PRISM_GRAPH_HERE);

constexpr Statement kGraphGetNode("graph_get_node",
                                  "SELECT node, id, labels, names, vals FROM graph_nodes "
                                  "WHERE " PRISM_GRAPH_HERE);

constexpr Statement kGraphUpdateNode(
    "graph_update_node",
    "SELECT properties, bytes FROM graph_update($1::text, $2::bytea, $3::bytea[], $4::bytea[], "
    "$5::bytea[], $6::int8, $7::int8)");

constexpr Statement kGraphDeleteNode(
    "graph_delete_node",
    "SELECT present, edges, done FROM graph_remove($1::text, $2::bytea, $3::int8)");

constexpr Statement kGraphCreateEdge(
    "graph_create_edge",
    "SELECT created, from_found, to_found FROM graph_connect($1::text, $2::bytea, $3::bytea, "
    "$4::bytea, $5::bytea, $6::bytea[], $7::bytea[])");

constexpr Statement kGraphGetEdge(
    "graph_get_edge",
    "SELECT e.key, e.more, f.id, t.id, e.names, e.vals FROM graph_edges e "
    "JOIN graph_nodes f ON f.node = e.from_node JOIN graph_nodes t ON t.node = e.to_node "
    "WHERE e.namespace = $1::text AND e.digest = sha256($2::bytea)");

constexpr Statement kGraphDeleteEdge("graph_delete_edge",
                                     "DELETE FROM graph_edges WHERE " PRISM_GRAPH_HERE);

// What an answer takes of each row is known before properties leave the table. Lookups stand in
// subqueries, which are never turned into a scan of all nodes.
#define PRISM_GRAPH_WINDOW(size)                                    \
  "count(*) OVER () AS total, min(row) OVER () AS first, sum(" size \
  ") OVER (ORDER BY row) AS bytes "
#define PRISM_GRAPH_PAGE(shown, size) \
  "SELECT total, frame, side, start, rest, " shown " FROM (SELECT h.*, " PRISM_GRAPH_WINDOW(size)  \
  "FROM (SELECT h.*, (SELECT o.id FROM graph_nodes o WHERE o.node = h.other) AS id "               \
  "FROM graph_hops($1::int8[], $2::int8, $3::bytea[], $4::bytea[], $5::int8, $6::bytea, $7::int8)" \
  " WITH ORDINALITY AS h(frame, self, side, start, rest, other, size, names, vals, row)) AS h) "   \
  "AS sized WHERE bytes <= $8::int8 OR row = first ORDER BY row"
#define PRISM_GRAPH_WAY "length(start) + length(rest) + length(self) + 48"

constexpr Statement kGraphEdges("graph_edges_page",
                                PRISM_GRAPH_PAGE("id, names, vals",
                                                 PRISM_GRAPH_WAY " + size + length(id)"));

constexpr Statement kGraphHops("graph_hops", PRISM_GRAPH_PAGE("other, self, names, vals",
                                                              PRISM_GRAPH_WAY " + size"));

constexpr Statement kGraphWays("graph_ways", PRISM_GRAPH_PAGE("other, self", PRISM_GRAPH_WAY));

constexpr Statement kGraphNodes(
    "graph_nodes_page",
    "SELECT total, row, id, labels, names, vals FROM (SELECT t.row, g.*, "
    PRISM_GRAPH_WINDOW("g.size")
    "FROM unnest($1::int8[]) WITH ORDINALITY AS t(node, row) CROSS JOIN LATERAL "
    "(SELECT * FROM graph_nodes n WHERE n.node = t.node OFFSET 0) AS g) AS sized "
    "WHERE bytes <= $2::int8 OR row = first ORDER BY row");

#undef PRISM_GRAPH_WINDOW
#undef PRISM_GRAPH_PAGE
#undef PRISM_GRAPH_WAY
#undef PRISM_GRAPH_HERE

}  // namespace prism::postgres
