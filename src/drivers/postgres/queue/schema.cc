#include "drivers/postgres/queue/schema.h"

namespace prism::postgres {

// A queue is the digest of its namespace and name: it needs no row of its own, so an enqueue writes
// one. Messages change hands with SKIP LOCKED. What is due becomes ready when somebody takes from
// the queue, and before, by the sweep.
//
// Locks are taken in one order: rows of messages by their id, then the advisory locks of queues,
// after which nothing waits. A queue's lock is shared by who makes messages ready and exclusive for
// who enters or leaves the line of waiting calls: so no message comes between a call's last look
// and its place in the line, nor while the head of the line goes.
const std::string_view kQueueSchema = R"sql(
CREATE SEQUENCE queue_number;

CREATE TABLE queue_config (
  queue uuid PRIMARY KEY,
  max_receives bigint NOT NULL,
  target uuid NOT NULL,
  target_name bytea NOT NULL
);

CREATE TABLE queue_message (
  id bigint PRIMARY KEY,
  queue uuid NOT NULL,
  rank smallint NOT NULL,   -- 9 less the priority
  place bigint NOT NULL,
  state smallint NOT NULL,  -- 0 ready, 1 scheduled, 2 in flight
  due timestamptz,
  receives bigint NOT NULL DEFAULT 0,
  delivery bigint NOT NULL DEFAULT 0,  -- never begins anew: a receipt is good for one
  enqueued_at bigint NOT NULL,
  bytes bigint NOT NULL,
  source uuid,  -- of a dead letter
  timed_out boolean,
  source_receives bigint,
  dead_at bigint,
  attributes bytea NOT NULL,
  payload bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
        autovacuum_vacuum_cost_delay = 0);
CREATE INDEX queue_ready ON queue_message (queue, rank, place) WHERE state = 0;
CREATE INDEX queue_timed ON queue_message (queue, due) WHERE state > 0;
CREATE INDEX queue_due ON queue_message (due) WHERE state > 0;
CREATE INDEX queue_later ON queue_message (queue, due) WHERE state = 1;
CREATE INDEX queue_dead ON queue_message (queue, source, place) WHERE source IS NOT NULL;

CREATE TABLE queue_seen (
  queue uuid,
  id bytea,
  message bigint NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (queue, id)
);
CREATE INDEX queue_seen_until ON queue_seen (until);

-- The line of waiting calls. Their gateways' connections end with the server, so the line may too.
CREATE UNLOGGED TABLE queue_waiter (
  queue uuid,
  ticket bigint,
  channel text NOT NULL,
  until timestamptz NOT NULL,  -- moved on while its gateway lives
  PRIMARY KEY (queue, ticket)
) WITH (fillfactor = 50);

-- What else a message has that was removed and is to be put back.
CREATE TYPE queue_rest AS (place bigint, source uuid, timed_out boolean, source_receives bigint,
                           dead_at bigint);

-- A message as it is handed out. One without id says instead when to look again and the ticket.
CREATE TYPE queue_handout AS (id bigint, payload bytea, attributes bytea, priority bigint,
                              enqueued_at bigint, receives bigint, delivery bigint, rest text,
                              wake_ms bigint, ticket bigint);

CREATE FUNCTION queue_ms(at timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT floor(extract(epoch FROM at) * 1000)::bigint $$;

CREATE FUNCTION queue_lock(queues uuid[], line uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one uuid;
BEGIN
  FOR one IN SELECT DISTINCT u FROM unnest(queues || line) AS u WHERE u IS NOT NULL ORDER BY u LOOP
    IF one = line THEN
      PERFORM pg_advisory_xact_lock(uuid_hash_extended(one, 0));
    ELSE
      PERFORM pg_advisory_xact_lock_shared(uuid_hash_extended(one, 0));
    END IF;
  END LOOP;
END $$;

-- Notifies the head of each queue's line.
CREATE FUNCTION queue_tell(queues uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one uuid;
  head record;
BEGIN
  FOREACH one IN ARRAY queues LOOP
    SELECT channel, ticket INTO head FROM queue_waiter
      WHERE queue = one AND until > clock_timestamp() ORDER BY ticket LIMIT 1;
    IF FOUND THEN PERFORM pg_notify(head.channel, head.ticket::text); END IF;
  END LOOP;
END $$;

-- The last thing that a function does which has made messages ready, or due soon.
CREATE FUNCTION queue_wake(queues uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM queue_lock(queues, NULL);
  PERFORM queue_tell(queues);
END $$;

CREATE FUNCTION queue_put(q uuid, payload bytea, attributes bytea, size bigint, priority bigint,
                          seen bytea, delay_ms bigint, at_ms bigint,
                          OUT number bigint, OUT duplicate boolean)
LANGUAGE plpgsql AS $$
DECLARE
  now timestamptz := clock_timestamp();
  at timestamptz := coalesce(to_timestamp(at_ms / 1000.0),
                             now + delay_ms * interval '1 millisecond');
BEGIN
  number := nextval('queue_number');
  duplicate := false;
  WHILE seen IS NOT NULL LOOP
    INSERT INTO queue_seen AS s (queue, id, message, until)
      VALUES (q, seen, number, now + interval '5 minutes')
      ON CONFLICT (queue, id) DO UPDATE SET message = EXCLUDED.message, until = EXCLUDED.until
      WHERE s.until <= clock_timestamp();
    EXIT WHEN FOUND;
    SELECT s.message INTO number FROM queue_seen s WHERE s.queue = q AND s.id = seen;
    duplicate := FOUND;
    IF duplicate THEN RETURN; END IF;
    number := nextval('queue_number');  -- it was swept since
  END LOOP;
  IF at <= now THEN at := NULL; END IF;
  INSERT INTO queue_message (id, queue, rank, place, state, due, enqueued_at, bytes, attributes,
                             payload)
    VALUES (number, q, 9 - priority, number, (at IS NOT NULL)::integer, at, queue_ms(now), size,
            queue_put.attributes, queue_put.payload);
  IF at IS NULL OR at < now + interval '2 seconds' THEN PERFORM queue_wake(ARRAY[q]); END IF;
END $$;

-- Makes dead letters of messages of `q`, in their order, which the caller has locked.
CREATE FUNCTION queue_bury(ids bigint[], q uuid, into_queue uuid, was_timed_out boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE queue_message m
    SET queue = into_queue, place = n.place, state = 0, due = NULL, receives = 0, source = q,
        timed_out = was_timed_out, source_receives = m.receives,
        dead_at = queue_ms(clock_timestamp())
    FROM (SELECT u AS id, nextval('queue_number') AS place FROM unnest(ids) AS u) n
    WHERE m.id = n.id;
END $$;

-- Makes ready, or buries, what is due, of it a bounded part; `more` when there may be more.
CREATE FUNCTION queue_settle(q uuid, at timestamptz, OUT settled bigint, OUT more boolean,
                             OUT woken uuid[]) LANGUAGE plpgsql AS $$
DECLARE
  ids bigint[];
  dying bigint[];
  config record;
BEGIN
  woken := '{}';
  ids := ARRAY(SELECT id FROM queue_message
    WHERE queue = q AND state > 0 AND due <= at ORDER BY due LIMIT 500);
  settled := cardinality(ids);
  more := settled = 500;
  IF settled = 0 THEN RETURN; END IF;
  ids := ARRAY(SELECT id FROM queue_message
    WHERE id = ANY(ids) AND queue = q AND state > 0 AND due <= at ORDER BY id FOR UPDATE);
  SELECT max_receives, target INTO config FROM queue_config WHERE queue = q;
  IF FOUND THEN
    dying := ARRAY(SELECT id FROM queue_message
      WHERE id = ANY(ids) AND state = 2 AND receives >= config.max_receives ORDER BY due, id);
    IF dying <> '{}' THEN
      PERFORM queue_bury(dying, q, config.target, true);
      woken := woken || config.target;
    END IF;
  END IF;
  UPDATE queue_message SET state = 0, due = NULL WHERE id = ANY(ids) AND queue = q;
  IF FOUND THEN woken := woken || q; END IF;
END $$;

-- Removes ready messages, or leases them for `lease` milliseconds if that is not 0.
CREATE FUNCTION queue_hand_out(q uuid, most bigint, lease bigint)
RETURNS SETOF queue_handout LANGUAGE plpgsql AS $$
DECLARE
  n bigint := most;
  ids bigint[];
BEGIN
  IF n > 1 THEN
    SELECT count(*) INTO n FROM (
      SELECT sum(bytes) OVER w AS total, row_number() OVER w AS i FROM (
        SELECT rank, place, bytes FROM queue_message WHERE queue = q AND state = 0
          ORDER BY rank, place LIMIT most) AS page WINDOW w AS (ORDER BY rank, place)) AS sized
      WHERE total <= 1048576 OR i = 1;
  END IF;
  ids := ARRAY(SELECT id FROM queue_message WHERE queue = q AND state = 0
    ORDER BY rank, place LIMIT n FOR UPDATE SKIP LOCKED);
  IF cardinality(ids) > 1 THEN  -- others may have taken the small ones since
    ids := ARRAY(SELECT id FROM (
      SELECT id, sum(bytes) OVER w AS total, row_number() OVER w AS i FROM queue_message
        WHERE id = ANY(ids) WINDOW w AS (ORDER BY rank, place)) AS sized
      WHERE total <= 1048576 OR i = 1);
  END IF;
  IF lease = 0 THEN
    RETURN QUERY WITH gone AS (DELETE FROM queue_message WHERE id = ANY(ids) RETURNING *)
      SELECT id, payload, attributes, (9 - rank)::bigint, enqueued_at, receives, delivery,
        ROW(place, source, timed_out, source_receives, dead_at)::queue_rest::text,
        NULL::bigint, NULL::bigint
        FROM gone ORDER BY rank, place;
  ELSE
    RETURN QUERY WITH leased AS (
      UPDATE queue_message SET state = 2, receives = receives + 1, delivery = delivery + 1,
        due = clock_timestamp() + lease * interval '1 millisecond'
        WHERE id = ANY(ids) RETURNING *)
      SELECT id, payload, attributes, (9 - rank)::bigint, enqueued_at, receives, delivery,
        NULL::text, NULL::bigint, NULL::bigint FROM leased ORDER BY rank, place;
  END IF;
END $$;

CREATE FUNCTION queue_look_again(ms bigint, ticket bigint) RETURNS queue_handout
LANGUAGE sql IMMUTABLE AS $$
  SELECT ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ms, ticket)::queue_handout $$;

-- In how many milliseconds the head of the line is to look again.
CREATE FUNCTION queue_next(q uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz;
BEGIN
  -- Others hold what is ready; they may give it back without a word.
  IF EXISTS (SELECT FROM queue_message WHERE queue = q AND state = 0) THEN RETURN 2; END IF;
  SELECT due INTO at FROM queue_message WHERE queue = q AND state > 0 ORDER BY due LIMIT 1;
  IF at IS NULL THEN RETURN NULL; END IF;
  RETURN greatest(ceil(extract(epoch FROM at - clock_timestamp()) * 1000)::bigint, 1);
END $$;

-- How many of the ready messages one may take so that each of `others` that wait gets one, too.
CREATE FUNCTION queue_share(q uuid, most bigint, others bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
  IF others = 0 THEN RETURN most; END IF;
  RETURN (SELECT least(most, count(*) - others) FROM (
    SELECT FROM queue_message WHERE queue = q AND state = 0
      ORDER BY rank, place LIMIT others + most) AS page);
END $$;

-- Tickets are served in their order, which is that of the times at which calls came to their
-- gateways. A gateway's clock that is wrong by more than a second is not believed.
CREATE FUNCTION queue_ticket(arrived_us bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  now_us bigint := floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
BEGIN
  RETURN least(greatest(arrived_us, now_us - 1000000), now_us) * 1024
         + nextval('queue_number') % 1024;
END $$;

-- For a call that may wait, on `channel`: leaves a message to each that waits already, and gives a
-- ticket if nothing is left.
CREATE FUNCTION queue_take(q uuid, most bigint, lease bigint, channel text, arrived_us bigint)
RETURNS SETOF queue_handout LANGUAGE plpgsql AS $$
DECLARE
  settled record := queue_settle(q, clock_timestamp());
  n bigint;
  waiting bigint := 0;
  given boolean := false;
  mine bigint;
BEGIN
  IF settled.more THEN
    PERFORM queue_wake(settled.woken);
    RETURN NEXT queue_look_again(0, NULL);
    RETURN;
  END IF;
  IF channel IS NOT NULL THEN
    SELECT count(*) INTO waiting FROM queue_waiter w
      WHERE w.queue = q AND w.until > clock_timestamp();
  END IF;
  n := queue_share(q, most, waiting);
  IF n > 0 THEN
    RETURN QUERY SELECT * FROM queue_hand_out(q, n, lease);
    given := FOUND;
  END IF;
  IF given AND lease BETWEEN 1 AND 2000 THEN settled.woken := settled.woken || q; END IF;
  IF given OR channel IS NULL THEN
    IF settled.woken <> '{}' THEN PERFORM queue_wake(settled.woken); END IF;
    IF NOT given THEN RETURN NEXT queue_look_again(queue_next(q), NULL); END IF;
    RETURN;
  END IF;
  PERFORM queue_lock(settled.woken, q);
  mine := queue_ticket(arrived_us);
  INSERT INTO queue_waiter (queue, ticket, channel, until)
    VALUES (q, mine, queue_take.channel, clock_timestamp() + interval '3 seconds');
  PERFORM queue_tell(settled.woken);
  RETURN NEXT queue_look_again(0, mine);
END $$;

-- As queue_take, for a call that waits: only the head of the line gets something, and leaves.
-- Each that waits behind it is left one, if there are as many.
CREATE FUNCTION queue_serve(q uuid, most bigint, lease bigint, channel text, mine bigint)
RETURNS SETOF queue_handout LANGUAGE plpgsql AS $$
DECLARE
  settled record;
  head bigint;
  waiting bigint;
  given boolean := false;
BEGIN
  UPDATE queue_waiter w SET until = clock_timestamp() + interval '3 seconds'
    WHERE w.queue = q AND w.ticket = mine;
  IF NOT FOUND THEN  -- it was away for too long
    PERFORM queue_lock('{}', q);
    INSERT INTO queue_waiter (queue, ticket, channel, until)
      VALUES (q, mine, queue_serve.channel, clock_timestamp() + interval '3 seconds');
    RETURN NEXT queue_look_again(0, mine);
    RETURN;
  END IF;
  settled := queue_settle(q, clock_timestamp());
  SELECT min(w.ticket), count(*) INTO head, waiting FROM queue_waiter w
    WHERE w.queue = q AND w.until > clock_timestamp();
  IF head = mine AND NOT settled.more THEN
    RETURN QUERY SELECT * FROM
      queue_hand_out(q, greatest(queue_share(q, most, waiting - 1), 1), lease);
    given := FOUND;
  END IF;
  IF given THEN
    settled.woken := settled.woken || q;
    PERFORM queue_lock(settled.woken, q);
    DELETE FROM queue_waiter w WHERE w.queue = q AND w.ticket = mine;
    PERFORM queue_tell(settled.woken);
    RETURN;
  END IF;
  IF settled.woken <> '{}' THEN PERFORM queue_wake(settled.woken); END IF;
  RETURN NEXT queue_look_again(
    CASE WHEN settled.more THEN 0 WHEN head = mine THEN queue_next(q) END, mine);
END $$;
)sql";

}  // namespace prism::postgres
