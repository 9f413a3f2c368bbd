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

// All channels share few locks, since the server's table of locks is small and everybody's. One
// that another channel's listeners hold costs no more than a notification that nobody hears.
int64_t LockOf(std::string_view channel) {
  constexpr int64_t kFirst = 0x707269736d000000;
  constexpr size_t kDigits = 3;  // of a digest, which a channel's name has at its end
  const std::string_view digits = channel.substr(channel.size() - kDigits);
  int64_t lock = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), lock, 16);
  return kFirst + lock;
}

}  // namespace prism::postgres
