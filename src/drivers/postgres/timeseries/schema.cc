#include "drivers/postgres/timeseries/schema.h"

#include "drivers/postgres/timeseries/plans.h"

namespace prism::postgres {

// A series' points lie together, by time, in an index that holds the values too. Partitions are by
// time: months near today, else decades, made when a point wants one and clipped to the gap between
// their neighbours, so that there is no default one, which would have to be searched for each and
// would keep a query from reading partitions one after the other. `ts_partitions` knows them all.
//
// Locks, in this order: ts_points (writers: ROW EXCLUSIVE; who drops partitions: ACCESS EXCLUSIVE),
// a measurement's lock (writers shared; who deletes what has expired alone), the lock to add a
// partition, measurements, series, points. Each kind in its own order.
const std::string_view kTimeSeriesSchema =
    R"sql(
CREATE TABLE ts_measurements (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  namespace text COLLATE "C" NOT NULL,
  name bytea NOT NULL,
  digest bytea NOT NULL GENERATED ALWAYS AS (sha256(name)) STORED,
  max_age_us bigint,
  sweep_at timestamptz,
  swept_series bigint NOT NULL DEFAULT 0,
  UNIQUE (namespace, digest)
);
CREATE INDEX ts_measurements_age ON ts_measurements (max_age_us DESC NULLS FIRST);
CREATE INDEX ts_measurements_sweep ON ts_measurements (sweep_at) WHERE sweep_at IS NOT NULL;

-- By its digest alone, so that no plan takes that for a way to all series of a measurement.
CREATE TABLE ts_series (
  measurement bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  digest bytea NOT NULL,
  bytes bigint NOT NULL,
  names bytea[] NOT NULL,
  vals bytea[] NOT NULL,
  PRIMARY KEY (measurement, id),
  UNIQUE (digest)
);

-- The series that have a tag.
CREATE TABLE ts_tags (
  measurement bigint NOT NULL,
  series bigint NOT NULL,
  mark bytea NOT NULL,
  PRIMARY KEY (measurement, mark, series)
);

CREATE TABLE ts_points (
  series bigint NOT NULL,
  at bigint NOT NULL,
  value float8 NOT NULL,
  PRIMARY KEY (series, at) INCLUDE (value)
) PARTITION BY RANGE (at);

CREATE TABLE ts_partitions (
  lower_us bigint PRIMARY KEY,
  upper_us bigint NOT NULL,
  name text NOT NULL
);

CREATE FUNCTION ts_now() RETURNS bigint LANGUAGE sql VOLATILE AS
$$ SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint $$;

-- The first half of advisory locks; the second is a byte of the measurement's digest.
CREATE FUNCTION ts_locks() RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 1886546030 $$;

-- Tags are written one after the other, by name: the length of the name, it, that of the value, it.
CREATE FUNCTION ts_tag(name bytea, val bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT int4send(length(name)) || name || int4send(length(val)) || val $$;

CREATE FUNCTION ts_key(names bytea[], vals bytea[]) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(string_agg(ts_tag(n, v), '' ORDER BY n), '')
    FROM unnest(names, vals) AS t(n, v) WHERE v <> '' $$;

CREATE FUNCTION ts_digest(measurement bigint, key bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT sha256(int8send(measurement) || key) $$;

CREATE FUNCTION ts_mark(tag bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT substr(sha256(tag), 1, 16) $$;

CREATE FUNCTION ts_parts(key bytea, OUT names bytea[], OUT vals bytea[]) LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
  at integer := 1;
  size integer;
  part bytea;
BEGIN
  names := '{}';
  vals := '{}';
  WHILE at <= length(key) LOOP
    size := ('x' || encode(substr(key, at, 4), 'hex'))::bit(32)::integer;
    part := substr(key, at + 4, size);
    IF cardinality(names) = cardinality(vals) THEN
      names := array_append(names, part);
    ELSE
      vals := array_append(vals, part);
    END IF;
    at := at + 4 + size;
  END LOOP;
END $$;

-- Makes the partition for that time, unless somebody else has: its end. Those of decades end where
-- the months begin today.
CREATE FUNCTION ts_add_partition(time_us bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  epoch CONSTANT timestamp := '1970-01-01';
  us CONSTANT interval := '1 microsecond';
  at_time CONSTANT timestamp := epoch + time_us * us;
  today CONSTANT timestamp := clock_timestamp() AT TIME ZONE 'UTC';
  first_month CONSTANT timestamp := date_trunc('month', today - interval '400 days');
  end_month CONSTANT timestamp := date_trunc('month', today + interval '400 days');
  unit CONSTANT text :=
    CASE WHEN at_time >= first_month AND at_time < end_month THEN 'month' ELSE 'decade' END;
  low timestamp := date_trunc(unit, at_time);
  high timestamp := low + ('1 ' || unit)::interval;
  lower_edge bigint;
  upper_edge bigint;
  edge bigint;
  table_name text;
BEGIN
  PERFORM pg_advisory_xact_lock(ts_locks(), -1);
  SELECT upper_us INTO edge FROM ts_partitions WHERE lower_us <= time_us
    ORDER BY lower_us DESC LIMIT 1;
  IF edge > time_us THEN RETURN edge; END IF;
  IF at_time >= end_month THEN low := greatest(low, end_month); END IF;
  IF at_time < first_month THEN high := least(high, first_month); END IF;
  lower_edge := greatest(extract(epoch FROM low) * 1000000, edge);
  upper_edge := extract(epoch FROM high) * 1000000;
  SELECT least(upper_edge, min(lower_us)) INTO upper_edge FROM ts_partitions
    WHERE lower_us > time_us;
  table_name := format('ts_points_%s_%s', to_char(epoch + lower_edge * us, 'YYYYMMDD'),
                       to_char(epoch + upper_edge * us, 'YYYYMMDD'));
  -- Not CREATE TABLE PARTITION OF, which would wait for all who read.
  EXECUTE format('CREATE TABLE %I (LIKE ts_points INCLUDING ALL)', table_name);
  EXECUTE format('ALTER TABLE ts_points ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                 table_name, lower_edge, upper_edge);
  INSERT INTO ts_partitions VALUES (lower_edge, upper_edge, table_name);
  RETURN upper_edge;
END $$;

-- Sees to it that each time has a partition.
CREATE FUNCTION ts_cover(times bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  next_us bigint := (SELECT min(t) FROM unnest(times) AS t);
  edge bigint;
BEGIN
  WHILE next_us IS NOT NULL LOOP
    SELECT upper_us INTO edge FROM ts_partitions WHERE lower_us <= next_us
      ORDER BY lower_us DESC LIMIT 1;
    IF edge IS NULL OR edge <= next_us THEN edge := ts_add_partition(next_us); END IF;
    SELECT min(t) INTO next_us FROM unnest(times) AS t WHERE t >= edge;
  END LOOP;
END $$;

-- The ids of the series, each given by its key and the index of its measurement's id. Those that
-- are missing are made if they are among those used.
CREATE FUNCTION ts_series_of(ids bigint[], keys bytea[], owners bigint[], used bigint[])
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
  found_ids bigint[];
  complete boolean;
BEGIN
  LOOP
    SELECT array_agg(s.id ORDER BY k.n), bool_and(s.id IS NOT NULL OR k.n <> ALL (used))
      INTO found_ids, complete
      FROM unnest(keys, owners) WITH ORDINALITY AS k(key, owner, n)
      LEFT JOIN ts_series AS s ON s.digest = ts_digest(ids[k.owner], k.key);
    IF complete THEN RETURN found_ids; END IF;
    WITH added AS (
      INSERT INTO ts_series (measurement, digest, bytes, names, vals)
        SELECT ids[k.owner], ts_digest(ids[k.owner], k.key),
               24 + length(k.key) + 4 * cardinality(p.names), p.names, p.vals
          FROM unnest(keys, owners) WITH ORDINALITY AS k(key, owner, n), ts_parts(k.key) AS p
          WHERE found_ids[k.n] IS NULL AND k.n = ANY (used) ORDER BY 2
        ON CONFLICT DO NOTHING RETURNING *)
    INSERT INTO ts_tags (measurement, series, mark)
      SELECT added.measurement, added.id, ts_mark(ts_tag(t.n, t.v))
        FROM added, unnest(added.names, added.vals) AS t(n, v);
  END LOOP;
END $$;

-- Stores points: `homes` says whose they are, an index into `keys`, and `owners` whose those are,
-- one into `measurements`. Before which time points of each measurement were not stored.
CREATE FUNCTION ts_insert(space text, measurements bytea[], keys bytea[], owners bigint[],
                          homes bigint[], times bigint[], vals float8[])
RETURNS bigint[] LANGUAGE plpgsql)sql" PRISM_TIMESERIES_PLANS R"sql(AS $$
DECLARE
  ids bigint[];
  oldest bigint[];
  homes_ids bigint[];
  complete boolean;
  now_us bigint;
BEGIN
  LOCK TABLE ONLY ts_points IN ROW EXCLUSIVE MODE;
  PERFORM pg_advisory_xact_lock_shared(ts_locks(), lock)
    FROM (SELECT DISTINCT get_byte(sha256(name), 0) AS lock FROM unnest(measurements) AS t(name)
            ORDER BY 1) AS locks;
  now_us := ts_now();
  LOOP
    SELECT array_agg(m.id ORDER BY t.n), array_agg(now_us - m.max_age_us ORDER BY t.n),
           bool_and(m.id IS NOT NULL) INTO ids, oldest, complete
      FROM unnest(measurements) WITH ORDINALITY AS t(name, n)
      LEFT JOIN ts_measurements AS m ON m.namespace = space AND m.digest = sha256(t.name);
    EXIT WHEN complete;
    INSERT INTO ts_measurements (namespace, name)
      SELECT space, t.name FROM unnest(measurements, ids) AS t(name, id) WHERE t.id IS NULL
        ORDER BY sha256(t.name)
      ON CONFLICT DO NOTHING;
  END LOOP;
  IF array_remove(oldest, NULL) <> '{}' THEN
    SELECT array_agg(h), array_agg(t), array_agg(v) INTO homes, times, vals
      FROM unnest(homes, times, vals) AS p(h, t, v) WHERE (t < oldest[owners[h]]) IS NOT TRUE;
    IF times IS NULL THEN RETURN oldest; END IF;
  END IF;
  PERFORM ts_cover(times);
  -- A partition's row can be seen a moment before its maker has told all sessions of it.
  PERFORM pg_advisory_lock_shared(ts_locks(), -1), pg_advisory_unlock_shared(ts_locks(), -1);
  -- Makes this session learn of partitions that others have added since it took its first lock: it
  -- looks for such news when it takes one, and only if it is another one.
  LOCK TABLE ONLY ts_points IN ROW SHARE MODE;
  homes_ids := ts_series_of(ids, keys, owners, homes);
  INSERT INTO ts_points (series, at, value)
    SELECT homes_ids[p.h], p.t, p.v FROM unnest(homes, times, vals) AS p(h, t, v) ORDER BY 1, 2
    ON CONFLICT (series, at) DO UPDATE SET value = EXCLUDED.value;
  RETURN oldest;
END $$;

-- Null keeps for ever: what has neither points nor a retention is gone.
CREATE FUNCTION ts_retain(space text, measurement bytea, age_us bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF age_us IS NOT NULL THEN
    INSERT INTO ts_measurements (namespace, name, max_age_us, sweep_at)
      VALUES (space, measurement, age_us, clock_timestamp())
      ON CONFLICT (namespace, digest) DO UPDATE SET max_age_us = EXCLUDED.max_age_us,
        sweep_at = EXCLUDED.sweep_at, swept_series = 0;
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(ts_locks(), get_byte(sha256(measurement), 0));
  DELETE FROM ts_measurements AS m WHERE m.namespace = space AND m.digest = sha256(measurement)
    AND NOT EXISTS (SELECT FROM ts_series AS s WHERE s.measurement = m.id);
  UPDATE ts_measurements AS m SET max_age_us = NULL, sweep_at = NULL
    WHERE m.namespace = space AND m.digest = sha256(measurement);
END $$;

-- Deletes at most 500 expired points of some series of the measurement that is due, and those of
-- the series that have none left. How much there was to do, 0 for nothing.
CREATE FUNCTION ts_sweep() RETURNS bigint LANGUAGE plpgsql)sql" PRISM_TIMESERIES_PLANS R"sql(
SET lock_timeout TO '500ms' AS $$
DECLARE
  due ts_measurements;
  batch bigint[];
  oldest bigint;
  deleted bigint;
BEGIN
  SELECT * INTO due FROM ts_measurements WHERE sweep_at <= clock_timestamp()
    ORDER BY sweep_at LIMIT 1;
  IF NOT FOUND THEN RETURN 0; END IF;
  -- Nobody writes to it meanwhile: what is old under its setting of now stays so.
  PERFORM pg_advisory_xact_lock(ts_locks(), get_byte(due.digest, 0));
  SELECT * INTO due FROM ts_measurements WHERE id = due.id AND max_age_us IS NOT NULL
    FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN 0; END IF;
  oldest := ts_now() - due.max_age_us;
  batch := ARRAY(SELECT id FROM ts_series WHERE measurement = due.id AND id > due.swept_series
                  ORDER BY id LIMIT 100);
  WITH old AS MATERIALIZED (
    SELECT p.series, p.at FROM unnest(batch) AS s(id), LATERAL (
      SELECT series, at FROM ts_points WHERE series = s.id AND at < oldest
        ORDER BY at LIMIT 500) AS p LIMIT 500)
  DELETE FROM ts_points AS p USING old WHERE p.series = old.series AND p.at = old.at;
  GET DIAGNOSTICS deleted = ROW_COUNT;
  IF deleted = 500 THEN RETURN deleted; END IF;
  WITH gone AS (
    DELETE FROM ts_series AS s WHERE s.measurement = due.id AND s.id = ANY (batch)
      AND NOT EXISTS (SELECT FROM ts_points AS p WHERE p.series = s.id) RETURNING *),
  tags AS MATERIALIZED (
    SELECT gone.measurement, gone.id, ts_mark(ts_tag(tag.n, tag.v)) AS mark
      FROM gone, unnest(gone.names, gone.vals) AS tag(n, v))
  DELETE FROM ts_tags AS t USING tags
    WHERE t.measurement = tags.measurement AND t.mark = tags.mark AND t.series = tags.id;
  IF cardinality(batch) = 100 THEN
    UPDATE ts_measurements SET swept_series = batch[100] WHERE id = due.id;
    RETURN 1;
  END IF;
  UPDATE ts_measurements SET swept_series = 0, sweep_at = clock_timestamp() +
      greatest(least(max_age_us / 10, 3600000000), 10000000) * interval '1 microsecond'
    WHERE id = due.id;
  RETURN 1;
EXCEPTION WHEN lock_not_available THEN
  RETURN 0;
END $$;

-- Drops a partition whose points have all expired, or which lost them one by one, unless its
-- readers and writers take long. How many.
CREATE FUNCTION ts_drop() RETURNS bigint LANGUAGE plpgsql SET lock_timeout TO '50ms' AS $$
DECLARE
  each ts_partitions;
  horizon bigint;
  used boolean;
BEGIN
  FOR i IN 1..2 LOOP
    SELECT ts_now() - max_age_us INTO horizon FROM ts_measurements
      ORDER BY max_age_us DESC NULLS FIRST LIMIT 1;
    SELECT * INTO each FROM ts_partitions
      WHERE upper_us <= horizon OR pg_relation_size(to_regclass(quote_ident(name))) = 0
      ORDER BY lower_us LIMIT 1;
    IF NOT FOUND THEN RETURN 0; END IF;
    -- Then looks again.
    IF i = 1 THEN LOCK TABLE ONLY ts_points IN ACCESS EXCLUSIVE MODE; END IF;
  END LOOP;
  IF (each.upper_us <= horizon) IS NOT TRUE THEN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', each.name) INTO used;
    IF used THEN RETURN 0; END IF;
  END IF;
  EXECUTE format('DROP TABLE %I', each.name);
  DELETE FROM ts_partitions WHERE lower_us = each.lower_us;
  RETURN 1;
EXCEPTION WHEN lock_not_available THEN
  RETURN 0;
END $$;

-- A user that may only read and write makes and drops partitions with the rights of their owner.
DO $$
DECLARE
  each text;
BEGIN
  FOREACH each IN ARRAY ARRAY['ts_add_partition(bigint)', 'ts_drop()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path TO %I, pg_temp', each,
                   current_schema());
  END LOOP;
END $$;
)sql";

}  // namespace prism::postgres
