#include "drivers/postgres/queue/schema.h"

namespace prism::postgres {

const std::string_view kQueueFunctions = R"sql(
CREATE FUNCTION queue_leave(q uuid, mine bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM queue_lock('{}', q);
  DELETE FROM queue_waiter WHERE queue = q AND ticket = mine;
  PERFORM queue_tell(ARRAY[q]);
END $$;

-- Undoes a removal, whose message was meant for a call that has just been cancelled.
CREATE FUNCTION queue_put_back(q uuid, number bigint, payload bytea, attributes bytea, size bigint,
                               priority bigint, enqueued bigint, times bigint, nth bigint,
                               rest text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  r queue_rest := rest::queue_rest;
BEGIN
  INSERT INTO queue_message (id, queue, rank, place, state, receives, delivery, enqueued_at, bytes,
                             source, timed_out, source_receives, dead_at, attributes, payload)
    VALUES (number, q, 9 - priority, r.place, 0, times, nth, enqueued, size, r.source, r.timed_out,
            r.source_receives, r.dead_at, queue_put_back.attributes, queue_put_back.payload);
  PERFORM queue_wake(ARRAY[q]);
END $$;

-- Undoes a delivery.
CREATE FUNCTION queue_untake(q uuid, number bigint, nth bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE queue_message SET state = 0, due = NULL, receives = receives - 1
    WHERE id = number AND queue = q AND state = 2 AND delivery = nth;
  IF FOUND THEN PERFORM queue_wake(ARRAY[q]); END IF;
END $$;

CREATE FUNCTION queue_extend(q uuid, number bigint, nth bigint, ms bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE queue_message SET due = clock_timestamp() + ms * interval '1 millisecond'
    WHERE id = number AND queue = q AND state = 2 AND delivery = nth AND due > clock_timestamp();
  IF NOT FOUND THEN RETURN false; END IF;
  IF ms < 2000 THEN PERFORM queue_wake(ARRAY[q]); END IF;
  RETURN true;
END $$;

CREATE FUNCTION queue_release(q uuid, number bigint, nth bigint, delay_ms bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  times bigint;
  config record;
BEGIN
  SELECT receives INTO times FROM queue_message
    WHERE id = number AND queue = q AND state = 2 AND delivery = nth AND due > clock_timestamp()
    FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  SELECT max_receives, target INTO config FROM queue_config WHERE queue = q;
  IF FOUND AND times >= config.max_receives THEN
    PERFORM queue_bury(ARRAY[number], q, config.target, false);
    PERFORM queue_wake(ARRAY[config.target]);
    RETURN true;
  END IF;
  IF delay_ms > 0 THEN
    UPDATE queue_message SET state = 1,
        due = clock_timestamp() + delay_ms * interval '1 millisecond'
      WHERE id = number;
  ELSE
    UPDATE queue_message SET state = 0, due = NULL WHERE id = number;
  END IF;
  IF delay_ms < 2000 THEN PERFORM queue_wake(ARRAY[q]); END IF;
  RETURN true;
END $$;

-- Whether what is due and not settled yet is to be a dead letter.
CREATE FUNCTION queue_is_dying(q uuid, state smallint, receives bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT state = 2 AND EXISTS (
    SELECT FROM queue_config c WHERE c.queue = q AND queue_is_dying.receives >= c.max_receives) $$;

CREATE FUNCTION queue_peek(q uuid, most bigint) RETURNS SETOF queue_handout
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY
    WITH candidates AS (
      (SELECT id, rank, place, bytes FROM queue_message WHERE queue = q AND state = 0
        ORDER BY rank, place LIMIT most)
      UNION ALL
      SELECT id, rank, place, bytes FROM queue_message
        WHERE queue = q AND state > 0 AND due <= statement_timestamp()
          AND NOT queue_is_dying(q, state, receives)),
    sized AS (
      SELECT id, sum(bytes) OVER w AS total, row_number() OVER w AS i
        FROM (SELECT * FROM candidates ORDER BY rank, place LIMIT most) AS page
        WINDOW w AS (ORDER BY rank, place))
    SELECT m.id, m.payload, m.attributes, (9 - m.rank)::bigint, m.enqueued_at, m.receives,
        m.delivery, NULL::text, NULL::bigint, NULL::bigint
      FROM sized JOIN queue_message m ON m.id = sized.id
      WHERE total <= 1048576 OR i = 1 ORDER BY i;
END $$;

CREATE FUNCTION queue_scheduled(q uuid) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT count(*) FROM queue_message
    WHERE queue = q AND state = 1 AND due > statement_timestamp());
END $$;

-- The first row is about the queue, those behind it are its dead letters.
CREATE TYPE queue_dead_letter AS (max_receives bigint, target bytea, ready bigint, behind bigint,
                                  id bigint, payload bytea, attributes bytea, priority bigint,
                                  enqueued_at bigint, receives bigint, place bigint,
                                  timed_out boolean, source_receives bigint, dead_at bigint);

CREATE FUNCTION queue_dead_page(q uuid, beyond bigint, most bigint)
RETURNS SETOF queue_dead_letter LANGUAGE plpgsql STABLE AS $$
DECLARE
  config record;
BEGIN
  SELECT max_receives, target, target_name INTO config FROM queue_config WHERE queue = q;
  IF NOT FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT config.max_receives, config.target_name, count(*),
      count(*) FILTER (WHERE place > beyond), NULL::bigint, NULL::bytea, NULL::bytea, NULL::bigint,
      NULL::bigint, NULL::bigint, NULL::bigint, NULL::boolean, NULL::bigint, NULL::bigint
    FROM queue_message WHERE queue = config.target AND source = q
      AND (state = 0
           OR due <= statement_timestamp() AND NOT queue_is_dying(queue, state, receives));
  RETURN QUERY
    WITH page AS (
      SELECT id, place, bytes FROM queue_message
        WHERE queue = config.target AND source = q AND place > beyond
          AND (state = 0
               OR due <= statement_timestamp() AND NOT queue_is_dying(queue, state, receives))
        ORDER BY place LIMIT most),
    sized AS (
      SELECT id, sum(bytes) OVER w AS total, row_number() OVER w AS i FROM page
        WINDOW w AS (ORDER BY place))
    SELECT NULL::bigint, NULL::bytea, NULL::bigint, NULL::bigint, m.id, m.payload, m.attributes,
        (9 - m.rank)::bigint, m.enqueued_at, m.receives, m.place, m.timed_out, m.source_receives,
        m.dead_at
      FROM sized JOIN queue_message m ON m.id = sized.id
      WHERE total <= 1048576 OR i = 1 ORDER BY i;
END $$;

CREATE FUNCTION queue_redrive(q uuid, most bigint, OUT moved bigint, OUT more boolean)
LANGUAGE plpgsql AS $$
DECLARE
  dead uuid;
  settled record;
  ids bigint[];
BEGIN
  moved := 0;
  more := false;
  SELECT target INTO dead FROM queue_config WHERE queue = q;
  IF NOT FOUND THEN RETURN; END IF;
  settled := queue_settle(dead, clock_timestamp());
  more := settled.more;
  IF NOT more THEN
    ids := ARRAY(SELECT id FROM queue_message WHERE queue = dead AND source = q AND state = 0
      ORDER BY place LIMIT most FOR UPDATE SKIP LOCKED);
    moved := cardinality(ids);
    UPDATE queue_message m
      SET queue = q, place = n.place, receives = 0, source = NULL, timed_out = NULL,
          source_receives = NULL, dead_at = NULL
      FROM (SELECT u AS id, nextval('queue_number') AS place FROM unnest(ids) AS u) n
      WHERE m.id = n.id;
    IF moved > 0 THEN settled.woken := settled.woken || q; END IF;
  END IF;
  PERFORM queue_wake(settled.woken);
END $$;

-- Some of what is due in any queue, so that dead letters arrive though nobody looks; how many. One
-- gateway at a time is enough.
CREATE FUNCTION queue_sweep() RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  now timestamptz := clock_timestamp();
  one uuid;
  settled record;
  woken uuid[] := '{}';
  done bigint := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(1886546031) THEN RETURN 0; END IF;
  FOR one IN SELECT DISTINCT queue FROM (
      SELECT queue FROM queue_message WHERE state > 0 AND due <= now ORDER BY due LIMIT 500) AS d
      ORDER BY queue LOOP
    settled := queue_settle(one, now);
    woken := woken || settled.woken;
    done := done + settled.settled;
    EXIT WHEN done >= 500;
  END LOOP;
  PERFORM queue_wake(woken);
  RETURN done;
END $$;
)sql";

}  // namespace prism::postgres
