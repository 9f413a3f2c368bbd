#pragma once

#include <google/protobuf/descriptor.h>

#include <map>
#include <string>
#include <vector>

#include "contract.h"

namespace prism::generator {

// Collects the faults of a run's contracts.
class Checker {
 public:
  explicit Checker(std::vector<std::string>& faults) : faults_(faults) {}

  void CheckInterface(const google::protobuf::ServiceDescriptor& service, const Interface& read);
  void CheckRpc(const google::protobuf::MethodDescriptor& method, const Rpc& read);
  void CheckFile(const google::protobuf::FileDescriptor& file, const std::string& base_name);

 private:
  template <class Descriptor>
  void Fault(const Descriptor& where, const std::string& text);
  // Reports `where` unless it is the first to claim `name` as its `what`.
  template <class Descriptor>
  void Claim(const Descriptor& where, const std::string& what, const std::string& name);
  void CheckHttp(const google::protobuf::MethodDescriptor& method, const Rpc& read);
  // The path with each "{field}" as "{}", so that equal shapes compare equal.
  std::string CheckHttpFields(const google::protobuf::MethodDescriptor& method,
                              const std::string& path);

  std::vector<std::string>& faults_;
  std::map<std::string, std::string> claims_;  // "what name" -> who has it
};

// True for packages whose contracts must state everything.
bool IsPrismPackage(const std::string& package);

}  // namespace prism::generator
