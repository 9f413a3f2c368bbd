#include "drivers/postgres/stream/schema.h"

namespace prism::postgres {

// Whoever appends holds the stream's row until it commits, so numbers of records become visible in
// their order. A stream begins with the time in microseconds: one of the same name made later goes
// on behind it. What belongs to a stream or group that was deleted is found by no one, since ids
// never come again, and is swept.
//
// Locks are taken in one order: the row of the stream, those of its groups by their id, then all
// else. Retention removes a prefix, of which groups hear by `oldest`.
const std::string_view kStreamSchema = R"sql(
CREATE TABLE streams (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  namespace text COLLATE "C" NOT NULL,
  digest bytea NOT NULL,
  last bigint NOT NULL DEFAULT floor(extract(epoch FROM clock_timestamp()) * 1000000),
  last_ms bigint NOT NULL DEFAULT 0,
  oldest bigint NOT NULL DEFAULT 0,   -- no record is before it
  records bigint NOT NULL DEFAULT 0,  -- that are kept, and their bytes
  bytes bigint NOT NULL DEFAULT 0,
  max_age_ms bigint,
  max_bytes bigint,
  max_records bigint,
  due timestamptz,  -- when to look for what is too old
  UNIQUE (namespace, digest)
) WITH (fillfactor = 50);
CREATE INDEX streams_due ON streams (due) WHERE due IS NOT NULL;

CREATE TABLE stream_records (
  stream bigint,
  number bigint,
  at_ms bigint NOT NULL,
  bytes bigint NOT NULL,
  key bytea,
  attributes bytea NOT NULL,
  payload bytea NOT NULL,
  PRIMARY KEY (stream, number)
);
CREATE FUNCTION stream_key(stream bigint, key bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT sha256(int8send(stream) || key) $$;
CREATE INDEX stream_keys ON stream_records (stream_key(stream, key), number) WHERE key IS NOT NULL;

CREATE TABLE stream_groups (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stream bigint NOT NULL,
  digest bytea NOT NULL,
  ack_wait_ms bigint NOT NULL,
  next bigint NOT NULL,  -- records from here on are new
  delivered bigint,      -- the last one, unless the group was moved since
  UNIQUE (stream, digest)
) WITH (fillfactor = 50);

CREATE TABLE stream_members (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  grp bigint NOT NULL,
  digest bytea NOT NULL,
  name bytea NOT NULL,
  max_pending bigint,         -- null: it only has records that it claimed
  lease_until timestamptz,    -- of one that has joined
  UNIQUE (grp, digest)
);

CREATE TABLE stream_pending (
  grp bigint,
  number bigint,
  member bigint,  -- null: it is free
  delivered_at timestamptz,
  deliveries bigint NOT NULL,
  PRIMARY KEY (grp, number)
);
CREATE INDEX stream_held ON stream_pending (grp, member, number);
CREATE INDEX stream_idle ON stream_pending (grp, delivered_at) WHERE delivered_at IS NOT NULL;

-- Streams and groups whose rows are gone.
CREATE TABLE stream_gone (
  is_group boolean,
  id bigint,
  PRIMARY KEY (is_group, id)
);

CREATE FUNCTION stream_ms(at timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT floor(extract(epoch FROM at) * 1000)::bigint $$;

-- Removes what is beyond the bounds, if it is among the oldest `most` records: whether there may be
-- more. The caller has locked the stream.
CREATE FUNCTION stream_trim(s streams, most bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  since bigint := stream_ms(clock_timestamp()) - s.max_age_ms;
  cut bigint;
  gone bigint;
  size bigint;
BEGIN
  SELECT max(r.number), count(*), sum(r.bytes) INTO cut, gone, size FROM (
    SELECT page.*, row_number() OVER w AS i, sum(page.bytes) OVER w AS upto FROM (
      SELECT number, bytes, at_ms FROM stream_records
        WHERE stream = s.id AND number >= s.oldest ORDER BY number LIMIT most) AS page
      WINDOW w AS (ORDER BY number)) AS r
    WHERE r.at_ms < since OR s.records - r.i >= s.max_records
       OR (s.bytes - (r.upto - r.bytes) > s.max_bytes AND r.i < s.records);
  IF gone = 0 THEN RETURN false; END IF;
  DELETE FROM stream_records WHERE stream = s.id AND number BETWEEN s.oldest AND cut;
  UPDATE streams SET oldest = cut + 1, records = records - gone, bytes = bytes - size
    WHERE id = s.id;
  RETURN gone = most;
END $$;

-- Numbers the records in a row. Whether somebody may wait for them: who holds `lock`, shared.
CREATE FUNCTION stream_append(space text, name bytea, keys bytea[], attributes bytea[],
                              payloads bytea[], sizes bigint[], lock bigint,
                              OUT first bigint, OUT heard boolean) LANGUAGE plpgsql AS $$
DECLARE
  n bigint := cardinality(payloads);
  size bigint := (SELECT sum(u) FROM unnest(sizes) AS u);
  s streams;
BEGIN
  LOOP
    UPDATE streams AS u SET last = u.last + n, records = u.records + n, bytes = u.bytes + size,
        last_ms = greatest(u.last_ms, stream_ms(clock_timestamp()))
      WHERE u.namespace = space AND u.digest = sha256(name) RETURNING u.* INTO s;
    EXIT WHEN FOUND;
    INSERT INTO streams (namespace, digest) VALUES (space, sha256(name)) ON CONFLICT DO NOTHING;
  END LOOP;
  first := s.last - n + 1;
  INSERT INTO stream_records (stream, number, at_ms, bytes, key, attributes, payload)
    SELECT s.id, s.last - n + t.i, s.last_ms, t.size, t.key, t.attributes, t.payload
      FROM unnest(keys, stream_append.attributes, payloads, sizes) WITH ORDINALITY
        AS t(key, attributes, payload, size, i);
  IF coalesce(s.max_age_ms, s.max_bytes, s.max_records) IS NOT NULL THEN
    PERFORM stream_trim(s, n + 10);
  END IF;
  heard := NOT pg_try_advisory_xact_lock(lock);
END $$;

-- Of streams with a bound by age, those that are due.
CREATE FUNCTION stream_trim_due() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  s streams;
  more boolean;
BEGIN
  SELECT * INTO s FROM streams WHERE due <= clock_timestamp() ORDER BY due LIMIT 1
    FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN 0; END IF;
  more := stream_trim(s, 500);
  UPDATE streams AS u SET due = CASE WHEN more THEN u.due ELSE greatest(
      clock_timestamp() + interval '1 second',
      to_timestamp((u.max_age_ms + coalesce((SELECT r.at_ms FROM stream_records AS r
          WHERE r.stream = u.id AND r.number >= u.oldest ORDER BY r.number LIMIT 1),
        stream_ms(clock_timestamp()))) / 1000.0)) END
    WHERE u.id = s.id;
  RETURN 1;
END $$;

-- Null bounds do not exist. Whether more is to be removed by stream_bound_more.
CREATE FUNCTION stream_bound(space text, name bytea, age bigint, size bigint, most bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  s streams;
BEGIN
  INSERT INTO streams AS u (namespace, digest, max_age_ms, max_bytes, max_records, due)
    VALUES (space, sha256(name), age, size, most,
            CASE WHEN age IS NOT NULL THEN clock_timestamp() END)
    ON CONFLICT (namespace, digest) DO UPDATE SET max_age_ms = age, max_bytes = size,
      max_records = most, due = EXCLUDED.due RETURNING u.* INTO s;
  RETURN stream_trim(s, 500);
END $$;
CREATE FUNCTION stream_bound_more(space text, name bytea) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  s streams;
BEGIN
  SELECT * INTO s FROM streams AS u
    WHERE u.namespace = space AND u.digest = sha256(name) FOR NO KEY UPDATE;
  RETURN FOUND AND stream_trim(s, 500);
END $$;

-- Of the records from `place` to `newest`, some: removes each that one of its key follows. Where
-- to go on, null at the end.
CREATE FUNCTION stream_compact(space text, name bytea, place bigint, newest bigint,
                               OUT removed bigint, OUT next bigint) LANGUAGE plpgsql AS $$
DECLARE
  s streams;
  g bigint;
  numbers bigint[];
  places tid[];
  size bigint;
BEGIN
  removed := 0;
  SELECT * INTO s FROM streams AS u
    WHERE u.namespace = space AND u.digest = sha256(name) FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM FROM stream_groups AS g WHERE g.stream = s.id ORDER BY g.id FOR NO KEY UPDATE;
  SELECT CASE WHEN count(*) = 500 THEN max(page.number) + 1 END,
      array_agg(page.number) FILTER (WHERE page.superseded),
      array_agg(page.place) FILTER (WHERE page.superseded),
      sum(page.bytes) FILTER (WHERE page.superseded) INTO next, numbers, places, size FROM (
    SELECT r.number, r.ctid AS place, r.bytes, r.key IS NOT NULL AND EXISTS (
        SELECT FROM stream_records AS later
          WHERE stream_key(later.stream, later.key) = stream_key(r.stream, r.key)
            AND later.key IS NOT NULL AND later.number > r.number AND later.number <= newest)
        AS superseded
      FROM stream_records AS r
      WHERE r.stream = s.id AND r.number >= greatest(place, s.oldest) AND r.number <= newest
      ORDER BY r.number LIMIT 500) AS page;
  IF numbers IS NULL THEN RETURN; END IF;
  removed := cardinality(numbers);
  DELETE FROM stream_records WHERE ctid = ANY(places);  -- nobody else changes records
  FOR g IN SELECT u.id FROM stream_groups AS u WHERE u.stream = s.id LOOP
    DELETE FROM stream_pending WHERE ctid = ANY(ARRAY(
      SELECT p.place FROM unnest(numbers) AS n CROSS JOIN LATERAL (
        SELECT ctid AS place FROM stream_pending WHERE grp = g AND number = n OFFSET 0) AS p));
    IF FOUND THEN PERFORM stream_forget_members(g); END IF;
  END LOOP;
  UPDATE streams SET records = records - removed, bytes = bytes - size WHERE id = s.id;
END $$;

CREATE FUNCTION stream_drop(space text, name bytea) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  s bigint;
BEGIN
  SELECT u.id INTO s FROM streams AS u
    WHERE u.namespace = space AND u.digest = sha256(name) FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM FROM stream_groups AS g WHERE g.stream = s ORDER BY g.id FOR UPDATE;
  INSERT INTO stream_gone SELECT true, g.id FROM stream_groups AS g WHERE g.stream = s;
  INSERT INTO stream_gone VALUES (false, s);
  DELETE FROM stream_groups WHERE stream = s;
  DELETE FROM streams WHERE id = s;
  RETURN true;
END $$;

CREATE FUNCTION stream_sweep() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  gone stream_gone;
BEGIN
  SELECT * INTO gone FROM stream_gone LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN 0; END IF;
  IF gone.is_group THEN
    DELETE FROM stream_pending WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM stream_pending WHERE grp = gone.id LIMIT 500));
    IF NOT FOUND THEN DELETE FROM stream_members WHERE grp = gone.id; END IF;
  ELSE
    DELETE FROM stream_records WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM stream_records WHERE stream = gone.id LIMIT 500));
  END IF;
  IF NOT FOUND THEN DELETE FROM stream_gone WHERE is_group = gone.is_group AND id = gone.id; END IF;
  RETURN 1;
END $$;

-- The first record that is not before the time.
CREATE FUNCTION stream_at(s streams, at bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint := s.oldest;
  high bigint := s.last + 1;
  middle bigint;
  here record;
BEGIN
  WHILE low < high LOOP
    middle := low + (high - low) / 2;
    SELECT number, at_ms INTO here FROM stream_records
      WHERE stream = s.id AND number >= middle AND number < high ORDER BY number LIMIT 1;
    IF NOT FOUND OR here.at_ms >= at THEN
      high := middle;
    ELSE
      low := here.number + 1;
    END IF;
  END LOOP;
  RETURN low;
END $$;
)sql";

}  // namespace prism::postgres
