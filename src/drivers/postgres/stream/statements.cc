#include "drivers/postgres/stream/statements.h"

namespace prism::postgres {

#define PRISM_STREAM "namespace = $1::text AND digest = sha256($2::bytea)"
#define PRISM_STREAM_GROUP "$1::text, $2::bytea, $3::bytea"

constexpr Statement kStreamAppend(
    "stream_append",
    "SELECT first, heard FROM stream_append($1::text, $2::bytea, $3::bytea[], $4::bytea[], "
    "$5::bytea[], $6::int8[], $7::int8)");

constexpr Statement kStreamPage(
    "stream_page",
    "SELECT number, at_ms, key, attributes, payload FROM (SELECT r.*, row_number() OVER w AS i, "
    "sum(bytes) OVER w AS upto FROM stream_records AS r "
    "WHERE stream = (SELECT id FROM streams WHERE " PRISM_STREAM
    ") "
    "AND number >= greatest($3::int8, (SELECT oldest FROM streams WHERE " PRISM_STREAM
    ")) "
    "AND number < $4::int8 WINDOW w AS (ORDER BY number) ORDER BY number LIMIT $5::int8) AS page "
    "WHERE i = 1 OR upto <= 1048576 ORDER BY number");

constexpr Statement kStreamLatest("stream_latest",
                                  "SELECT records > 0, last FROM streams WHERE " PRISM_STREAM);

constexpr Statement kStreamBound(
    "stream_bound", "SELECT stream_bound($1::text, $2::bytea, $3::int8, $4::int8, $5::int8)");
constexpr Statement kStreamTrim("stream_trim", "SELECT stream_bound_more($1::text, $2::bytea)");
constexpr Statement kStreamBounds(
    "stream_bounds", "SELECT max_age_ms, max_bytes, max_records FROM streams WHERE " PRISM_STREAM);
constexpr Statement kStreamCompact(
    "stream_compact",
    "SELECT removed, next FROM stream_compact($1::text, $2::bytea, $3::int8, $4::int8)");
constexpr Statement kStreamDrop("stream_drop", "SELECT stream_drop($1::text, $2::bytea)");

constexpr Statement kStreamMakeGroup("stream_make_group",
                                     "SELECT stream_make_group(" PRISM_STREAM_GROUP
                                     ", $4::int8, $5::int8, $6::int8)");
constexpr Statement kStreamDropGroup("stream_drop_group",
                                     "SELECT stream_drop_group(" PRISM_STREAM_GROUP ")");
constexpr Statement kStreamJoin("stream_join",
                                "SELECT grp, who, wake FROM stream_join(" PRISM_STREAM_GROUP
                                ", $4::bytea, $5::int8, $6::int8, $7::int8)");
constexpr Statement kStreamRenew(
    "stream_renew",
    "UPDATE stream_members SET lease_until = clock_timestamp() + $2::int8 * interval "
    "'1 millisecond' WHERE lease_until IS NOT NULL AND id = ANY(ARRAY("
    "SELECT id FROM stream_members WHERE id = ANY($1::int8[]) FOR UPDATE SKIP LOCKED))");
constexpr Statement kStreamPart("stream_part", "SELECT stream_part($1::int8, $2::int8)");

#define PRISM_STREAM_DELIVERIES \
  "SELECT deliveries, number, at_ms, key, attributes, payload, joined, wake, "

constexpr Statement kStreamTake("stream_take", PRISM_STREAM_DELIVERIES
                                "wait_ms FROM stream_take($1::int8, $2::int8)");
constexpr Statement kStreamAck("stream_ack",
                               "SELECT acked, grp, wake FROM stream_ack(" PRISM_STREAM_GROUP
                               ", $4::int8[])");
constexpr Statement kStreamClaim("stream_claim", PRISM_STREAM_DELIVERIES
                                 "grp FROM stream_claim(" PRISM_STREAM_GROUP
                                 ", $4::bytea, $5::int8, $6::int8, $7::int8)");
constexpr Statement kStreamInfo(
    "stream_info",
    "SELECT grp, wake, pending, lag, delivered, member, joined, holds FROM "
    "stream_info(" PRISM_STREAM_GROUP ")");
constexpr Statement kStreamSeek("stream_seek",
                                "SELECT stream_seek(" PRISM_STREAM_GROUP ", $4::int8, $5::int8)");

constexpr Statement kStreamSweepOld("stream_sweep_old",
                                    "SELECT done FROM stream_trim_due() AS done WHERE done > 0");
constexpr Statement kStreamSweepGone("stream_sweep_gone",
                                     "SELECT done FROM stream_sweep() AS done WHERE done > 0");

#undef PRISM_STREAM
#undef PRISM_STREAM_GROUP
#undef PRISM_STREAM_DELIVERIES

}  // namespace prism::postgres
