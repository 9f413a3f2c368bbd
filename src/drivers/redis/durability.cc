#include "drivers/redis/durability.h"

#include <map>

namespace prism::redis {
namespace {

using Settings = std::map<std::string, std::string>;

std::string Explain(Settings settings) {
  if (settings["appendonly"] == "yes") {
    const std::string fsync = settings["appendfsync"];
    if (fsync == "always") return "appendfsync always: on the disk before it is acknowledged";
    if (fsync == "everysec") {
      return "appendfsync everysec: survives the server's death, a power failure may take the last "
             "second";
    }
    return "appendfsync " + fsync +
           ": survives the server's death; the kernel writes it to the "
           "disk when it likes";
  }
  if (!settings["save"].empty()) {
    return "snapshots only (save " + settings["save"] +
           "): what was written since the last one is lost when the server dies";
  }
  return "memory only: lost when the server ends";
}

}  // namespace

Task<std::string> AskDurability(resp::Connection& connection) {
  Settings settings;
  Cancellation never;
  for (const char* name : {"appendonly", "appendfsync", "save"}) {
    const resp::Command ask("CONFIG", "GET", name);
    const Result<resp::Reply> reply = co_await connection.Send(ask, never);
    if (!reply.ok() || reply->elements.size() != 2) {
      co_return "unknown: the server does not tell its settings (CONFIG GET)";
    }
    settings[reply->elements[0].text] = reply->elements[1].text;
  }
  co_return Explain(std::move(settings));
}

}  // namespace prism::redis
