#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

namespace prism::generator {

// What the emitters need to know of one rpc. Types are C++ names with a leading "::".
struct Rpc {
  const google::protobuf::MethodDescriptor* descriptor;
  std::string name;
  std::string path;  // "/package.Service/Method"
  std::string kind;  // UnaryKind: "Unary", "ServerStream", "ClientStream" or "Bidi"
  std::string request;
  std::string response;
  std::string permission;  // "kRead", "kWrite" or "kAdmin"
  bool idempotent;
  std::string http_verb;  // empty if the rpc has no HTTP mapping
  std::string http_path;
  std::vector<std::string> comment;  // lines without the slashes
};

// One service of a contract, and the class it becomes.
struct Interface {
  std::string class_name;  // KeyValueBasic
  std::string name;        // keyvalue_basic
  std::string service;     // prism.keyvalue.v1.KeyValueBasicInterface
  std::vector<std::string> comment;
  std::vector<Rpc> rpcs;
};

// One .proto file with its services in order.
struct Contract {
  const google::protobuf::FileDescriptor* file;
  std::string base_name;  // keyvalue_basic: names the emitted files
  std::vector<Interface> interfaces;
};

// Reads the files of one run, in alphabetical order of their paths. Every fault found is appended
// to `faults` as "file:line: text"; the result is usable only if there is none.
std::vector<Contract> ReadContracts(std::vector<const google::protobuf::FileDescriptor*> files,
                                    std::vector<std::string>& faults);

}  // namespace prism::generator
