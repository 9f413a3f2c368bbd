#include "drivers/postgres/options.h"

#include <fstream>

#include "drivers/postgres/libpq.h"

namespace prism::postgres {
namespace {

using std::chrono::milliseconds;

constexpr size_t kMaxSchemaBytes = 63;

// libpq's own message would repeat parts of the url, perhaps the password.
Status BadUrl() {
  return InvalidArgumentError(
             "'url' is neither postgres://user:password@host:port/database nor "
             "a list of keyword=value, as libpq knows them")
      .WithHint("percent-encode what is special in user and password");
}

Status ReadUrl(SettingsReader& reader, Options& options) {
  const std::string url = reader.String("url", "postgres://127.0.0.1:5432/prism");
  PQconninfoOption* const parsed = PQconninfoParse(url.c_str(), nullptr);
  if (!parsed) {
    return BadUrl();
  }
  for (const PQconninfoOption* each = parsed; each->keyword; ++each) {
    if (each->val) options.connection[each->keyword] = each->val;
  }
  PQconninfoFree(parsed);
  // A password that is not encoded ends up in these, and would be in every message.
  const bool odd = options.connection["host"].find('@', 1) != std::string::npos ||
                   options.connection["dbname"].find('@') != std::string::npos ||
                   options.connection["port"].find_first_not_of("0123456789,") != std::string::npos;
  for (const char* each : {"host", "dbname", "port"}) {
    if (options.connection[each].empty()) options.connection.erase(each);
  }
  return odd ? BadUrl() : OkStatus();
}

Status ReadPassword(SettingsReader& reader, Options& options) {
  const std::string path = reader.String("password_file", "");
  if (path.empty()) return OkStatus();
  if (options.connection.contains("password")) {
    return InvalidArgumentError("the password is given twice: in 'url' and in 'password_file'");
  }
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) {
    return InvalidArgumentError("cannot read a line from '" + path + "'");
  }
  options.connection["password"] = std::move(line);
  return OkStatus();
}

// A name that needs no quotes, so that it can be a part of statements.
Status ReadSchema(SettingsReader& reader, Options& options) {
  options.schema = reader.String("schema", "prism");
  const std::string& name = options.schema;
  const bool plain =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (!name.empty() && name.size() <= kMaxSchemaBytes && plain && !isdigit(name[0]) &&
      !name.starts_with("pg_")) {
    return OkStatus();
  }
  return InvalidArgumentError(
      "'schema' is up to 63 of a-z, 0-9 and '_', not beginning with a digit "
      "or pg_");
}

Status ReadLimits(SettingsReader& reader, Options& options) {
  options.max_connections = static_cast<size_t>(reader.Integer("max_connections", 4, 1, 1000));
  options.connect_timeout = milliseconds(reader.Integer("connect_timeout_ms", 5000, 10, 600'000));
  options.statement_timeout =
      milliseconds(reader.Integer("statement_timeout_ms", 30'000, 10, 600'000));
  options.response_timeout =
      milliseconds(reader.Integer("response_timeout_ms", 35'000, 10, 1'200'000));
  if (options.response_timeout > options.statement_timeout) return OkStatus();
  return InvalidArgumentError(
      "'response_timeout_ms' must exceed 'statement_timeout_ms': a server that works on a "
      "statement "
      "is silent, too");
}

// What the url may overrule.
void AddDefaults(Options& options) {
  const std::pair<const char*, const char*> defaults[] = {
      {"application_name", "prism"}, {"gssencmode", "disable"}, {"client_encoding", "UTF8"}};
  for (const auto& [keyword, value] : defaults) options.connection.try_emplace(keyword, value);
}

}  // namespace

Result<std::shared_ptr<const Options>> ReadOptions(const Settings& settings) {
  PRISM_RETURN_IF_ERROR(LoadLibpq());
  auto options = std::make_shared<Options>();
  options->backend = settings.backend;
  SettingsReader reader(settings);
  const Status url = ReadUrl(reader, *options);
  const Status password = ReadPassword(reader, *options);
  const Status schema = ReadSchema(reader, *options);
  const Status limits = ReadLimits(reader, *options);
  PRISM_RETURN_IF_ERROR(reader.Finish());
  for (const Status* status : {&url, &password, &schema, &limits}) {
    PRISM_RETURN_IF_ERROR(Status(*status));
  }
  AddDefaults(*options);
  return std::shared_ptr<const Options>(std::move(options));
}

}  // namespace prism::postgres
