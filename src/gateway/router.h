#pragma once

#include <array>
#include <memory>

#include "base/metrics.h"
#include "gateway/method_table.h"
#include "gateway/snapshot.h"
#include "wire/grpc/incoming_call.h"

namespace prism {

// The way of every call on one worker: path and namespace to a bound method, then the limits, then
// the implementation. All of it is synchronous until the implementation suspends.
class Router final : public grpc::CallHandler {
 public:
  Router(const MethodTable& methods, MetricShard& metrics);
  ~Router();

  // Whom calls of a system service reach.
  void SetSystemService(int place, void* implementation) { system_[place] = implementation; }
  // New calls are bound by `snapshot`, which is taken over.
  void SetSnapshot(Snapshot* snapshot);

  void OnCall(grpc::IncomingCall& call) override;
  void OnDone(grpc::IncomingCall& call) override;
  void OnGone(grpc::IncomingCall& call) override;

  uint64_t calls() const { return calls_; }

 private:
  Result<BoundMethod*> Bind(grpc::IncomingCall& call);
  Result<BoundMethod*> BindSystem(const Route& route);
  Status Admit(grpc::IncomingCall& call, BoundMethod& bound);
  Status AdmitConcurrent(const NamespaceShared& shared);
  static void ReleaseConcurrent(const NamespaceShared& shared);
  void Refuse(grpc::IncomingCall& call, Status status, MethodMetrics& metrics);

  static constexpr int kMaxSystemServices = 4;
  static constexpr uint64_t kMaxCalls = 100'000;  // on this worker; each costs about 2 KiB

  const MethodTable& methods_;
  MetricShard& metrics_;
  MethodMetrics& unrouted_;
  MethodMetrics* untagged_ = &unrouted_;  // where calls without a tag are counted
  Snapshot* snapshot_ = nullptr;
  std::array<void*, kMaxSystemServices> system_{};
  std::unordered_map<const MethodInfo*, std::unique_ptr<BoundMethod>> bound_system_;
  uint64_t calls_ = 0;
};

}  // namespace prism
