#include "gateway/snapshot.h"

#include "interfaces/all.h"
#include "patterns/registry.h"

namespace prism {

Binding::Binding(Snapshot& snapshot, const NamespaceShared& shared,
                 std::unique_ptr<Backend> backend, MetricShard& metrics, unsigned workers)
    : snapshot_(snapshot),
      shared_(shared),
      backend_(std::move(backend)),
      metrics_(metrics),
      bytes_(shared.account->bytes, workers),
      rows_(AllInterfaces().size()) {}

BoundMethod* Binding::Bind(const MethodInfo& method, Row& row) {
  const InterfaceInfo& interface = *method.interface;
  void* implementation = backend_->Find(interface);
  if (!implementation) return nullptr;
  if (!row) row = std::make_unique<BoundMethod[]>(interface.methods.size());
  BoundMethod& bound = row[method.index];
  const std::string label = std::string(interface.name) + "." + std::string(method.name);
  bound = {.snapshot = &snapshot_,
           .binding = this,
           .method = &method,
           .implementation = implementation,
           .metrics = &metrics_.GetMethod(name(), label)};
  return &bound;
}

namespace {

// Slots of one namespace may lie in the same backend, so each is a namespace of its own there; no
// configured name has a slash.
Result<std::unique_ptr<Backend>> OpenPattern(Worker& worker, Generation& generation,
                                             const NamespaceConfig& config) {
  const Pattern& pattern = *FindPattern(config.pattern);
  SlotBackends slots(pattern.slots.size());
  for (const SlotConfig& filled : config.slots) {
    const auto place = pattern.FindSlot(filled.slot) - pattern.slots.data();
    Result<std::unique_ptr<Backend>> backend =
        generation.backend(filled.backend).OpenOn(worker, config.name + "/" + filled.slot);
    if (!backend.ok()) return std::move(backend).status();
    slots[static_cast<size_t>(place)] = *std::move(backend);
  }
  return pattern.open(std::move(slots));
}

Result<std::unique_ptr<Backend>> Open(Worker& worker, Generation& generation,
                                      const NamespaceConfig& config) {
  if (!config.pattern.empty()) return OpenPattern(worker, generation, config);
  return generation.backend(config.backend).OpenOn(worker, config.name);
}

}  // namespace

Snapshot::Snapshot(std::shared_ptr<Generation> generation, unsigned workers)
    : generation_(std::move(generation)), bytes_(generation_->account().bytes, workers) {}

Result<Snapshot*> Snapshot::Make(Worker& worker, std::shared_ptr<Generation> generation,
                                 MetricShard& metrics, unsigned workers) {
  std::unique_ptr<Snapshot> snapshot(new Snapshot(std::move(generation), workers));
  Generation& loaded = *snapshot->generation_;
  for (size_t i = 0; i < loaded.config().namespaces.size(); ++i) {
    const NamespaceShared& shared = loaded.name_space(i);
    Result<std::unique_ptr<Backend>> backend = Open(worker, loaded, shared.config);
    if (!backend.ok()) return std::move(backend).status();
    snapshot->bindings_[shared.config.name] =
        std::make_unique<Binding>(*snapshot, shared, *std::move(backend), metrics, workers);
  }
  return snapshot.release();
}

}  // namespace prism
