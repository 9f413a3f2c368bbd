#include "gateway/reflection.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <set>
#include <utility>

#include "base/status.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"

namespace prism {
namespace {

namespace pb = google::protobuf;
namespace v1 = ::grpc::reflection::v1;
using Sent = std::set<const pb::FileDescriptor*>;
using Question = v1::ServerReflectionRequest;

const pb::DescriptorPool& Pool() { return *pb::DescriptorPool::generated_pool(); }

void SetError(v1::ServerReflectionResponse& answer, Code code, std::string message) {
  v1::ErrorResponse& error = *answer.mutable_error_response();
  error.set_error_code(static_cast<int>(code));
  error.set_error_message(std::move(message));
}

// The file itself, even when it was sent before, and those of its imports that were not.
void AddFile(const pb::FileDescriptor& file, Sent& sent, v1::FileDescriptorResponse& answer) {
  sent.insert(&file);
  pb::FileDescriptorProto proto;
  file.CopyTo(&proto);
  proto.SerializeToString(answer.add_file_descriptor_proto());
  for (int i = 0; i < file.dependency_count(); ++i) {
    if (!sent.contains(file.dependency(i))) AddFile(*file.dependency(i), sent, answer);
  }
}

void AnswerFile(const pb::FileDescriptor* file, const std::string& what, Sent& sent,
                v1::ServerReflectionResponse& answer) {
  if (!file) return SetError(answer, Code::kNotFound, "no " + what);
  AddFile(*file, sent, *answer.mutable_file_descriptor_response());
}

const pb::FileDescriptor* FileOfExtension(const v1::ExtensionRequest& wanted) {
  const pb::Descriptor* type = Pool().FindMessageTypeByName(wanted.containing_type());
  if (!type) return nullptr;
  const auto* extension = Pool().FindExtensionByNumber(type, wanted.extension_number());
  return extension ? extension->file() : nullptr;
}

void AnswerExtensions(const std::string& type_name, v1::ServerReflectionResponse& answer) {
  const pb::Descriptor* type = Pool().FindMessageTypeByName(type_name);
  if (!type) return SetError(answer, Code::kNotFound, "no message type '" + type_name + "'");
  std::vector<const pb::FieldDescriptor*> extensions;
  Pool().FindAllExtensions(type, &extensions);
  v1::ExtensionNumberResponse& numbers = *answer.mutable_all_extension_numbers_response();
  numbers.set_base_type_name(type_name);
  for (const pb::FieldDescriptor* extension : extensions) {
    numbers.add_extension_number(extension->number());
  }
}

void Answer(const Question& question, const std::vector<std::string>& services, Sent& sent,
            v1::ServerReflectionResponse& answer) {
  switch (question.message_request_case()) {
    case Question::kFileByFilename: {
      const std::string& name = question.file_by_filename();
      return AnswerFile(Pool().FindFileByName(name), "file '" + name + "'", sent, answer);
    }
    case Question::kFileContainingSymbol: {
      const std::string& name = question.file_containing_symbol();
      return AnswerFile(Pool().FindFileContainingSymbol(name), "symbol '" + name + "'", sent,
                        answer);
    }
    case Question::kFileContainingExtension: {
      const v1::ExtensionRequest& wanted = question.file_containing_extension();
      return AnswerFile(FileOfExtension(wanted),
                        "extension " + std::to_string(wanted.extension_number()) + " of '" +
                            wanted.containing_type() + "'",
                        sent, answer);
    }
    case Question::kAllExtensionNumbersOfType:
      return AnswerExtensions(question.all_extension_numbers_of_type(), answer);
    case Question::kListServices:
      for (const std::string& name : services) {
        answer.mutable_list_services_response()->add_service()->set_name(name);
      }
      return;
    case Question::MESSAGE_REQUEST_NOT_SET:
      return SetError(answer, Code::kInvalidArgument, "the request asks for nothing");
  }
}

}  // namespace

Stream<v1::ServerReflectionResponse> ServerReflectionService::ServerReflectionInfo(
    RequestContext&, Stream<Question>& requests) {
  // Nothing else here names v1alpha's messages, and unnamed ones the linker leaves out.
  pb::LinkMessageReflection<::grpc::reflection::v1alpha::ServerReflectionRequest>();
  Sent sent;
  v1::ServerReflectionResponse answer;
  while (const Question* question = co_await requests.Next()) {
    answer.Clear();
    answer.set_valid_host(question->host());
    *answer.mutable_original_request() = *question;
    Answer(*question, services_, sent, answer);
    co_yield answer;
  }
  co_return requests.status();
}

}  // namespace prism
