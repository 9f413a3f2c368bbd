#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/serve.h"

// What the user asked for on the command line.
namespace prism::cli {

// Exit codes, for scripts.
inline constexpr int kExitOk = 0;
inline constexpr int kExitNotFound = 1;  // no such key, or the comparison failed
inline constexpr int kExitUsage = 2;
inline constexpr int kExitFailed = 3;  // the call failed

enum class Format { kText, kJson };

// Where calls go and as whom.
struct TargetOptions {
  std::string target = "127.0.0.1:50051";
  std::string name_space;
  std::chrono::milliseconds timeout{10'000};
  bool tls = false;  // also implied by any of the following
  std::string tls_ca;
  std::string tls_certificate;
  std::string tls_key;
  std::string tls_server_name;
};

enum class KvVerb {
  kSet,
  kGet,
  kDelete,
  kExists,
  kScan,
  kCount,
  kTtl,
  kExpire,
  kPersist,
  kCas,
};

struct KvOptions {
  KvVerb verb = KvVerb::kGet;
  TargetOptions target;
  Format format = Format::kText;
  std::string key;                      // of scan and count: the prefix
  std::optional<std::string> value;     // "-": from stdin, "@file": from the file
  std::optional<std::string> expected;  // the same; only cas
  bool remove = false;                  // cas deletes instead of storing
  bool keys_only = false;
  uint64_t limit = 1000;  // rows; 0: all
  std::chrono::milliseconds ttl{};
};

struct StatusOptions {
  std::string admin = "127.0.0.1:9090";
  std::chrono::milliseconds timeout{5'000};
  Format format = Format::kText;
};

// What `prism registry` shows.
enum class RegistryVerb {
  kListInterfaces,
  kDescribeInterface,
  kListBackends,
  kDescribeBackend,
  kFindBackends,
  kListPatterns,
  kDescribePattern,
};

struct RegistryOptions {
  RegistryVerb verb = RegistryVerb::kListInterfaces;
  std::string name{};                     // to describe
  std::vector<std::string> interfaces{};  // that the backends must all implement
  Format format = Format::kText;
};

struct ValidateOptions {
  std::string file;
  Format format = Format::kText;
};

struct GenerateOptions {
  std::string pattern;
  std::vector<std::string> slots;  // "registry:redis"
  std::string name_space{};        // empty: named after the pattern
};

enum class ReportFormat { kTable, kJson, kJunit };

struct ConformanceOptions {
  std::string config{};    // empty, and no target: a MemStore
  TargetOptions target{};  // of a gateway that is there; its address is empty with a config
  std::string other_namespace{};
  std::vector<std::string> interfaces{};
  std::vector<std::string> cases{};
  int jobs = 4;
  std::chrono::milliseconds case_timeout{30'000};
  ReportFormat format = ReportFormat::kTable;
  std::string output_file{};  // empty: stdout
  bool list = false;
};

using Command = std::variant<ServeOptions, KvOptions, StatusOptions, RegistryOptions,
                             ValidateOptions, GenerateOptions, ConformanceOptions>;

}  // namespace prism::cli
