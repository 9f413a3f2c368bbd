#include "drivers/postgres/pubsub/schema.h"

namespace prism::postgres {

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
