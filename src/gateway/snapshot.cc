#include "gateway/snapshot.h"

#include "interfaces/all.h"

namespace prism {

Binding::Binding(Snapshot& snapshot, const NamespaceShared& shared,
                 std::unique_ptr<Backend> backend, MetricShard& metrics, unsigned workers)
    : snapshot_(snapshot),
      shared_(shared),
      backend_(std::move(backend)),
      metrics_(metrics),
      bytes_(shared.account->bytes, workers),
      rows_(AllInterfaces().size()) {}

BoundMethod* Binding::Find(const MethodInfo& method) {
  auto& row = rows_[static_cast<size_t>(method.interface->index)];
  if (row && row[method.index].implementation) return &row[method.index];
  return Bind(method);
}

BoundMethod* Binding::Bind(const MethodInfo& method) {
  const InterfaceInfo& interface = *method.interface;
  void* implementation = backend_->Find(interface);
  if (!implementation) return nullptr;
  auto& row = rows_[static_cast<size_t>(interface.index)];
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

Snapshot::Snapshot(std::shared_ptr<Generation> generation, unsigned workers)
    : generation_(std::move(generation)), bytes_(generation_->account().bytes, workers) {}

Result<Snapshot*> Snapshot::Make(Worker& worker, std::shared_ptr<Generation> generation,
                                 MetricShard& metrics, unsigned workers) {
  std::unique_ptr<Snapshot> snapshot(new Snapshot(std::move(generation), workers));
  Generation& loaded = *snapshot->generation_;
  for (size_t i = 0; i < loaded.config().namespaces.size(); ++i) {
    const NamespaceShared& shared = loaded.name_space(i);
    BackendFactory& factory = loaded.backend(shared.config.backend);
    Result<std::unique_ptr<Backend>> backend = factory.OpenOn(worker, shared.config.name);
    if (!backend.ok()) return std::move(backend).status();
    snapshot->bindings_[shared.config.name] =
        std::make_unique<Binding>(*snapshot, shared, *std::move(backend), metrics, workers);
  }
  return snapshot.release();
}

}  // namespace prism
