#include "drivers/redis/dial.h"

#include <algorithm>

#include "drivers/redis/errors.h"

namespace prism::redis {
namespace {

using resp::Command;
using resp::Reply;

constexpr Duration kPingAfter = std::chrono::seconds(5);
constexpr Duration kForAsLongAsItTakes = std::chrono::hours(24 * 365);

Task<Result<std::unique_ptr<ByteStream>>> Reach(Worker& worker, const Options& options,
                                                const std::string& address, TimePoint deadline) {
  if (!options.tls) co_return co_await Connect(worker, address, deadline);
  const Result<Address> parsed = ParseAddress(address);
  if (!parsed.ok()) co_return parsed.status();
  co_return co_await ConnectTls(worker, options.tls, address, parsed->host, deadline);
}

Task<Status> Expect(resp::Connection& connection, const Command& command,
                    Cancellation& cancellation) {
  const Result<Reply> reply = co_await connection.Send(command, cancellation);
  if (!reply.ok()) co_return reply.status();
  co_return reply->is_error() ? FromError(*reply) : OkStatus();
}

Task<Status> LogIn(resp::Connection& connection, const Options& options,
                   Cancellation& cancellation) {
  if (!options.password.empty()) {
    const std::string user = options.username.empty() ? "default" : options.username;
    // Servers before 6 know passwords only.
    const Command auth = options.username.empty() ? Command("AUTH", options.password)
                                                  : Command("AUTH", user, options.password);
    PRISM_CO_RETURN_IF_ERROR(co_await Expect(connection, auth, cancellation));
  }
  // Clusters and sentinels know no SELECT.
  const Command first =
      options.database > 0 ? Command("SELECT", options.database) : Command("PING");
  co_return co_await Expect(connection, first, cancellation);
}

}  // namespace

OpenConnection::OpenConnection(Worker& worker, std::unique_ptr<ByteStream> bytes,
                               const Options& options, std::string address, bool may_block)
    : connection_(worker, std::move(bytes),
                  {.name = std::move(address),
                   .max_pending = options.max_pending,
                   .response_timeout = may_block ? kForAsLongAsItTakes : options.response_timeout,
                   .ping_after = may_block ? Duration::zero() : kPingAfter}),
      run_(connection_.Run()) {
  run_.Start([](void* self) { static_cast<OpenConnection*>(self)->ended_.Set(); }, this);
}

Task<Status> OpenConnection::Lost() {
  (void)co_await ended_.Wait();
  co_return run_.TakeValue();
}

Task<Result<std::unique_ptr<OpenConnection>>> Dial(Worker& worker, const Options& options,
                                                   DialRequest request) {
  const TimePoint deadline = std::min(Clock::now() + options.connect_timeout, request.deadline);
  Result<std::unique_ptr<ByteStream>> bytes =
      co_await Reach(worker, options, request.address, deadline);
  if (!bytes.ok()) co_return std::move(bytes).status();
  const bool subscribes = request.push != nullptr;
  auto open =
      std::make_unique<OpenConnection>(worker, *std::move(bytes), options,
                                       std::move(request.address), request.blocking || subscribes);
  Cancellation cancellation;
  Timer timer(
      [](void* self) {
        static_cast<Cancellation*>(self)->Cancel(
            UnavailableError("the server did not answer the login in time"));
      },
      &cancellation);
  timer.Arm(deadline);
  const Status logged_in = co_await LogIn(open->connection(), options, cancellation);
  if (!logged_in.ok()) co_return logged_in;
  if (subscribes) open->connection().SetPush(std::move(request.push));
  co_return open;
}

}  // namespace prism::redis
