#include "cli/validate_command.h"

#include "cli/registry_json.h"
#include "cli/text.h"
#include "config/catalog.h"
#include "patterns/registry.h"

namespace prism::cli {
namespace {

using Colour = Console::Colour;

Validation Validate(const std::string& file) {
  const DriverCatalog drivers = CatalogOfDrivers();
  LoadResult loaded = LoadConfig(file, drivers);
  Validation validation{file, {}, std::move(loaded.faults)};
  for (const NamespaceConfig& each : loaded.config.namespaces) {
    Validation::Namespace& name_space = validation.namespaces.emplace_back(
        Validation::Namespace{each.name, each.backend, each.pattern, {}});
    const Pattern* pattern = FindPattern(each.pattern);
    if (!pattern) continue;
    for (const SlotConfig& slot : each.slots) {
      name_space.slots.push_back(
          CheckSlot(*pattern->FindSlot(slot.slot), slot.backend, loaded.config, drivers));
    }
  }
  return validation;
}

void WriteItem(const Console& console, const SlotCheck::Item& item, const std::string& driver) {
  const std::string name = std::string(item.interface->name) + " (" + driver +
                           (item.implemented ? " implements)" : " does not implement)");
  console.out << "      "
              << (item.implemented ? console.Paint(Colour::kGreen, "✓")
                                   : console.Paint(Colour::kRed, "✗"))
              << ' ' << name << '\n';
}

// Of the optional interfaces those that are there: the others are no fault.
void WriteSlot(const Console& console, const SlotCheck& check) {
  console.out << "  Slot: " << check.slot->name << '\n'
              << "    Backend: " << check.backend << '\n'
              << "    Required interfaces:\n";
  for (const SlotCheck::Item& item : check.required) WriteItem(console, item, check.driver);
  bool headed = false;
  for (const SlotCheck::Item& item : check.optional) {
    if (!item.implemented) continue;
    if (!headed) console.out << "    Optional interfaces:\n";
    headed = true;
    WriteItem(console, item, check.driver);
  }
}

void Write(const Console& console, const Validation& validation) {
  for (const Validation::Namespace& each : validation.namespaces) {
    console.out << "Validating namespace: " << each.name << '\n';
    if (const Pattern* pattern = FindPattern(each.pattern)) {
      console.out << "  Pattern: " << pattern->name << ' ' << pattern->version << '\n';
    } else if (!each.backend.empty()) {
      console.out << "  Backend: " << each.backend << '\n';
    }
    for (const SlotCheck& check : each.slots) WriteSlot(console, check);
    console.out << '\n';
  }
  if (validation.faults.empty()) {
    console.out << "✅ Configuration valid\n";
    return;
  }
  console.out.flush();
  console.err << Escape(FormatFaults(validation.faults), Escaping::kLines);
  console.err << "❌ Configuration invalid: " << validation.faults.size()
              << (validation.faults.size() == 1 ? " fault\n" : " faults\n");
}

}  // namespace

int RunValidate(const ValidateOptions& options, const Console& console) {
  const Validation validation = Validate(options.file);
  if (options.format == Format::kJson) {
    console.out << ToJson(validation);
  } else {
    Write(console, validation);
  }
  return validation.faults.empty() ? kExitOk : kExitUsage;
}

}  // namespace prism::cli
