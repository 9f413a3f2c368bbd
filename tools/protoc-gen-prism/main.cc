// protoc-gen-prism: turns contracts into C++ interfaces, method tables, dispatchers and stubs.
//
//   protoc --prism_out=[list:]DIR a.proto ...
//
// With the parameter `list` the run's interfaces are numbered and listed in interfaces/all.h.
#include <google/protobuf/compiler/code_generator.h>
#include <google/protobuf/compiler/plugin.h>
#include <google/protobuf/io/zero_copy_stream.h>

#include <functional>
#include <memory>

#include "emit.h"

namespace prism::generator {
namespace {

namespace pb = google::protobuf;

class Generator final : public pb::compiler::CodeGenerator {
 public:
  uint64_t GetSupportedFeatures() const override { return FEATURE_PROTO3_OPTIONAL; }
  bool Generate(const pb::FileDescriptor* file, const std::string& parameter,
                pb::compiler::GeneratorContext* context, std::string* error) const override {
    return GenerateAll({file}, parameter, context, error);
  }
  bool GenerateAll(const std::vector<const pb::FileDescriptor*>& files,
                   const std::string& parameter, pb::compiler::GeneratorContext* context,
                   std::string* error) const override;
};

void WriteFile(pb::compiler::GeneratorContext& context, const std::string& name,
               const std::function<void(pb::io::Printer&)>& emit) {
  const std::unique_ptr<pb::io::ZeroCopyOutputStream> stream(context.Open("interfaces/" + name));
  pb::io::Printer printer(stream.get(), '$');
  emit(printer);
}

void WriteContract(const Contract& contract, int first_index,
                   pb::compiler::GeneratorContext& context) {
  WriteFile(context, contract.base_name + ".prism.h",
            [&](pb::io::Printer& out) { EmitHeader(contract, out); });
  WriteFile(context, contract.base_name + ".prism.cc",
            [&](pb::io::Printer& out) { EmitSource(contract, first_index, out); });
}

std::string Join(const std::vector<std::string>& faults) {
  std::string text = "bad contracts";
  for (const std::string& fault : faults) text += "\n" + fault;
  return text;
}

bool Generator::GenerateAll(const std::vector<const pb::FileDescriptor*>& files,
                            const std::string& parameter, pb::compiler::GeneratorContext* context,
                            std::string* error) const {
  if (!parameter.empty() && parameter != "list") {
    *error = "unknown parameter '" + parameter + "'; the only one is 'list'";
    return false;
  }
  const bool list = parameter == "list";
  std::vector<std::string> faults;
  const std::vector<Contract> contracts = ReadContracts(files, faults);
  if (!faults.empty()) {
    *error = Join(faults);
    return false;
  }
  int index = 0;
  for (const Contract& contract : contracts) {
    WriteContract(contract, list ? index : -1, *context);
    index += static_cast<int>(contract.interfaces.size());
  }
  if (list) {
    WriteFile(*context, "all.h", EmitListHeader);
    WriteFile(*context, "all.cc", [&](pb::io::Printer& out) { EmitListSource(contracts, out); });
  }
  return true;
}

}  // namespace
}  // namespace prism::generator

int main(int argc, char** argv) {
  const prism::generator::Generator generator;
  return google::protobuf::compiler::PluginMain(argc, argv, &generator);
}
