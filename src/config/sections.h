#pragma once

#include "config/config.h"
#include "config/load.h"
#include "config/yaml.h"

namespace prism {

// One function per section of the file. Each fills its part of `config` and adds the faults it
// finds to `faults`.
void ReadListen(const YamlNode& node, Config& config, FaultList& faults);
void ReadAdmin(const YamlNode& node, Config& config, FaultList& faults);
void ReadTls(const YamlNode& node, Config& config, FaultList& faults);
void ReadLimits(const YamlNode& node, Config& config, FaultList& faults);
void ReadKeepalive(const YamlNode& node, Config& config, FaultList& faults);
void ReadLog(const YamlNode& node, Config& config, FaultList& faults);
// Namespaces come after backends, which they name.
void ReadBackends(const YamlNode& node, const DriverCatalog& drivers, Config& config,
                  FaultList& faults);
void ReadNamespaces(const YamlNode& node, const DriverCatalog& drivers, Config& config,
                    FaultList& faults);

// What is wrong with an address to listen on, as a message; empty if nothing.
std::string CheckListenAddress(const std::string& text);

}  // namespace prism
