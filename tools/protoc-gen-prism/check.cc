#include "check.h"

#include <algorithm>

#include "prism/options.pb.h"

namespace prism::generator {
namespace {

namespace pb = google::protobuf;

const pb::FileDescriptor& FileOf(const pb::FileDescriptor& file) { return file; }
template <class Descriptor>
const pb::FileDescriptor& FileOf(const Descriptor& descriptor) {
  return *descriptor.file();
}

int LineOf(const pb::FileDescriptor&) { return 1; }
template <class Descriptor>
int LineOf(const Descriptor& descriptor) {
  pb::SourceLocation location;
  return descriptor.GetSourceLocation(&location) ? location.start_line + 1 : 1;
}

bool FitsInPath(const pb::FieldDescriptor& field) {
  return !field.is_repeated() && field.cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE;
}

}  // namespace

bool IsPrismPackage(const std::string& package) {
  return package == "prism" || package.starts_with("prism.");
}

template <class Descriptor>
void Checker::Fault(const Descriptor& where, const std::string& text) {
  faults_.push_back(FileOf(where).name() + ":" + std::to_string(LineOf(where)) + ": " + text);
}

template <class Descriptor>
void Checker::Claim(const Descriptor& where, const std::string& what, const std::string& name) {
  const std::string place = FileOf(where).name() + ":" + std::to_string(LineOf(where));
  const auto [claim, first] = claims_.emplace(what + " '" + name + "'", place);
  if (!first) Fault(where, claim->first + " is already taken at " + claim->second);
}

void Checker::CheckFile(const pb::FileDescriptor& file, const std::string& base_name) {
  Claim(file, "file name", base_name);
}

void Checker::CheckInterface(const pb::ServiceDescriptor& service, const Interface& read) {
  if (service.options().GetExtension(options::interface_name).empty() &&
      IsPrismPackage(service.file()->package())) {
    Fault(service, "service " + service.name() + " has no (prism.options.interface_name)");
  }
  if (service.method_count() == 0) Fault(service, "service " + service.name() + " has no rpc");
  Claim(service, "interface name", read.name);
  Claim(service, "class name", read.class_name);
}

void Checker::CheckRpc(const pb::MethodDescriptor& method, const Rpc& read) {
  if (read.name == "Info" || read.name == method.service()->name()) {
    Fault(method, "rpc name '" + read.name + "' is reserved for the generated class");
  }
  if (!method.options().HasExtension(options::permission) &&
      IsPrismPackage(method.file()->package())) {
    Fault(method, "rpc " + read.name + " has no (prism.options.permission)");
  }
  if (method.options().HasExtension(options::permission) && read.permission.empty()) {
    Fault(method, "rpc " + read.name + ": permission must be READ, WRITE or ADMIN");
  }
  if (method.options().HasExtension(options::http)) CheckHttp(method, read);
}

void Checker::CheckHttp(const pb::MethodDescriptor& method, const Rpc& read) {
  const std::string& verb = read.http_verb;
  if (verb != "GET" && verb != "PUT" && verb != "POST" && verb != "DELETE") {
    Fault(method,
          "rpc " + read.name + ": HTTP verb '" + verb + "' is not one of GET, PUT, POST, DELETE");
  }
  if (!read.http_path.starts_with("/")) {
    Fault(method,
          "rpc " + read.name + ": HTTP path '" + read.http_path + "' does not begin with '/'");
  }
  if (method.client_streaming()) {
    Fault(method, "rpc " + read.name + ": a stream of requests cannot have an HTTP mapping");
  }
  Claim(method, "HTTP mapping", verb + " " + CheckHttpFields(method, read.http_path));
}

std::string Checker::CheckHttpFields(const pb::MethodDescriptor& method, const std::string& path) {
  std::string shape;
  size_t at = 0;
  while (at < path.size()) {
    const size_t open = std::min(path.find('{', at), path.size());
    shape += path.substr(at, open - at);
    if (open == path.size()) break;
    const size_t close = path.find('}', open);
    if (close == std::string::npos) {
      Fault(method, "rpc " + method.name() + ": HTTP path '" + path + "' has a '{' without a '}'");
      break;
    }
    const std::string name = path.substr(open + 1, close - open - 1);
    const pb::FieldDescriptor* field = method.input_type()->FindFieldByName(name);
    if (!field) {
      Fault(method, "rpc " + method.name() + ": HTTP path names field '" + name + "', which " +
                        method.input_type()->full_name() + " does not have");
    } else if (!FitsInPath(*field)) {
      Fault(method, "rpc " + method.name() + ": field '" + name +
                        "' is repeated or a message and cannot stand in an HTTP path");
    }
    shape += "{}";
    at = close + 1;
  }
  return shape;
}

}  // namespace prism::generator
