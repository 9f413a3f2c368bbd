#include "drivers/redis/url.h"

#include <charconv>

namespace prism::redis {
namespace {

constexpr int64_t kMostDatabases = 16'384;

Status Faulty(const std::string& what) {
  return InvalidArgumentError("'url': " + what)
      .WithHint(
          "write redis://user:password@host:6379/0, rediss:// for TLS, or "
          "redis+unix:///path/of/the.sock");
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<std::string> PercentDecoded(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return Faulty("a '%' in user or password needs two hex digits");
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

Status ParseDatabase(std::string_view text, Url& url) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), url.database);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (whole && url.database >= 0 && url.database < kMostDatabases) return OkStatus();
  return Faulty("'" + std::string(text) + "' is no database number");
}

Status ParseUser(std::string_view text, Url& url) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return Faulty("the password stands behind a ':'");
  Result<std::string> username = PercentDecoded(text.substr(0, colon));
  Result<std::string> password = PercentDecoded(text.substr(colon + 1));
  if (!username.ok()) return std::move(username).status();
  if (!password.ok()) return std::move(password).status();
  url.username = *std::move(username);
  url.password = *std::move(password);
  return OkStatus();
}

Status ParseHosts(std::string_view text, Url& url) {
  while (true) {
    const size_t comma = text.find(',');
    std::string host(text.substr(0, comma));
    if (host.empty()) return Faulty("a host is empty");
    const bool has_port = host.rfind(':') != std::string::npos && host.back() != ']';
    url.addresses.push_back(has_port ? host : host + ":6379");
    if (comma == std::string_view::npos) return OkStatus();
    text.remove_prefix(comma + 1);
  }
}

// "/path?database=N"
Status ParseUnix(std::string_view text, Url& url) {
  const size_t query = text.find('?');
  url.addresses.push_back("unix:" + std::string(text.substr(0, query)));
  if (text.substr(0, query).size() < 2) return Faulty("the path of the socket is missing");
  if (query == std::string_view::npos) return OkStatus();
  constexpr std::string_view kDatabase = "database=";
  text.remove_prefix(query + 1);
  if (!text.starts_with(kDatabase)) return Faulty("only '?database=N' may follow the path");
  return ParseDatabase(text.substr(kDatabase.size()), url);
}

}  // namespace

Result<Url> ParseUrl(std::string_view text) {
  Url url;
  const size_t scheme_end = text.find("://");
  const std::string_view scheme = text.substr(0, scheme_end);
  url.tls = scheme.starts_with("rediss");
  const bool is_unix = scheme.ends_with("+unix");
  const std::string_view base = is_unix ? scheme.substr(0, scheme.size() - 5) : scheme;
  if (scheme_end == std::string_view::npos || (base != "redis" && base != "rediss")) {
    return Faulty("it begins with neither redis:// nor rediss://");
  }
  text.remove_prefix(scheme_end + 3);
  if (const size_t at = text.rfind('@'); at != std::string_view::npos) {
    PRISM_RETURN_IF_ERROR(ParseUser(text.substr(0, at), url));
    text.remove_prefix(at + 1);
  }
  if (is_unix) {
    PRISM_RETURN_IF_ERROR(ParseUnix(text, url));
    return url;
  }
  const size_t slash = text.find('/');
  PRISM_RETURN_IF_ERROR(ParseHosts(text.substr(0, slash), url));
  if (slash != std::string_view::npos && slash + 1 < text.size()) {
    PRISM_RETURN_IF_ERROR(ParseDatabase(text.substr(slash + 1), url));
  }
  return url;
}

}  // namespace prism::redis
