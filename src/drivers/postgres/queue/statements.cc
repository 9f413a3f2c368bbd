#include "drivers/postgres/queue/statements.h"

namespace prism::postgres {

#define PRISM_QUEUE "$1::text::uuid"
#define PRISM_QUEUE_HANDOUT                                                                    \
  "SELECT id, payload, attributes, priority, enqueued_at, receives, delivery, rest, wake_ms, " \
  "ticket "

constexpr Statement kQueuePut("queue_put",
                              "SELECT number, duplicate FROM queue_put(" PRISM_QUEUE
                              ", $2::bytea, $3::bytea, $4::int8, $5::int8, $6::bytea, $7::int8, "
                              "$8::int8)");

constexpr Statement kQueueTake("queue_take",
                               PRISM_QUEUE_HANDOUT "FROM queue_take(" PRISM_QUEUE
                                                   ", $2::int8, $3::int8, $4::text, $5::int8)");

constexpr Statement kQueueServe("queue_serve",
                                PRISM_QUEUE_HANDOUT "FROM queue_serve(" PRISM_QUEUE
                                                    ", $2::int8, $3::int8, $4::text, $5::int8)");

constexpr Statement kQueuePeek("queue_peek",
                               PRISM_QUEUE_HANDOUT "FROM queue_peek(" PRISM_QUEUE ", $2::int8)");

constexpr Statement kQueueLeave("queue_leave", "SELECT queue_leave(" PRISM_QUEUE ", $2::int8)");

constexpr Statement kQueuePutBack("queue_put_back",
                                  "SELECT queue_put_back(" PRISM_QUEUE
                                  ", $2::int8, $3::bytea, $4::bytea, $5::int8, $6::int8, $7::int8, "
                                  "$8::int8, $9::int8, $10::text)");

constexpr Statement kQueueUntake("queue_untake",
                                 "SELECT queue_untake(" PRISM_QUEUE ", $2::int8, $3::int8)");

constexpr Statement kQueueScheduled("queue_scheduled", "SELECT queue_scheduled(" PRISM_QUEUE ")");

constexpr Statement kQueueAck(
    "queue_ack", "DELETE FROM queue_message WHERE id = $2::int8 AND queue = " PRISM_QUEUE
                 " AND state = 2 AND delivery = $3::int8 AND due > clock_timestamp() "
                 "RETURNING true");

constexpr Statement kQueueExtend("queue_extend", "SELECT queue_extend(" PRISM_QUEUE
                                                 ", $2::int8, $3::int8, $4::int8)");

constexpr Statement kQueueRelease("queue_release", "SELECT queue_release(" PRISM_QUEUE
                                                   ", $2::int8, $3::int8, $4::int8)");

constexpr Statement kQueueConfigure(
    "queue_configure",
    "INSERT INTO queue_config (queue, max_receives, target, target_name) VALUES (" PRISM_QUEUE
    ", $2::int8, $3::text::uuid, $4::bytea) ON CONFLICT (queue) DO UPDATE SET "
    "max_receives = EXCLUDED.max_receives, target = EXCLUDED.target, "
    "target_name = EXCLUDED.target_name");

constexpr Statement kQueueUnconfigure("queue_unconfigure",
                                      "DELETE FROM queue_config WHERE queue = " PRISM_QUEUE);

constexpr Statement kQueueDeadPage(
    "queue_dead_page",
    "SELECT max_receives, target, ready, behind, id, payload, attributes, priority, enqueued_at, "
    "receives, place, timed_out, source_receives, dead_at FROM queue_dead_page(" PRISM_QUEUE
    ", $2::int8, $3::int8)");

constexpr Statement kQueueRedrive("queue_redrive",
                                  "SELECT moved, more FROM queue_redrive(" PRISM_QUEUE
                                  ", $2::int8)");

constexpr Statement kQueueSweep("queue_sweep", "SELECT n FROM queue_sweep() AS n WHERE n > 0");

constexpr Statement kQueueSweepSeen(
    "queue_sweep_seen",
    "DELETE FROM queue_seen WHERE ctid = ANY(ARRAY(SELECT ctid FROM queue_seen "
    "WHERE until <= clock_timestamp() LIMIT 500 FOR UPDATE SKIP LOCKED))");

constexpr Statement kQueueSweepWaiters(
    "queue_sweep_waiters",
    "DELETE FROM queue_waiter WHERE ctid = ANY(ARRAY(SELECT ctid FROM queue_waiter "
    "WHERE until <= clock_timestamp() - interval '1 minute' LIMIT 500 FOR UPDATE SKIP LOCKED))");

#undef PRISM_QUEUE
#undef PRISM_QUEUE_HANDOUT

}  // namespace prism::postgres
