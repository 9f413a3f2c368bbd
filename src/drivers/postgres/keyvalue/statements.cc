#include "drivers/postgres/keyvalue/statements.h"

namespace prism::postgres {

#define PRISM_KV_HERE "namespace = $1::text AND key = $2::bytea AND more = $3::bytea"
#define PRISM_KV_ALIVE "(expires_at IS NULL OR expires_at > clock_timestamp())"

constexpr Statement kKvSet(
    "kv_set",
    "INSERT INTO kv (namespace, key, more, value) "
    "VALUES ($1::text, $2::bytea, $3::bytea, $4::bytea) "
    "ON CONFLICT (namespace, key, digest) DO UPDATE SET value = EXCLUDED.value, expires_at = NULL");

constexpr Statement kKvGet("kv_get",
                           "SELECT value FROM kv WHERE " PRISM_KV_HERE " AND " PRISM_KV_ALIVE);

constexpr Statement kKvDelete("kv_delete",
                              "DELETE FROM kv WHERE " PRISM_KV_HERE " RETURNING " PRISM_KV_ALIVE);

constexpr Statement kKvExists("kv_exists",
                              "SELECT true FROM kv WHERE " PRISM_KV_HERE " AND " PRISM_KV_ALIVE);

constexpr Statement kKvExpire(
    "kv_expire",
    "UPDATE kv SET expires_at = clock_timestamp() + $4::int8 * interval '1 millisecond' "
    "WHERE " PRISM_KV_HERE " AND " PRISM_KV_ALIVE " RETURNING true");

constexpr Statement kKvTtl(
    "kv_ttl",
    "SELECT expires_at IS NOT NULL, "
    "greatest(ceil(extract(epoch FROM expires_at - clock_timestamp()) * 1000)::int8, 1) "
    "FROM kv WHERE " PRISM_KV_HERE " AND " PRISM_KV_ALIVE);

constexpr Statement kKvPersist(
    "kv_persist", "SELECT present, removed FROM kv_persist($1::text, $2::bytea, $3::bytea)");

constexpr Statement kKvSwap("kv_swap",
                            "SELECT swapped, actual "
                            "FROM kv_swap($1::text, $2::bytea, $3::bytea, $4::bytea, $5::bytea)");

// Values stay where they are until it is known that they fit in the page.
#define PRISM_KV_RANGE                                                  \
  "namespace = $1::text AND (key, more) >= ($2::bytea, $3::bytea) AND " \
  "(key, more) < ($4::bytea, $5::bytea) AND " PRISM_KV_ALIVE
#define PRISM_KV_PAGE(shown, size)                                                               \
  "SELECT key, more, " shown                                                                     \
  ", rows FROM (SELECT key, more, value, count(*) OVER () AS rows, "                             \
  "sum(" size                                                                                    \
  ") OVER places AS bytes, row_number() OVER places AS row FROM ("                               \
  "SELECT key, more, value FROM kv WHERE " PRISM_KV_RANGE                                        \
  " ORDER BY key, more LIMIT $6::int8) AS page WINDOW places AS (ORDER BY key, more)) AS sized " \
  "WHERE bytes <= $7::int8 OR row = 1 ORDER BY key, more"

constexpr Statement kKvPage("kv_page", PRISM_KV_PAGE("value",
                                                     "length(key) + length(more) + "
                                                     "length(value)"));

constexpr Statement kKvPageKeys("kv_page_keys",
                                PRISM_KV_PAGE("NULL::bytea", "length(key) + length(more)"));

constexpr Statement kKvCount("kv_count", "SELECT count(*) FROM kv WHERE " PRISM_KV_RANGE);

// In the order of keys, as everybody locks them: two batches never wait for each other.
constexpr Statement kKvBatchSet(
    "kv_batch_set",
    "INSERT INTO kv (namespace, key, more, value) "
    "SELECT $1::text, k, m, v FROM unnest($2::bytea[], $3::bytea[], $4::bytea[]) "
    "WITH ORDINALITY AS t(k, m, v, i) ORDER BY i "
    "ON CONFLICT (namespace, key, digest) DO UPDATE SET value = EXCLUDED.value, expires_at = NULL");

constexpr Statement kKvBatchGet(
    "kv_batch_get",
    "SELECT i, CASE WHEN total <= $4::int8 THEN value END, total FROM ("
    "SELECT i, value, (sum(length(value)) OVER ())::int8 AS total "
    "FROM unnest($2::bytea[], $3::bytea[]) WITH ORDINALITY AS t(k, m, i) "
    "JOIN kv ON kv.namespace = $1::text AND kv.key = t.k AND kv.more = t.m "
    "WHERE " PRISM_KV_ALIVE ") AS found");

constexpr Statement kKvBatchDelete(
    "kv_batch_delete",
    "WITH locked AS (SELECT i, kv.key, kv.digest "
    "FROM unnest($2::bytea[], $3::bytea[]) WITH ORDINALITY AS t(k, m, i) "
    "JOIN kv ON kv.namespace = $1::text AND kv.key = t.k AND kv.more = t.m "
    "ORDER BY t.k, t.m, i FOR UPDATE OF kv), "
    "gone AS (DELETE FROM kv USING "
    "(SELECT key, digest, min(i) AS i FROM locked GROUP BY key, digest) AS each "
    "WHERE kv.namespace = $1::text AND kv.key = each.key AND kv.digest = each.digest "
    "RETURNING each.i, " PRISM_KV_ALIVE " AS alive) SELECT i FROM gone WHERE alive");

constexpr Statement kKvCommit(
    "kv_commit",
    "SELECT kv_commit($1::text, $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[])");

constexpr Statement kKvSweep(
    "kv_sweep",
    "DELETE FROM kv WHERE ctid = ANY(ARRAY(SELECT ctid FROM kv "
    "WHERE expires_at <= clock_timestamp() LIMIT 500 FOR UPDATE SKIP LOCKED))");

#undef PRISM_KV_HERE
#undef PRISM_KV_ALIVE
#undef PRISM_KV_RANGE
#undef PRISM_KV_PAGE

}  // namespace prism::postgres
