#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace prism {

namespace grpc {
class Channel;
class ServerCall;
}  // namespace grpc

class Status;
template <class T>
class Task;
struct InterfaceInfo;

// What a caller must be allowed to do in the namespace.
enum class Permission : uint8_t { kRead, kWrite, kAdmin };

// One rpc of an interface: a row of a generated, constant table.
struct MethodInfo {
  enum class Kind : uint8_t { kUnary, kServerStream, kClientStream, kBidi };

  std::string_view name;  // "Get"
  std::string_view path;  // "/prism.keyvalue.v1.KeyValueBasicInterface/Get"
  Kind kind;
  Permission permission;
  bool idempotent;             // may be repeated after a failure of unknown outcome
  std::string_view http_verb;  // empty: no HTTP mapping
  std::string_view http_path;  // below /v1/namespaces/{namespace}

  // Serves one call: decodes its requests, calls the implementation, encodes the answers; the
  // result is the call's status. `implementation` is what Backend::Find returned for `interface`;
  // both arguments must outlive the task. An implementation ends early only by watching the
  // context's cancellation.
  Task<Status> (*serve)(void* implementation, grpc::ServerCall& call);

  const InterfaceInfo* interface;
  int index;  // its place in interface->methods
};

// One interface; its address is its identity.
struct InterfaceInfo {
  std::string_view name;     // as in configuration files: "keyvalue_basic"
  std::string_view service;  // "prism.keyvalue.v1.KeyValueBasicInterface"
  std::span<const MethodInfo> methods;
  int index;  // its place in AllInterfaces(); -1 for an interface outside that list
};

}  // namespace prism
