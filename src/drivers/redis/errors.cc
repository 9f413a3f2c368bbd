#include "drivers/redis/errors.h"

#include <string>
#include <string_view>

namespace prism::redis {
namespace {

struct Meaning {
  std::string_view kind;
  Code code;
  bool retryable;
  std::string_view hint;
};

constexpr Meaning kMeanings[] = {
    {"OOM", Code::kResourceExhausted, false,
     "the server has reached maxmemory: raise it or remove data"},
    {"MISCONF", Code::kUnavailable, true,
     "the server cannot persist to its disk and refuses writes: see its log"},
    {"LOADING", Code::kUnavailable, true, "the server is still loading its data"},
    {"BUSY", Code::kUnavailable, true, "a script or function keeps the server busy"},
    {"READONLY", Code::kUnavailable, true, "the server is a replica: has there been a failover?"},
    {"MASTERDOWN", Code::kUnavailable, true, "the replica has lost its primary"},
    {"NOREPLICAS", Code::kUnavailable, true, "fewer replicas than min-replicas-to-write are there"},
    {"CLUSTERDOWN", Code::kUnavailable, true, "the cluster misses slots: see CLUSTER INFO"},
    {"TRYAGAIN", Code::kUnavailable, true, "the cluster is moving the slot"},
    {"UNBLOCKED", Code::kUnavailable, true, ""},
    {"NOAUTH", Code::kFailedPrecondition, false, "set username and password of the backend"},
    {"WRONGPASS", Code::kFailedPrecondition, false, "set username and password of the backend"},
    {"NOPERM", Code::kFailedPrecondition, false,
     "give the backend's user access to the commands, keys and channels that it needs (ACL "
     "SETUSER)"},
    {"WRONGTYPE", Code::kFailedPrecondition, false,
     "something else has written below the backend's key_prefix"},
    {"CROSSSLOT", Code::kInternal, false, ""},
};

}  // namespace

Status FromError(const resp::Reply& error) {
  const std::string text = "Redis: " + error.text;
  for (const Meaning& meaning : kMeanings) {
    if (meaning.kind != error.error_kind()) continue;
    Status status = Status(meaning.code, text).WithRetryable(meaning.retryable);
    return meaning.hint.empty() ? status : std::move(status).WithHint(std::string(meaning.hint));
  }
  return InternalError(text);
}

}  // namespace prism::redis
