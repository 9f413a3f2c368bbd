#include "drivers/postgres/timeseries/plans.h"
#include "drivers/postgres/timeseries/schema.h"

namespace prism::postgres {

const std::string_view kTimeSeriesReads =
    R"sql(
-- A measurement and the time before which its points are not seen, at the least `from_us`.
CREATE FUNCTION ts_find(space text, measurement bytea, from_us bigint, OUT id bigint,
                        OUT low bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
  SELECT m.id, greatest(from_us, ts_now() - m.max_age_us) INTO id, low FROM ts_measurements AS m
    WHERE m.namespace = space AND m.digest = sha256(measurement);
END $$;

-- Of the tags the one that the fewest series have, counting to 1000; null if there are no tags.
CREATE FUNCTION ts_narrowest(m bigint, marks bytea[]) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF cardinality(marks) < 2 THEN RETURN marks[1]; END IF;
  RETURN (SELECT w.mark FROM unnest(marks) AS w(mark) ORDER BY (
            SELECT count(*) FROM (SELECT FROM ts_tags AS t WHERE t.measurement = m
                                    AND t.mark = w.mark LIMIT 1000) AS counted) LIMIT 1);
END $$;

-- The series behind `behind` that match, as many as a page has room for, looking at 1000; the last
-- one looked at, null at the end.
CREATE FUNCTION ts_page(m bigint, tags bytea[], behind bigint, name_bytes bigint,
                        OUT ids bigint[], OUT last bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
  marks bytea[] := ARRAY(SELECT ts_mark(tag) FROM unnest(tags) AS tag);
  narrowest bytea := ts_narrowest(m, marks);
  seen bigint;
  kept bigint;
BEGIN
  -- Those that do not match have no bytes.
  WITH plain AS MATERIALIZED (
    SELECT s.id, s.bytes FROM ts_series AS s
      WHERE narrowest IS NULL AND s.measurement = m AND s.id > behind ORDER BY s.id LIMIT 1000),
  tagged AS MATERIALIZED (
    SELECT t.series AS id, CASE WHEN NOT EXISTS (
        SELECT FROM unnest(marks) AS w(mark) WHERE NOT EXISTS (
          SELECT FROM ts_tags AS o
            WHERE o.measurement = m AND o.mark = w.mark AND o.series = t.series))
      THEN (SELECT s.bytes FROM ts_series AS s WHERE s.measurement = m AND s.id = t.series) END
        AS bytes
      FROM (SELECT series FROM ts_tags
              WHERE measurement = m AND mark = narrowest AND series > behind
              ORDER BY series LIMIT 1000) AS t),
  sized AS (
    SELECT c.id, c.bytes, coalesce(sum(c.bytes + name_bytes) OVER (ORDER BY c.id), 0) AS total
      FROM (SELECT * FROM plain UNION ALL SELECT * FROM tagged) AS c)
  SELECT array_agg(id ORDER BY id) FILTER (WHERE bytes IS NOT NULL AND total <= 1000000),
         max(id) FILTER (WHERE total <= 1000000), count(*),
         count(*) FILTER (WHERE total <= 1000000) INTO ids, last, seen, kept FROM sized;
  IF seen < 1000 AND kept = seen THEN last := NULL; END IF;
END $$;

-- The points in [from_us, to_us), at most `most`, from the series `place` on, in it from behind
-- `place_us`. The names and values of tags come with the first point of each series. If the page is
-- not full and yet not the last, its last row is the last series that was looked at, without point.
CREATE FUNCTION ts_read(space text, measurement bytea, tags bytea[], from_us bigint, to_us bigint,
                        down bigint, place bigint, place_us bigint, most bigint)
RETURNS TABLE (series_id bigint, time_us bigint, val float8, names bytea[], vals bytea[])
LANGUAGE plpgsql STABLE)sql" PRISM_TIMESERIES_PLANS R"sql(AS $$
DECLARE
  m bigint;
  low bigint;
  batch bigint[];
  last bigint;
  got bigint := 0;
BEGIN
  SELECT f.id, f.low INTO m, low FROM ts_find(space, measurement, from_us) AS f;
  IF m IS NULL THEN RETURN; END IF;
  SELECT p.ids, p.last INTO batch, last
    FROM ts_page(m, tags, place - 1, length(measurement)) AS p;
  IF batch IS NOT NULL AND down = 0 THEN
    RETURN QUERY
      WITH page AS MATERIALIZED (
        SELECT s.n, s.id, p.at, p.value FROM unnest(batch) WITH ORDINALITY AS s(id, n), LATERAL (
          SELECT at, value FROM ts_points WHERE series = s.id AND at >= low AND at < to_us
            AND at >= CASE WHEN s.id = place THEN place_us + 1 ELSE low END
            ORDER BY at LIMIT most) AS p LIMIT most)
      SELECT page.id, page.at, page.value, s.names, s.vals FROM (
          SELECT *, lag(n) OVER (ORDER BY n, at) IS DISTINCT FROM n AS first FROM page) AS page
        LEFT JOIN ts_series AS s ON page.first AND s.measurement = m AND s.id = page.id
        ORDER BY page.n, page.at;
  ELSIF batch IS NOT NULL THEN
    RETURN QUERY
      WITH page AS MATERIALIZED (
        SELECT s.n, s.id, p.at, p.value FROM unnest(batch) WITH ORDINALITY AS s(id, n), LATERAL (
          SELECT at, value FROM ts_points WHERE series = s.id AND at >= low AND at < to_us
            AND at < CASE WHEN s.id = place THEN place_us ELSE to_us END
            ORDER BY at DESC LIMIT most) AS p LIMIT most)
      SELECT page.id, page.at, page.value, s.names, s.vals FROM (
          SELECT *, lag(n) OVER (ORDER BY n, at DESC) IS DISTINCT FROM n AS first FROM page) AS page
        LEFT JOIN ts_series AS s ON page.first AND s.measurement = m AND s.id = page.id
        ORDER BY page.n, page.at DESC;
  END IF;
  GET DIAGNOSTICS got = ROW_COUNT;
  IF batch IS NULL THEN got := 0; END IF;
  IF got = most OR last IS NULL THEN RETURN; END IF;
  series_id := last;
  time_us := NULL;
  val := NULL;
  names := NULL;
  vals := NULL;
  RETURN NEXT;
END $$;

-- What decides on the values at from_us, from_us + step_us and so on: instants, each with the point
-- before it and the first one not before it, which also decide on all instants up to that one. From
-- the series `place` on, in it from the instant `start_us` on; at most 1000. If those are fewer and
-- yet not the end, the last row is the last series that was looked at, without points.
CREATE FUNCTION ts_neighbours(space text, measurement bytea, tags bytea[], from_us bigint,
                              to_us bigint, step_us bigint, place bigint, start_us bigint)
RETURNS TABLE (series_id bigint, instant bigint, before_us bigint, before_value float8,
               after_us bigint, after_value float8, names bytea[], vals bytea[])
LANGUAGE plpgsql STABLE)sql" PRISM_TIMESERIES_PLANS R"sql(AS $$
DECLARE
  m bigint;
  low bigint;
  batch bigint[];
  last bigint;
  was bigint;
  got bigint := 0;
BEGIN
  SELECT f.id, f.low INTO m, low FROM ts_find(space, measurement, -2208988800000000) AS f;
  IF m IS NULL THEN RETURN; END IF;
  SELECT p.ids, p.last INTO batch, last
    FROM ts_page(m, tags, place - 1, length(measurement)) AS p;
  FOR series_id, instant, before_us, before_value, after_us, after_value IN
    WITH RECURSIVE walk(n, t, b_at, b_value, a_at, a_value) AS (
      SELECT s.n, s.t, b.at, b.value, a.at, a.value FROM (
          SELECT 1 AS n, CASE WHEN batch[1] = place THEN start_us ELSE from_us END AS t) AS s
        LEFT JOIN LATERAL (SELECT at, value FROM ts_points WHERE series = batch[s.n]
          AND at >= low AND at < to_us AND at < s.t ORDER BY at DESC LIMIT 1) AS b ON true
        LEFT JOIN LATERAL (SELECT at, value FROM ts_points WHERE series = batch[s.n]
          AND at >= low AND at >= s.t ORDER BY at LIMIT 1) AS a ON true
    UNION ALL
      SELECT s.n, s.t, b.at, b.value, a.at, a.value FROM (
          SELECT CASE WHEN w.next < to_us THEN w.n ELSE w.n + 1 END AS n,
                 CASE WHEN w.next < to_us THEN w.next ELSE from_us END AS t
            FROM (SELECT walk.n, from_us + ((a_at - from_us) / step_us + 1) * step_us AS next
                    FROM walk) AS w) AS s
        LEFT JOIN LATERAL (SELECT at, value FROM ts_points WHERE series = batch[s.n]
          AND at >= low AND at < to_us AND at < s.t ORDER BY at DESC LIMIT 1) AS b ON true
        LEFT JOIN LATERAL (SELECT at, value FROM ts_points WHERE series = batch[s.n]
          AND at >= low AND at >= s.t ORDER BY at LIMIT 1) AS a ON true
        WHERE s.n <= cardinality(batch))
    SELECT batch[n], t, b_at, b_value, a_at, a_value FROM walk
      WHERE b_at IS NOT NULL OR a_at < to_us LIMIT 1000
  LOOP
    names := NULL;
    vals := NULL;
    IF was IS DISTINCT FROM series_id THEN
      SELECT s.names, s.vals INTO names, vals FROM ts_series AS s
        WHERE s.measurement = m AND s.id = series_id;
    END IF;
    was := series_id;
    got := got + 1;
    RETURN NEXT;
  END LOOP;
  IF got = 1000 OR last IS NULL THEN RETURN; END IF;
  series_id := last;
  instant := NULL;
  before_us := NULL;
  after_us := NULL;
  names := NULL;
  vals := NULL;
  RETURN NEXT;
END $$;
)sql";

}  // namespace prism::postgres
