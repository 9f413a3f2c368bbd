#include "drivers/contract/filter_message.h"

#include <cmath>

#include "drivers/contract/checks.h"
#include "drivers/contract/messages.h"

namespace prism {
namespace {

constexpr int kMaxNodes = 64;
constexpr int kMaxDepth = 8;

class Reader {
 public:
  Status Read(const pubsub::v1::Filter& from, int depth, AttributeFilter& to) {
    if (++nodes_ > kMaxNodes) return InvalidArgumentError("filter has more than 64 nodes");
    if (depth > kMaxDepth) return InvalidArgumentError("filter is nested more than 8 deep");
    switch (from.node_case()) {
      case pubsub::v1::Filter::kEquals:
        return ReadText(from.equals(), AttributeFilter::Kind::kEquals, to);
      case pubsub::v1::Filter::kPrefix:
        return ReadText(from.prefix(), AttributeFilter::Kind::kPrefix, to);
      case pubsub::v1::Filter::kExists:
        to.kind = AttributeFilter::Kind::kExists;
        return ReadName(from.exists(), to);
      case pubsub::v1::Filter::kRange:
        return ReadRange(from.range(), to);
      case pubsub::v1::Filter::kAll:
        return ReadList(from.all(), AttributeFilter::Kind::kAll, depth, to);
      case pubsub::v1::Filter::kAny:
        return ReadList(from.any(), AttributeFilter::Kind::kAny, depth, to);
      case pubsub::v1::Filter::kNegation:
        to.kind = AttributeFilter::Kind::kNot;
        return Read(from.negation(), depth + 1, to.parts.emplace_back());
      case pubsub::v1::Filter::NODE_NOT_SET:
        break;
    }
    return InvalidArgumentError("filter has a node without content");
  }

 private:
  static Status ReadName(const std::string& name, AttributeFilter& to) {
    to.attribute = name;
    return CheckRange("the length of the filter's attribute", static_cast<int64_t>(name.size()), 1,
                      kMaxAttributeNameBytes);
  }
  static Status ReadText(const pubsub::v1::FilterText& from, AttributeFilter::Kind kind,
                         AttributeFilter& to) {
    to.kind = kind;
    to.value = from.value();
    PRISM_RETURN_IF_ERROR(CheckRange("the length of the filter's value",
                                     static_cast<int64_t>(to.value.size()), 0,
                                     kMaxAttributeValueBytes));
    return ReadName(from.attribute(), to);
  }
  static Status ReadRange(const pubsub::v1::FilterRange& from, AttributeFilter& to) {
    to.kind = AttributeFilter::Kind::kRange;
    if (from.has_min()) to.min = from.min();
    if (from.has_max()) to.max = from.max();
    if (std::isnan(to.min) || std::isnan(to.max)) {
      return InvalidArgumentError("filter has a range with a bound that is not a number");
    }
    return ReadName(from.attribute(), to);
  }
  Status ReadList(const pubsub::v1::FilterList& from, AttributeFilter::Kind kind, int depth,
                  AttributeFilter& to) {
    to.kind = kind;
    for (const pubsub::v1::Filter& part : from.filters()) {
      PRISM_RETURN_IF_ERROR(Read(part, depth + 1, to.parts.emplace_back()));
    }
    return OkStatus();
  }

  int nodes_ = 0;
};

}  // namespace

Result<AttributeFilter> ToFilter(const pubsub::v1::Filter& from) {
  AttributeFilter filter;
  PRISM_RETURN_IF_ERROR(Reader().Read(from, 1, filter));
  return filter;
}

}  // namespace prism
