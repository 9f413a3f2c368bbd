#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/metrics.h"
#include "gateway/generation.h"
#include "interfaces/backend.h"
#include "loop/worker.h"

namespace prism {

class Binding;
class Snapshot;

// One method of one namespace on one worker: all that a call needs, found by one look-up.
struct BoundMethod {
  Snapshot* snapshot = nullptr;
  Binding* binding = nullptr;  // null for the gateway's own services
  const MethodInfo* method = nullptr;
  void* implementation = nullptr;
  MethodMetrics* metrics = nullptr;
};

// A namespace as one worker sees it.
class Binding {
 public:
  Binding(Snapshot& snapshot, const NamespaceShared& shared, std::unique_ptr<Backend> backend,
          MetricShard& metrics, unsigned workers);

  // Null when the namespace does not have the method's interface.
  BoundMethod* Find(const MethodInfo& method) {
    auto& row = RowOf(*method.interface);
    if (row && row[method.index].implementation) return &row[method.index];
    return Bind(method, row);
  }
  std::string_view name() const { return shared_.config.name; }
  const NamespaceShared& shared() const { return shared_; }
  LocalByteBudget& bytes() { return bytes_; }
  Backend& backend() { return *backend_; }

 private:
  using Row = std::unique_ptr<BoundMethod[]>;
  Row& RowOf(const InterfaceInfo& interface) {
    if (interface.index >= 0) return rows_[static_cast<size_t>(interface.index)];
    return unlisted_rows_[&interface];
  }
  BoundMethod* Bind(const MethodInfo& method, Row& row);

  Snapshot& snapshot_;
  const NamespaceShared& shared_;
  std::unique_ptr<Backend> backend_;
  MetricShard& metrics_;
  LocalByteBudget bytes_;
  // By the interface's index, then the method's; rows are made when first called.
  std::vector<Row> rows_;
  std::unordered_map<const InterfaceInfo*, Row> unlisted_rows_;  // of patterns' own interfaces
};

// One generation, bound on one worker. Counts the calls that began under it, without atomics, and
// deletes itself when it has been replaced and the last of them is gone.
class Snapshot {
 public:
  static Result<Snapshot*> Make(Worker& worker, std::shared_ptr<Generation> generation,
                                MetricShard& metrics, unsigned workers);

  Binding* Find(std::string_view name) {
    const auto found = bindings_.find(name);
    return found == bindings_.end() ? nullptr : found->second.get();
  }
  Generation& generation() { return *generation_; }
  LocalByteBudget& bytes() { return bytes_; }

  void Ref() { ++refs_; }
  void Unref() {
    if (--refs_ == 0) delete this;
  }

 private:
  Snapshot(std::shared_ptr<Generation> generation, unsigned workers);

  std::shared_ptr<Generation> generation_;
  LocalByteBudget bytes_;
  std::unordered_map<std::string_view, std::unique_ptr<Binding>> bindings_;
  uint64_t refs_ = 1;
};

}  // namespace prism
