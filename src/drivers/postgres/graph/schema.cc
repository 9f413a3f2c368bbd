#include "drivers/postgres/graph/schema.h"

namespace prism::postgres {

// Nodes have numbers, which edges and walks use instead of their ids. An edge's place is its label
// and id, in the order of listings; the index holds its first bytes. Labels, names and values of
// properties are as the gateway wrote them; `size` is about what they take in an answer.
const std::string_view kGraphSchema = R"sql(
CREATE TABLE graph_nodes (
  node bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  namespace text COLLATE "C" NOT NULL,
  id bytea NOT NULL,
  digest bytea NOT NULL GENERATED ALWAYS AS (sha256(id)) STORED,
  size bigint NOT NULL,
  labels bytea[] NOT NULL,
  names bytea[] NOT NULL,
  vals bytea[] NOT NULL,
  UNIQUE (namespace, digest)
);
CREATE TABLE graph_edges (
  namespace text COLLATE "C" NOT NULL,
  digest bytea NOT NULL,
  from_node bigint NOT NULL,
  to_node bigint NOT NULL,
  key bytea NOT NULL,
  more bytea NOT NULL,
  size bigint NOT NULL,
  names bytea[] NOT NULL,
  vals bytea[] NOT NULL,
  PRIMARY KEY (namespace, digest)
);
CREATE INDEX graph_edges_out ON graph_edges (from_node, key);
CREATE INDEX graph_edges_in ON graph_edges (to_node, key);

-- About what names and values take in an answer.
CREATE FUNCTION graph_size(names bytea[], vals bytea[]) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(sum(length(n) + length(v) + 24), 0)::int8 FROM unnest(names, vals) AS t(n, v) $$;

-- Tells how many properties there would be, and the bytes that the contract counts: null without
-- the node. Nothing changes beyond the limits. A value is a byte for its kind and the rest.
CREATE FUNCTION graph_update(space text, node_id bytea, gone bytea[], new_names bytea[],
                             new_vals bytea[], most bigint, most_bytes bigint,
                             OUT properties bigint, OUT bytes bigint) LANGUAGE plpgsql AS $$
DECLARE
  was graph_nodes;
  all_names bytea[];
  all_vals bytea[];
BEGIN
  SELECT * INTO was FROM graph_nodes g
    WHERE g.namespace = space AND g.digest = sha256(node_id) FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT coalesce(array_agg(n ORDER BY n), '{}'), coalesce(array_agg(v ORDER BY n), '{}'),
         count(*), coalesce(sum(length(n) + length(v) - 1), 0)
    INTO all_names, all_vals, properties, bytes FROM (
      SELECT n, v FROM unnest(was.names, was.vals) AS old(n, v)
        WHERE n <> ALL(gone) AND n <> ALL(new_names)
      UNION ALL SELECT n, v FROM unnest(new_names, new_vals) AS new(n, v)) AS each;
  -- Booleans count as much as numbers.
  SELECT bytes + coalesce(sum(CASE WHEN substr(v, 1, 1) = 'b' THEN 7 ELSE 0 END), 0) INTO bytes
    FROM unnest(all_vals) AS v;
  SELECT bytes + coalesce(sum(length(l)), 0) INTO bytes FROM unnest(was.labels) AS l;
  IF properties > most OR bytes > most_bytes THEN RETURN; END IF;
  UPDATE graph_nodes g SET names = all_names, vals = all_vals,
      size = was.size - graph_size(was.names, was.vals) + graph_size(all_names, all_vals)
    WHERE g.node = was.node;
END $$;

-- Holds both nodes until the edge is there: whoever removes a node waits, or was first.
CREATE FUNCTION graph_connect(space text, from_id bytea, to_id bytea, edge_id bytea, place bytea,
                              some_names bytea[], some_vals bytea[],
                              OUT created boolean, OUT from_found boolean, OUT to_found boolean)
LANGUAGE plpgsql AS $$
DECLARE
  ends bytea[] := ARRAY[sha256(from_id), sha256(to_id)];
  one bytea;
  held bigint;
  source bigint;
  target bigint;
BEGIN
  FOR one IN SELECT DISTINCT d FROM unnest(ends) AS t(d) ORDER BY d LOOP
    SELECT g.node INTO held FROM graph_nodes g
      WHERE g.namespace = space AND g.digest = one FOR KEY SHARE;
    IF one = ends[1] THEN source := held; END IF;
    IF one = ends[2] THEN target := held; END IF;
  END LOOP;
  from_found := source IS NOT NULL;
  to_found := target IS NOT NULL;
  created := false;
  IF NOT (from_found AND to_found) THEN RETURN; END IF;
  INSERT INTO graph_edges (namespace, digest, from_node, to_node, key, more, size, names, vals)
    VALUES (space, sha256(edge_id), source, target, substr(place, 1, 2000), substr(place, 2001),
            graph_size(some_names, some_vals), some_names, some_vals)
    ON CONFLICT DO NOTHING;
  created := FOUND;
END $$;

-- Removes at most so many edges, then the node if it has no others. Edges are locked in the order
-- of their digests: two neighbors may go at once.
CREATE FUNCTION graph_remove(space text, node_id bytea, most bigint,
                             OUT present boolean, OUT edges bigint, OUT done boolean)
LANGUAGE plpgsql AS $$
DECLARE
  gone bigint;
  digests bytea[];
BEGIN
  edges := 0;
  SELECT g.node INTO gone FROM graph_nodes g
    WHERE g.namespace = space AND g.digest = sha256(node_id) FOR UPDATE;
  present := FOUND;
  done := NOT present;
  IF done THEN RETURN; END IF;
  digests := ARRAY(
    (SELECT e.digest FROM graph_edges e WHERE e.from_node = gone LIMIT most) UNION
    (SELECT e.digest FROM graph_edges e WHERE e.to_node = gone LIMIT most) LIMIT most);
  -- An expression, since the order of the index would be that of all edges of the namespace.
  PERFORM 1 FROM graph_edges e WHERE e.namespace = space AND e.digest = ANY(digests)
    ORDER BY substr(e.digest, 1) FOR UPDATE;
  DELETE FROM graph_edges e WHERE e.namespace = space AND e.digest = ANY(digests)
    AND gone IN (e.from_node, e.to_node);
  GET DIAGNOSTICS edges = ROW_COUNT;
  done := NOT EXISTS (SELECT FROM graph_edges e WHERE e.from_node = gone)
      AND NOT EXISTS (SELECT FROM graph_edges e WHERE e.to_node = gone);
  IF done THEN DELETE FROM graph_nodes g WHERE g.node = gone; END IF;
END $$;

-- The edges of several nodes, of one after the other, in the order of listings, with the nodes at
-- their other ends: `direction` is 1 for those that leave, 2 for those that reach, 3 for both.
-- Places are in one of the ranges. Of the first node, those behind `after` in the list `inward`.
CREATE FUNCTION graph_hops(nodes bigint[], direction bigint, lows bytea[], highs bytea[],
                           inward bigint, after bytea, most bigint)
RETURNS TABLE (frame bigint, self bytea, side bigint, start bytea, rest bytea, other bigint,
               size bigint, names bytea[], vals bytea[])
LANGUAGE plpgsql STABLE AS $$
DECLARE
  here bytea;
  low bytea;
  high bytea;
  got bigint;
BEGIN
  FOR i IN 1..cardinality(nodes) LOOP
    SELECT g.id INTO here FROM graph_nodes g WHERE g.node = nodes[i];
    CONTINUE WHEN NOT FOUND;
    FOR list IN 0..1 LOOP
      CONTINUE WHEN direction & (list + 1) = 0 OR (i = 1 AND list < inward);
      FOR r IN 1..cardinality(lows) LOOP
        low := lows[r];
        high := highs[r];
        IF i = 1 AND list = inward AND after >= low THEN low := after || '\x00'::bytea; END IF;
        CONTINUE WHEN low >= high;
        IF list = 0 THEN
          RETURN QUERY SELECT i::int8, here, 0::int8, e.key, e.more, e.to_node, e.size, e.names,
                              e.vals FROM graph_edges e
            WHERE e.from_node = nodes[i]
              AND (e.key, e.more) >= (substr(low, 1, 2000), substr(low, 2001))
              AND (e.key, e.more) < (substr(high, 1, 2000), substr(high, 2001))
            ORDER BY e.key, e.more LIMIT most;
        ELSE
          RETURN QUERY SELECT i::int8, here, 1::int8, e.key, e.more, e.from_node, e.size, e.names,
                              e.vals FROM graph_edges e
            WHERE e.to_node = nodes[i] AND NOT (direction = 3 AND e.from_node = e.to_node)
              AND (e.key, e.more) >= (substr(low, 1, 2000), substr(low, 2001))
              AND (e.key, e.more) < (substr(high, 1, 2000), substr(high, 2001))
            ORDER BY e.key, e.more LIMIT most;
        END IF;
        GET DIAGNOSTICS got = ROW_COUNT;
        most := most - got;
        IF most <= 0 THEN RETURN; END IF;
      END LOOP;
    END LOOP;
  END LOOP;
END $$;
)sql";

}  // namespace prism::postgres
