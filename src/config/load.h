#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "config/config.h"
#include "config/fault.h"
#include "interfaces/interface_info.h"

namespace prism {

// What loading has to know of drivers.
struct DriverCatalog {
  std::vector<std::string> names;
  // Checks a backend's settings; the message of an error has one line per fault, as SettingsReader
  // writes it. Called for known drivers only.
  std::function<Status(std::string_view driver, const Settings& settings)> check;
  // What backends of a known driver can do; without it slots are not checked.
  std::function<std::span<const InterfaceInfo* const>(std::string_view driver)> interfaces =
      nullptr;
};

// `config` is usable if there are no faults.
struct LoadResult {
  Config config;
  std::vector<Fault> faults;
  bool ok() const { return faults.empty(); }
};

inline constexpr size_t kMaxConfigBytes = 4 << 20;

// Reads and checks a configuration, finding as many faults as there are. Never throws and never
// crashes, whatever the text. Paths in the file are relative to its folder.
LoadResult LoadConfig(const std::string& path, const DriverCatalog& drivers);
LoadResult ParseConfig(std::string_view text, const std::string& file,
                       const DriverCatalog& drivers);

}  // namespace prism
