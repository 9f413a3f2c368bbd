#include "drivers/postgres/stream/schema.h"

namespace prism::postgres {

// A record is pending with who has it, or free, which has neither a holder nor a time. Functions
// that change what is pending hold the group's row, and tell with `wake` whether members ought to
// look again.
const std::string_view kStreamGroups = R"sql(
CREATE FUNCTION stream_group(space text, name bytea, group_name bytea) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT g.id FROM stream_groups AS g WHERE g.digest = sha256(group_name) AND g.stream =
    (SELECT s.id FROM streams AS s WHERE s.namespace = space AND s.digest = sha256(name)) $$;

-- 1: made; 0: it was there; -1: there are too many. `start` null: the next record.
CREATE FUNCTION stream_make_group(space text, name bytea, group_name bytea, start bigint,
                                  wait_ms bigint, most bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  s streams;
BEGIN
  LOOP
    INSERT INTO streams (namespace, digest) VALUES (space, sha256(name)) ON CONFLICT DO NOTHING;
    SELECT * INTO s FROM streams AS u
      WHERE u.namespace = space AND u.digest = sha256(name) FOR NO KEY UPDATE;
    EXIT WHEN FOUND;  -- else it was deleted in between
  END LOOP;
  IF EXISTS (SELECT FROM stream_groups AS g
      WHERE g.stream = s.id AND g.digest = sha256(group_name)) THEN RETURN 0; END IF;
  IF (SELECT count(*) FROM stream_groups AS g WHERE g.stream = s.id) >= most THEN
    RETURN -1;
  END IF;
  INSERT INTO stream_groups (stream, digest, ack_wait_ms, next)
    VALUES (s.id, sha256(group_name), wait_ms, coalesce(start, s.last + 1));
  RETURN 1;
END $$;

-- Tells the group's id, or null.
CREATE FUNCTION stream_drop_group(space text, name bytea, group_name bytea) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  gone bigint := stream_group(space, name, group_name);
BEGIN
  DELETE FROM stream_groups WHERE id = gone;
  IF NOT FOUND THEN RETURN NULL; END IF;
  INSERT INTO stream_gone VALUES (true, gone);
  RETURN gone;
END $$;

-- Its records become free: whether there were any.
CREATE FUNCTION stream_leave(g bigint, who bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM stream_members WHERE id = who;
  UPDATE stream_pending SET member = NULL, delivered_at = NULL WHERE grp = g AND member = who;
  RETURN FOUND;
END $$;

-- Who claimed something and has nothing left is no member.
CREATE FUNCTION stream_forget_members(g bigint) RETURNS void LANGUAGE sql AS $$
  DELETE FROM stream_members AS m WHERE m.grp = g AND m.max_pending IS NULL
    AND NOT EXISTS (SELECT FROM stream_pending AS p WHERE p.grp = g AND p.member = m.id) $$;

-- Locks the group and frees what has waited too long, and what members have whose gateway is gone.
-- Forgets what retention removed. `g` is null if there is no such group.
CREATE FUNCTION stream_tidy(which bigint, OUT g stream_groups, OUT s streams, OUT freed boolean)
LANGUAGE plpgsql AS $$
DECLARE
  who bigint;
BEGIN
  freed := false;
  SELECT u.* INTO g FROM stream_groups AS u WHERE u.id = which FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT u.* INTO s FROM streams AS u WHERE u.id = g.stream;
  DELETE FROM stream_pending WHERE grp = g.id AND number < s.oldest;
  freed := FOUND;
  FOR who IN SELECT id FROM stream_members
      WHERE grp = g.id AND lease_until < clock_timestamp() LOOP
    freed := stream_leave(g.id, who) OR freed;
  END LOOP;
  UPDATE stream_pending SET member = NULL, delivered_at = NULL WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM stream_pending WHERE grp = g.id
      AND delivered_at <= clock_timestamp() - g.ack_wait_ms * interval '1 millisecond'
      ORDER BY delivered_at LIMIT 1000));
  freed := FOUND OR freed;
  IF freed THEN PERFORM stream_forget_members(g.id); END IF;
END $$;

-- Null without the group; `who` is null if there are too many members.
CREATE FUNCTION stream_join(space text, name bytea, group_name bytea, member_name bytea,
                            pending bigint, lease_ms bigint, most bigint,
                            OUT grp bigint, OUT who bigint, OUT wake boolean)
LANGUAGE plpgsql AS $$
DECLARE
  t record := stream_tidy(stream_group(space, name, group_name));
  lease timestamptz := clock_timestamp() + lease_ms * interval '1 millisecond';
  there stream_members;
BEGIN
  wake := t.freed;
  grp := (t.g).id;
  IF grp IS NULL THEN RETURN; END IF;
  SELECT * INTO there FROM stream_members AS m
    WHERE m.grp = stream_join.grp AND m.digest = sha256(member_name);
  IF there.max_pending IS NOT NULL THEN
    PERFORM stream_leave(grp, there.id);
    wake := true;  -- also the one that was replaced
    there.id := NULL;
  END IF;
  IF there.id IS NOT NULL THEN
    UPDATE stream_members SET max_pending = pending, lease_until = lease
      WHERE id = there.id RETURNING id INTO who;
  ELSIF (SELECT count(*) FROM stream_members AS m WHERE m.grp = stream_join.grp) < most THEN
    INSERT INTO stream_members AS m (grp, digest, name, max_pending, lease_until)
      VALUES (stream_join.grp, sha256(member_name), member_name, pending, lease)
      RETURNING m.id INTO who;
  END IF;
END $$;

CREATE FUNCTION stream_part(g bigint, who bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM stream_groups WHERE id = g FOR NO KEY UPDATE;
  RETURN FOUND AND stream_leave(g, who);  -- what a group had that is gone is the sweep's
END $$;

-- Delivers those of the records that fit in a page, in their order; the group goes on behind them.
CREATE FUNCTION stream_deliver(g stream_groups, who bigint, numbers bigint[])
RETURNS TABLE (deliveries bigint, number bigint, at_ms bigint, key bytea, attributes bytea,
               payload bytea) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  page bigint[] := ARRAY(SELECT sized.n FROM (
    SELECT t.n, t.i, sum(r.bytes) OVER w AS upto, row_number() OVER w AS nth
      FROM unnest(numbers) WITH ORDINALITY AS t(n, i) CROSS JOIN LATERAL (
        SELECT u.bytes FROM stream_records AS u
          WHERE u.stream = g.stream AND u.number = t.n OFFSET 0) AS r
      WINDOW w AS (ORDER BY t.i)) AS sized
    WHERE sized.upto <= 1048576 OR sized.nth = 1 ORDER BY sized.i);
  newest bigint := (SELECT max(n) FROM unnest(page) AS n);
BEGIN
  INSERT INTO stream_pending AS p (grp, number, member, delivered_at, deliveries)
    SELECT g.id, n, who, clock_timestamp(), 1 FROM unnest(page) AS n
    ON CONFLICT (grp, number) DO UPDATE SET member = who, delivered_at = clock_timestamp(),
      deliveries = p.deliveries + 1;
  IF newest >= g.next THEN
    UPDATE stream_groups AS u SET next = newest + 1, delivered = newest WHERE u.id = g.id;
  END IF;
  RETURN QUERY SELECT p.deliveries, r.number, r.at_ms, r.key, r.attributes, r.payload
    FROM unnest(page) WITH ORDINALITY AS t(n, i) CROSS JOIN LATERAL (
      SELECT u.deliveries FROM stream_pending AS u
        WHERE u.grp = g.id AND u.number = t.n OFFSET 0) AS p CROSS JOIN LATERAL (
      SELECT u.* FROM stream_records AS u
        WHERE u.stream = g.stream AND u.number = t.n OFFSET 0) AS r ORDER BY t.i;
END $$;

-- In how many milliseconds something that is pending may become free.
CREATE FUNCTION stream_due(g bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT ceil(extract(epoch FROM p.delivered_at - clock_timestamp()) * 1000)::bigint + u.ack_wait_ms
    FROM stream_pending AS p, stream_groups AS u
    WHERE p.grp = g AND u.id = g AND p.delivered_at IS NOT NULL
    ORDER BY p.delivered_at LIMIT 1 $$;

-- What a member has room for: free records and new ones. The last row, of no record, says whether
-- the member has joined, whether others ought to look, and when nothing was there, in how many
-- milliseconds something may become free.
CREATE FUNCTION stream_take(g bigint, who bigint)
RETURNS TABLE (joined boolean, wake boolean, wait_ms bigint, deliveries bigint, number bigint,
               at_ms bigint, key bytea, attributes bytea, payload bytea) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  t record := stream_tidy(g);
  most bigint;
  numbers bigint[];
BEGIN
  SELECT m.max_pending INTO most FROM stream_members AS m WHERE m.id = who AND m.grp = (t.g).id;
  IF most IS NOT NULL THEN
    most := greatest(0, most - (SELECT count(*) FROM stream_pending AS p
                                  WHERE p.grp = g AND p.member = who));
    numbers := ARRAY(SELECT p.number FROM stream_pending AS p
      WHERE p.grp = g AND p.member IS NULL ORDER BY p.number LIMIT most);
    numbers := numbers || ARRAY(SELECT r.number FROM stream_records AS r
      WHERE r.stream = (t.s).id AND r.number >= greatest((t.g).next, (t.s).oldest)
      ORDER BY r.number LIMIT most - cardinality(numbers));
    IF numbers <> '{}' THEN
      RETURN QUERY SELECT NULL::boolean, NULL::boolean, NULL::bigint, d.*
        FROM stream_deliver(t.g, who, numbers) AS d;
    ELSE
      wait_ms := stream_due(g);
    END IF;
  END IF;
  joined := most IS NOT NULL;
  wake := t.freed;
  RETURN NEXT;
END $$;

CREATE FUNCTION stream_ack(space text, name bytea, group_name bytea, numbers bigint[],
                           OUT acked bigint, OUT grp bigint, OUT wake boolean)
LANGUAGE plpgsql AS $$
DECLARE
  t record := stream_tidy(stream_group(space, name, group_name));
  holders bigint[];
BEGIN
  wake := t.freed;
  acked := 0;
  grp := (t.g).id;
  IF grp IS NULL THEN RETURN; END IF;
  WITH gone AS (DELETE FROM stream_pending AS p
      WHERE p.grp = stream_ack.grp AND p.number = ANY(numbers) RETURNING p.member)
    SELECT count(*), array_agg(member) INTO acked, holders FROM gone;
  -- Those that had no room, whose acked records are not among what they have any more.
  wake := wake OR EXISTS (
    SELECT FROM (SELECT h, count(*) AS acks FROM unnest(holders) AS h GROUP BY h) AS held
      JOIN stream_members AS m ON m.id = held.h
      WHERE held.acks + (SELECT count(*) FROM stream_pending AS p
                           WHERE p.grp = m.grp AND p.member = m.id) >= m.max_pending);
  IF EXISTS (SELECT FROM stream_members AS m WHERE m.id = ANY(holders)
      AND m.max_pending IS NULL) THEN
    PERFORM stream_forget_members(grp);
  END IF;
END $$;

-- As stream_take; the last row has the group. `joined` false: there are too many members.
CREATE FUNCTION stream_claim(space text, name bytea, group_name bytea, member_name bytea,
                             idle_ms bigint, most bigint, most_members bigint)
RETURNS TABLE (joined boolean, wake boolean, grp bigint, deliveries bigint, number bigint,
               at_ms bigint, key bytea, attributes bytea, payload bytea) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  t record := stream_tidy(stream_group(space, name, group_name));
  g bigint := (t.g).id;
  who bigint := (SELECT m.id FROM stream_members AS m
                   WHERE m.grp = g AND m.digest = sha256(member_name));
  numbers bigint[] := ARRAY(SELECT p.number FROM stream_pending AS p
    WHERE p.grp = g AND p.member IS NULL ORDER BY p.number LIMIT most);
BEGIN
  numbers := numbers || ARRAY(SELECT p.number FROM stream_pending AS p
    WHERE p.grp = g AND p.member IS DISTINCT FROM who
      AND p.delivered_at <= clock_timestamp() - idle_ms * interval '1 millisecond'
    ORDER BY p.delivered_at, p.number LIMIT most - cardinality(numbers));
  joined := numbers = '{}' OR who IS NOT NULL
    OR (SELECT count(*) FROM stream_members AS m WHERE m.grp = g) < most_members;
  IF joined AND numbers <> '{}' THEN
    IF who IS NULL THEN
      INSERT INTO stream_members AS m (grp, digest, name)
        VALUES (g, sha256(member_name), member_name) RETURNING m.id INTO who;
    END IF;
    RETURN QUERY SELECT NULL::boolean, NULL::boolean, NULL::bigint, d.*
      FROM stream_deliver(t.g, who, numbers) AS d;
    PERFORM stream_forget_members(g);
  END IF;
  -- Who lost records may have room now.
  wake := t.freed OR numbers <> '{}';
  grp := g;
  RETURN NEXT;
END $$;

-- How far the group is: no row without one. One for each member, of null if there is none.
CREATE FUNCTION stream_info(space text, name bytea, group_name bytea)
RETURNS TABLE (grp bigint, wake boolean, pending bigint, lag bigint, delivered bigint,
               member bytea, joined boolean, holds bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  t record := stream_tidy(stream_group(space, name, group_name));
BEGIN
  IF (t.g).id IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT (t.g).id, t.freed,
      (SELECT count(*) FROM stream_pending AS p WHERE p.grp = (t.g).id),
      greatest(least((t.s).last + 1 - (t.g).next, (t.s).records), 0), (t.g).delivered,
      m.name, m.max_pending IS NOT NULL,
      (SELECT count(*) FROM stream_pending AS p WHERE p.grp = m.grp AND p.member = m.id)
    FROM (SELECT) AS one LEFT JOIN stream_members AS m ON m.grp = (t.g).id ORDER BY m.name;
END $$;

-- Moves the group to the place, or to the first record from the time on: its id, or null.
CREATE FUNCTION stream_seek(space text, name bytea, group_name bytea, place bigint, at bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  t record := stream_tidy(stream_group(space, name, group_name));
BEGIN
  IF (t.g).id IS NULL THEN RETURN NULL; END IF;
  DELETE FROM stream_pending WHERE grp = (t.g).id;
  DELETE FROM stream_members WHERE grp = (t.g).id AND max_pending IS NULL;
  UPDATE stream_groups SET next = coalesce(place, stream_at(t.s, at)), delivered = NULL
    WHERE id = (t.g).id;
  RETURN (t.g).id;
END $$;
)sql";

}  // namespace prism::postgres
