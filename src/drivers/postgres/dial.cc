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

using Addresses = std::vector<std::string>;

Result<Addresses> ResolveHost(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0) {
    return UnavailableError("cannot resolve '" + host + "': " + gai_strerror(error))
        .WithRetryable();
  }
  Addresses addresses;
  for (const addrinfo* each = found; each; each = each->ai_next) {
    char text[NI_MAXHOST] = "";
    getnameinfo(each->ai_addr, each->ai_addrlen, text, sizeof(text), nullptr, 0, NI_NUMERICHOST);
    addresses.emplace_back(text);
  }
  freeaddrinfo(found);
  return addresses;
}

// getaddrinfo blocks, so names are looked up on a thread of their own.
Task<Result<Addresses>> ResolveElsewhere(Worker& worker, std::string host) {
  struct Lookup {
    Event done;
    Result<Addresses> addresses = Addresses();
  };
  const auto lookup = std::make_shared<Lookup>();
  std::thread([lookup, host = std::move(host), &worker] {
    Result<Addresses> addresses = ResolveHost(host);
    worker.Post([lookup, addresses = std::move(addresses)] {
      lookup->addresses = addresses;
      lookup->done.Set();
    });
  }).detach();
  (void)co_await lookup->done.Wait();
  co_return lookup->addresses;
}

using Keywords = std::map<std::string, std::string>;

Handle StartConnecting(const Keywords& settings) {
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

Task<Result<Handle>> DialOne(Worker& worker, const Keywords& settings, TimePoint deadline) {
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

// The servers that the settings name, one for each host.
std::vector<Keywords> Servers(const Keywords& settings) {
  const auto host = settings.find("host");
  if (host == settings.end() || settings.contains("hostaddr")) return {settings};
  const std::vector<std::string> hosts = SplitList(host->second);
  const auto port = settings.find("port");
  const std::vector<std::string> ports =
      port == settings.end() ? std::vector<std::string>() : SplitList(port->second);
  std::vector<Keywords> servers;
  for (size_t i = 0; i < hosts.size(); ++i) {
    Keywords& server = servers.emplace_back(settings);
    server["host"] = hosts[i];
    if (ports.size() > 1 && i < ports.size()) server["port"] = ports[i];
  }
  return servers;
}

TimePoint ShareOf(TimePoint deadline, size_t left) {
  return Clock::now() + (deadline - Clock::now()) / static_cast<int64_t>(left);
}

}  // namespace

// libpq stays with a server that is silent for as long as it is polled, so each server, and each of
// its addresses, is tried by itself and has its share of the time.
Task<Result<Handle>> Dial(Worker& worker, const Options& options, TimePoint deadline) {
  Status failure = UnavailableError("Postgres: no host is given");
  std::vector<Keywords> servers = Servers(options.connection);
  for (size_t i = 0; i < servers.size(); ++i) {
    const TimePoint until = ShareOf(deadline, servers.size() - i);
    Addresses addresses;
    const auto host = servers[i].find("host");
    if (host != servers[i].end() && !servers[i].contains("hostaddr") && IsName(host->second)) {
      std::string name = host->second;
      Result<Addresses> found = co_await ResolveElsewhere(worker, std::move(name));
      if (!found.ok()) {
        failure = std::move(found).status();
        continue;
      }
      addresses = *std::move(found);
    }
    for (size_t k = 0; k < std::max<size_t>(addresses.size(), 1); ++k) {
      if (k < addresses.size()) servers[i]["hostaddr"] = addresses[k];
      const TimePoint end = ShareOf(until, std::max<size_t>(addresses.size(), 1) - k);
      Result<Handle> connection = co_await DialOne(worker, servers[i], end);
      if (connection.ok()) co_return std::move(connection);
      failure = std::move(connection).status();
    }
  }
  co_return failure;
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
