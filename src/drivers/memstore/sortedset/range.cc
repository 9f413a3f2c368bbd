#include "drivers/memstore/sortedset/range.h"

#include <algorithm>
#include <utility>

namespace prism::memstore {
namespace {

// `place(member)` is what the bounds are compared with.
template <class T, class Place>
IndexRange Between(SortedSet& set, const OptionalBound<T>& min, const OptionalBound<T>& max,
                   Place&& place) {
  IndexRange range{0, set.size()};
  if (min) {
    range.begin = set.order().CountWhile([&](const RankedMember& member) {
      return place(member) < min->at || (min->exclusive && place(member) == min->at);
    });
  }
  if (max) {
    range.end = set.order().CountWhile([&](const RankedMember& member) {
      return place(member) < max->at || (!max->exclusive && place(member) == max->at);
    });
  }
  // With min above max, or where the order is not that of `place`.
  range.end = std::max(range.begin, range.end);
  return range;
}

}  // namespace

ResolveRange ByIndex(int64_t start, int64_t stop, bool reverse) {
  return [=](SortedSet& set) {
    const IndexRange range = Resolve(start, stop, set.size());
    if (!reverse) return range;
    return IndexRange{set.size() - range.end, set.size() - range.begin};
  };
}

ResolveRange ByScore(OptionalBound<double> min, OptionalBound<double> max) {
  return [=](SortedSet& set) {
    return Between(set, min, max, [](const RankedMember& member) { return member.score; });
  };
}

ResolveRange ByLex(OptionalBound<std::string> min, OptionalBound<std::string> max) {
  return [min = std::move(min), max = std::move(max)](SortedSet& set) {
    return Between(set, min, max, [](const RankedMember& member) { return member.key(); });
  };
}

}  // namespace prism::memstore
