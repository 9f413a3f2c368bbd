#include "gateway/router.h"

#include <string>
#include <vector>

#include "drivers/registry.h"
#include "wire/grpc/metadata.h"

namespace prism {
namespace {

std::string Names(std::span<const InterfaceInfo* const> interfaces) {
  std::string names;
  for (const InterfaceInfo* info : interfaces) {
    if (!names.empty()) names += ", ";
    names += info->name;
  }
  return names;
}

Status UnknownMethod(std::string_view path) {
  return UnimplementedError("unknown method '" + std::string(path) + "'")
      .WithHint("server reflection lists the services and their methods");
}

Status NoNamespace() {
  return InvalidArgumentError("the call has no metadata 'prism-namespace'")
      .WithHint("it names the namespace that the call is for");
}

Status UnknownNamespace(std::string_view name) {
  return NotFoundError("no namespace '" + std::string(name) + "'")
      .WithHint("it must be listed under 'namespaces' in the gateway's configuration");
}

Status NoInterface(Binding& binding, const InterfaceInfo& info) {
  std::string drivers;
  for (const Driver& driver : Drivers()) {
    for (const InterfaceInfo* each : driver.interfaces) {
      if (each == &info) drivers += (drivers.empty() ? "" : ", ") + std::string(driver.name);
    }
  }
  const NamespaceConfig& config = binding.shared().config;
  const std::string bound = config.pattern.empty() ? "backend '" + config.backend + "'"
                                                   : "pattern '" + config.pattern + "'";
  return UnimplementedError("namespace '" + config.name + "' (" + bound +
                            ") does not have interface " + std::string(info.name))
      .WithHint("it has " + Names(binding.backend().interfaces()) + "; drivers with " +
                std::string(info.name) + ": " + (drivers.empty() ? "none" : drivers));
}

Status TooMany(std::string message, std::string option) {
  return ResourceExhaustedError(std::move(message))
      .WithRetryable()
      .WithHint("raise " + std::move(option));
}

}  // namespace

Router::Router(const MethodTable& methods, MetricShard& metrics)
    : methods_(methods), metrics_(metrics), unrouted_(metrics.GetMethod("", "unrouted")) {}

Router::~Router() {
  if (snapshot_) snapshot_->Unref();
}

void Router::SetSnapshot(Snapshot* snapshot) {
  if (snapshot_) snapshot_->Unref();
  snapshot_ = snapshot;
}

Result<BoundMethod*> Router::BindSystem(const Route& route) {
  std::unique_ptr<BoundMethod>& bound = bound_system_[route.method];
  if (!bound) {
    const std::string label =
        std::string(route.method->interface->service) + "." + std::string(route.method->name);
    bound = std::make_unique<BoundMethod>();
    bound->method = route.method;
    bound->implementation = system_[route.system_service];
    bound->metrics = &metrics_.GetMethod("", label);
  }
  return bound.get();
}

Result<BoundMethod*> Router::Bind(grpc::IncomingCall& call) {
  const Route* route = methods_.Find(call.path());
  if (!route) return UnknownMethod(call.path());
  if (route->system) return BindSystem(*route);
  const std::string_view name = call.context().name_space;
  if (name.empty()) return NoNamespace();
  Binding* binding = snapshot_->Find(name);
  if (!binding) return UnknownNamespace(name);
  BoundMethod* bound = binding->Find(*route->method);
  if (!bound) return NoInterface(*binding, *route->method->interface);
  return bound;
}

Status Router::AdmitConcurrent(const NamespaceShared& shared) {
  const uint64_t limit = shared.config.limits.concurrent_requests;
  if (limit == 0) return OkStatus();
  if (shared.account->calls.fetch_add(1, std::memory_order_relaxed) < limit) return OkStatus();
  shared.account->calls.fetch_sub(1, std::memory_order_relaxed);
  return TooMany("namespace '" + shared.config.name + "' is at its limit of " +
                     std::to_string(limit) + " concurrent requests",
                 "limits.concurrent_requests of the namespace");
}

void Router::ReleaseConcurrent(const NamespaceShared& shared) {
  if (shared.config.limits.concurrent_requests == 0) return;
  shared.account->calls.fetch_sub(1, std::memory_order_relaxed);
}

Status Router::Admit(grpc::IncomingCall& call, BoundMethod& bound) {
  if (calls_ >= kMaxCalls) {
    return ResourceExhaustedError("the worker is at its limit of " + std::to_string(kMaxCalls) +
                                  " calls")
        .WithRetryable();
  }
  if (!bound.binding) return OkStatus();
  const NamespaceShared& shared = bound.binding->shared();
  if (!snapshot_->generation().account().rate.TryTake(call.started())) {
    return TooMany("the gateway is at its request rate", "limits.requests_per_second");
  }
  if (!shared.account->rate.TryTake(call.started())) {
    return TooMany("namespace '" + shared.config.name + "' is at its limit of " +
                       std::to_string(shared.config.limits.requests_per_second) +
                       " requests a second",
                   "limits.requests_per_second of the namespace");
  }
  return AdmitConcurrent(shared);
}

// OnDone runs inside Finish and books the refusal on the method, although it never began.
void Router::Refuse(grpc::IncomingCall& call, Status status, MethodMetrics& metrics) {
  untagged_ = &metrics;
  call.Finish(std::move(status));
  untagged_ = &unrouted_;
}

void Router::OnCall(grpc::IncomingCall& call) {
  Result<BoundMethod*> found = Bind(call);
  if (!found.ok()) return call.Finish(std::move(found).status());
  BoundMethod& bound = **found;
  Status admitted = Admit(call, bound);
  if (!admitted.ok()) return Refuse(call, std::move(admitted), *bound.metrics);
  if (bound.binding && !call.ChargeTo(&bound.snapshot->bytes(), &bound.binding->bytes())) {
    ReleaseConcurrent(bound.binding->shared());
    return Refuse(call,
                  TooMany("too many bytes in flight",
                          "limits.in_flight_bytes, of the gateway or the namespace"),
                  *bound.metrics);
  }
  call.tag = &bound;
  ++calls_;
  bound.metrics->Begin();
  if (bound.binding) bound.snapshot->Ref();
  Task<Status> task = bound.method->serve(bound.implementation, call);
  const MethodInfo::Kind kind = bound.method->kind;
  if (kind == MethodInfo::Kind::kUnary || kind == MethodInfo::Kind::kServerStream) {
    call.RunWhenComplete(std::move(task));
  } else {
    call.Run(std::move(task));
  }
}

void Router::OnDone(grpc::IncomingCall& call) {
  auto* bound = static_cast<BoundMethod*>(call.tag);
  MethodMetrics& metrics = bound ? *bound->metrics : *untagged_;
  if (!bound) metrics.Begin();
  metrics.End(call.outcome().code(), Clock::now() - call.started());
  metrics.received_bytes.Add(call.received_bytes());
  metrics.sent_bytes.Add(call.sent_bytes());
}

void Router::OnGone(grpc::IncomingCall& call) {
  auto* bound = static_cast<BoundMethod*>(call.tag);
  if (!bound) return;
  --calls_;
  if (!bound->binding) return;
  ReleaseConcurrent(bound->binding->shared());
  call.ReleaseCharges();
  bound->snapshot->Unref();
}

}  // namespace prism
