#include "drivers/postgres/keyvalue/schema.h"

namespace prism::postgres {

// The index cannot hold keys of 4096 bytes. So a key is its first 2000 bytes and the rest, which
// order like the whole, and a digest of the rest keeps long ones unique.
const std::string_view kKeyValueSchema = R"sql(
CREATE TABLE kv (
  namespace text COLLATE "C" NOT NULL,
  key bytea NOT NULL,
  more bytea NOT NULL,
  digest bytea NOT NULL
    GENERATED ALWAYS AS (CASE WHEN more = '' THEN more ELSE sha256(more) END) STORED,
  value bytea NOT NULL,
  expires_at timestamptz,
  PRIMARY KEY (namespace, key, digest)
);
CREATE INDEX kv_due ON kv (expires_at) WHERE expires_at IS NOT NULL;

CREATE FUNCTION kv_alive(at timestamptz) RETURNS boolean LANGUAGE sql VOLATILE AS
$$ SELECT at IS NULL OR at > clock_timestamp() $$;

-- Stores what is not null, or removes, if the key has what is expected; null stands for absence.
CREATE FUNCTION kv_swap(space text, k bytea, m bytea, expected bytea, wanted bytea,
                        OUT swapped boolean, OUT actual bytea) LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz;
BEGIN
  LOOP
    SELECT value, expires_at INTO actual, at FROM kv
      WHERE namespace = space AND key = k AND more = m FOR UPDATE;
    IF NOT FOUND THEN
      swapped := expected IS NULL;
      IF NOT swapped OR wanted IS NULL THEN RETURN; END IF;
      INSERT INTO kv (namespace, key, more, value) VALUES (space, k, m, wanted)
        ON CONFLICT DO NOTHING;
      IF FOUND THEN RETURN; END IF;
    ELSE
      IF NOT kv_alive(at) THEN actual := NULL; END IF;
      swapped := actual IS NOT DISTINCT FROM expected;
      IF NOT swapped THEN RETURN; END IF;
      IF wanted IS NULL THEN
        DELETE FROM kv WHERE namespace = space AND key = k AND more = m;
      ELSE
        UPDATE kv SET value = wanted, expires_at = NULL
          WHERE namespace = space AND key = k AND more = m;
      END IF;
      RETURN;
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION kv_persist(space text, k bytea, m bytea, OUT present boolean, OUT removed boolean)
LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz;
BEGIN
  SELECT expires_at INTO at FROM kv WHERE namespace = space AND key = k AND more = m FOR UPDATE;
  present := FOUND AND kv_alive(at);
  removed := present AND at IS NOT NULL;
  IF removed THEN
    UPDATE kv SET expires_at = NULL WHERE namespace = space AND key = k AND more = m;
  END IF;
END $$;

-- What a transaction remembers of a value.
CREATE FUNCTION kv_seen(value bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN value IS NULL THEN '-'::bytea
              WHEN length(value) <= 40 THEN '='::bytea || value
              ELSE '#'::bytea || convert_to(encode(sha256(value), 'hex'), 'UTF8') END $$;

-- Locks all keys, in their order, and those that are absent by a row that has expired: then what
-- was read is compared and what is to be written is. `written`: not null if it is, `wanted`: null
-- to remove.
CREATE FUNCTION kv_commit(space text, ks bytea[], ms bytea[], seen bytea[], written bytea[],
                          wanted bytea[]) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  locked bigint;
  unchanged boolean;
BEGIN
  INSERT INTO kv (namespace, key, more, value, expires_at)
    SELECT space, k, m, '', '-infinity' FROM unnest(ks, ms) AS t(k, m) ORDER BY k, m
    ON CONFLICT DO NOTHING;
  SELECT count(*), bool_and(was IS NULL OR was = kv_seen(is_now)) INTO locked, unchanged FROM (
    SELECT t.was, CASE WHEN kv_alive(kv.expires_at) THEN kv.value END AS is_now
      FROM unnest(ks, ms, seen) AS t(k, m, was)
      JOIN kv ON kv.namespace = space AND kv.key = t.k AND kv.more = t.m
      ORDER BY t.k, t.m FOR UPDATE OF kv) AS row;
  IF locked <> cardinality(ks) OR NOT unchanged THEN
    RAISE EXCEPTION 'a key that the transaction read has been changed since'
      USING ERRCODE = 'serialization_failure';
  END IF;
  UPDATE kv SET value = t.v, expires_at = NULL
    FROM unnest(ks, ms, wanted) AS t(k, m, v)
    WHERE kv.namespace = space AND kv.key = t.k AND kv.more = t.m AND t.v IS NOT NULL;
  DELETE FROM kv USING unnest(ks, ms, written, wanted) AS t(k, m, w, v)
    WHERE kv.namespace = space AND kv.key = t.k AND kv.more = t.m AND t.v IS NULL
      AND (t.w IS NOT NULL OR kv.expires_at = '-infinity');
  RETURN true;
END $$;
)sql";

}  // namespace prism::postgres
