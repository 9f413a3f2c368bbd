#include "cli/generate_command.h"

#include <string>

#include "cli/text.h"
#include "config/catalog.h"
#include "patterns/registry.h"

namespace prism::cli {
namespace {

std::string JoinNames(std::span<const InterfaceInfo* const> interfaces) {
  std::vector<std::string> names;
  for (const InterfaceInfo* info : interfaces) names.emplace_back(info->name);
  return Joined(names);
}

// The file, with what each slot requires as a comment; slots of an unknown pattern stay as given.
std::string Compose(const GenerateOptions& options) {
  const Pattern* pattern = FindPattern(options.pattern);
  std::string text = "listen: " + std::string(kDefaultListen) + "\nnamespaces:\n  - name: " +
                     (options.name_space.empty() ? options.pattern : options.name_space) +
                     "\n    pattern: " + options.pattern + "\n    slots:\n";
  for (const std::string& given : options.slots) {
    const size_t colon = given.find(':');
    const std::string name = given.substr(0, colon);
    const Slot* slot = pattern ? pattern->FindSlot(name) : nullptr;
    text += "      " + name + ":";
    if (slot) text += "  # requires " + JoinNames(slot->required);
    text += "\n        backend: " + given.substr(colon + 1) + "\n";
  }
  return text;
}

// A slot is "name:backend"; the characters are such that the text stays one scalar of YAML.
bool IsSlot(const std::string& text) {
  const size_t colon = text.find(':');
  constexpr char kAllowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:";
  return colon != std::string::npos && colon > 0 && colon + 1 < text.size() &&
         text.find(':', colon + 1) == std::string::npos &&
         text.find_first_not_of(kAllowed) == std::string::npos;
}

}  // namespace

int RunGenerate(const GenerateOptions& options, const Console& console) {
  for (const std::string& slot : options.slots) {
    if (IsSlot(slot)) continue;
    PrintError(console, Format::kText,
               InvalidArgumentError("'" + slot + "' is not of the form slot:backend")
                   .WithHint("for example --slot=registry:memstore"));
    return kExitUsage;
  }
  const std::string text = Compose(options);
  const LoadResult result = ParseConfig(text, "generated", CatalogOfDrivers());
  if (result.ok()) {
    console.out << text;
    return kExitOk;
  }
  for (const Fault& fault : result.faults) {
    console.err << "prism: " << Escape(fault.message, Escaping::kLines) << '\n';
    if (!fault.hint.empty()) console.err << "hint: " << fault.hint << '\n';
  }
  return kExitUsage;
}

}  // namespace prism::cli
