#include "drivers/postgres/dial.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <algorithm>
#include <sstream>
#include <thread>
#include <vector>

namespace prism::postgres {
namespace {

// Readiness of a socket, for no longer than until a deadline.
class TimedWatch {
 public:
  TimedWatch(Worker& worker, int fd, TimePoint deadline) : watch_(worker, fd) {
    timer_.Arm(deadline);
  }
  FdWatch::Awaiter Readable() { return watch_.Readable(); }
  FdWatch::Awaiter Writable() { return watch_.Writable(); }
  bool expired() const { return expired_; }

 private:
  void Expire() {
    expired_ = true;
    watch_.Wake();
  }

  FdWatch watch_;
  bool expired_ = false;
  Timer timer_{[](void* self) { static_cast<TimedWatch*>(self)->Expire(); }, this};
};

std::vector<std::string> SplitList(const std::string& list) {
  std::vector<std::string> parts;
  std::istringstream in(list);
  for (std::string part; std::getline(in, part, ',');) parts.push_back(part);
  return parts;
}

bool IsName(const std::string& host) {
  in6_addr ignored;
  return !host.empty() && host[0] != '/' && host[0] != '@' &&
         inet_pton(AF_INET, host.c_str(), &ignored) != 1 &&
         inet_pton(AF_INET6, host.c_str(), &ignored) != 1;
}

Result<std::string> ResolveHost(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0) {
    return UnavailableError("cannot resolve '" + host + "': " + gai_strerror(error))
        .WithRetryable();
  }
  char text[NI_MAXHOST] = "";
  getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof(text), nullptr, 0, NI_NUMERICHOST);
  freeaddrinfo(found);
  return std::string(text);
}

// The addresses of a list of hosts, as libpq wants them: an empty one where the host is none.
Result<std::string> ResolveAll(const std::vector<std::string>& hosts) {
  std::string addresses;
  for (size_t i = 0; i < hosts.size(); ++i) {
    if (i > 0) addresses += ',';
    if (!IsName(hosts[i])) continue;
    Result<std::string> address = ResolveHost(hosts[i]);
    if (!address.ok()) return std::move(address).status();
    addresses += *address;
  }
  return addresses;
}

// getaddrinfo blocks, so names are looked up on a thread of their own.
Task<Result<std::string>> ResolveElsewhere(Worker& worker, std::vector<std::string> hosts) {
  struct Lookup {
    Event done;
    Result<std::string> addresses = std::string();
  };
  const auto lookup = std::make_shared<Lookup>();
  std::thread([lookup, hosts = std::move(hosts), &worker] {
    Result<std::string> addresses = ResolveAll(hosts);
    worker.Post([lookup, addresses = std::move(addresses)] {
      lookup->addresses = addresses;
      lookup->done.Set();
    });
  }).detach();
  (void)co_await lookup->done.Wait();
  co_return lookup->addresses;
}

Handle StartConnecting(const std::map<std::string, std::string>& settings) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : settings) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  return Handle(PQconnectStartParams(keywords.data(), values.data(), 0));
}

std::string OneLine(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (char& each : text) each = each == '\n' ? ' ' : each;
  return text;
}

// In libpq 15 the reason of a failed connection is text only.
Status Refused(PGconn* connection) {
  const std::string text = OneLine(PQerrorMessage(connection));
  Status status = UnavailableError("Postgres: " + text).WithRetryable();
  if (PQconnectionNeedsPassword(connection) || PQconnectionUsedPassword(connection)) {
    return std::move(status).WithHint("see user and password in the backend's url");
  }
  if (text.find("too many") != std::string::npos || text.find("slots") != std::string::npos) {
    return std::move(status).WithHint(
        "the server is out of connections: raise its max_connections or lower the backend's");
  }
  return std::move(status).WithHint("see the backend's url, and whether the server runs");
}

bool NeedsNames(const std::map<std::string, std::string>& settings) {
  const auto host = settings.find("host");
  if (host == settings.end() || settings.contains("hostaddr")) return false;
  const std::vector<std::string> hosts = SplitList(host->second);
  return std::any_of(hosts.begin(), hosts.end(), IsName);
}

}  // namespace

Task<Result<Handle>> Dial(Worker& worker, const Options& options, TimePoint deadline) {
  std::map<std::string, std::string> settings = options.connection;
  if (NeedsNames(settings)) {
    std::vector<std::string> hosts = SplitList(settings["host"]);
    Result<std::string> addresses = co_await ResolveElsewhere(worker, std::move(hosts));
    if (!addresses.ok()) co_return std::move(addresses).status();
    settings["hostaddr"] = *addresses;
  }
  Handle connection = StartConnecting(settings);
  if (!connection) co_return UnavailableError("out of memory");
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  PostgresPollingStatusType wants = PGRES_POLLING_WRITING;
  if (PQstatus(connection.get()) == CONNECTION_BAD) wants = PGRES_POLLING_FAILED;
  while (wants != PGRES_POLLING_OK) {
    if (wants == PGRES_POLLING_FAILED) co_return Refused(connection.get());
    bool expired = false;
    {
      TimedWatch watch(worker, PQsocket(connection.get()), deadline);
      if (wants == PGRES_POLLING_WRITING) {
        co_await watch.Writable();
      } else {
        co_await watch.Readable();
      }
      expired = watch.expired();
    }
    if (expired) co_return UnavailableError("Postgres: connecting timed out").WithRetryable();
    wants = PQconnectPoll(connection.get());
  }
  co_return std::move(connection);
}

Task<Result<Rows>> Query(Worker& worker, PGconn* connection, std::string sql, TimePoint deadline) {
  if (PQsendQuery(connection, sql.c_str()) == 0) co_return Refused(connection);
  TimedWatch watch(worker, PQsocket(connection), deadline);
  int left = PQflush(connection);
  while (left > 0) {
    co_await watch.Writable();
    if (watch.expired()) co_return UnavailableError("Postgres has not taken all in time");
    if (PQconsumeInput(connection) == 0) co_return Refused(connection);
    left = PQflush(connection);
  }
  if (left < 0) co_return Refused(connection);
  Rows last;
  while (true) {
    while (PQisBusy(connection)) {
      co_await watch.Readable();
      if (watch.expired()) co_return UnavailableError("Postgres has not answered in time");
      if (PQconsumeInput(connection) == 0) co_return Refused(connection);
    }
    PGresult* const result = PQgetResult(connection);
    if (!result) break;
    const bool failed = last.get() && !last.status().ok();
    Rows rows(result);
    if (!failed) last = std::move(rows);
  }
  PRISM_CO_RETURN_IF_ERROR(last.status());
  co_return std::move(last);
}

}  // namespace prism::postgres
