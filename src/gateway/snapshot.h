#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/metrics.h"
#include "drivers/backend.h"
#include "gateway/generation.h"
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
  BoundMethod* Find(const MethodInfo& method);
  std::string_view name() const { return shared_.config.name; }
  const NamespaceShared& shared() const { return shared_; }
  LocalByteBudget& bytes() { return bytes_; }
  Backend& backend() { return *backend_; }

 private:
  BoundMethod* Bind(const MethodInfo& method);

  Snapshot& snapshot_;
  const NamespaceShared& shared_;
  std::unique_ptr<Backend> backend_;
  MetricShard& metrics_;
  LocalByteBudget bytes_;
  // By the interface's index, then the method's; rows are made when first called.
  std::vector<std::unique_ptr<BoundMethod[]>> rows_;
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
