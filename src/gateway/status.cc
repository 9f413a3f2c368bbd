#include "gateway/status.h"

// The one place where Boost.JSON itself is compiled.
#include <boost/json/src.hpp>
#include <limits>
#include <utility>

namespace prism {
namespace {

namespace json = boost::json;

json::value ToValue(const GatewayStatus::Config& config) {
  return {{"file", config.file},
          {"loaded_at", config.loaded_at},
          {"generation", config.generation},
          {"last_error", config.last_error}};
}

json::value ToValue(const GatewayStatus::Slot& slot) {
  return {{"slot", slot.slot}, {"backend", slot.backend}};
}
json::value ToValue(const std::string& text) { return json::string(text); }
json::value ToValue(const GatewayStatus::Namespace& space);
json::value ToValue(const GatewayStatus::Backend& backend);

template <class T>
json::array ToArray(const std::vector<T>& items) {
  json::array array;
  for (const T& item : items) array.push_back(ToValue(item));
  return array;
}

json::value ToValue(const GatewayStatus::Namespace& space) {
  return {{"name", space.name},
          {"backend", space.backend},
          {"driver", space.driver},
          {"pattern", space.pattern},
          {"slots", ToArray(space.slots)},
          {"interfaces", ToArray(space.interfaces)},
          {"requests", space.requests},
          {"errors", space.errors}};
}

json::value ToValue(const GatewayStatus::Backend& backend) {
  return {{"name", backend.name},
          {"driver", backend.driver},
          {"healthy", backend.healthy},
          {"reason", backend.reason},
          {"durability", backend.durability}};
}

// Reading takes what has the right type and passes over the rest.
void Read(const json::value& value, std::string& out) {
  if (const json::string* text = value.if_string()) out.assign(text->data(), text->size());
}

void Read(const json::value& value, bool& out) {
  if (const bool* flag = value.if_bool()) out = *flag;
}

template <std::unsigned_integral T>
requires(!std::same_as<T, bool>) void Read(const json::value& value, T& out) {
  boost::system::error_code error;
  const T number = value.to_number<T>(error);
  if (!error) out = number;
}

void Read(const json::value& value, GatewayStatus::Config& config);
void Read(const json::value& value, GatewayStatus::Slot& slot);
void Read(const json::value& value, GatewayStatus::Namespace& space);
void Read(const json::value& value, GatewayStatus::Backend& backend);
template <class T>
void Read(const json::value& value, std::vector<T>& out);

template <class T>
void ReadField(const json::object& object, json::string_view name, T& out) {
  if (const json::value* value = object.if_contains(name)) Read(*value, out);
}

void Read(const json::value& value, GatewayStatus::Config& config) {
  const json::object* object = value.if_object();
  if (!object) return;
  ReadField(*object, "file", config.file);
  ReadField(*object, "loaded_at", config.loaded_at);
  ReadField(*object, "generation", config.generation);
  ReadField(*object, "last_error", config.last_error);
}

void Read(const json::value& value, GatewayStatus::Slot& slot) {
  const json::object* object = value.if_object();
  if (!object) return;
  ReadField(*object, "slot", slot.slot);
  ReadField(*object, "backend", slot.backend);
}

void Read(const json::value& value, GatewayStatus::Namespace& space) {
  const json::object* object = value.if_object();
  if (!object) return;
  ReadField(*object, "name", space.name);
  ReadField(*object, "backend", space.backend);
  ReadField(*object, "driver", space.driver);
  ReadField(*object, "pattern", space.pattern);
  ReadField(*object, "slots", space.slots);
  ReadField(*object, "interfaces", space.interfaces);
  ReadField(*object, "requests", space.requests);
  ReadField(*object, "errors", space.errors);
}

void Read(const json::value& value, GatewayStatus::Backend& backend) {
  const json::object* object = value.if_object();
  if (!object) return;
  ReadField(*object, "name", backend.name);
  ReadField(*object, "driver", backend.driver);
  ReadField(*object, "healthy", backend.healthy);
  ReadField(*object, "reason", backend.reason);
  ReadField(*object, "durability", backend.durability);
}

template <class T>
void Read(const json::value& value, std::vector<T>& out) {
  const json::array* array = value.if_array();
  if (!array) return;
  for (const json::value& item : *array) Read(item, out.emplace_back());
}

}  // namespace

std::string ToJson(const GatewayStatus& status) {
  const json::value value = {{"version", status.version},
                             {"started_at", status.started_at},
                             {"uptime_seconds", status.uptime_seconds},
                             {"ready", status.ready},
                             {"draining", status.draining},
                             {"config", ToValue(status.config)},
                             {"workers", status.workers},
                             {"connections", status.connections},
                             {"calls_in_flight", status.calls_in_flight},
                             {"namespaces", ToArray(status.namespaces)},
                             {"backends", ToArray(status.backends)}};
  return json::serialize(value);
}

Result<GatewayStatus> ParseGatewayStatus(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse({text.data(), text.size()}, error);
  if (error) return InvalidArgumentError("no JSON: " + error.message());
  const json::object* object = value.if_object();
  if (!object || !object->contains("version")) {
    return InvalidArgumentError("not the status of a gateway");
  }
  GatewayStatus status;
  ReadField(*object, "version", status.version);
  ReadField(*object, "started_at", status.started_at);
  ReadField(*object, "uptime_seconds", status.uptime_seconds);
  ReadField(*object, "ready", status.ready);
  ReadField(*object, "draining", status.draining);
  ReadField(*object, "config", status.config);
  ReadField(*object, "workers", status.workers);
  ReadField(*object, "connections", status.connections);
  ReadField(*object, "calls_in_flight", status.calls_in_flight);
  ReadField(*object, "namespaces", status.namespaces);
  ReadField(*object, "backends", status.backends);
  return status;
}

}  // namespace prism
