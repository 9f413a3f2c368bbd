#include "drivers/postgres/document/schema.h"

namespace prism::postgres {

// Functions that are STABLE see one moment: the generation they check is that of what they read.
const std::string_view kDocumentReadSchema = R"sql(
-- Bytes that are ordered as the contract orders scalars, none beginning another; null stands for
-- none. Of a number: the double next to it, and how far it is off.
CREATE FUNCTION document_rank(v jsonb, most integer) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  n numeric;
  f float8;
  bits bigint;
  off_by numeric := 0;
BEGIN
  IF v IS NULL THEN RETURN '\x01'; END IF;
  CASE jsonb_typeof(v)
    WHEN 'null' THEN
      RETURN '\x02';
    WHEN 'boolean' THEN
      RETURN CASE WHEN v::boolean THEN '\x0301'::bytea ELSE '\x0300'::bytea END;
    WHEN 'string' THEN
      RETURN '\x05'::bytea || substring(convert_to(v #>> '{}', 'UTF8') FROM 1 FOR most)
             || '\x00'::bytea;
    ELSE
      n := v::numeric;
      f := n::float8;
      bits := ('x' || encode(float8send(f), 'hex'))::bit(64)::bigint;
      IF scale(n) = 0 AND abs(n) BETWEEN 9007199254740992 AND 9223372036854775808 THEN
        off_by := n - CASE WHEN f >= 9223372036854775808 THEN 9223372036854775808
                           ELSE f::bigint::numeric END;
      END IF;
      RETURN '\x04'::bytea
        || int8send(CASE WHEN bits < 0 THEN ~bits ELSE bits # (-9223372036854775808) END)
        || int2send((off_by + 4096)::smallint);
  END CASE;
END $$;

-- Where the document stands by the first scalars that the paths lead to.
CREATE FUNCTION document_place(body jsonb, paths jsonpath[], down boolean[], most integer)
RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  place bytea := '';
  part bytea;
BEGIN
  FOR i IN 1 .. cardinality(paths) LOOP
    part := document_rank(jsonb_path_query_first(body, paths[i]), most);
    IF down[i] THEN
      part := substring(varbit_send(~(('x' || encode(part, 'hex'))::varbit)) FROM 5);
    END IF;
    place := place || part;
  END LOOP;
  RETURN place;
END $$;

-- These scalars by the number of their path, where there is one: `{"1":7,"3":"x"}`.
CREATE FUNCTION document_values(body jsonb, paths jsonpath[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  shown text := '';
  part text;
BEGIN
  FOR i IN 1 .. cardinality(paths) LOOP
    part := jsonb_path_query_first(body, paths[i])::text;
    CONTINUE WHEN part IS NULL;
    shown := shown || CASE WHEN shown = '' THEN '"' ELSE ',"' END || i || '":' || part;
  END LOOP;
  RETURN '{' || shown || '}';
END $$;

-- What one document adds to a computation, which has the number that it has in the contract. An
-- extreme is its rank and its text.
CREATE FUNCTION document_tally(body jsonb, computes bigint, path jsonpath, OUT n bigint,
                               OUT total numeric, OUT doubles boolean, OUT extreme text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  found jsonb;
  number numeric;
  shown text;
BEGIN
  IF computes = 1 THEN
    n := CASE WHEN path IS NULL OR jsonb_path_exists(body, path) THEN 1 ELSE 0 END;
    RETURN;
  END IF;
  found := jsonb_path_query_array(body, path);
  n := jsonb_array_length(found);
  FOR i IN 0 .. n - 1 LOOP
    IF computes IN (2, 5) THEN
      number := (found -> i)::numeric;
      total := coalesce(total, 0) + number;
      doubles := coalesce(doubles, false) OR scale(number) > 0
                 OR number NOT BETWEEN -9223372036854775808 AND 9223372036854775807;
    ELSE
      shown := encode(document_rank(found -> i, 2147483647), 'hex') || ':' || (found -> i)::text;
      IF extreme IS NULL OR (shown COLLATE "C" < extreme) = (computes = 3) THEN
        extreme := shown;
      END IF;
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION document_paths(texts bytea[]) RETURNS jsonpath[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN ARRAY(SELECT convert_from(t, 'UTF8')::jsonpath
               FROM unnest(texts) WITH ORDINALITY AS each(t, i) ORDER BY i);
END $$;

-- Those that match, of the whole collection or of a range of an index. Inlined where it is used.
CREATE FUNCTION document_among(c bigint, wanted jsonpath, x bigint, low bytea, high bytea)
RETURNS SETOF documents LANGUAGE sql STABLE AS $$
  SELECT d.* FROM documents d
    WHERE x IS NULL AND d.collection = c AND (wanted IS NULL OR d.body @@ wanted)
  UNION ALL
  SELECT d.* FROM (
    SELECT DISTINCT e.id, e.digest FROM document_entries e WHERE e.index_id = x
      AND e.key >= document_head(low) AND e.key <= document_head(high)) AS k
    JOIN documents d ON d.collection = c AND d.id = k.id AND d.digest = k.digest
    WHERE x IS NOT NULL AND (wanted IS NULL OR d.body @@ wanted)
$$;

CREATE FUNCTION document_is_stale(c bigint, known bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN known >= 0 AND (SELECT generation <> known FROM document_collections WHERE n = c);
END $$;

-- In the order of ids, of the whole collection or of one key of an index.
-- kind: 0 a document, 1 the last that was looked at, with perhaps more behind it, 2 the end, 3 the
-- generation is another.
CREATE FUNCTION document_scan(space text, coll bytea, known bigint, wanted jsonpath,
                              after_id bytea, after_more bytea, x bigint, its_key bytea,
                              most_rows bigint, most_bytes bigint)
RETURNS TABLE (kind bigint, id bytea, more bytea, version bigint, json bytea)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  c bigint := document_collection(space, coll);
  from_all CURSOR FOR SELECT d.id, d.more, d.version, d.json,
      wanted IS NULL OR d.body @@ wanted AS fits FROM documents d
    WHERE d.collection = c AND d.id >= after_id AND (d.id, d.more) > (after_id, after_more)
    ORDER BY d.id, d.more LIMIT 10000;
  from_index CURSOR FOR SELECT d.id, d.more, d.version, d.json,
      wanted IS NULL OR d.body @@ wanted AS fits
    FROM document_entries e
    JOIN documents d ON d.collection = c AND d.id = e.id AND d.digest = e.digest
    WHERE e.index_id = x AND e.key = document_head(its_key) AND e.rest = document_rest(its_key)
      AND e.id >= after_id AND (e.id, d.more) > (after_id, after_more)
    ORDER BY e.id, d.more LIMIT 10000;
  each record;
  seen bigint := 0;
  seen_bytes bigint := 0;
  taken bigint := 0;
  bytes bigint := 0;
  size bigint;
  last_id bytea := after_id;
  last_more bytea := after_more;
BEGIN
  IF document_is_stale(c, known) THEN
    kind := 3;
    RETURN NEXT;
    RETURN;
  END IF;
  IF x IS NULL THEN OPEN from_all; ELSE OPEN from_index; END IF;
  LOOP
    IF x IS NULL THEN FETCH from_all INTO each; ELSE FETCH from_index INTO each; END IF;
    IF NOT FOUND THEN
      kind := CASE WHEN seen = 10000 THEN 1 ELSE 2 END;
      EXIT;
    END IF;
    size := length(each.json);
    IF each.fits THEN
      bytes := bytes + size + length(each.id) + length(each.more);
      kind := 1;
      EXIT WHEN taken > 0 AND bytes > most_bytes;
      kind := 0;
      id := each.id;
      more := each.more;
      version := each.version;
      json := each.json;
      RETURN NEXT;
      taken := taken + 1;
    END IF;
    last_id := each.id;
    last_more := each.more;
    seen := seen + 1;
    seen_bytes := seen_bytes + size;
    kind := 1;
    EXIT WHEN taken = most_rows OR seen_bytes > 67108864;
  END LOOP;
  id := last_id;
  more := last_more;
  version := NULL;
  json := NULL;
  RETURN NEXT;
END $$;

-- In the order of places and ids. kind as above without 1 and 2; found: how many are behind the
-- given place, counted to the most that are asked for.
CREATE FUNCTION document_sorted(space text, coll bytea, known bigint, wanted jsonpath,
                                by_paths bytea[], down boolean[], after_place bytea, after_id bytea,
                                after_more bytea, x bigint, low bytea, high bytea,
                                most_rows bigint, most_bytes bigint)
RETURNS TABLE (kind bigint, id bytea, more bytea, version bigint, json bytea, place bytea,
               found bigint)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  c bigint := document_collection(space, coll);
  paths jsonpath[] := document_paths(by_paths);
BEGIN
  IF document_is_stale(c, known) THEN
    kind := 3;
    RETURN NEXT;
    RETURN;
  END IF;
  RETURN QUERY
    SELECT 0::bigint, p.id, p.more, p.version, p.json, p.place, p.found FROM (
      SELECT s.*, count(*) OVER () AS found, row_number() OVER places AS row,
          sum(length(s.id) + length(s.more) + length(s.json)) OVER places AS bytes
        FROM (SELECT * FROM (
            SELECT d.id, d.more, d.version, d.json,
                document_place(d.body, paths, down, 1024) AS place
              FROM document_among(c, wanted, x, low, high) AS d OFFSET 0) AS q
          WHERE (q.place, q.id, q.more) > (after_place, after_id, after_more)
          ORDER BY q.place, q.id, q.more LIMIT most_rows) AS s
        WINDOW places AS (ORDER BY s.place, s.id, s.more)) AS p
      WHERE p.bytes <= most_bytes OR p.row = 1
      ORDER BY p.place, p.id, p.more;
END $$;

-- A row for each group and computation, in their order; the first of a group has its values.
-- kind: 0 a result, 3 the generation is another, 4 there are too many groups.
CREATE FUNCTION document_aggregate(space text, coll bytea, known bigint, wanted jsonpath,
                                   by_paths bytea[], computes bigint[], of_paths bytea[], x bigint,
                                   low bytea, high bytea, most_groups bigint, most_bytes bigint)
RETURNS TABLE (kind bigint, nth bigint, values_of text, n bigint, total text, doubles boolean,
               extreme text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  c bigint := document_collection(space, coll);
  paths jsonpath[] := document_paths(by_paths);
  of_what jsonpath[] := document_paths(of_paths);
BEGIN
  IF document_is_stale(c, known) THEN
    kind := 3;
    RETURN NEXT;
    RETURN;
  END IF;
  RETURN QUERY
    WITH tallies AS (
      SELECT g.place, what.i, min(g.shown COLLATE "C") AS shown, sum(t.n)::bigint AS n,
          sum(t.total) AS total, bool_or(t.doubles) AS doubles,
          CASE WHEN what.f = 3 THEN min(t.extreme COLLATE "C")
               ELSE max(t.extreme COLLATE "C") END AS extreme
        FROM document_among(c, wanted, x, low, high) AS d
        CROSS JOIN LATERAL (SELECT document_place(d.body, paths, NULL, 2147483647) AS place,
                                   document_values(d.body, paths) AS shown OFFSET 0) AS g
        CROSS JOIN unnest(computes, of_what) WITH ORDINALITY AS what(f, path, i)
        CROSS JOIN LATERAL document_tally(d.body, what.f, what.path) AS t
        GROUP BY g.place, what.i, what.f
    ), counted AS (
      SELECT *, sum(CASE WHEN i = 1 THEN length(place) ELSE 0 END) OVER () > most_bytes
                OR sum(CASE WHEN i = 1 THEN 1 ELSE 0 END) OVER () > most_groups AS too_many,
          row_number() OVER (ORDER BY place, i) AS row FROM tallies
    )
    SELECT CASE WHEN r.too_many THEN 4 ELSE 0 END::bigint, r.i,
        CASE WHEN r.i = 1 AND NOT r.too_many THEN r.shown END, r.n, r.total::text, r.doubles,
        CASE WHEN NOT r.too_many THEN r.extreme END
      FROM counted AS r WHERE NOT r.too_many OR r.row = 1 ORDER BY r.row;
END $$;
)sql";

}  // namespace prism::postgres
