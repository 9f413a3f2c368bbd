#pragma once

#include <string>
#include <vector>

#include "conformance/keyvalue/client.h"
#include "interfaces/keyvalue_scan.prism.h"
#include "prism/interfaces/keyvalue_scan.pb.h"

namespace prism::conformance {

using keyvalue::v1::CountRequest;
using keyvalue::v1::CountResponse;
using keyvalue::v1::KeyResponse;
using keyvalue::v1::ScanKeysRequest;
using keyvalue::v1::ScanRequest;
using keyvalue::v1::ScanResponse;

// Both rpcs keep the same rules, so most cases go through both.
enum class With { kValues, kKeysOnly };
inline constexpr With kBoth[] = {With::kValues, With::kKeysOnly};
inline constexpr size_t kMaxPageRows = 1000;
inline constexpr size_t kMaxPageBytes = size_t{1} << 20;

// A page of either rpc.
struct Page {
  std::vector<std::string> keys;
  std::vector<std::string> values;
  std::string cursor;
};

struct Range {
  std::string prefix;
  std::string cursor{};
  uint64_t limit = 0;
};

template <class Request>
Request RequestOf(const Range& range) {
  Request request;
  request.set_prefix(range.prefix);
  request.set_cursor(range.cursor);
  request.set_limit(range.limit);
  return request;
}

// keyvalue_scan as plain functions: all must succeed.
class Scanner {
 public:
  explicit Scanner(Caller& caller) : caller_(caller) {}

  Task<std::vector<Page>> Pages(With with, Range range, Where where = Where::current());
  // Those of all pages.
  Task<std::vector<std::string>> Keys(With with, Range range, Where where = Where::current());
  Task<uint64_t> Count(std::string prefix, Where where = Where::current());

 private:
  Caller& caller_;
};

// Both rpcs must refuse the range as INVALID_ARGUMENT.
Task<void> ScanRefused(CaseContext& c, Range range, std::string_view part,
                       Where where = Where::current());

// The prefix and six digits.
std::string Numbered(const std::string& prefix, int number);
// Sets `count` keys below the prefix and returns them in order.
Task<std::vector<std::string>> Fill(CaseContext& c, std::string prefix, int count);

}  // namespace prism::conformance
