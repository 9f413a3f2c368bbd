#include "contract.h"

#include <algorithm>
#include <sstream>

#include "check.h"
#include "prism/options.pb.h"

namespace prism::generator {
namespace {

namespace pb = google::protobuf;

std::string WithoutSuffix(const std::string& text, const std::string& suffix) {
  return text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text;
}

std::string BaseName(const std::string& path) {
  return WithoutSuffix(path.substr(path.find_last_of('/') + 1), ".proto");
}

std::string Replace(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// A nested message's class is named Outer_Inner; its package's dots become "::".
std::string CppName(const pb::Descriptor& message) {
  const std::string& package = message.file()->package();
  const std::string local =
      package.empty() ? message.full_name() : message.full_name().substr(package.size() + 1);
  const std::string scope = package.empty() ? "" : "::" + Replace(package, ".", "::");
  return scope + "::" + Replace(local, ".", "_");
}

template <class Descriptor>
std::vector<std::string> CommentOf(const Descriptor& descriptor) {
  pb::SourceLocation location;
  std::vector<std::string> lines;
  if (!descriptor.GetSourceLocation(&location)) return lines;
  std::istringstream text(location.leading_comments);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::string KindOf(const pb::MethodDescriptor& method) {
  if (method.client_streaming()) return method.server_streaming() ? "Bidi" : "ClientStream";
  return method.server_streaming() ? "ServerStream" : "Unary";
}

// Empty for a value that is no permission. An rpc that says nothing needs the right to write.
std::string PermissionOf(const pb::MethodDescriptor& method) {
  if (!method.options().HasExtension(options::permission)) return "kWrite";
  switch (method.options().GetExtension(options::permission)) {
    case options::READ:
      return "kRead";
    case options::WRITE:
      return "kWrite";
    case options::ADMIN:
      return "kAdmin";
    default:
      return "";
  }
}

Rpc ReadRpc(const pb::MethodDescriptor& method) {
  const options::HttpMapping& http = method.options().GetExtension(options::http);
  return {.descriptor = &method,
          .name = method.name(),
          .path = "/" + method.service()->full_name() + "/" + method.name(),
          .kind = KindOf(method),
          .request = CppName(*method.input_type()),
          .response = CppName(*method.output_type()),
          .permission = PermissionOf(method),
          .idempotent = method.options().GetExtension(options::idempotent),
          .http_verb = http.verb(),
          .http_path = http.path(),
          .comment = CommentOf(method)};
}

Interface ReadInterface(const pb::ServiceDescriptor& service, Checker& checker) {
  const std::string& name = service.options().GetExtension(options::interface_name);
  Interface read{.class_name = WithoutSuffix(service.name(), "Interface"),
                 .name = name.empty() ? service.full_name() : name,
                 .service = service.full_name(),
                 .comment = CommentOf(service),
                 .rpcs = {}};
  checker.CheckInterface(service, read);
  for (int i = 0; i < service.method_count(); ++i) {
    read.rpcs.push_back(ReadRpc(*service.method(i)));
    checker.CheckRpc(*service.method(i), read.rpcs.back());
  }
  return read;
}

}  // namespace

std::vector<Contract> ReadContracts(std::vector<const pb::FileDescriptor*> files,
                                    std::vector<std::string>& faults) {
  std::sort(files.begin(), files.end(),
            [](const auto* a, const auto* b) { return a->name() < b->name(); });
  Checker checker(faults);
  std::vector<Contract> contracts;
  for (const pb::FileDescriptor* file : files) {
    Contract contract{file, BaseName(file->name()), {}};
    checker.CheckFile(*file, contract.base_name);
    for (int i = 0; i < file->service_count(); ++i) {
      contract.interfaces.push_back(ReadInterface(*file->service(i), checker));
    }
    contracts.push_back(std::move(contract));
  }
  return contracts;
}

}  // namespace prism::generator
