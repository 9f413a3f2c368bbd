#include "drivers/postgres/pubsub/schema.h"

namespace prism::postgres {

// Transactions that notify commit one after the other. So nothing is notified that nobody hears,
// which is who holds the channel's advisory lock, shared; and commits do not wait for the disk:
// who would hear is cut off with a server that dies.
//
// A notification has less than 8000 bytes. Larger messages stay in a table for as long as who hears
// of them may take to fetch them. What a crash leaves of it is of no use to anybody.
const std::string_view kPubSubSchema = R"sql(
CREATE UNLOGGED TABLE pubsub_large (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  namespace text COLLATE "C" NOT NULL,
  message bytea NOT NULL,
  sent_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE pubsub_large ALTER COLUMN message SET STORAGE EXTERNAL;
CREATE INDEX pubsub_large_sent ON pubsub_large (sent_at);

-- Whether somebody may hear it.
CREATE FUNCTION pubsub_notify(channel text, lock bigint, payload text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  IF pg_try_advisory_xact_lock(lock) THEN RETURN false; END IF;
  PERFORM set_config('synchronous_commit', 'off', true), pg_notify(channel, payload);
  RETURN true;
END $$;

CREATE FUNCTION pubsub_notify_large(channel text, lock bigint, payload text, space text,
                                    content bytea) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  number bigint;
BEGIN
  IF pg_try_advisory_xact_lock(lock) THEN RETURN false; END IF;
  INSERT INTO pubsub_large (namespace, message) VALUES (space, content) RETURNING id INTO number;
  PERFORM set_config('synchronous_commit', 'off', true), pg_notify(channel, payload || number);
  RETURN true;
END $$;
)sql";

}  // namespace prism::postgres
