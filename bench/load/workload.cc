#include "load/workload.h"

#include <cstdio>
#include <random>
#include <string_view>

#include "prism/interfaces/keyvalue_basic.pb.h"

namespace prism::bench {
namespace {

namespace kv = ::prism::keyvalue::v1;

constexpr size_t kPrefixBytes = 5;

std::string Framed(const google::protobuf::MessageLite& message) {
  const std::string body = message.SerializeAsString();
  std::string framed(1, '\0');
  for (int shift = 24; shift >= 0; shift -= 8) {
    framed.push_back(static_cast<char>(body.size() >> shift));
  }
  return framed + body;
}

// The single uncompressed message in a body; false when the framing says otherwise.
bool Unframe(const std::string& body, std::string_view& message) {
  if (body.size() < kPrefixBytes || body[0] != 0) return false;
  size_t size = 0;
  for (size_t i = 1; i < kPrefixBytes; ++i) size = size << 8 | static_cast<uint8_t>(body[i]);
  message = std::string_view(body).substr(kPrefixBytes);
  return message.size() == size;
}

template <class Message>
bool Parse(std::string_view bytes, Message& message) {
  return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

Failure CheckGet(std::string_view actual, const std::string& expected) {
  kv::GetResponse got, wanted;
  if (!Parse(actual, got)) return Failure::kUnparsable;
  if (!got.found()) return Failure::kNotFound;
  Parse(std::string_view(expected).substr(kPrefixBytes), wanted);
  return got.value() == wanted.value() ? Failure::kNone : Failure::kWrongValue;
}

Failure CheckSet(std::string_view actual) {
  kv::SetResponse got;
  return Parse(actual, got) ? Failure::kNone : Failure::kUnparsable;
}

}  // namespace

Workload::Workload(const Options& options)
    : authority_(options.target), name_space_(options.name_space) {
  std::mt19937_64 random(options.seed);
  for (int i = 0; i < options.keys; ++i) {
    char key[64];
    std::snprintf(key, sizeof key, "load-%08llx-%06d",
                  static_cast<unsigned long long>(options.seed), i);
    std::string value(options.value_bytes, '\0');
    for (char& byte : value) byte = static_cast<char>(random());
    kv::GetRequest get;
    get.set_key(key);
    kv::GetResponse found;
    found.set_found(true);
    found.set_value(value);
    kv::SetRequest set;
    set.set_key(key);
    set.set_value(value);
    gets_.push_back({Method::kGet, Framed(get), Framed(found)});
    sets_.push_back({Method::kSet, Framed(set), Framed(kv::SetResponse())});
  }
}

const char* NameOf(Failure failure) {
  static constexpr std::array<const char*, kFailures> kNames = {
      "none",    "retried",     "connect",      "connection_lost", "reset",
      "timeout", "http_status", "content_type", "no_grpc_status",  "grpc_status",
      "framing", "unparsable",  "not_found",    "wrong_value",     "no_goaway"};
  return kNames[static_cast<size_t>(failure)];
}

void Answer::Reset() {
  http_status = 0;
  grpc_status = -1;
  grpc_content = false;
  grpc_message.clear();
  body.clear();
}

Failure Check(const Exchange& exchange, const Answer& answer) {
  if (answer.http_status != 200) return Failure::kHttpStatus;
  if (!answer.grpc_content) return Failure::kContentType;
  if (answer.grpc_status < 0) return Failure::kNoGrpcStatus;
  if (answer.grpc_status != 0) return Failure::kGrpcStatus;
  if (answer.body == exchange.reply) return Failure::kNone;
  std::string_view message;
  if (!Unframe(answer.body, message)) return Failure::kFraming;
  return exchange.method == Method::kGet ? CheckGet(message, exchange.reply) : CheckSet(message);
}

}  // namespace prism::bench
