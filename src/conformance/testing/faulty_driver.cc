// The registry of drivers of the faults test: it takes the place of drivers/registry.cc in that
// program, so the gateway under test opens the backends below and no others.

#include <algorithm>
#include <mutex>
#include <vector>

#include "conformance/testing/faults.h"
#include "drivers/memstore/driver.h"
#include "drivers/registry.h"
#include "interfaces/keyvalue_batch.prism.h"
#include "interfaces/keyvalue_cas.prism.h"

namespace prism {
namespace conformance::testing {
namespace {

const Fault* FindFault(std::string_view name) {
  for (const FaultGroup& group : AllFaults()) {
    for (const Fault& fault : group.faults) {
      if (fault.name == name) return &fault;
    }
  }
  return nullptr;
}

class FaultyBackend final : public Backend {
 public:
  FaultyBackend(std::unique_ptr<Backend> real, std::string_view fault)
      : real_(std::move(real)), missing_(fault == "missing") {
    if (const Fault* found = FindFault(fault)) part_ = found->make(*real_);
  }

  void* Find(const InterfaceInfo& info) override {
    if (missing_ && &info == &KeyValueBatch::Info()) return nullptr;
    void* fake = part_ ? part_->Find(info) : nullptr;
    return fake ? fake : real_->Find(info);
  }
  std::span<const InterfaceInfo* const> interfaces() const override { return real_->interfaces(); }

 private:
  const std::unique_ptr<Backend> real_;
  const bool missing_;
  std::unique_ptr<Part> part_;
};

class FaultyFactory final : public BackendFactory {
 public:
  FaultyFactory(std::unique_ptr<BackendFactory> real, std::string fault)
      : real_(std::move(real)), fault_(std::move(fault)) {}

  Result<std::unique_ptr<Backend>> OpenOn(Worker& worker, std::string_view name_space) override {
    Result<std::unique_ptr<Backend>> real =
        real_->OpenOn(worker, fault_ == "one_namespace" ? "the only one" : name_space);
    if (!real.ok()) return std::move(real).status();
    return std::unique_ptr<Backend>(std::make_unique<FaultyBackend>(*std::move(real), fault_));
  }

 private:
  const std::unique_ptr<BackendFactory> real_;
  const std::string fault_;
};

Result<std::unique_ptr<BackendFactory>> OpenFaulty(const Settings& settings) {
  Result<std::unique_ptr<BackendFactory>> real = memstore::Open(settings);
  if (!real.ok()) return std::move(real).status();
  return std::unique_ptr<BackendFactory>(
      std::make_unique<FaultyFactory>(*std::move(real), settings.backend));
}

std::vector<const InterfaceInfo*> AllBut(const InterfaceInfo& missing) {
  std::vector<const InterfaceInfo*> all(memstore::Interfaces().begin(),
                                        memstore::Interfaces().end());
  std::erase(all, &missing);
  return all;
}

}  // namespace

std::span<const FaultGroup> AllFaults() {
  static const FaultGroup kGroups[] = {
      {"Basic", BasicFaults()},
      {"Ttl", TtlFaults()},
      {"Cas", CasFaults()},
      {"Batch", BatchFaults()},
      {"Scan", ScanFaults()},
      {"Transactional", TransactionalFaults()},
      {"List", ListFaults()},
      {"SortedSet", SortedSetFaults()},
      {"SortedSetRange", SortedSetRangeFaults()},
      {"SortedSetOperation", SortedSetOperationFaults()},
      {"Queue", QueueFaults()},
      {"Receipt", ReceiptFaults()},
      {"Stream", StreamFaults()},
      {"PubSub", PubSubFaults()},
      {"PubSubKept", PubSubKeptFaults()},
      {"Object", ObjectFaults()},
      {"Set", SetFaults()},
      {"Document", DocumentFaults()},
      {"TimeSeries", TimeSeriesFaults()},
      {"DerivedSeries", DerivedSeriesFaults()},
      {"Graph", GraphFaults()},
      {"GraphEdge", GraphEdgeFaults()},
      {"GraphTraversal", GraphTraversalFaults()},
      {"GraphQuery", GraphQueryFaults()},
      {"GraphAnalytics", GraphAnalyticsFaults()},
  };
  return kGroups;
}

}  // namespace conformance::testing

std::span<const Driver> Drivers() {
  using namespace conformance::testing;  // NOLINT
  static const auto kAllButCas = AllBut(KeyValueCas::Info());
  static const auto kAllButBatch = AllBut(KeyValueBatch::Info());
  static const Driver kDrivers[] = {
      {kFaultyDriver, "breaks what its name says", memstore::Interfaces(), &OpenFaulty},
      {kOverservingDriver, "has keyvalue_cas and does not claim it", kAllButCas, &memstore::Open},
      {kPartialDriver, "neither has keyvalue_batch nor claims it", kAllButBatch, &OpenFaulty},
  };
  return kDrivers;
}

const Driver* FindDriver(std::string_view name) {
  for (const Driver& driver : Drivers()) {
    if (driver.name == name) return &driver;
  }
  return nullptr;
}

}  // namespace prism
