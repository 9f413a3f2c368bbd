#include "drivers/postgres/notify.h"

#include <charconv>

namespace prism::postgres {

const std::string_view kNotifySchema = R"sql(
CREATE FUNCTION notify_heard(channel text, lock bigint, payload text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  IF pg_try_advisory_xact_lock(lock) THEN RETURN false; END IF;
  PERFORM set_config('synchronous_commit', 'off', true), pg_notify(channel, payload);
  RETURN true;
END $$;
)sql";

constexpr Statement kNotify("notify", "SELECT notify_heard($1::text, $2::bigint, $3::text)");

// Digits of a digest, which a channel's name has at its end; one less than would fit.
int64_t LockOf(std::string_view channel) {
  constexpr size_t kDigits = 15;
  const std::string_view digits = channel.substr(channel.size() - kDigits);
  int64_t lock = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), lock, 16);
  return lock;
}

}  // namespace prism::postgres
