#include "drivers/postgres/timeseries/plans.h"
#include "drivers/postgres/timeseries/schema.h"

namespace prism::postgres {

// Windows are numbered from that of a batch's beginning, groups by their place in the order of
// groups. A sum that is no finite double is no error for us as it is for Postgres: the great values
// are added apart, scaled by 2^-64.
const std::string_view kTimeSeriesAggregates =
    R"sql(
CREATE FUNCTION ts_matching(m bigint, tags bytea[]) RETURNS bigint[] LANGUAGE plpgsql STABLE
AS $$
DECLARE
  marks bytea[] := ARRAY(SELECT ts_mark(tag) FROM unnest(tags) AS tag);
  narrowest bytea := ts_narrowest(m, marks);
BEGIN
  IF narrowest IS NULL THEN
    RETURN ARRAY(SELECT id FROM ts_series WHERE measurement = m ORDER BY id);
  END IF;
  RETURN ARRAY(SELECT t.series FROM ts_tags AS t WHERE t.measurement = m AND t.mark = narrowest
    AND NOT EXISTS (SELECT FROM unnest(marks) AS w(mark) WHERE NOT EXISTS (
      SELECT FROM ts_tags AS o
        WHERE o.measurement = m AND o.mark = w.mark AND o.series = t.series)) ORDER BY t.series);
END $$;

CREATE FUNCTION ts_group(names bytea[], vals bytea[], wanted bytea[]) RETURNS bytea[]
LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY(SELECT coalesce(vals[array_position(names, w.name)], '')
    FROM unnest(wanted) WITH ORDINALITY AS w(name, n) ORDER BY w.n) $$;

CREATE FUNCTION ts_sum(small float8, great float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN great IS NULL THEN small
    ELSE (SELECT CASE WHEN s >= 9.745314011399999e288::float8 THEN 'Infinity'
                      WHEN s <= -9.745314011399999e288::float8 THEN '-Infinity'
                      ELSE s * 18446744073709551616::float8 END
      FROM (SELECT great + CASE WHEN abs(small) > 1 THEN small * 5.421010862427522e-20::float8
                                ELSE 0 END AS s) AS scaled) END $$;

-- Postgres takes a quotient that is rounded to 0 for an error.
CREATE FUNCTION ts_average(total float8, n bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN abs(total) < 1e-300 AND abs(total) + abs(total) <= n * 5e-324::float8
    THEN total * 0 ELSE total / n END $$;

-- What is answered of a cell.
CREATE FUNCTION ts_values(functions bigint[], n bigint, total float8, least_value float8,
                          most_value float8, first_value float8, last_value float8,
                          percentiles float8[]) RETURNS float8[] LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY(SELECT CASE f.f WHEN 1 THEN n::float8 WHEN 2 THEN total WHEN 3 THEN least_value
                               WHEN 4 THEN most_value WHEN 5 THEN ts_average(total, n)
                               WHEN 6 THEN first_value WHEN 7 THEN last_value
                               WHEN 8 THEN percentiles[f.i] END
    FROM unnest(functions) WITH ORDINALITY AS f(f, i) ORDER BY f.i) $$;

-- The time of the first point in [low, high).
CREATE FUNCTION ts_next(ids bigint[], low bigint, high bigint) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT min(p.at) FROM unnest(ids) AS s(id), LATERAL (
            SELECT at FROM ts_points WHERE series = s.id AND at >= low AND at < high
              ORDER BY at LIMIT 1) AS p);
END $$;

-- The windows and groups of the points in [low, high). Only percentiles need the points sorted.
CREATE FUNCTION ts_cells(ids bigint[], groups bigint[], low bigint, high bigint, base bigint,
                         width bigint, functions bigint[], fractions float8[])
RETURNS TABLE (w bigint, g bigint, n bigint, small float8, great float8, least_value float8,
               most_value float8, first_value float8, last_value float8, percentiles float8[])
LANGUAGE plpgsql STABLE AS $$
DECLARE
  ends boolean := functions && ARRAY[6, 7]::bigint[];
BEGIN
  IF functions && ARRAY[8]::bigint[] THEN
    RETURN QUERY SELECT (p.at - base) / width, s.g, count(*),
        coalesce(sum(p.value) FILTER (WHERE abs(p.value) < 1e290), 0),
        sum(p.value * 5.421010862427522e-20::float8) FILTER (WHERE abs(p.value) >= 1e290),
        min(p.value), max(p.value),
        (min(ARRAY[p.at, p.value]) FILTER (WHERE ends))[2],
        (max(ARRAY[p.at, p.value]) FILTER (WHERE ends))[2],
        percentile_cont(fractions) WITHIN GROUP (ORDER BY p.value)
      FROM unnest(ids, groups) AS s(id, g) JOIN ts_points AS p ON p.series = s.id
      WHERE p.at >= low AND p.at < high GROUP BY 1, 2;
  ELSE
    RETURN QUERY SELECT (p.at - base) / width, s.g, count(*),
        coalesce(sum(p.value) FILTER (WHERE abs(p.value) < 1e290), 0),
        sum(p.value * 5.421010862427522e-20::float8) FILTER (WHERE abs(p.value) >= 1e290),
        min(p.value), max(p.value),
        (min(ARRAY[p.at, p.value]) FILTER (WHERE ends))[2],
        (max(ARRAY[p.at, p.value]) FILTER (WHERE ends))[2], NULL::float8[]
      FROM unnest(ids, groups) AS s(id, g) JOIN ts_points AS p ON p.series = s.id
      WHERE p.at >= low AND p.at < high GROUP BY 1, 2;
  END IF;
END $$;

-- The first rows from `from_us` on, in that window only of groups behind `behind`: at most 1000 and
-- a mebibyte, and no more once a million points were read. If that is not the end, the last row is
-- the next from_us, behind and windows, without values. Takes some windows at a time over all
-- series, as many as promise the rows that are left, and leaps over those without points.
CREATE FUNCTION ts_aggregate(space text, measurement bytea, tags bytea[], from_us bigint,
                             to_us bigint, width bigint, functions bigint[], fractions float8[],
                             wanted bytea[], behind bytea[], windows bigint)
RETURNS TABLE (start_us bigint, group_values bytea[], vals float8[], next_windows bigint)
LANGUAGE plpgsql STABLE)sql" PRISM_TIMESERIES_PLANS R"sql(AS $$
DECLARE
  m bigint;
  low bigint;
  high bigint;
  base bigint;
  ids bigint[];
  groups bigint[];
  of_group bigint[];
  sizes bigint[];
  skip bigint := 0;
  upto bigint;
  total bigint;
  found_rows bigint;
  points bigint;
  row_room bigint := 1000;
  byte_room bigint := 1048576;
  point_room bigint := 1000000;
  size bigint;
  r record;
BEGIN
  SELECT f.id, f.low INTO m, low FROM ts_find(space, measurement, from_us) AS f;
  IF m IS NULL THEN RETURN; END IF;
  ids := ts_matching(m, tags);
  IF wanted = '{}' THEN
    groups := array_fill(1::bigint, ARRAY[cardinality(ids)]);
    of_group := ids[1:1];
    sizes := ARRAY[0];
  ELSE
    WITH named AS MATERIALIZED (
      SELECT n, s.id, ts_group(s.names, s.vals, wanted) AS name
        FROM unnest(ids) WITH ORDINALITY AS i(id, n)
        JOIN ts_series AS s ON s.measurement = m AND s.id = i.id),
    ranked AS MATERIALIZED (
      SELECT n, id, name, dense_rank() OVER (ORDER BY name) AS rank FROM named),
    firsts AS (
      SELECT DISTINCT ON (rank) rank, id,
             (SELECT sum(length(part) + 4) FROM unnest(name) AS part) AS bytes
        FROM ranked ORDER BY rank, n)
    SELECT (SELECT array_agg(id ORDER BY n) FROM ranked),
           (SELECT array_agg(rank ORDER BY n) FROM ranked),
           (SELECT array_agg(id ORDER BY rank) FROM firsts),
           (SELECT array_agg(bytes ORDER BY rank) FROM firsts),
           (SELECT coalesce(max(rank), 0) FROM ranked WHERE name <= behind)
      INTO ids, groups, of_group, sizes, skip;
  END IF;
  total := cardinality(of_group);
  IF behind IS NULL THEN low := ts_next(ids, low, to_us); END IF;
  WHILE low IS NOT NULL LOOP
    base := low - ((low % width) + width) % width;
    high := least(to_us, base + least(windows, (to_us - base) / width + 1) * width);
    upto := CASE WHEN windows = 1 THEN skip + 1000 ELSE total END;
    found_rows := 0;
    points := 0;
    FOR r IN
      SELECT c.*, count(*) OVER () AS all_rows, sum(c.n) OVER () AS all_points
        FROM ts_cells(CASE WHEN upto < total OR skip > 0 AND windows = 1
                           THEN ARRAY(SELECT id FROM unnest(ids, groups) AS s(id, g)
                                        WHERE s.g > skip AND s.g <= upto) ELSE ids END,
                      CASE WHEN upto < total OR skip > 0 AND windows = 1
                           THEN ARRAY(SELECT s.g FROM unnest(ids, groups) AS s(id, g)
                                        WHERE s.g > skip AND s.g <= upto) ELSE groups END,
                      low, high, base, width, functions, fractions) AS c
        WHERE c.w > 0 OR c.g > skip ORDER BY c.w, c.g LIMIT 1001
    LOOP
      found_rows := r.all_rows;
      points := r.all_points;
      size := 24 + 8 * cardinality(functions) + sizes[r.g];
      IF row_room = 0 OR (byte_room < size AND row_room < 1000) THEN
        start_us := greatest(low, base + r.w * width);
        vals := NULL;
        next_windows := greatest(1, least(windows, windows * 500 / found_rows));
        -- Behind the group before this one; the last row may be of another window.
        group_values := NULL;
        IF r.g > 1 THEN
          SELECT ts_group(s.names, s.vals, wanted) INTO group_values FROM ts_series AS s
            WHERE s.measurement = m AND s.id = of_group[r.g - 1];
        END IF;
        RETURN NEXT;
        RETURN;
      END IF;
      row_room := row_room - 1;
      byte_room := byte_room - size;
      start_us := base + r.w * width;
      group_values := '{}';
      IF wanted <> '{}' THEN
        SELECT ts_group(s.names, s.vals, wanted) INTO group_values FROM ts_series AS s
          WHERE s.measurement = m AND s.id = of_group[r.g];
      END IF;
      vals := ts_values(functions, r.n, ts_sum(r.small, r.great), r.least_value, r.most_value,
                        r.first_value, r.last_value, r.percentiles);
      RETURN NEXT;
    END LOOP;
    point_room := point_room - points;
    IF upto < total THEN
      skip := upto;
    ELSE
      skip := 0;
      low := ts_next(ids, high, to_us);
      windows := greatest(1, least(windows * 8, windows * 1000 / greatest(found_rows, 1),
                                   windows * 200000 / greatest(points, 1), 1000000000));
    END IF;
    IF low IS NOT NULL AND (row_room < 500 OR point_room <= 0) THEN
      start_us := low;
      vals := NULL;
      next_windows := windows;
      group_values := NULL;
      IF skip > 0 THEN
        SELECT ts_group(s.names, s.vals, wanted) INTO group_values FROM ts_series AS s
          WHERE s.measurement = m AND s.id = of_group[skip];
      END IF;
      RETURN NEXT;
      RETURN;
    END IF;
  END LOOP;
END $$;

-- Stores the rows that ts_aggregate has as points of the target: how many, and what to go on with.
CREATE FUNCTION ts_rollup(space text, measurement bytea, tags bytea[], from_us bigint, to_us bigint,
                          width bigint, functions bigint[], fractions float8[], wanted bytea[],
                          behind bytea[], windows bigint, target bytea, OUT written bigint,
                          OUT next_us bigint, OUT next_behind bytea[], OUT next_windows bigint)
LANGUAGE plpgsql AS $$
DECLARE
  keys bytea[];
  homes bigint[];
  times bigint[];
  vals float8[];
  oldest bigint[];
BEGIN
  WITH answer AS MATERIALIZED (
    SELECT * FROM ts_aggregate(space, measurement, tags, from_us, to_us, width, functions,
                               fractions, wanted, behind, windows)),
  points AS MATERIALIZED (
    SELECT a.start_us AS t, a.vals[1] AS v, ts_key(wanted, a.group_values) AS key FROM answer AS a
      WHERE a.vals[1] > '-Infinity' AND a.vals[1] < 'Infinity'),
  known AS MATERIALIZED (
    SELECT key, row_number() OVER (ORDER BY key) AS n FROM points GROUP BY key),
  homed AS MATERIALIZED (SELECT known.n, points.t, points.v FROM points JOIN known USING (key))
  SELECT (SELECT array_agg(key ORDER BY n) FROM known),
         (SELECT array_agg(n ORDER BY n, t) FROM homed),
         (SELECT array_agg(t ORDER BY n, t) FROM homed),
         (SELECT array_agg(v ORDER BY n, t) FROM homed),
         a.start_us, a.group_values, a.next_windows
    INTO keys, homes, times, vals, next_us, next_behind, next_windows
    FROM (SELECT) AS always LEFT JOIN answer AS a ON a.vals IS NULL;
  written := coalesce(cardinality(times), 0);
  IF written = 0 THEN RETURN; END IF;
  oldest := ts_insert(space, ARRAY[target], keys, array_fill(1::bigint, ARRAY[cardinality(keys)]),
                      homes, times, vals);
  written := written - (SELECT count(*) FROM unnest(times) AS t WHERE t < oldest[1]);
END $$;
)sql";

}  // namespace prism::postgres
