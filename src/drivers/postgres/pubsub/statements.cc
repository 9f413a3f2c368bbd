#include "drivers/postgres/pubsub/statements.h"

namespace prism::postgres {

constexpr Statement kPubSubNotifyLarge(
    "pubsub_notify_large",
    "SELECT pubsub_notify_large($1::text, $2::bigint, $3::text, $4::text, $5::bytea)");

constexpr Statement kPubSubFetch(
    "pubsub_fetch",
    "SELECT message FROM pubsub_large WHERE namespace = $1::text AND id = $2::bigint");

constexpr Statement kPubSubSweep(
    "pubsub_sweep",
    "DELETE FROM pubsub_large WHERE ctid = ANY(ARRAY(SELECT ctid FROM pubsub_large "
    "WHERE sent_at < clock_timestamp() - interval '1 minute' LIMIT 500 FOR UPDATE SKIP LOCKED))");

}  // namespace prism::postgres
