#include "gateway/reflection.h"

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include "grpc/reflection/v1/reflection.pb.h"
#include "interfaces/all.h"
#include "interfaces/testing/scripted_call.h"

namespace prism {
namespace {

namespace pb = google::protobuf;
using ::grpc::reflection::v1::ServerReflectionRequest;
using ::grpc::reflection::v1::ServerReflectionResponse;

constexpr char kBasic[] = "prism.keyvalue.v1.KeyValueBasicInterface";

class ReflectionTest : public ::testing::Test {
 protected:
  ServerReflectionResponse Ask(const ServerReflectionRequest& question) {
    call_.Receive(question);
    const std::vector<std::string> sent = call_.TakeSent();
    EXPECT_EQ(sent.size(), 1u);
    ServerReflectionResponse answer;
    EXPECT_TRUE(answer.ParseFromString(sent.at(0)));
    EXPECT_EQ(answer.original_request().SerializeAsString(), question.SerializeAsString());
    return answer;
  }
  ServerReflectionResponse AskSymbol(const std::string& symbol) {
    ServerReflectionRequest question;
    question.set_file_containing_symbol(symbol);
    return Ask(question);
  }
  static std::vector<pb::FileDescriptorProto> Files(const ServerReflectionResponse& answer) {
    std::vector<pb::FileDescriptorProto> files;
    for (const std::string& bytes : answer.file_descriptor_response().file_descriptor_proto()) {
      EXPECT_TRUE(files.emplace_back().ParseFromString(bytes));
    }
    return files;
  }

  ServerReflectionService service_{{kBasic, "grpc.health.v1.Health",
                                    ServerReflectionService::kService,
                                    ServerReflectionService::kAlphaService}};
  testing::ScriptedCall call_;
  testing::Serving serving_{ServerReflection::Info().methods[0],
                            static_cast<ServerReflection*>(&service_), call_};
};

TEST_F(ReflectionTest, EveryListedServiceCanBeResolved) {
  ServerReflectionRequest question;
  question.set_list_services("");
  const ServerReflectionResponse answer = Ask(question);
  ASSERT_EQ(answer.list_services_response().service_size(), 4);
  for (const auto& service : answer.list_services_response().service()) {
    const auto files = Files(AskSymbol(service.name()));
    ASSERT_FALSE(files.empty()) << service.name();
    const std::string& last = files[0].service(0).name();
    EXPECT_TRUE(service.name().ends_with("." + last)) << service.name();
  }
}

TEST_F(ReflectionTest, EveryInterfaceCanBeResolved) {
  for (const InterfaceInfo* interface : AllInterfaces()) {
    EXPECT_FALSE(Files(AskSymbol(std::string(interface->service))).empty()) << interface->name;
  }
}

TEST_F(ReflectionTest, ImportsComeOnceTheFileItselfAlways) {
  const auto first = Files(AskSymbol(kBasic));
  ASSERT_EQ(first.size(), 3u);
  EXPECT_EQ(first[0].name(), "prism/interfaces/keyvalue_basic.proto");
  EXPECT_EQ(first[1].name(), "prism/options.proto");
  EXPECT_EQ(first[2].name(), "google/protobuf/descriptor.proto");
  EXPECT_EQ(Files(AskSymbol(kBasic)).size(), 1u);
  const auto other = Files(AskSymbol("prism.keyvalue.v1.ScanRequest"));
  ASSERT_EQ(other.size(), 1u);
  EXPECT_EQ(other[0].name(), "prism/interfaces/keyvalue_scan.proto");
}

TEST_F(ReflectionTest, FilesMakeACompletePool) {
  pb::DescriptorPool pool;
  auto files = Files(AskSymbol(std::string(kBasic) + ".Get"));
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    ASSERT_NE(pool.BuildFile(*file), nullptr) << file->name();
  }
  EXPECT_NE(pool.FindServiceByName(kBasic), nullptr);
}

TEST_F(ReflectionTest, FilesByName) {
  ServerReflectionRequest question;
  question.set_file_by_filename("prism/options.proto");
  EXPECT_EQ(Files(Ask(question)).size(), 2u);
}

TEST_F(ReflectionTest, Extensions) {
  ServerReflectionRequest question;
  question.mutable_file_containing_extension()->set_containing_type(
      "google.protobuf.MethodOptions");
  question.mutable_file_containing_extension()->set_extension_number(51001);
  const auto files = Files(Ask(question));
  ASSERT_FALSE(files.empty());
  EXPECT_EQ(files[0].name(), "prism/options.proto");

  question.set_all_extension_numbers_of_type("google.protobuf.MethodOptions");
  const auto numbers = Ask(question).all_extension_numbers_response();
  EXPECT_EQ(numbers.base_type_name(), "google.protobuf.MethodOptions");
  EXPECT_EQ(numbers.extension_number_size(), 3);
}

TEST_F(ReflectionTest, WhatThereIsNotIsAnErrorAndTheStreamGoesOn) {
  std::vector<ServerReflectionRequest> questions(5);
  questions[0].set_file_by_filename("no/such.proto");
  questions[1].set_file_containing_symbol("no.such.Symbol");
  questions[2].mutable_file_containing_extension()->set_containing_type("no.such.Type");
  questions[3].mutable_file_containing_extension()->set_containing_type(
      "google.protobuf.MethodOptions");
  questions[4].set_all_extension_numbers_of_type("no.such.Type");
  for (const auto& question : questions) {
    EXPECT_EQ(Ask(question).error_response().error_code(), static_cast<int>(Code::kNotFound));
  }
  EXPECT_EQ(Ask(ServerReflectionRequest()).error_response().error_code(),
            static_cast<int>(Code::kInvalidArgument));
  EXPECT_FALSE(serving_.done());
  call_.ReceiveEnd();
  ASSERT_TRUE(serving_.done());
  EXPECT_TRUE(serving_.status().ok());
}

}  // namespace
}  // namespace prism
