#include "cli/registry_json.h"

#include <algorithm>
#include <boost/json.hpp>

namespace prism::cli {
namespace {

namespace json = boost::json;

json::string Text(std::string_view text) { return json::string(text.data(), text.size()); }

json::string_view NameOf(Permission permission) {
  switch (permission) {
    case Permission::kRead:
      return "read";
    case Permission::kWrite:
      return "write";
    case Permission::kAdmin:
      return "admin";
  }
  return "";
}

json::array Names(std::span<const InterfaceInfo* const> interfaces) {
  json::array names;
  for (const InterfaceInfo* info : interfaces) names.push_back(Text(info->name));
  return names;
}

json::array Texts(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::object Describe(const MethodInfo& method) {
  return {{"name", Text(method.name)},
          {"permission", NameOf(method.permission)},
          {"idempotent", method.idempotent},
          {"http", Text(std::string(method.http_verb) + " " + std::string(method.http_path))}};
}

json::object Describe(const InterfaceInfo& info) {
  json::array rpcs;
  for (const MethodInfo& method : info.methods) rpcs.push_back(Describe(method));
  return {{"interface", Text(info.name)},
          {"model", ModelOf(info)},
          {"service", Text(info.service)},
          {"rpcs", std::move(rpcs)},
          {"drivers", Texts(DriversWith(info))}};
}

json::object Describe(const Driver& driver) {
  return {{"driver", Text(driver.name)},
          {"summary", Text(driver.summary)},
          {"durability", Text(driver.durability)},
          {"interfaces", Names(driver.interfaces)}};
}

json::object Describe(const Slot& slot) {
  json::array recommended;
  for (const std::string_view name : slot.recommended) recommended.push_back(Text(name));
  return {{"slot", Text(slot.name)},
          {"description", Text(slot.description)},
          {"required_interfaces", Names(slot.required)},
          {"optional_interfaces", Names(slot.optional)},
          {"recommended_backends", std::move(recommended)},
          {"optional", slot.may_be_empty}};
}

json::object Describe(const Pattern& pattern) {
  json::array slots;
  for (const Slot& slot : pattern.slots) slots.push_back(Describe(slot));
  return {{"pattern", Text(pattern.name)},
          {"version", Text(pattern.version)},
          {"description", Text(pattern.description)},
          {"interfaces", Names(pattern.interfaces)},
          {"slots", std::move(slots)}};
}

json::array Describe(const std::vector<SlotCheck::Item>& items) {
  json::array array;
  for (const SlotCheck::Item& item : items) {
    array.push_back({{"interface", Text(item.interface->name)}, {"implemented", item.implemented}});
  }
  return array;
}

json::object Describe(const Validation::Namespace& name_space) {
  json::array slots;
  for (const SlotCheck& check : name_space.slots) {
    slots.push_back({{"slot", Text(check.slot->name)},
                     {"backend", check.backend},
                     {"driver", check.driver},
                     {"required", Describe(check.required)},
                     {"optional", Describe(check.optional)}});
  }
  return {{"name", name_space.name},
          {"backend", name_space.backend},
          {"pattern", name_space.pattern},
          {"slots", std::move(slots)}};
}

template <class T>
std::string ArrayOf(std::string_view key, std::span<const T* const> items) {
  json::array array;
  for (const T* item : items) array.push_back(Describe(*item));
  json::object object;
  object[json::string_view(key.data(), key.size())] = std::move(array);
  return json::serialize(object) + "\n";
}

}  // namespace

std::string ModelOf(const InterfaceInfo& info) {
  const std::string_view rest = info.service.substr(info.service.find('.') + 1);
  return std::string(rest.substr(0, rest.find('.')));
}

std::vector<std::string> DriversWith(const InterfaceInfo& info) {
  std::vector<std::string> names;
  for (const Driver& driver : Drivers()) {
    const bool has = std::ranges::find(driver.interfaces, &info) != driver.interfaces.end();
    if (has) names.emplace_back(driver.name);
  }
  return names;
}

std::string ToJson(std::span<const InterfaceInfo* const> interfaces) {
  return ArrayOf("interfaces", interfaces);
}
std::string ToJson(std::span<const Driver* const> drivers) { return ArrayOf("backends", drivers); }
std::string ToJson(std::span<const Pattern* const> patterns) {
  return ArrayOf("patterns", patterns);
}

std::string ToJson(const Validation& validation) {
  json::array namespaces;
  for (const auto& each : validation.namespaces) namespaces.push_back(Describe(each));
  json::array faults;
  for (const Fault& fault : validation.faults) {
    faults.push_back({{"line", fault.line},
                      {"column", fault.column},
                      {"message", fault.message},
                      {"hint", fault.hint}});
  }
  const json::object object = {{"file", validation.file},
                               {"valid", validation.faults.empty()},
                               {"namespaces", std::move(namespaces)},
                               {"faults", std::move(faults)}};
  return json::serialize(object) + "\n";
}

}  // namespace prism::cli
