#include "drivers/postgres/document/schema.h"

namespace prism::postgres {

// A document is there twice: as the text that is answered, and as jsonb for queries, which loses
// the order of members and what is a double. An id is its first 1200 bytes and the rest, which
// order like the whole; so is the key of an index, of whose rest only a digest is needed.
//
// Gateways compute the keys of indexes, and know the indexes as of a generation of the collection;
// a write of another generation is told so and changes nothing. Locks are taken in one order: the
// collection, the id of a new document, documents, entries by their keys, indexes, generation. A
// plan that was made while a table was small is kept, so none of what finds by key may scan.
const std::string_view kDocumentSchema = R"sql(
CREATE TABLE document_collections (
  namespace text COLLATE "C" NOT NULL,
  name bytea NOT NULL,
  digest bytea NOT NULL GENERATED ALWAYS AS (sha256(name)) STORED,
  n bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  generation bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (namespace, digest)
);
CREATE SEQUENCE document_versions;
CREATE TABLE documents (
  collection bigint NOT NULL,
  id bytea NOT NULL,
  more bytea NOT NULL,
  digest bytea NOT NULL
    GENERATED ALWAYS AS (CASE WHEN more = '' THEN more ELSE sha256(more) END) STORED,
  version bigint NOT NULL,
  json bytea NOT NULL,
  body jsonb NOT NULL,
  PRIMARY KEY (collection, id, digest)
);
CREATE TABLE document_indexes (
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  collection bigint NOT NULL,
  name bytea NOT NULL,
  fields bytea[] NOT NULL,
  is_unique boolean NOT NULL,
  multiple boolean NOT NULL DEFAULT false,
  ready boolean NOT NULL DEFAULT false,
  until timestamptz NOT NULL
);
CREATE INDEX document_indexes_of ON document_indexes (collection);
CREATE INDEX document_indexes_unfinished ON document_indexes (until) WHERE NOT ready;
CREATE TABLE document_entries (
  index_id bigint NOT NULL,
  key bytea NOT NULL,
  rest bytea NOT NULL,
  collection bigint NOT NULL,
  id bytea NOT NULL,
  digest bytea NOT NULL,
  is_unique boolean NOT NULL,
  PRIMARY KEY (index_id, key, rest, id, digest)
);
CREATE UNIQUE INDEX document_entries_unique ON document_entries (index_id, key, rest)
  WHERE is_unique;
CREATE INDEX document_entries_of ON document_entries (collection, id, digest);
CREATE TABLE document_dropped (index_id bigint PRIMARY KEY);

CREATE FUNCTION document_head(key bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT substring(key FROM 1 FOR 1200) $$;
CREATE FUNCTION document_rest(key bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN length(key) > 1200 THEN sha256(key) ELSE ''::bytea END $$;

-- What is more than an expression is in plpgsql, which keeps its plans.
CREATE FUNCTION document_collection(space text, coll bytea) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT n FROM document_collections WHERE namespace = space AND digest = sha256(coll));
END $$;
CREATE FUNCTION document_make_collection(space text, coll bytea) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  c bigint := document_collection(space, coll);
BEGIN
  IF c IS NULL THEN
    INSERT INTO document_collections (namespace, name) VALUES (space, coll)
      ON CONFLICT DO NOTHING;
    SELECT n INTO c FROM document_collections
      WHERE namespace = space AND digest = sha256(coll);
  END IF;
  RETURN c;
END $$;

-- Writers of a collection share it; who changes its indexes has it alone.
CREATE FUNCTION document_share(c bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(1886546030, (c % 2147483647)::integer);
END $$;
CREATE FUNCTION document_seize(c bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1886546030, (c % 2147483647)::integer);
END $$;
CREATE FUNCTION document_renew(c bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE document_collections SET generation = generation + 1 WHERE n = c;
END $$;

-- Makes the document's entries those given: a negative index is one that forbids the key to others.
-- Raises PR001 with the index that forbids it.
CREATE FUNCTION document_enter(c bigint, k bytea, d bytea, indexes bigint[], keys bytea[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  missing bigint;
  forbidding bigint;
BEGIN
  DELETE FROM document_entries e WHERE e.collection = c AND e.id = k AND e.digest = d
    AND NOT EXISTS (SELECT FROM unnest(indexes, keys) AS t(x, key) WHERE abs(t.x) = e.index_id
                    AND document_head(t.key) = e.key AND document_rest(t.key) = e.rest);
  LOOP
    WITH fresh AS (
      SELECT abs(t.x) AS x, document_head(t.key) AS h, document_rest(t.key) AS r, t.x < 0 AS u
        FROM unnest(indexes, keys) AS t(x, key)
        WHERE NOT EXISTS (
          SELECT FROM document_entries e WHERE e.index_id = abs(t.x)
          AND e.key = document_head(t.key) AND e.rest = document_rest(t.key)
          AND e.id = k AND e.digest = d)
    ), made AS (
      INSERT INTO document_entries (index_id, key, rest, collection, id, digest, is_unique)
        SELECT x, h, r, c, k, d, u FROM fresh ORDER BY x, h, r ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT (SELECT count(*) FROM fresh) - (SELECT count(*) FROM made) INTO missing;
    EXIT WHEN missing = 0;
    SELECT e.index_id INTO forbidding FROM unnest(indexes, keys) AS t(x, key)
      JOIN document_entries e ON e.index_id = -t.x AND e.key = document_head(t.key)
        AND e.rest = document_rest(t.key) AND e.is_unique
      WHERE t.x < 0 AND (e.id, e.digest) <> (k, d) LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION '%', forbidding USING ERRCODE = 'PR001';
    END IF;
  END LOOP;
END $$;

-- Tells those who plan queries that a document has several keys in some of the indexes.
CREATE FUNCTION document_note_multiple(c bigint, several bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(several) = 0 THEN RETURN; END IF;
  UPDATE document_indexes SET multiple = true WHERE n = ANY(several) AND NOT multiple;
  IF FOUND THEN PERFORM document_renew(c); END IF;
END $$;
CREATE FUNCTION document_several(indexes bigint[]) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN ARRAY(SELECT abs(x) FROM unnest(indexes) AS x GROUP BY 1 HAVING count(*) > 1 ORDER BY 1);
END $$;

-- outcome: 0 written, 1 kept as it is, 2 the generation is another, 3 an index forbids it.
-- now: the document's version, null if it is absent. Without a text, the body is the json.
CREATE FUNCTION document_put(space text, coll bytea, known bigint, k bytea, m bytea, fresh boolean,
                             expected bigint, new_json bytea, new_body text, indexes bigint[],
                             keys bytea[], OUT outcome bigint, OUT now bigint, OUT forbids bigint)
LANGUAGE plpgsql AS $$
DECLARE
  c bigint;
  is_now bigint;
  d bytea := CASE WHEN m = '' THEN m ELSE sha256(m) END;
  b jsonb := coalesce(new_body, convert_from(new_json, 'UTF8'))::jsonb;
  told text;
BEGIN
  outcome := 1;
  c := CASE WHEN fresh THEN document_make_collection(space, coll)
            ELSE document_collection(space, coll) END;
  IF c IS NULL THEN RETURN; END IF;
  PERFORM document_share(c);
  SELECT generation INTO is_now FROM document_collections WHERE n = c;
  IF is_now <> known THEN
    outcome := 2;
    RETURN;
  END IF;
  IF fresh THEN
    -- So that no version is drawn before that of another document with this id.
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(k || m, 'hex'), c));
    SELECT version INTO now FROM documents
      WHERE collection = c AND id = k AND more = m FOR KEY SHARE;
    IF FOUND THEN RETURN; END IF;
  ELSE
    SELECT version INTO now FROM documents WHERE collection = c AND id = k AND more = m FOR UPDATE;
    IF NOT FOUND OR now <> expected THEN RETURN; END IF;
  END IF;
  IF known > 0 THEN
    BEGIN
      PERFORM document_enter(c, k, d, indexes, keys);
    EXCEPTION WHEN SQLSTATE 'PR001' THEN
      GET STACKED DIAGNOSTICS told = MESSAGE_TEXT;
      forbids := told::bigint;
      outcome := 3;
      RETURN;
    END;
  END IF;
  now := nextval('document_versions');
  IF fresh THEN
    INSERT INTO documents (collection, id, more, version, json, body)
      VALUES (c, k, m, now, new_json, b);
  ELSE
    UPDATE documents SET version = now, json = new_json, body = b
      WHERE collection = c AND id = k AND more = m;
  END IF;
  IF known > 0 THEN PERFORM document_note_multiple(c, document_several(indexes)); END IF;
  outcome := 0;
END $$;

-- now: the version that was there, null if it was absent.
CREATE FUNCTION document_delete(space text, coll bytea, k bytea, m bytea, expected bigint,
                                OUT deleted boolean, OUT now bigint)
LANGUAGE plpgsql AS $$
DECLARE
  c bigint := document_collection(space, coll);
  d bytea := CASE WHEN m = '' THEN m ELSE sha256(m) END;
BEGIN
  deleted := false;
  IF c IS NULL THEN RETURN; END IF;
  PERFORM document_share(c);
  SELECT version INTO now FROM documents WHERE collection = c AND id = k AND more = m FOR UPDATE;
  IF NOT FOUND OR now <> expected THEN RETURN; END IF;
  IF (SELECT generation > 0 FROM document_collections WHERE n = c) THEN
    DELETE FROM document_entries WHERE collection = c AND id = k AND digest = d;
  END IF;
  DELETE FROM documents WHERE collection = c AND id = k AND more = m;
  deleted := true;
END $$;

-- Writers no more maintain it; what it holds goes later. The caller has seized the collection.
CREATE FUNCTION document_forget(c bigint, x bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM document_indexes WHERE n = x;
  INSERT INTO document_dropped VALUES (x) ON CONFLICT DO NOTHING;
  PERFORM document_renew(c);
END $$;

-- outcome: 0 begun, 1 there already, 2 another of this name, 3 in the making, 4 one too many.
-- Who makes it must come back before the lease is over.
CREATE FUNCTION document_begin_index(space text, coll bytea, its_name bytea, its_fields bytea[],
                                     is_one boolean, lease interval,
                                     OUT outcome bigint, OUT made bigint) LANGUAGE plpgsql AS $$
DECLARE
  c bigint := document_make_collection(space, coll);
  left_over bigint;
  there document_indexes;
BEGIN
  PERFORM document_seize(c);
  FOR left_over IN SELECT n FROM document_indexes
      WHERE collection = c AND NOT ready AND until < clock_timestamp() LOOP
    PERFORM document_forget(c, left_over);
  END LOOP;
  SELECT * INTO there FROM document_indexes WHERE collection = c AND name = its_name;
  IF FOUND THEN
    outcome := CASE WHEN there.fields <> its_fields OR there.is_unique <> is_one THEN 2
                    WHEN there.ready THEN 1 ELSE 3 END;
    RETURN;
  END IF;
  IF (SELECT count(*) FROM document_indexes WHERE collection = c) >= 16 THEN
    outcome := 4;
    RETURN;
  END IF;
  INSERT INTO document_indexes (collection, name, fields, is_unique, until)
    VALUES (c, its_name, its_fields, is_one, clock_timestamp() + lease) RETURNING n INTO made;
  PERFORM document_renew(c);
  outcome := 0;
END $$;

-- Adds documents that still have their versions; those that changed are in it. The keys are of the
-- document at `owners`, negative if they are forbidden to others.
-- outcome: 0 added, 1 the index has gone, 2 documents violate it.
CREATE FUNCTION document_add(space text, coll bytea, x bigint, ks bytea[], ms bytea[],
                             versions bigint[], owners bigint[], keys bytea[], lease interval)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  c bigint := document_collection(space, coll);
  locked bigint[];
  missing bigint;
BEGIN
  locked := ARRAY(SELECT t.i FROM unnest(ks, ms, versions) WITH ORDINALITY AS t(k, m, v, i)
    JOIN documents ON documents.collection = c AND documents.id = t.k AND documents.more = t.m
      AND documents.version = t.v
    ORDER BY t.k, t.m FOR UPDATE OF documents);
  WITH fresh AS (
    SELECT document_head(t.key) AS h, document_rest(t.key) AS r, ks[abs(t.o)] AS k,
        CASE WHEN ms[abs(t.o)] = '' THEN ''::bytea ELSE sha256(ms[abs(t.o)]) END AS d, t.o < 0 AS u
      FROM unnest(owners, keys) AS t(o, key) WHERE abs(t.o) = ANY(locked)
  ), made AS (
    INSERT INTO document_entries (index_id, key, rest, collection, id, digest, is_unique)
      SELECT x, h, r, c, k, d, u FROM fresh ORDER BY h, r ON CONFLICT DO NOTHING RETURNING 1
  )
  SELECT (SELECT count(*) FROM fresh) - (SELECT count(*) FROM made) INTO missing;
  IF missing > 0 THEN
    PERFORM FROM unnest(owners, keys) AS t(o, key)
      JOIN document_entries e ON e.index_id = x AND e.key = document_head(t.key)
        AND e.rest = document_rest(t.key) AND e.is_unique
      WHERE t.o < 0 AND abs(t.o) = ANY(locked)
        AND (e.id, e.digest) <> (ks[abs(t.o)], CASE WHEN ms[abs(t.o)] = '' THEN ''::bytea
                                                    ELSE sha256(ms[abs(t.o)]) END);
    IF FOUND THEN RETURN 2; END IF;
  END IF;
  UPDATE document_indexes SET until = clock_timestamp() + lease,
      multiple = multiple OR cardinality(document_several(owners)) > 0
    WHERE n = x AND NOT ready;
  IF FOUND THEN RETURN 0; END IF;
  INSERT INTO document_dropped VALUES (x) ON CONFLICT DO NOTHING;
  RETURN 1;
END $$;

-- False if it has gone meanwhile.
CREATE FUNCTION document_finish_index(space text, coll bytea, x bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  c bigint := document_collection(space, coll);
BEGIN
  PERFORM document_seize(c);
  UPDATE document_indexes SET ready = true WHERE n = x;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM document_renew(c);
  RETURN true;
END $$;

-- The one that is in the making, or the one that is ready by its name; whether there was one.
CREATE FUNCTION document_drop_index(space text, coll bytea, x bigint, its_name bytea)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  c bigint := document_collection(space, coll);
  found_one bigint;
BEGIN
  IF c IS NULL THEN RETURN false; END IF;
  PERFORM document_seize(c);
  SELECT n INTO found_one FROM document_indexes
    WHERE collection = c AND (n = x OR ready AND name = its_name);
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM document_forget(c, found_one);
  RETURN true;
END $$;

-- Drops what nobody makes any more, then some entries of what was dropped; how much it did.
CREATE FUNCTION document_sweep() RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  c bigint;
  x bigint;
  done bigint;
BEGIN
  SELECT collection, n INTO c, x FROM document_indexes
    WHERE NOT ready AND until < clock_timestamp() LIMIT 1;
  IF FOUND THEN
    PERFORM document_seize(c);
    PERFORM FROM document_indexes WHERE n = x AND NOT ready AND until < clock_timestamp();
    IF FOUND THEN PERFORM document_forget(c, x); END IF;
    RETURN 1;
  END IF;
  SELECT index_id INTO x FROM document_dropped LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN 0; END IF;
  DELETE FROM document_entries WHERE ctid = ANY(ARRAY(SELECT ctid FROM document_entries
    WHERE index_id = x LIMIT 500 FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS done = ROW_COUNT;
  IF NOT EXISTS (SELECT FROM document_entries WHERE index_id = x) THEN
    DELETE FROM document_dropped WHERE index_id = x;
    done := done + 1;
  END IF;
  RETURN done;
END $$;
)sql";

}  // namespace prism::postgres
