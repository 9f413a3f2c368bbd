// Whatever the bytes are, reading them as a configuration ends in a config or in faults.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "config/load.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const prism::DriverCatalog drivers = {{"memstore"},
                                        [](std::string_view, const prism::Settings& settings) {
                                          prism::SettingsReader reader(settings);
                                          reader.Bytes("max_bytes", 1 << 20, 1, int64_t{1} << 40);
                                          return reader.Finish();
                                        }};
  const prism::LoadResult result = prism::ParseConfig(text, "fuzz.yaml", drivers);
  // A config without listeners or namespaces must not pass as a good one.
  if (result.ok() && (result.config.listeners.empty() || result.config.namespaces.empty())) {
    __builtin_trap();
  }
  prism::FormatFaults(result.faults);
  return 0;
}
