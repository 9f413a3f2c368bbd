#include "drivers/redis/sentinel.h"

#include "drivers/redis/dial.h"

namespace prism::redis {
namespace {

using resp::Command;
using resp::Reply;

Task<Result<std::string>> AskSentinel(Worker& worker, const Options& options,
                                      std::string sentinel) {
  Options own = options;
  own.username.clear();
  own.password = options.sentinel_password;
  own.database = 0;
  DialRequest request{.address = sentinel, .push = nullptr};
  Result<std::unique_ptr<OpenConnection>> open = co_await Dial(worker, own, std::move(request));
  if (!open.ok()) co_return std::move(open).status();
  const Command ask("SENTINEL", "get-master-addr-by-name", options.sentinel_master);
  Cancellation never;
  const Result<Reply> reply = co_await (*open)->connection().Send(ask, never);
  if (!reply.ok()) co_return reply.status();
  if (reply->elements.size() == 2) {
    co_return reply->elements[0].text + ":" + reply->elements[1].text;
  }
  co_return UnavailableError("the sentinel " + sentinel + " knows no primary '" +
                             options.sentinel_master + "' " + reply->text)
      .WithHint("compare sentinel_master with the sentinel's configuration");
}

}  // namespace

Task<Result<std::string>> FindPrimary(Worker& worker, const Options& options) {
  Status failure = UnavailableError("no sentinel is configured");
  for (const std::string& sentinel : options.addresses) {
    Result<std::string> address = co_await AskSentinel(worker, options, sentinel);
    if (address.ok()) co_return address;
    failure = std::move(address).status();
  }
  co_return failure;
}

}  // namespace prism::redis
