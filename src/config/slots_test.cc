#include "config/slots.h"

#include <gtest/gtest.h>

#include "config/load.h"
#include "interfaces/keyvalue_basic.prism.h"
#include "interfaces/keyvalue_scan.prism.h"
#include "interfaces/keyvalue_ttl.prism.h"
#include "interfaces/pubsub_basic.prism.h"

namespace prism {
namespace {

constexpr const InterfaceInfo* kStore[] = {&KeyValueBasic::Info(), &KeyValueScan::Info(),
                                           &KeyValueTTL::Info(), &PubSubBasic::Info()};
constexpr const InterfaceInfo* kBus[] = {&PubSubBasic::Info()};

// A driver "store" that can do all but queues, and "bus", which needs a setting and has only
// pubsub.
DriverCatalog Drivers() {
  DriverCatalog drivers{{"store", "bus"}, nullptr, nullptr};
  drivers.check = [](std::string_view driver, const Settings& settings) -> Status {
    if (driver == "store" || !settings.values.empty()) return OkStatus();
    return InvalidArgumentError("'address' is missing");
  };
  drivers.interfaces = [](std::string_view driver) -> std::span<const InterfaceInfo* const> {
    if (driver == "bus") return kBus;
    return kStore;
  };
  return drivers;
}

LoadResult Parse(const std::string& text) {
  return ParseConfig("namespaces:\n" + text, "p.yaml", Drivers());
}

// Message and hint of each fault, a line each.
std::string FaultsOf(const std::string& text) {
  std::string all;
  for (const Fault& fault : Parse(text).faults) {
    all += std::to_string(fault.line) + ": " + fault.message + " | " + fault.hint + "\n";
  }
  return all;
}

TEST(Slots, AreReadInTheOrderOfThePattern) {
  const LoadResult result = Parse(R"(
  - name: iot
    pattern: multicast-registry
    slots:
      messaging: {backend: store}
      registry: {backend: store}
)");
  ASSERT_TRUE(result.ok()) << FormatFaults(result.faults);
  ASSERT_EQ(result.config.namespaces.size(), 1u);
  const NamespaceConfig& name_space = result.config.namespaces[0];
  EXPECT_EQ(name_space.pattern, "multicast-registry");
  ASSERT_EQ(name_space.slots.size(), 2u);
  EXPECT_EQ(name_space.slots[0].slot, "registry");
  EXPECT_EQ(result.config.FindBackend("store")->driver, "store");
  EXPECT_EQ(result.config.listeners[0].address, kDefaultListen);
}

TEST(Slots, MustBeFilledByWhatImplementsTheirInterfaces) {
  EXPECT_EQ(FaultsOf("  - {name: a, pattern: multicast-registry, slots: {messaging: "
                     "{backend: store}, registry: {backend: bus}}}\n"),
            "2: 'address' is missing | declare 'bus' under 'backends', with its settings\n"
            "2: backend 'bus' (driver 'bus') does not implement keyvalue_basic, keyvalue_scan, "
            "which slot 'registry' requires | drivers that fill it: store\n");
  EXPECT_EQ(FaultsOf("  - {name: a, pattern: multicast-registry, slots: {messaging: "
                     "{backend: store}}}\n"),
            "2: slot 'registry' of pattern 'multicast-registry' is not filled | drivers that fill "
            "it: store\n");
}

TEST(Slots, UnknownNamesAreToldWithTheNearest) {
  EXPECT_EQ(FaultsOf("  - {name: a, pattern: multicast-registri, slots: {}}\n"),
            "2: unknown pattern 'multicast-registri' | did you mean 'multicast-registry'? known "
            "patterns: multicast-registry\n");
  const std::string filled = "messaging: {backend: store}, registry: {backend: store}";
  EXPECT_EQ(FaultsOf("  - {name: a, pattern: multicast-registry, slots: {" + filled +
                     ", durabilty: {backend: store}}}\n"),
            "2: unknown key 'durabilty' in 'namespaces.slots' | did you mean 'durability'?\n");
  EXPECT_EQ(FaultsOf("  - {name: a, pattern: multicast-registry, slots: {messaging: "
                     "{backend: stor}, registry: {backend: store}}}\n"),
            "2: unknown backend 'stor' | did you mean 'store'? drivers that fill slot "
            "'messaging': store, bus\n");
}

TEST(Slots, BelongToAPattern) {
  EXPECT_EQ(FaultsOf("  - {name: a, backend: store, slots: {}}\n"),
            "2: 'slots' are those of a pattern, and none is named | add 'pattern', for example "
            "'pattern: multicast-registry'\n");
  EXPECT_EQ(FaultsOf("  - {name: a, backend: store, pattern: multicast-registry}\n"),
            "2: a namespace has either 'backend' or 'pattern', not both | in a pattern, backends "
            "go into its slots\n");
}

}  // namespace
}  // namespace prism
